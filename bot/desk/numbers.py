"""Numbers for those who run the bot: what was asked, what became of it, how sure the bot was and how right."""

import statistics
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, case, func, select

from bot.answers import Outcome
from bot.database import Database
from bot.desk.people import now
from bot.desk.reviewing import Verdict
from bot.desk.tables import handoffs, reviews
from bot.tables import ratings, turn_sections, turns
from indexer.clock import JAKARTA

BINS = 10
_PERCENTILES = (50, 95, 99)
_MOST_USED = 20


@dataclass(frozen=True)
class Period:
    """Days of Jakarta's calendar, both included; `language` narrows it where given."""

    since: date
    until: date
    language: str | None = None

    @property
    def days(self) -> list[date]:
        """All its days, in order."""
        return [self.since + timedelta(days=number) for number in range((self.until - self.since).days + 1)]


@dataclass(frozen=True)
class Row:
    """What became of the questions of one day, language or topic."""

    name: str
    total: int
    answered: int
    clarify: int
    declined: int
    smalltalk: int
    rated: int = 0
    not_right: int = 0
    handed_over: int = 0

    @property
    def questions(self) -> int:
        """How many of them were questions: small talk is none."""
        return self.total - self.smalltalk


@dataclass(frozen=True)
class ConfidenceBin:
    """Answers of which the bot was sure from `start` to `end`: how many were judged, and how many of these right."""

    start: float
    end: float
    said: float
    count: int
    right: int


@dataclass(frozen=True)
class Numbers:
    """All numbers of a period. Times in milliseconds, waits in minutes; percentiles by their percent."""

    total: Row
    by_day: tuple[Row, ...]
    by_language: tuple[Row, ...]
    by_topic: tuple[Row, ...]
    rated_right: int
    rated_not_right: int
    rating_reasons: tuple[tuple[str, int], ...]
    handed_over: int
    handoff_reasons: tuple[tuple[str, int], ...]
    wait_minutes: float | None  # the median
    milliseconds: tuple[tuple[int, int], ...]
    sections: tuple[tuple[str, int], ...]
    used: frozenset[str]
    by_rating: tuple[ConfidenceBin, ...]
    by_review: tuple[ConfidenceBin, ...]


