"""What is said in the made-up conversations, read from the YAML files beside this module."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from indexer.sections import Language, Platform

_HERE = Path(__file__).parent
DECLINE = "decline"  # what is right is to answer nothing
GAP = "gap"  # nothing in the knowledge answers
_OUTSIDE = "outside/"


@dataclass(frozen=True)
class Line:
    """One message, in one of several ways of saying it, and the sections that would answer it; none where unknown."""

    ways: tuple[str, ...]
    right: tuple[str, ...] = ()


@dataclass(frozen=True)
class Dialogue:
    """What one seller writes, message by message."""

    name: str
    lines: tuple[Line, ...]
    weight: float = 1.0
    language: Language = "id"
    side: Platform | None = None
    group: bool = False


@dataclass(frozen=True)
class Theme:
    """A question that many ask in words of their own, and what becomes of its gap: answered, dismissed or still open.

    `answers` are by language, empty where nobody answers.
    """

    name: str
    asks: tuple[str, ...]
    right: tuple[str, ...]
    state: str
    answers: Mapping[str, str]


@dataclass(frozen=True)
class Rescue:
    """A seller who ended up with a person; `then` are pairs of who wrote (`seller` or `staff`) and what."""

    name: str
    language: Language
    ends: str
    reason: str
    lines: tuple[Line, ...]
    then: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Burst:
    """Many sellers asking the same within hours: after that share of the time, beside those who ask anyway."""

    at: float
    share: float
    asks: tuple[str, ...]


@dataclass(frozen=True)
class DeskWords:
    """Who is on the staff, which queues there are, and what staff write in notes and to sellers."""

    staff: tuple[Mapping[str, Any], ...]
    queues: tuple[Mapping[str, Any], ...]
    notes: Mapping[str, list[str]]
    finals: list[str]
    openers: Mapping[str, list[str]]
    replies: Mapping[str, list[str]]
    closers: Mapping[str, list[str]]


@cache
def dialogues() -> tuple[Dialogue, ...]:
    """Return all dialogues."""
    return tuple(
        Dialogue(
            one["name"], _lines(one["says"]), one.get("weight", 1.0), one.get("language", "id"),
            Platform(one["side"]) if "side" in one else None, one.get("group", False),
        )
        for one in _read("dialogues")
    )  # fmt: skip


@cache
def themes() -> tuple[Theme, ...]:
    """Return what many sellers ask in vain."""
    return tuple(
        Theme(one["name"], tuple(one["asks"]), _right(one["right"]), one["state"], one["answers"])
        for one in _read("gaps")
    )


@cache
def rescues() -> tuple[Rescue, ...]:
    """Return the sellers who end up with a person."""
    return tuple(
        Rescue(
            one["name"], one["language"], one["ends"], one["reason"], _lines(one["asks"]),
            tuple(_written(text) for text in one["then"]),
        )
        for one in _read("rescues")
    )  # fmt: skip


@cache
def bursts() -> tuple[Burst, ...]:
    """Return when many ask the same."""
    return tuple(Burst(one["at"], one["share"], tuple(one["asks"])) for one in _read("bursts"))


@cache
def desk_words() -> DeskWords:
    """Return what the staff write."""
    return DeskWords(**_read("desk"))


@cache
def manners() -> Mapping[str, Any]:
    """Return how sellers type."""
    return dict(_read("voices"))


def to_be_declined(right: tuple[str, ...]) -> bool:
    """Tell whether a question should not be answered."""
    return bool(right) and (right[0] == DECLINE or right[0].startswith(_OUTSIDE))


def _read(name: str) -> Any:  # noqa: ANN401 - whatever the file holds
    return yaml.safe_load((_HERE / f"{name}.yaml").read_text(encoding="utf-8"))


def _lines(records: list[Mapping[str, Any]]) -> tuple[Line, ...]:
    return tuple(Line(tuple(record["say"].split(" | ")), _right(record.get("right"))) for record in records)


def _right(value: str | list[str] | None) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)


def _written(text: str) -> tuple[str, str]:
    sender, _, words = text.partition(": ")
    return {"S": "seller", "C": "staff"}[sender], words
