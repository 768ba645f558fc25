from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Table, func, insert, select, text

from bot.answers import Decision, Outcome
from bot.desk import retention as retention_module
from bot.desk.auditing import Audit
from bot.desk.gaps import Gaps
from bot.desk.handoffs import Handoffs, State
from bot.desk.people import People
from bot.desk.proposals import Proposals
from bot.desk.queues import Kind, QueueRules, Queues
from bot.desk.retention import Purged, Retention, forget_words
from bot.desk.reviewing import Judgement, Reviews, Verdict
from bot.desk.sessions import Sessions
from bot.desk.tables import (
    audit,
    gap_turns,
    gaps,
    handoff_messages,
    outbox,
    proposal_turns,
    proposals,
    reviews,
    sign_in_failures,
    staff_sessions,
    tasks,
)
from bot.storage import Storage
from bot.tables import notices, person_requests, ratings, sellers, turn_sections, turns, updates
from tests.desk_given import PASSWORD, Clock, Join, by_first_word, say, turn_of

pytest_plugins = ["tests.databases", "tests.desk_staff"]

DAYS = 30
OF_TURNS = (
    turns, turn_sections, ratings, person_requests, reviews, tasks, proposal_turns, proposals, gap_turns, gaps,
)  # fmt: skip


@pytest.fixture
def retention(storage: Storage, clock: Clock) -> Retention:
    return Retention(storage.database, clock)


def rows(storage: Storage, table: Table) -> int:
    with storage.database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def whole_story(storage: Storage, clock: Clock, join: Join, chat_id: int, name: str) -> int:
    """Store a turn of now with all that can hang on it."""
    person, clock_and = join(name), (storage.database, clock)
    turn_id = say(
        storage, asked=f"{name} komisi", chat_id=chat_id, at=clock.now, outcome=Outcome.DECLINED,
        decision=Decision.NOTHING,
    )  # fmt: skip
    storage.rate(turn_id, chat_id, "not_right", "incorrect")
    storage.ask_for_person(turn_id, chat_id)
    queues, rules = Queues(*clock_and), QueueRules(name, Kind.SAMPLE, members=(person.id,))
    queue = queues.add(rules, past_turns=1)
    queues.fill()
    queues.change(queue, replace(rules, active=False))
    Reviews(*clock_and).give(person, turn_id, Judgement(Verdict.SHOULD_ANSWER))
    Proposals(storage.database, by_first_word, clock).for_new_section(turn_of(storage, turn_id))
    Gaps(storage.database, by_first_word, "one", clock).gather()
    return turn_id


def test_old_turns_go_with_all_that_hangs_on_them_and_newer_ones_stay(
    storage: Storage, retention: Retention, clock: Clock, join: Join
) -> None:
    old = whole_story(storage, clock, join, 7, "Ani")
    before = {table.name: rows(storage, table) for table in OF_TURNS}
    clock.pass_by(days=DAYS)
    new = whole_story(storage, clock, join, 8, "Budi")
    assert retention.purge(DAYS).turns == 0
    clock.pass_by(seconds=1)

    assert retention.purge(DAYS).turns == 1
    assert (storage.turn(old), turn_of(storage, new).id) == (None, new)
    assert {table.name: rows(storage, table) for table in OF_TURNS} == before


def test_many_turns_go_in_several_steps(
    storage: Storage, retention: Retention, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention_module, "_BATCH", 3)
    for _ in range(8):
        say(storage, at=clock.now - timedelta(days=DAYS + 1))

    assert retention.purge(DAYS) == Purged(turns=8, handoffs=0, sellers=0, audit=0)
    assert (rows(storage, turns), rows(storage, turn_sections)) == (0, 0)


def test_open_hand_offs_stay_and_closed_ones_go_with_their_messages(
    storage: Storage, retention: Retention, clock: Clock, join: Join
) -> None:
    desk, ani = Handoffs(storage.database, group=True, clock=clock), join("Ani")
    for chat_id in (7, 8, 9):
        handoff, _ = desk.ask(chat_id, "id", turn_of(storage, say(storage, chat_id=chat_id, at=clock.now)))
        desk.take(ani, handoff.id)
        desk.write(ani, handoff.id, "Halo kak")
    desk.close(1, "staff")
    clock.pass_by(days=DAYS)
    desk.close(2, "seller")
    clock.pass_by(days=1)

    assert retention.purge(DAYS).handoffs == 1
    assert desk.get(1) is None
    kept = [desk.get(2), desk.get(3)]
    assert [(one.state, one.turn_id) for one in kept if one] == [(State.CLOSED, None), (State.TAKEN, None)]
    assert [len(desk.messages(number)) for number in (1, 2, 3)] == [0, 1, 1]
    assert rows(storage, handoff_messages) == 2
    assert {letter.handoff_id for letter in _letters(storage)} == {2}


