"""How the pages show times, figures and words: the filters of the templates."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from bot.wording import say
from indexer.clock import JAKARTA
from indexer.sections import Language


def moment(value: datetime, language: Language) -> str:
    """Return a moment in Jakarta's time, short."""
    here = value.astimezone(JAKARTA)
    months = say(language, "answer.months").split()
    return f"{here.day} {months[here.month - 1][:3]} {here.year}, {here:%H.%M}"


def day(value: date | str | None, language: Language) -> str:
    """Return a day; a dash where there is none."""
    if not value:
        return "–"
    known = date.fromisoformat(value) if isinstance(value, str) else value
    months = say(language, "answer.months").split()
    return f"{known.day} {months[known.month - 1][:3]} {known.year}"


def since(value: datetime, until: datetime, language: Language) -> str:
    """Return how long ago something was, in the largest unit that fits."""
    minutes = max(0, int((until - value).total_seconds() // 60))
    if minutes < 60:
        return say(language, "time.minutes", count=minutes)
    if minutes < 48 * 60:
        return say(language, "time.hours", count=minutes // 60)
    return say(language, "time.days", count=minutes // (24 * 60))


def percent(part: float, whole: float, language: Language) -> str:
    """Return a share as percent; a dash of nothing."""
    return f"{decimal(100 * part / whole, language, 1)} %" if whole else "–"


def decimal(value: float | None, language: Language, places: int = 2) -> str:
    """Return a figure with the decimal sign of the language; a dash where there is none."""
    if value is None:
        return "–"
    text = f"{value:.{places}f}"
    return text.replace(".", ",") if language == "id" else text


def whole(value: float, language: Language) -> str:
    """Return a whole number with its thousands set apart."""
    return f"{value:,.0f}".replace(",", "." if language == "id" else ",")


def short(text: str, most: int = 160) -> str:
    """Return the beginning of a text, on one line."""
    joined = " ".join(text.split())
    return joined if len(joined) <= most else f"{joined[: most - 1]}…"


def address(section: str) -> str:
    """Return a section's address as a part of a path."""
    return quote(section, safe="/")


def moment_key(value: datetime) -> str:
    """Return a moment for a machine to read."""
    return value.isoformat()


FILTERS: Mapping[str, Callable[..., Any]] = {
    "moment": moment,
    "day": day,
    "since": since,
    "percent": percent,
    "decimal": decimal,
    "whole": whole,
    "short": short,
    "address": address,
    "moment_key": moment_key,
}
