"""The page of numbers: pictures with the table behind each."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from starlette.responses import Response

from bot.console.charts import Series, flat_bars, reliability, stacked_bars
from bot.console.visits import Visit
from bot.desk.numbers import ConfidenceBin, Numbers, Period, Row
from bot.desk.people import Refused
from bot.desk.turn_filters import filter_of

_DAYS = 30
_MOST_DAYS = 400
OUTCOMES = ("answered", "clarify", "declined", "smalltalk")


@dataclass(frozen=True)
class Unused:
    """A section that no answer used."""

    section: str
    heading: str


def numbers(visit: Visit) -> Response:
    """Show the numbers of a period."""
    period = _period(visit)
    found = visit.parts.numbers.of(period)
    knowledge = visit.parts.generations.now().sections
    unused = [
        Unused(name, section.text(visit.language).heading)
        for name, section in knowledge.items()
        if name not in found.used
    ]
    address = {"since": period.since.isoformat(), "until": period.until.isoformat()}
    if period.language:
        address["language"] = period.language
    return visit.page(
        "numbers.html", period=period, found=found, outcomes=OUTCOMES, unused=unused, sections=knowledge,
        section_count=len(knowledge), topics=visit.parts.generations.now().topics, address=urlencode(address),
    )  # fmt: skip


def chart(visit: Visit) -> Response:
    """Send one picture, in the colours for a light or a dark page."""
    draw = _CHARTS.get(visit.path("chart"))
    theme = visit.query.get("theme", "light")
    if draw is None or theme not in ("light", "dark"):
        raise Refused("page_gone")
    return Response(draw(visit, visit.parts.numbers.of(_period(visit)), theme), media_type="image/svg+xml")


def _period(visit: Visit) -> Period:
    wanted = filter_of({name: visit.query.get(name, "") for name in ("since", "until", "language")}, frozenset())
    until: date = wanted.until or visit.parts.today()
    since = wanted.since or until - timedelta(days=_DAYS - 1)
    if since > until or (until - since).days > _MOST_DAYS:
        raise Refused("period", most=_MOST_DAYS)
    return Period(since, until, wanted.language)


def _by_outcome(visit: Visit, rows: tuple[Row, ...]) -> list[Series]:
    return [
        Series(visit.say(f"word.outcome_{outcome}"), [getattr(row, outcome) for row in rows]) for outcome in OUTCOMES
    ]


def _by_day(visit: Visit, found: Numbers, theme: str) -> bytes:
    labels = [f"{date.fromisoformat(row.name).day}/{date.fromisoformat(row.name).month}" for row in found.by_day]
    return stacked_bars(labels, _by_outcome(visit, found.by_day), theme)


def _by_topic(visit: Visit, found: Numbers, theme: str) -> bytes:
    topics = visit.parts.generations.now().topics
    labels = [topics[row.name].names[visit.language] if row.name in topics else row.name for row in found.by_topic]
    return flat_bars(labels, _by_outcome(visit, found.by_topic), theme)


def _by_language(visit: Visit, found: Numbers, theme: str) -> bytes:
    labels = [visit.say(f"word.language_{row.name}") for row in found.by_language]
    return flat_bars(labels, _by_outcome(visit, found.by_language), theme)


def _handoffs(visit: Visit, found: Numbers, theme: str) -> bytes:
    labels = [visit.say(f"word.handoff_{reason}") for reason, _ in found.handoff_reasons]
    return flat_bars(labels, [Series("", [count for _, count in found.handoff_reasons])], theme)


def _confidence(visit: Visit, found: Numbers, theme: str) -> bytes:
    names = [visit.say("numbers.by_rating"), visit.say("numbers.by_review")]
    return reliability([_points(found.by_rating), _points(found.by_review)], names, theme)


def _points(bins: tuple[ConfidenceBin, ...]) -> list[tuple[float, float, int]]:
    return [(one.said, one.right / one.count, one.count) for one in bins]


_CHARTS: dict[str, Callable[[Visit, Numbers, str], bytes]] = {
    "days": _by_day,
    "topics": _by_topic,
    "languages": _by_language,
    "handoffs": _handoffs,
    "confidence": _confidence,
}
