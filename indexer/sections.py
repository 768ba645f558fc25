"""The section: the unit that is found, cited and shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Literal

Language = Literal["id", "en"]
LANGUAGES: tuple[Language, ...] = ("id", "en")
# What sellers bring and we do not cover is written down too: found like a section, and declined with its text.
OUTSIDE = "outside"
KINDS = ("regulations", "announcements", "faqs", OUTSIDE)


class Status(StrEnum):
    """Whether a section holds today."""

    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"
    POSTPONED = "postponed"
    PLANNED = "planned"
    DISPUTED = "disputed"
    HISTORICAL = "historical"


class Platform(StrEnum):
    """The side on which a section holds."""

    TOKOPEDIA = "tokopedia"
    TIKTOK_SHOP = "tiktok_shop"
    BOTH = "both"


class Confidence(StrEnum):
    """How sure the sources make us."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True)
class Source:
    """Where something is written. `date` is as precise as known: `2026`, `2026-05` or `2026-05-18`."""

    publisher: str
    title: str
    date: str | None = None
    url: str | None = None


@dataclass(frozen=True)
class Law:
    """A place in a law: its name with number and year, and the article and paragraph where known."""

    name: str
    article: str | None = None
    paragraph: str | None = None


@dataclass(frozen=True)
class Text:
    """A section in one language; `body` is light Markdown (bold, links, lists, quoted examples)."""

    heading: str
    body: str


@dataclass(frozen=True)
class Section:
    """One truth, with its dates, side, sources and facts once and its text per language.

    `details` are the sentences of its facts, in each language: what may be said beside its text.
    """

    id: str
    topic: str
    status: Status
    platform: Platform
    confidence: Confidence
    texts: Mapping[Language, Text]
    in_force_from: date | None = None
    in_force_until: date | None = None
    checked: date | None = None
    replaces: tuple[str, ...] = ()
    replaced_by: str | None = None
    sources: tuple[Source, ...] = ()
    laws: tuple[Law, ...] = ()
    facts: tuple[str, ...] = ()
    asked: Mapping[Language, tuple[str, ...]] = field(default_factory=dict)
    see_also: tuple[str, ...] = ()
    details: Mapping[Language, tuple[str, ...]] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """The folder of knowledge it stands in."""
        return self.id.split("/", 1)[0]

    def text(self, language: Language) -> Text:
        """Return its text in that language, or in the one it has."""
        return self.texts.get(language) or next(iter(self.texts.values()))
