"""How long the console's lists take with a million turns: `python -m benchmarks.million_turns`.

It fills an empty database with made-up turns over a year (a temporary SQLite file of about three gigabytes, or
`--database-url` of an empty PostgreSQL database), then prints the median of five times of what staff do in the console.
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from benchmarks.made_up_turns import (
    COMMON_SECTION,
    COMMON_WORD,
    NO_WORD,
    RARE_REASON,
    RARE_SECTION,
    RARE_TOPIC,
    RARE_WORD,
    START,
    YEAR,
    fill,
    settle,
)
from bot.database import Database
from bot.desk.conversations import Conversations
from bot.desk.numbers import NumberBook, Period
from bot.desk.people import People
from bot.desk.queues import Kind, QueueRules, Queues
from bot.desk.turn_filters import TurnFilter

ROUNDS = 5
SLOW = 200  # milliseconds from which a page of a list counts as slow
out = Console()
Timed = Callable[[], object]


def main(
    turns: Annotated[int, typer.Option(min=1000)] = 1_000_000,
    database_url: Annotated[str, typer.Option(help="An empty database; without it a temporary SQLite file.")] = "",
    keep: Annotated[Path | None, typer.Option(help="A SQLite file that is filled once and kept.")] = None,
) -> None:
    """Fill a database and print the times."""
    with tempfile.TemporaryDirectory() as folder:
        url = database_url or f"sqlite:///{keep or Path(folder) / 'million.db'}"
        database = Database(url)
        database.migrate()
        people = People(database)
        if not people.all():
            started = time.perf_counter()
            fill(database, turns)
            out.print(f"{turns:,} turns made up in {time.perf_counter() - started:.0f} s")
        if not url.startswith("sqlite"):
            settle(url)
        print_times("page of the list", pages(Conversations(database), turns))
        print_times("more", others(database, turns))
        database.close()


def print_times(title: str, parts: Mapping[str, Timed]) -> None:
    """Print how long each part takes, slow ones marked."""
    table = Table(title, "median ms", "", box=None)
    for name, part in parts.items():
        took = milliseconds(part)
        table.add_row(name, f"{took:,.1f}", "slow" if took > SLOW else "")
    out.print(table)


def milliseconds(part: Timed) -> float:
    """Return the median time of several rounds."""
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        part()
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def pages(book: Conversations, turns: int) -> dict[str, Timed]:
    """Return what reads a page of the list: no filter, each one alone, and combinations that are hard to find."""
    deep = turns - min(turns // 2, 500_000)
    today = (START + YEAR).date()
    filters = {
        "a day half a year ago": TurnFilter(since=today - timedelta(days=180), until=today - timedelta(days=180)),
        "language": TurnFilter(language="en"),
        "outcome": TurnFilter(outcome="declined"),
        "rated right": TurnFilter(rating="right"),
        "rated not right": TurnFilter(rating="not_right"),
        "not rated": TurnFilter(rating="none"),
        "reason": TurnFilter(reason="incorrect"),
        "a rare reason": TurnFilter(reason=RARE_REASON),
        "topic": TurnFilter(topic="fees"),
        "a rare topic": TurnFilter(topic=RARE_TOPIC),
        "low confidence": TurnFilter(confidence="low"),
        "reviewed": TurnFilter(reviewed="yes"),
        "not reviewed": TurnFilter(reviewed="no"),
        "queue": TurnFilter(queue=1),
        "wanted a person": TurnFilter(person="yes"),
        "wanted no person": TurnFilter(person="no"),
        "a common section": TurnFilter(section=COMMON_SECTION),
        "a rare section": TurnFilter(section=RARE_SECTION),
        "a section that is not there": TurnFilter(section="faqs/fees#gone"),
        "a common word": TurnFilter(text=COMMON_WORD),
        "two common words": TurnFilter(text=f"{COMMON_WORD} biaya"),
        "a rare word": TurnFilter(text=RARE_WORD),
        "a word that is not there": TurnFilter(text=NO_WORD),
        "the beginning of many words": TurnFilter(text="kom"),
        "one letter": TurnFilter(text="k"),
        "nothing: a day before all": TurnFilter(until=date(2025, 1, 1)),
        "nothing: answered with low confidence": TurnFilter(outcome="answered", confidence="low"),
        "nothing: topic of small talk": TurnFilter(outcome="smalltalk", topic="fees"),
        "nothing: small talk in English of high confidence": TurnFilter(
            outcome="smalltalk", language="en", confidence="high"
        ),
        "nothing: rated right for a reason": TurnFilter(rating="right", reason="incorrect"),
        "nothing: declined, citing a common section": TurnFilter(outcome="declined", section=COMMON_SECTION),
        "nothing: not rated, of a rare reason": TurnFilter(rating="none", reason=RARE_REASON),
        "nothing: low confidence, a common section": TurnFilter(confidence="low", section=COMMON_SECTION),
        "a common word, declined, reviewed": TurnFilter(text=COMMON_WORD, outcome="declined", reviewed="yes"),
        "a common word of a rare topic": TurnFilter(text=COMMON_WORD, topic=RARE_TOPIC),
        "a common word and a rare one": TurnFilter(text=f"{COMMON_WORD} {RARE_WORD}"),
        "a common word, not right, wanted a person": TurnFilter(text=COMMON_WORD, rating="not_right", person="yes"),
        "a common section, a common word, reviewed": TurnFilter(
            section=COMMON_SECTION, text=COMMON_WORD, reviewed="yes"
        ),
    }
    found: dict[str, Timed] = {
        "the first page": lambda: book.page(TurnFilter()),
        f"page {(turns - deep) // 50:,} by its place": lambda: book.page(TurnFilter(), older_than=deep),
        "the page before it": lambda: book.page(TurnFilter(), newer_than=deep),
        "a deep page of declined": lambda: book.page(TurnFilter(outcome="declined"), older_than=deep),
        "a deep page of a common word": lambda: book.page(TurnFilter(text=COMMON_WORD), older_than=deep),
        "neighbours of a turn": lambda: book.neighbours(TurnFilter(), deep),
        "neighbours, declined": lambda: book.neighbours(TurnFilter(outcome="declined"), deep),
        "neighbours, wanted a person": lambda: book.neighbours(TurnFilter(person="yes"), deep),
        "neighbours, a common word": lambda: book.neighbours(TurnFilter(text=COMMON_WORD), deep),
        "neighbours, a rare word": lambda: book.neighbours(TurnFilter(text=RARE_WORD), deep),
    }
    return {**found, **{name: _first_page(book, wanted) for name, wanted in filters.items()}}


def others(database: Database, turns: int) -> dict[str, Timed]:
    """Return what takes longer than a page may."""
    book, numbers, queues = Conversations(database), NumberBook(database), Queues(database, _end)
    day = (START + YEAR).date() - timedelta(days=180)
    members = tuple(person.id for person in People(database).all())
    if not queues.all():
        queues.add(QueueRules("Sample", Kind.SAMPLE, percent=5, members=members), past_turns=turns // 2)
        queues.add(QueueRules("Not right", Kind.NOT_RIGHT, members=members), past_turns=turns // 2)
    month = Period(day - timedelta(days=29), day)
    return {
        "count of all, up to 10,000": lambda: book.count(TurnFilter()),
        "count of a common word, up to 10,000": lambda: book.count(TurnFilter(text=COMMON_WORD)),
        "export of a day": lambda: sum(1 for _ in book.all(TurnFilter(since=day, until=day))),
        "numbers of a month": lambda: numbers.of(month),
        "filling two queues": queues.fill,
        "the list of queues": queues.all,
    }


def _first_page(book: Conversations, wanted: TurnFilter) -> Timed:
    return lambda: book.page(wanted)


def _end() -> datetime:
    return datetime.combine((START + YEAR).date(), datetime.min.time(), UTC)


if __name__ == "__main__":
    typer.run(main)
