"""Which turns staff want to see: the filters that stand in an address, and what they mean in the database."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, column, exists, func, literal_column, or_, select, table

from bot.answers import Outcome
from bot.desk.tables import handoffs, reviews, tasks
from bot.tables import person_requests, ratings, turn_sections, turns
from indexer.clock import JAKARTA
from indexer.fields import parse_day
from indexer.sections import LANGUAGES

RATINGS = ("right", "not_right", "none")
REASONS = ("incorrect", "incomplete", "outdated", "misunderstood", "something_else")
CONFIDENCES = {"low": (0.0, 0.5), "middle": (0.5, 0.8), "high": (0.8, 1.01)}
YES_NO = ("yes", "no")
_LONGEST = 200
_WORDS = 8


class BadFilter(ValueError):
    """A filter has a value that it cannot have; its `name` and `value` say which."""

    def __init__(self, name: str, value: str) -> None:
        super().__init__(f"{name}={value}")
        self.name = name
        self.value = value


@dataclass(frozen=True)
class TurnFilter:
    """What turns must be like; None means any. Days are of Jakarta's calendar, both included."""

    since: date | None = None
    until: date | None = None
    language: str | None = None
    outcome: str | None = None
    rating: str | None = None
    reason: str | None = None
    topic: str | None = None
    confidence: str | None = None
    reviewed: str | None = None
    queue: int | None = None
    person: str | None = None
    section: str | None = None
    text: str | None = None

    def as_query(self) -> dict[str, str]:
        """Return what stands in an address for it."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: str(value) for name, value in values.items() if value is not None}


def filter_of(values: Mapping[str, str], topics: frozenset[str]) -> TurnFilter:
    """Return the filter that an address names; empty values count as not given, unknown names are left alone.

    Raises:
        BadFilter: a value that the filter cannot have.
    """
    given = {name: value.strip() for name, value in values.items() if value.strip()}
    choices = {
        "language": LANGUAGES,
        "outcome": tuple(outcome.value for outcome in Outcome),
        "rating": RATINGS,
        "reason": REASONS,
        "topic": tuple(topics),
        "confidence": tuple(CONFIDENCES),
        "reviewed": YES_NO,
        "person": YES_NO,
    }
    chosen = {name: _one_of(name, given[name], allowed) for name, allowed in choices.items() if name in given}
    return TurnFilter(
        since=_day("since", given.get("since")),
        until=_day("until", given.get("until")),
        queue=_number("queue", given.get("queue")),
        section=_short("section", given.get("section")),
        text=_short("text", given.get("text")),
        **chosen,
    )


def condition_of(wanted: TurnFilter, connection: Connection) -> list[ColumnElement[bool]]:
    """Return the filter as conditions on `turns`."""
    plain = {
        turns.c.language: wanted.language,
        turns.c.outcome: wanted.outcome,
        turns.c.topic: wanted.topic,
    }
    found: list[ColumnElement[bool]] = [column_ == value for column_, value in plain.items() if value is not None]
    if wanted.since:
        found.append(turns.c.asked_at >= _midnight(wanted.since))
    if wanted.until:
        found.append(turns.c.asked_at < _midnight(wanted.until + timedelta(days=1)))
    if wanted.confidence:
        low, high = CONFIDENCES[wanted.confidence]
        found += [turns.c.confidence >= low, turns.c.confidence < high, turns.c.outcome != Outcome.SMALLTALK.value]
    found += _rated(wanted)
    if wanted.reviewed:
        found.append(_whether(wanted.reviewed, exists().where(reviews.c.turn_id == turns.c.id)))
    if wanted.queue is not None:
        found.append(turns.c.id.in_(select(tasks.c.turn_id).where(tasks.c.queue_id == wanted.queue)))
    if wanted.person:
        asked = exists().where(person_requests.c.turn_id == turns.c.id)
        found.append(_whether(wanted.person, or_(asked, exists().where(handoffs.c.turn_id == turns.c.id))))
    if wanted.section:
        found.append(_cites(wanted.section))
    if wanted.text:
        found.append(_says(wanted.text, connection))
    return found


def search_words(text: str) -> list[str]:
    """Return the words of a text that can be searched for; nothing in them is read as the database's own signs."""
    return re.findall(r"\w+", text.lower())[:_WORDS]


def _rated(wanted: TurnFilter) -> list[ColumnElement[bool]]:
    given = exists().where(ratings.c.turn_id == turns.c.id)
    found: list[ColumnElement[bool]] = []
    if wanted.rating == "none":
        found.append(~given)
    elif wanted.rating:
        found.append(given.where(ratings.c.rating == wanted.rating))
    if wanted.reason:
        found.append(turns.c.id.in_(select(ratings.c.turn_id).where(ratings.c.reason == wanted.reason)))
    return found


def _cites(section: str) -> ColumnElement[bool]:
    cited = select(turn_sections.c.turn_id).where(turn_sections.c.section == section, turn_sections.c.cited)
    return turns.c.id.in_(cited)


def _says(text: str, connection: Connection) -> ColumnElement[bool]:
    """Return the condition that a turn's question or answer has all these words, or words that begin so."""
    words = search_words(text)
    if not words:
        return literal_column("1 = 0")
    if connection.dialect.name == "sqlite":
        index = table("turns_text", column("rowid"), column("turns_text"))
        query = " ".join(f'"{word}"*' for word in words)
        return turns.c.id.in_(select(index.c.rowid).where(index.c.turns_text.op("MATCH")(query)))
    said = func.to_tsvector(literal_column("'simple'"), turns.c.asked + literal_column("' '") + turns.c.sent)
    query = " & ".join(f"{word}:*" for word in words)
    return said.op("@@")(func.to_tsquery(literal_column("'simple'"), query))


def before(asked_at: datetime, turn_id: int) -> ColumnElement[bool]:
    """Return the condition that a turn comes before a place in the list, newest first."""
    return or_(turns.c.asked_at < asked_at, and_(turns.c.asked_at == asked_at, turns.c.id < turn_id))


def _whether(answer: str, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return condition if answer == "yes" else ~condition


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise BadFilter(name, value)
    return value


def _day(name: str, value: str | None) -> date | None:
    if value is None:
        return None
    day = parse_day(value)
    if day is None or not date(2000, 1, 1) <= day <= date(2100, 1, 1):
        raise BadFilter(name, value)
    return day


def _number(name: str, value: str | None) -> int | None:
    if value is None:
        return None
    if not re.fullmatch(r"[0-9]{1,9}", value):
        raise BadFilter(name, value)
    return int(value)


def _short(name: str, value: str | None) -> str | None:
    if value is not None and (len(value) > _LONGEST or "\x00" in value):
        raise BadFilter(name, value[:40])
    return value


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), JAKARTA)