def test_sellers_of_whom_nothing_is_left_are_forgotten(
    storage: Storage, database_url: str, retention: Retention, clock: Clock
) -> None:
    then = Storage(database_url, clock)
    for chat_id in (1, 2, 3, 4):
        then.remember_seller(chat_id, "id")
    say(storage, chat_id=1, at=clock.now)
    then.toggle_subscription(2, "fees")
    Handoffs(storage.database, False, clock).ask(3, "id", None)
    clock.pass_by(days=DAYS, seconds=1)
    then.remember_seller(5, "id")
    say(storage, chat_id=1, at=clock.now)
    then.close()

    assert retention.purge(DAYS) == Purged(turns=1, handoffs=0, sellers=1, audit=0)
    with storage.database.reading() as connection:
        left = connection.execute(select(sellers.c.chat_id).order_by(sellers.c.chat_id)).scalars().all()
    assert left == [1, 2, 3, 5]


def test_what_else_is_old_goes_too(
    storage: Storage, database_url: str, clock: Clock, join: Join, people: People
) -> None:
    then, ani = Storage(database_url, clock), join("Ani")

    def leave_traces(number: int) -> None:
        sessions = Sessions(storage.database, people, "secret", clock)
        sessions.sign_in("Ani", PASSWORD, "10.0.0.1")
        with storage.database.writing() as connection:
            values = {"name_key": "x", "address": "10.0.0.1", "at": clock.now}
            connection.execute(insert(sign_in_failures).values(**values))
            values = {"chat_id": 7, "generation": str(number), "topic": "fees", "sections": [], "created_at": clock.now}
            connection.execute(insert(notices).values(**values))
        then.record_update(number, 7, "{}")
        then.finish_update(number)
        then.record_update(100 + number, 7, "{}")  # still to be answered
        Audit(storage.database, clock).note(ani.id, "look")

    leave_traces(1)
    clock.pass_by(days=DAYS, seconds=1)
    leave_traces(2)
    then.close()

    assert Retention(storage.database, clock).purge(DAYS).audit == 1
    assert [rows(storage, table) for table in (audit, notices, sign_in_failures, staff_sessions)] == [1, 1, 1, 1]
    with storage.database.reading() as connection:
        left = connection.execute(select(updates.c.update_id).order_by(updates.c.update_id)).scalars().all()
    assert left == [2, 101, 102]


def test_a_gap_or_proposal_that_keeps_a_question_stays(
    storage: Storage, retention: Retention, clock: Clock, join: Join
) -> None:
    whole_story(storage, clock, join, 7, "Ani")
    clock.pass_by(days=DAYS, seconds=1)
    new = declined_again(storage, clock)
    retention.purge(DAYS)

    assert [[one.turn_id for one in gap.questions] for gap in _gaps(storage, clock).all()] == [[new]]
    assert (rows(storage, gaps), rows(storage, proposals)) == (1, 0)


def test_nothing_to_erase_is_no_trouble(retention: Retention) -> None:
    assert retention.purge(DAYS) == Purged(0, 0, 0, 0)


def test_erased_words_are_gone_from_the_pages_of_the_index_of_sqlite(
    storage: Storage, retention: Retention, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with storage.database.reading() as connection:
        if connection.dialect.name != "sqlite":
            pytest.skip("PostgreSQL indexes the turns themselves")
    monkeypatch.setattr(retention_module, "_PAGES", 2)
    old = clock.now - timedelta(days=DAYS + 1)
    for number in range(40):
        say(storage, asked=f"rahasiaku{number} {'panjang ' * 50}", at=old)
        say(storage, asked=f"biasa{number} {'panjang ' * 50}", at=clock.now)
    assert b"rahasiaku" in _pages(storage)
    retention.purge(DAYS)

    assert b"rahasiaku" not in _pages(storage)
    assert b"biasa" in _pages(storage)
    with storage.database.writing() as connection:
        connection.execute(text("INSERT INTO turns_text(turns_text) VALUES ('integrity-check')"))


def test_forgetting_words_twice_or_of_nobody_is_no_trouble(storage: Storage) -> None:
    for _ in range(2):
        forget_words(storage.database)
    say(storage)
    forget_words(storage.database)


def declined_again(storage: Storage, clock: Clock) -> int:
    turn_id = say(storage, asked="Ani lagi", at=clock.now, outcome=Outcome.DECLINED, decision=Decision.NOTHING)
    _gaps(storage, clock).gather()
    return turn_id


def _gaps(storage: Storage, clock: Clock) -> Gaps:
    return Gaps(storage.database, by_first_word, "one", clock)


def _letters(storage: Storage) -> list[object]:
    with storage.database.reading() as connection:
        return list(connection.execute(select(outbox)).all())


def _pages(storage: Storage) -> bytes:
    with storage.database.reading() as connection:
        return b"".join(connection.execute(text("SELECT block FROM turns_text_data")).scalars())
