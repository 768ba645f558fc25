from datetime import date, timedelta

import pytest

from indexer.question_time import AskedTime, Period
from indexer.sections import Law, Section, Status
from indexer.validity import Role, ended, role_of, starts_after
from tests.made_sections import section
from tests.sample_knowledge import TODAY, on

NOW = AskedTime()
PAST = AskedTime(past=True)
MAY_2024 = AskedTime(Period(date(2024, 5, 1), date(2024, 5, 31)))
LONG_AGO = on(2010, 1, 1)
TOMORROW = on(2026, 11, 24)


def rule(status: Status, start: date | None, end: date | None) -> Section:
    return section(status=status, in_force_from=start, in_force_until=end, laws=(Law("Permendag 31/2023"),))


CURRENT = rule(Status.IN_FORCE, date(2024, 1, 1), None)
UNDATED = rule(Status.IN_FORCE, None, None)
DISPUTED = rule(Status.DISPUTED, date(2024, 1, 1), None)
RUN_OUT = rule(Status.IN_FORCE, date(2024, 1, 1), date(2025, 6, 8))
SUPERSEDED = rule(Status.SUPERSEDED, date(2024, 1, 1), date(2025, 6, 8))
NO_KNOWN_END = rule(Status.SUPERSEDED, date(2024, 1, 1), None)
NO_KNOWN_START = rule(Status.SUPERSEDED, None, date(2025, 6, 8))
COMING = rule(Status.IN_FORCE, date(2027, 1, 1), None)
PLANNED = rule(Status.PLANNED, date(2027, 1, 1), None)
POSTPONED = rule(Status.POSTPONED, None, None)
HISTORICAL = rule(Status.HISTORICAL, date(2023, 10, 4), None)


@pytest.mark.parametrize(
    ("one", "now", "past", "may_2024", "long_ago"),
    [
        (CURRENT, Role.CURRENT, Role.CURRENT, Role.CURRENT, None),
        (UNDATED, Role.CURRENT, Role.CURRENT, Role.CURRENT, Role.CURRENT),
        (DISPUTED, Role.CURRENT, Role.CURRENT, Role.CURRENT, None),
        (RUN_OUT, None, Role.PAST, Role.PAST, None),
        (SUPERSEDED, None, Role.PAST, Role.PAST, None),
        (NO_KNOWN_END, None, Role.PAST, None, None),
        (NO_KNOWN_START, None, Role.PAST, Role.PAST, Role.PAST),
        (COMING, Role.UPCOMING, Role.UPCOMING, None, None),
        (PLANNED, Role.UPCOMING, Role.UPCOMING, None, None),
        (POSTPONED, Role.UPCOMING, Role.UPCOMING, Role.UPCOMING, Role.UPCOMING),
        (HISTORICAL, Role.EVENT, Role.EVENT, Role.EVENT, Role.EVENT),
    ],
)
def test_each_status_at_each_time(
    one: Section, now: Role | None, past: Role | None, may_2024: Role | None, long_ago: Role | None
) -> None:
    found = [role_of(one, time, TODAY) for time in (NOW, PAST, MAY_2024, LONG_AGO)]

    assert found == [now, past, may_2024, long_ago]


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("time", [NOW, PAST, MAY_2024, LONG_AGO, TOMORROW, AskedTime(laws=frozenset({"31/2023"}))])
def test_what_has_ended_is_never_offered_as_current(status: Status, time: AskedTime) -> None:
    for end in (TODAY - timedelta(days=1), date(2025, 6, 8)):
        assert role_of(rule(status, date(2024, 1, 1), end), time, TODAY) is not Role.CURRENT


@pytest.mark.parametrize("time", [NOW, PAST, MAY_2024])
def test_what_has_not_begun_is_never_offered_as_current(time: AskedTime) -> None:
    for status in Status:
        assert role_of(rule(status, TODAY + timedelta(days=1), None), time, TODAY) is not Role.CURRENT


def test_the_first_and_the_last_day_count() -> None:
    one = rule(Status.IN_FORCE, TODAY, TODAY)

    assert role_of(one, NOW, TODAY) is Role.CURRENT
    assert role_of(one, NOW, TODAY - timedelta(days=1)) is Role.UPCOMING
    assert role_of(one, NOW, TODAY + timedelta(days=1)) is None


def test_a_rule_whose_successor_is_already_written_holds_until_its_last_day() -> None:
    one = rule(Status.SUPERSEDED, date(2024, 1, 1), date(2026, 12, 31))

    assert role_of(one, NOW, TODAY) is Role.CURRENT
    assert role_of(one, NOW, date(2027, 1, 1)) is None
    assert not ended(one, TODAY) and ended(one, date(2027, 1, 1))


def test_naming_an_old_law_is_asking_about_the_past() -> None:
    assert role_of(SUPERSEDED, AskedTime(laws=frozenset({"31/2023"})), TODAY) is Role.PAST


@pytest.mark.parametrize("other", ["19/2026", "1/2023", "31/2024"])
def test_naming_another_law_is_not(other: str) -> None:
    assert role_of(SUPERSEDED, AskedTime(laws=frozenset({other})), TODAY) is None


def test_a_period_that_only_touches_a_rule_is_enough() -> None:
    assert role_of(SUPERSEDED, on(2025, 6, 8), TODAY) is Role.PAST
    assert role_of(SUPERSEDED, on(2025, 6, 9), TODAY) is None
    assert role_of(SUPERSEDED, AskedTime(Period(date(2023, 1, 1), date(2024, 1, 1))), TODAY) is Role.PAST


def test_what_starts_after_a_period_is_known_as_such() -> None:
    assert starts_after(CURRENT, Period.of_day(date(2023, 12, 31)))
    assert not starts_after(CURRENT, Period.of_day(date(2024, 1, 1)))
    assert not starts_after(UNDATED, Period.of_day(date(2010, 1, 1)))
