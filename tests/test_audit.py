import pytest

from bot.desk.auditing import Audit, Entry
from bot.storage import Storage
from tests.desk_given import Clock, Join

pytest_plugins = ["tests.databases", "tests.desk_staff"]


@pytest.fixture
def audit(storage: Storage, clock: Clock) -> Audit:
    return Audit(storage.database, clock)


def test_it_is_kept_who_did_what_and_when_newest_first(audit: Audit, join: Join, clock: Clock) -> None:
    ani = join("Ani")
    audit.note(ani.id, "review", "turn 7")
    clock.pass_by(minutes=1)
    audit.note(None, "sign_in_refused", "sign_in")

    first, second = audit.page()
    assert first == Entry(first.id, clock.now, None, "sign_in_refused", "sign_in")
    assert (second.who, second.action, second.subject) == ("Ani", "review", "turn 7")
    assert second.at < first.at


def test_pages_follow_each_other_without_a_gap(audit: Audit) -> None:
    for number in range(7):
        audit.note(None, "look", str(number))
    seen, before = [], None
    while page := audit.page(before, limit=3):
        seen += [entry.subject for entry in page]
        before = page[-1].id

    assert seen == ["6", "5", "4", "3", "2", "1", "0"]


def test_a_long_or_strange_subject_does_no_harm(audit: Audit) -> None:
    audit.note(None, "look", "x" * 500)
    audit.note(None, "look", "a\x00\ud800'; DROP TABLE audit; --")

    assert [entry.subject for entry in audit.page()] == ["a\ufffd?'; DROP TABLE audit; --", "x" * 128]


def test_an_empty_trail_is_an_empty_page(audit: Audit) -> None:
    assert audit.page() == []
