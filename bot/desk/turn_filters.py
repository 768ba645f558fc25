"""Which turns staff want to see: the filters that stand in an address, and what they mean in the database."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    Integer,
    Select,
    column,
    exists,
    func,
    literal_column,
    select,
    table,
    union_all,
)

from bot.answers import Outcome
from bot.desk.tables import handoffs, reviews, tasks
from bot.tables import person_requests, ratings, turn_sections, turns
from bot.turns_log import storable
from indexer.clock import JAKARTA
from indexer.fields import parse_day
from indexer.sections import LANGUAGES

RATINGS = ("right", "not_right", "none")
REASONS = ("incorrect", "incomplete", "outdated", "misunderstood", "something_else")
CONFIDENCES = {"low": (0.0, 0.5), "middle": (0.5, 0.8), "high": (0.8, 1.01)}
YES_NO = ("yes", "no")
_LONGEST = 200
_SHOWN = 40
_WORDS = 8
_BEGINNING = 3
_FEW = 5_000
_MARKS = re.compile("[\u0300-\u036f]+")


class BadFilter(ValueError):
    """A filter has a value that it cannot have; its `name` and the beginning of its `value` say which."""

    def __init__(self, name: str, value: str) -> None:
        self.name = name
        self.value = value[:_SHOWN]
        super().__init__(f"{name}={self.value}")


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
    found += [_one_of_these(ids, connection) for ids in _wanted_ids(wanted)]
    if wanted.text:
        found.append(_says(wanted.text, connection))
    return [*found, *_unwanted(wanted)]


def search_words(text: str) -> list[str]:
    """Return the words of a text that can be searched for; nothing in them is read as the database's own signs."""
    # Letters and the marks on them as one, wide and narrow forms as the same; a mark that is left over is no letter.
    plain = _MARKS.sub("", unicodedata.normalize("NFKC", text.lower()))
    return re.findall(r"[^\W_]+", plain)[:_WORDS]


def _wanted_ids(wanted: TurnFilter) -> Iterator[Select[int]]:
    """Yield the ids of the turns that each part of the filter wants, where these stand in another table."""
    if wanted.rating in ("right", "not_right") or wanted.reason:
        of = {ratings.c.rating: wanted.rating if wanted.rating != "none" else None, ratings.c.reason: wanted.reason}
        yield select(ratings.c.turn_id).where(*(column_ == value for column_, value in of.items() if value))
    if wanted.reviewed == "yes":
        yield select(reviews.c.turn_id)
    if wanted.queue is not None:
        yield select(tasks.c.turn_id).where(tasks.c.queue_id == wanted.queue)
    if wanted.person == "yes":
        handed = select(handoffs.c.turn_id).where(handoffs.c.turn_id.is_not(None))
        either = union_all(select(person_requests.c.turn_id), handed).subquery()
        yield select(either.c.turn_id)
    if wanted.section:
        cited = (turn_sections.c.section == wanted.section, turn_sections.c.cited.is_(True))
        yield select(turn_sections.c.turn_id).where(*cited)


def _unwanted(wanted: TurnFilter) -> list[ColumnElement[bool]]:
    found = []
    if wanted.rating == "none":
        found.append(~exists().where(ratings.c.turn_id == turns.c.id))
    if wanted.reviewed == "no":
        found.append(~exists().where(reviews.c.turn_id == turns.c.id))
    if wanted.person == "no":
        found.append(~exists().where(person_requests.c.turn_id == turns.c.id))
        found.append(~exists().where(handoffs.c.turn_id == turns.c.id))
    return found


def _one_of_these(ids: Select[int], connection: Connection) -> ColumnElement[bool]:
    """Return the condition that a turn is one of these.

    SQLite would fetch and sort them all, however many. It does so for few; for many it goes through the turns in their
    order until a page is full, and looks each up among these.
    """
    many = connection.dialect.name == "sqlite" and _more_than(ids, _FEW, connection)
    return (turns.c.id + 0 if many else turns.c.id).in_(ids)


def _more_than(ids: Select[int], count: int, connection: Connection) -> bool:
    some = ids.limit(count + 1).subquery()
    return int(connection.execute(select(func.count()).select_from(some)).scalar_one()) > count


def _says(text: str, connection: Connection) -> ColumnElement[bool]:
    """Return the condition that a turn's question or answer has all these words, or longer words that begin so."""
    words = search_words(text)
    if not words:
        return literal_column("1 = 0")
    if connection.dialect.name == "sqlite":
        index = table("turns_text", column("rowid", Integer), column("turns_text"))
        query = " ".join(f'"{word}"' + "*" * _may_go_on(word) for word in words)
        return _one_of_these(select(index.c.rowid).where(index.c.turns_text.op("MATCH")(query)), connection)
    query = " & ".join(_without_marks(word) + ":*" * _may_go_on(word) for word in words)
    says = literal_column("turns.words").bool_op("@@")(func.to_tsquery(literal_column("'simple'"), query))
    ids = select(turns.c.id).where(says)
    # Of rare words PostgreSQL knows nothing, and would look for a page of them through all turns.
    return says if _more_than(ids, _FEW, connection) else turns.c.id.in_(select(_first_of_all(ids).c.id))


def _first_of_all(ids: Select[int]) -> CTE:
    return ids.cte("said").prefix_with("MATERIALIZED")


def _may_go_on(word: str) -> bool:
    """Tell whether longer words that begin so are meant too: of one or two letters there are too many."""
    return len(word) >= _BEGINNING


def _without_marks(word: str) -> str:
    """Return the word as the function `turn_words` of PostgreSQL writes it; SQLite's index does that by itself."""
    return _MARKS.sub("", unicodedata.normalize("NFKD", word))


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
    if value is not None and (len(value) > _LONGEST or storable(value) != value):
        raise BadFilter(name, value)
    return value


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), JAKARTA)
