"""Which sections may be offered for a question, given the time it is about. It fails closed."""

import re
from datetime import date
from enum import StrEnum

from indexer.question_time import AskedTime, Period
from indexer.sections import Section, Status


class Role(StrEnum):
    """As what a section is offered."""

    CURRENT = "current"
    PAST = "past"
    UPCOMING = "upcoming"
    EVENT = "event"


def role_of(section: Section, time: AskedTime, today: date) -> Role | None:
    """Return as what the section may be offered, or None where it may not.

    Without a time in the question only what holds today is offered, besides events, and plans that say that they
    are plans. A section that does not hold on the asked day is never returned as current.
    """
    if section.status is Status.HISTORICAL:
        return Role.EVENT
    if section.status in (Status.PLANNED, Status.POSTPONED):
        return Role.UPCOMING if time.period is None or _overlaps(section, time.period) else None
    if time.period is not None:
        return _role_then(section, time.period, today)
    return _role_now(section, time, today)


def starts_after(section: Section, period: Period) -> bool:
    """Tell whether the section began to hold only after that period."""
    return section.in_force_from is not None and section.in_force_from > period.end


def ended(section: Section, today: date) -> bool:
    """Tell whether the section holds no more. One whose successor is written but not in force yet still holds."""
    if section.in_force_until is not None:
        return section.in_force_until < today
    return section.status is Status.SUPERSEDED


def _role_then(section: Section, period: Period, today: date) -> Role | None:
    if not _overlaps(section, period):
        return None
    if ended(section, today):
        # An end that nobody knows is not a proof that it still held then.
        return Role.PAST if section.in_force_until is not None else None
    return Role.CURRENT


def _role_now(section: Section, time: AskedTime, today: date) -> Role | None:
    if ended(section, today):
        return Role.PAST if time.past or names_law(section, time.laws) else None
    if section.in_force_from is not None and section.in_force_from > today:
        return Role.UPCOMING
    return Role.CURRENT


def _overlaps(section: Section, period: Period) -> bool:
    if starts_after(section, period):
        return False
    return section.in_force_until is None or section.in_force_until >= period.start


def names_law(section: Section, laws: frozenset[str]) -> bool:
    """Tell whether the section stands in one of those laws (`31/2023`, `permendag 31/`)."""
    return any(re.search(rf"\b{re.escape(named)}", law.name.lower()) for named in laws for law in section.laws)
