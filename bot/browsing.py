"""Looking through the knowledge without a question: by topic, by what changed, by what is to come."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from indexer.question_time import AskedTime
from indexer.sections import OUTSIDE, Language, Section, Status
from indexer.snapshot import Snapshot
from indexer.validity import role_of

PAGE = 8
RECENT = timedelta(days=180)
MOST_CHANGES = 8
TIMELINE = "announcements/timeline#overview"
_UNSETTLED = (Status.PLANNED, Status.POSTPONED)


@dataclass(frozen=True)
class Page:
    """One page of a topic's sections, counted from 0."""

    sections: tuple[Section, ...]
    number: int
    pages: int


def code_of(address: str) -> str:
    """Return a section's address in ten letters, for buttons and links, which have no room for the whole."""
    return hashlib.sha256(address.encode()).hexdigest()[:10]


def section_of(snapshot: Snapshot, code: str) -> Section | None:
    """Return the section with that code, or with that address."""
    found = (section for section in snapshot.sections.values() if code in (code_of(section.id), section.id))
    return next(found, None)


def topic_page(snapshot: Snapshot, slug: str, today: date, number: int) -> Page:
    """Return a page of the sections of a topic that may be offered today; the last one where there are not so many.

    Raises:
        KeyError: there is no such topic.
    """
    topic = snapshot.topics[slug]
    sections = [s for s in snapshot.sections.values() if s.topic == slug and role_of(s, AskedTime(), today)]
    ours = sorted((s for s in sections if s.kind != OUTSIDE), key=lambda section: section.id != topic.overview)
    pages = max(1, -(-len(ours) // PAGE))
    number = min(max(number, 0), pages - 1)
    return Page(tuple(ours[number * PAGE : (number + 1) * PAGE]), number, pages)


def recent_changes(snapshot: Snapshot, today: date) -> list[Section]:
    """Return what began to hold lately, newest first."""
    began = [s for s in _ours(snapshot) if s.in_force_from and today - RECENT <= s.in_force_from <= today]
    offered = [s for s in began if role_of(s, AskedTime(), today) and s.status is Status.IN_FORCE]
    return sorted(offered, key=lambda section: section.in_force_from or today, reverse=True)[:MOST_CHANGES]


def coming_changes(snapshot: Snapshot, today: date) -> list[Section]:
    """Return what is to begin, or to end, after today, nearest first; what is planned without a day comes last.

    A plan whose day has passed without a word is no news.
    """
    planned = [s for s in _ours(snapshot) if s.status in _UNSETTLED and s.in_force_from is None]
    coming = [*planned, *(section for section in _ours(snapshot) if _day_to_come(section, today))]
    return sorted(coming, key=lambda section: _day_to_come(section, today) or date.max)[:MOST_CHANGES]


def changed_sections(before: Snapshot, after: Snapshot) -> dict[str, list[str]]:
    """Return by topic the sections that are new in a generation, or say something else than in the one before."""
    changed: dict[str, list[str]] = {}
    for section in _ours(after):
        old = before.sections.get(section.id)
        if old is None or _said(old) != _said(section):
            changed.setdefault(section.topic, []).append(section.id)
    return changed


def headings(snapshot: Snapshot, addresses: Iterable[str], language: Language) -> Mapping[str, str]:
    """Return the headings of those sections that are still there, by address."""
    there = (snapshot.sections[address] for address in addresses if address in snapshot.sections)
    return {section.id: section.text(language).heading for section in there}


def day_of_change(section: Section, today: date) -> date | None:
    """Return the day that a change is listed under."""
    return _day_to_come(section, today) or section.in_force_from


def _ours(snapshot: Snapshot) -> list[Section]:
    return [section for section in snapshot.sections.values() if section.kind != OUTSIDE]


def _day_to_come(section: Section, today: date) -> date | None:
    days = [day for day in (section.in_force_from, section.in_force_until) if day and day > today]
    return min(days, default=None)


def _said(section: Section) -> tuple[object, ...]:
    return (section.texts, section.status, section.in_force_from, section.in_force_until, section.platform)
