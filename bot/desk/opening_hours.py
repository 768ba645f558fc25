"""When the support team answers: opening hours in Jakarta's time, told in all three of Indonesia's time zones."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache

from bot.wording import say
from indexer.clock import JAKARTA
from indexer.fields import parse_day
from indexer.sections import Language

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FORM = "Mon-Fri 09:00-17:00, Sat 09:00-12:00"
# Indonesia has three zones and no summer time; Jakarta's is WIB.
_ZONES = (("WIB", 0), ("WITA", 1), ("WIT", 2))
_PART = re.compile(
    r"(?P<first>[a-z]{3})(?:\s*-\s*(?P<last>[a-z]{3}))?\s+(?P<start>\d{1,2}:\d{2})\s*-\s*(?P<end>\d{1,2}:\d{2})"
)
_LOOK_AHEAD = 60  # days; who is closed for longer says no day


@dataclass(frozen=True)
class OpeningHours:
    """The hours of each weekday (0 is Monday), Jakarta time, and days on which nobody is there.

    With no hours at all nobody promised any.
    """

    by_day: Mapping[int, tuple[time, time]] = field(default_factory=dict)
    closed_on: frozenset[date] = frozenset()

    def is_open(self, moment: datetime) -> bool:
        """Tell whether somebody is there."""
        here = moment.astimezone(JAKARTA)
        hours = self._hours(here.date())
        return hours is not None and hours[0] <= here.time() < hours[1]

    def next_opening(self, moment: datetime) -> datetime | None:
        """Return when somebody is there next, if nobody is now; None where that is not known."""
        here = moment.astimezone(JAKARTA)
        for ahead in range(_LOOK_AHEAD):
            day = here.date() + timedelta(days=ahead)
            hours = self._hours(day)
            if hours and datetime.combine(day, hours[0], JAKARTA) > here:
                return datetime.combine(day, hours[0], JAKARTA)
        return None

    def _hours(self, day: date) -> tuple[time, time] | None:
        return None if day in self.closed_on else self.by_day.get(day.weekday())


def hours_of(text: str | None, closed_on: str | None = None) -> OpeningHours:
    """Return the hours that a setting names, such as `Mon-Fri 09:00-17:00, Sat 09:00-12:00`.

    Raises:
        ValueError: it cannot be read; the text says what was found and how to write it.
    """
    by_day: dict[int, tuple[time, time]] = {}
    for part in filter(None, (part.strip() for part in (text or "").lower().split(","))):
        match = _PART.fullmatch(part)
        if not match or match["first"] not in DAYS or (match["last"] or "mon") not in DAYS:
            raise ValueError(f"`{part}` is not a time of opening; write it like `{FORM}`")
        start, end = _time(match["start"]), _time(match["end"])
        if start is None or end is None or start >= end:
            raise ValueError(f"`{part}` does not begin before it ends; write it like `{FORM}`")
        for day in _days(match["first"], match["last"] or match["first"]):
            by_day[day] = (start, end)
    return OpeningHours(by_day, frozenset(_closed_days(closed_on or "")))


def in_words(hours: OpeningHours, language: Language) -> str:
    """Return the hours in a sentence's part, days with the same hours together, in all three time zones."""
    return "; ".join(
        say(language, "hours.on_days", days=_span(days, language), times=_times(start, end))
        for days, start, end in _spans(hours)
    )


def moment_in_words(moment: datetime, language: Language) -> str:
    """Return a moment with its weekday, in all three time zones."""
    here = moment.astimezone(JAKARTA)
    day = _day_name(here.weekday(), language)
    months = say(language, "answer.months").split()
    times = _clock_times(here.time(), language)
    return say(language, "hours.moment", day=day, date=f"{here.day} {months[here.month - 1]}", times=times)


def _closed_days(text: str) -> list[date]:
    found = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        day = parse_day(part)
        if day is None:
            raise ValueError(f"`{part}` is not a day of the calendar; write days like `2026-12-25, 2027-01-01`")
        found.append(day)
    return found


def _spans(hours: OpeningHours) -> list[tuple[list[int], time, time]]:
    spans: list[tuple[list[int], time, time]] = []
    for day in sorted(hours.by_day):
        start, end = hours.by_day[day]
        if spans and spans[-1][1:] == (start, end) and spans[-1][0][-1] == day - 1:
            spans[-1][0].append(day)
        else:
            spans.append(([day], start, end))
    return spans


def _span(days: list[int], language: Language) -> str:
    names = [_day_name(day, language) for day in (days[0], days[-1])]
    return names[0] if len(days) == 1 else f"{names[0]}–{names[1]}"


def _times(start: time, end: time) -> str:
    spans = [f"{_shifted(start, hours)}–{_shifted(end, hours)} {zone}" for zone, hours in _ZONES]
    return f"{spans[0]} ({', '.join(spans[1:])})"


def _clock_times(moment: time, language: Language) -> str:
    spans = [f"{_shifted(moment, hours)} {zone}" for zone, hours in _ZONES]
    for place, (_, hours) in enumerate(_ZONES):
        if moment.hour + hours >= 24:  # the day that stands before it is Jakarta's
            spans[place] = say(language, "hours.next_day", time=spans[place])
    return f"{spans[0]} ({', '.join(spans[1:])})"


def _shifted(moment: time, hours: int) -> str:
    return f"{(moment.hour + hours) % 24:02}.{moment.minute:02}"


@cache
def _day_name(day: int, language: Language) -> str:
    return say(language, "hours.weekdays").split()[day]


def _days(first: str, last: str) -> list[int]:
    start, end = DAYS.index(first), DAYS.index(last)
    return [(start + step) % 7 for step in range((end - start) % 7 + 1)]


def _time(text: str) -> time | None:
    hour, minute = map(int, text.split(":"))
    return time(hour, minute) if hour < 24 and minute < 60 else None
