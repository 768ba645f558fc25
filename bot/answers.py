"""What goes into the answerer and what comes out of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from bot.markup import to_plain
from indexer.sections import Language, Platform, Status


class Outcome(StrEnum):
    """What became of a question."""

    ANSWERED = "answered"
    CLARIFY = "clarify"
    DECLINED = "declined"
    SMALLTALK = "smalltalk"


@dataclass(frozen=True)
class Question:
    """A seller's message with what is known around it.

    `previous` are the seller's earlier messages in this chat, oldest first. `on` is a day that was
    asked about from outside (a command-line option); days named in the text are found by the answerer.
    `today` is the current day in Asia/Jakarta: the answerer has no clock of its own.
    """

    text: str
    today: date
    previous: tuple[str, ...] = ()
    language: Language | None = None
    on: date | None = None
    platform: Platform | None = None


@dataclass(frozen=True)
class Citation:
    """A section that an answer rests on, with its first source."""

    section: str
    title: str
    kind: str
    status: Status
    platform: Platform
    in_force_from: date | None
    in_force_until: date | None
    checked: date | None
    publisher: str | None
    url: str | None


@dataclass(frozen=True)
class Option:
    """A choice that is offered when the bot asks back: a section, by the title that a seller reads."""

    section: str
    title: str


@dataclass(frozen=True)
class Candidate:
    """A section that was considered, with its scores by method, best first in `Answer.candidates`."""

    section: str
    score: float
    methods: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What the seller gets, and the evidence for it.

    `markup` is light Markdown: `**bold**`, `[title](https://…)`, lines, `- ` and `1. ` lists, `> ` quotes.
    `timings` holds milliseconds by part (`encode`, `dense`, `keywords`, `compose`, `total`).
    """

    outcome: Outcome
    language: Language
    markup: str
    confidence: float
    generation: str
    citations: tuple[Citation, ...] = ()
    options: tuple[Option, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    timings: Mapping[str, float] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The words as they are read where there is no markup."""
        return to_plain(self.markup)
