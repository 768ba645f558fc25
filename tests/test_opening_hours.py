"""When the support team is there: read from the settings, counted in Jakarta's time, told in three zones."""

from datetime import UTC, datetime, time

import pytest
from pydantic import ValidationError

from bot.desk.opening_hours import hours_of, in_words, moment_in_words
from bot.settings import BotSettings
from indexer.clock import JAKARTA

OFFICE = "Mon-Fri 09:00-17:00, Sat 09:00-12:00"


def at(text: str) -> datetime:
    """Return a moment in Jakarta. 2026-11-23 is a Monday."""
    return datetime.fromisoformat(text).replace(tzinfo=JAKARTA)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-23 08:59", False),
        ("2026-11-23 09:00", True),
        ("2026-11-23 16:59", True),
        ("2026-11-23 17:00", False),
        ("2026-11-28 11:00", True),
        ("2026-11-28 12:00", False),
        ("2026-11-29 11:00", False),
    ],
)
def test_somebody_is_there_from_the_first_minute_to_the_last(moment: str, is_open: bool) -> None:
    assert hours_of(OFFICE).is_open(at(moment)) is is_open


def test_what_counts_is_the_clock_of_jakarta() -> None:
    assert hours_of(OFFICE).is_open(datetime(2026, 11, 23, 2, 0, tzinfo=UTC))
    assert not hours_of(OFFICE).is_open(datetime(2026, 11, 23, 1, 59, tzinfo=UTC))


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        ("2026-11-23 03:00", "2026-11-23 09:00"),
        ("2026-11-23 17:00", "2026-11-24 09:00"),
        ("2026-11-27 18:00", "2026-11-28 09:00"),
        ("2026-11-28 12:00", "2026-11-30 09:00"),
        ("2026-11-29 23:59", "2026-11-30 09:00"),
    ],
)
def test_the_next_opening_is_found_over_the_weekend(moment: str, opening: str) -> None:
    assert hours_of(OFFICE).next_opening(at(moment)) == at(opening)


def test_on_a_holiday_nobody_is_there_and_the_next_opening_lies_behind_it() -> None:
    hours = hours_of(OFFICE, "2026-12-25, 2026-12-26,2026-12-28")
    assert not hours.is_open(at("2026-12-25 10:00"))
    assert hours.next_opening(at("2026-12-24 17:00")) == at("2026-12-29 09:00")


def test_without_hours_nobody_promised_any() -> None:
    for nothing in (None, "", " , "):
        hours = hours_of(nothing, "2026-12-25")
        assert (hours.by_day, hours.is_open(at("2026-11-23 10:00"))) == ({}, False)
        assert hours.next_opening(at("2026-11-23 10:00")) is None


def test_who_is_closed_for_very_long_names_no_day() -> None:
    mondays = ",".join(f"2026-{month:02}-{day:02}" for month, day in ((11, 23), (11, 30), (12, 7), (12, 14), (12, 21)))
    later = ",".join(f"2027-{month:02}-{day:02}" for month, day in ((1, 4), (1, 11), (1, 18)))
    hours = hours_of("Mon 09:00-10:00", f"{mondays},2026-12-28,{later}")
    assert hours.next_opening(at("2026-11-23 08:00")) is None


def test_days_with_the_same_hours_stand_together_in_three_zones() -> None:
    assert in_words(hours_of(OFFICE), "id") == (
        "Senin–Jumat 09.00–17.00 WIB (10.00–18.00 WITA, 11.00–19.00 WIT); "
        "Sabtu 09.00–12.00 WIB (10.00–13.00 WITA, 11.00–14.00 WIT)"
    )
    assert in_words(hours_of("sun 8:30-9:00"), "en") == "Sunday 08.30–09.00 WIB (09.30–10.00 WITA, 10.30–11.00 WIT)"


def test_hours_that_run_past_midnight_in_the_east_start_again_at_zero() -> None:
    assert in_words(hours_of("Mon 20:00-23:30"), "id") == ("Senin 20.00–23.30 WIB (21.00–00.30 WITA, 22.00–01.30 WIT)")


def test_a_moment_names_its_day_and_three_clocks() -> None:
    assert moment_in_words(at("2026-11-30 09:00"), "id") == "Senin 30 November, 09.00 WIB (10.00 WITA, 11.00 WIT)"
    utc = datetime(2026, 11, 30, 2, 0, tzinfo=UTC)
    assert moment_in_words(utc, "en") == "Monday 30 November, 09.00 WIB (10.00 WITA, 11.00 WIT)"


def test_a_moment_that_is_on_the_next_day_in_the_east_says_so() -> None:
    told = moment_in_words(at("2026-11-30 22:30"), "id")
    assert told == "Senin 30 November, 22.30 WIB (23.30 WITA, 00.30 WIT hari berikutnya)"
    assert moment_in_words(at("2026-11-30 22:30"), "en").endswith("00.30 WIT the next day)")


def test_days_may_run_over_the_end_of_the_week_and_the_last_word_counts() -> None:
    hours = hours_of("Sat-Mon 10:00-12:00, Sun 11:00-12:00")
    assert sorted(hours.by_day) == [0, 5, 6]
    assert hours.by_day[6] == (time(11), time(12))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("every day", "`every day` is not a time of opening"),
        ("Mon-Fry 09:00-17:00", "is not a time of opening"),
        ("Mon 9-17", "is not a time of opening"),
        ("Mon 17:00-09:00", "does not begin before it ends"),
        ("Mon 09:00-09:00", "does not begin before it ends"),
        ("Mon 09:00-24:00", "does not begin before it ends"),
        ("Mon 09:00-17:60", "does not begin before it ends"),
    ],
)
def test_hours_that_cannot_be_read_are_named_with_the_right_form(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words) as error:
        hours_of(text)
    assert "write it like `Mon-Fri 09:00-17:00, Sat 09:00-12:00`" in str(error.value)


def test_a_closed_day_that_is_none_of_the_calendar_is_named() -> None:
    with pytest.raises(ValueError, match="`2026-02-30` is not a day of the calendar"):
        hours_of(OFFICE, "2026-12-25, 2026-02-30")


def test_bad_settings_are_refused_before_the_bot_starts() -> None:
    for wrong in ({"support_hours": "always"}, {"support_closed_on": "Christmas"}):
        with pytest.raises(ValidationError, match=r"always|Christmas"):
            BotSettings(_env_file=None, **wrong)  # type: ignore[arg-type]
    good = BotSettings(_env_file=None, support_hours=OFFICE, support_closed_on="2026-12-25")
    assert good.opening_hours == hours_of(OFFICE, "2026-12-25")