class NumberBook:
    """Counts in the database."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = now) -> None:
        self._database = database
        self._clock = clock

    def of(self, period: Period) -> Numbers:
        """Return the numbers of a period."""
        with self._database.reading() as connection:
            inside = _inside(period)
            return Numbers(
                total=_total(connection, inside),
                by_day=_by_day(connection, inside, period),
                by_language=_with_ends(connection, inside, turns.c.language),
                by_topic=_with_ends(connection, [*inside, turns.c.topic.is_not(None)], turns.c.topic),
                **_ratings(connection, inside),
                **_handoffs(connection, period),
                milliseconds=_milliseconds(connection, inside),
                sections=_sections(connection, inside),
                used=_used(connection, inside),
                by_rating=_by_rating(connection, inside),
                by_review=_by_review(connection, inside),
            )


def _inside(period: Period) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [
        turns.c.asked_at >= _midnight(period.since),
        turns.c.asked_at < _midnight(period.until + timedelta(days=1)),
    ]
    if period.language:
        found.append(turns.c.language == period.language)
    return found


def _counted(*by: ColumnElement[Any]) -> Select[tuple[Any, ...]]:
    """Return the query that counts turns by outcome, and by what is given."""
    of = {outcome: func.sum(case((turns.c.outcome == outcome.value, 1), else_=0)) for outcome in Outcome}
    return select(
        *by, func.count(), of[Outcome.ANSWERED], of[Outcome.CLARIFY], of[Outcome.DECLINED], of[Outcome.SMALLTALK]
    )


def _total(connection: Connection, inside: list[ColumnElement[bool]]) -> Row:
    counts = connection.execute(_counted().where(*inside)).one()
    return Row("", *(int(count or 0) for count in counts))


def _rows(connection: Connection, inside: list[ColumnElement[bool]], by: ColumnElement[Any]) -> tuple[Row, ...]:
    query = _counted(by).where(*inside).group_by(by).order_by(func.count().desc(), by)
    return tuple(Row(str(name), *map(int, counts)) for name, *counts in connection.execute(query))


def _by_day(connection: Connection, inside: list[ColumnElement[bool]], period: Period) -> tuple[Row, ...]:
    # Jakarta has no summer time: its days are always seven hours ahead.
    if connection.dialect.name == "sqlite":
        day: ColumnElement[Any] = func.date(turns.c.asked_at, "+7 hours")
    else:
        day = func.date(func.timezone("Asia/Jakarta", turns.c.asked_at))
    found = {row.name: row for row in _rows(connection, inside, day)}
    return tuple(found.get(str(day), Row(str(day), 0, 0, 0, 0, 0)) for day in period.days)


def _with_ends(connection: Connection, inside: list[ColumnElement[bool]], by: ColumnElement[Any]) -> tuple[Row, ...]:
    """Return the counts with how many turns were rated, rated not right, and led to a person."""

    def ended(table: Table, *conditions: ColumnElement[bool]) -> dict[str, int]:
        query = select(by, func.count(turns.c.id.distinct())).join(table, table.c.turn_id == turns.c.id)
        return dict(connection.execute(query.where(*inside, *conditions).group_by(by)).all())

    rated, wrong = ended(ratings), ended(ratings, ratings.c.rating == "not_right")
    handed = ended(handoffs)
    return tuple(
        replace(
            row, rated=rated.get(row.name, 0), not_right=wrong.get(row.name, 0), handed_over=handed.get(row.name, 0)
        )
        for row in _rows(connection, inside, by)
    )  # fmt: skip


def _ratings(connection: Connection, inside: list[ColumnElement[bool]]) -> dict[str, Any]:
    query = (
        select(ratings.c.rating, ratings.c.reason, func.count())
        .join(turns, turns.c.id == ratings.c.turn_id)
        .where(*inside)
        .group_by(ratings.c.rating, ratings.c.reason)
    )
    given: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    for rating, reason, count in connection.execute(query):
        given[rating] += count
        if rating == "not_right":
            reasons[reason or "none"] += count
    return {
        "rated_right": given["right"],
        "rated_not_right": given["not_right"],
        "rating_reasons": _most_common(reasons),
    }


def _handoffs(connection: Connection, period: Period) -> dict[str, Any]:
    since, until = _midnight(period.since), _midnight(period.until + timedelta(days=1))
    inside = [handoffs.c.asked_at >= since, handoffs.c.asked_at < until]
    if period.language:
        inside.append(handoffs.c.language == period.language)
    query = select(handoffs.c.reason, handoffs.c.asked_at, handoffs.c.taken_at).where(*inside)
    reasons: Counter[str] = Counter()
    waits = []
    for row in connection.execute(query):
        reasons[row.reason] += 1
        if row.taken_at:
            waits.append((row.taken_at - row.asked_at).total_seconds() / 60)
    return {
        "handed_over": sum(reasons.values()),
        "handoff_reasons": _most_common(reasons),
        "wait_minutes": statistics.median(waits) if waits else None,
    }


def _most_common(counted: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counted.items(), key=lambda item: (-item[1], item[0])))


def _milliseconds(connection: Connection, inside: list[ColumnElement[bool]]) -> tuple[tuple[int, int], ...]:
    """Return percentiles of the time to an answer, by the nearest-rank method."""
    count = int(connection.execute(select(func.count()).select_from(turns).where(*inside)).scalar_one())
    if not count:
        return ()
    ordered = select(turns.c.latency_ms).where(*inside).order_by(turns.c.latency_ms).limit(1)
    ranks = {percent: max(0, -(-count * percent // 100) - 1) for percent in _PERCENTILES}
    return tuple(
        (percent, int(connection.execute(ordered.offset(rank)).scalar_one())) for percent, rank in ranks.items()
    )


def _sections(connection: Connection, inside: list[ColumnElement[bool]]) -> tuple[tuple[str, int], ...]:
    query = (
        select(turn_sections.c.section, func.count())
        .join(turns, turns.c.id == turn_sections.c.turn_id)
        .where(*inside, turn_sections.c.cited)
        .group_by(turn_sections.c.section)
        .order_by(func.count().desc(), turn_sections.c.section)
        .limit(_MOST_USED)
    )
    return tuple((section, int(count)) for section, count in connection.execute(query))


def _used(connection: Connection, inside: list[ColumnElement[bool]]) -> frozenset[str]:
    query = select(turn_sections.c.section).distinct().join(turns, turns.c.id == turn_sections.c.turn_id)
    return frozenset(connection.execute(query.where(*inside, turn_sections.c.cited)).scalars())


def _by_rating(connection: Connection, inside: list[ColumnElement[bool]]) -> tuple[ConfidenceBin, ...]:
    query = select(turns.c.confidence, ratings.c.rating).join(ratings, ratings.c.turn_id == turns.c.id)
    rows = connection.execute(query.where(*inside, turns.c.outcome == Outcome.ANSWERED.value))
    return _bins([(row.confidence, row.rating == "right") for row in rows])


def _by_review(connection: Connection, inside: list[ColumnElement[bool]]) -> tuple[ConfidenceBin, ...]:
    """Return the bins by what reviewers said: the final verdict of a turn, else what most of them said."""
    query = select(turns.c.id, turns.c.confidence, reviews.c.verdict, reviews.c.final)
    query = query.join(reviews, reviews.c.turn_id == turns.c.id)
    said: dict[int, list[Any]] = defaultdict(list)
    for row in connection.execute(query.where(*inside, turns.c.outcome == Outcome.ANSWERED.value)):
        said[row.id].append(row)
    judged = []
    for rows in said.values():
        counting = [row for row in rows if row.final] or rows
        right = sum(row.verdict == Verdict.RIGHT for row in counting)
        judged.append((rows[0].confidence, 2 * right > len(counting)))
    return _bins(judged)


def _bins(judged: list[tuple[float, bool]]) -> tuple[ConfidenceBin, ...]:
    by_bin: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for confidence, right in judged:
        by_bin[min(int(confidence * BINS), BINS - 1)].append((confidence, right))
    return tuple(
        ConfidenceBin(
            number / BINS, (number + 1) / BINS, sum(confidence for confidence, _ in inside) / len(inside), len(inside),
            sum(right for _, right in inside),
        )
        for number, inside in sorted(by_bin.items())
    )  # fmt: skip


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), JAKARTA)
