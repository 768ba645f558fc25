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
    """A section that was considered, with its scores by method, best first in `Answer.candidates`.

    `then` says what it was on that day, so that it can be read long after the knowledge changed: its `status`,
    `platform`, `from`, `until` and `checked` (dates as ISO text), its `role` for the asked time, and `nearest`, the way
    of asking that lay nearest to the question.
    """

    section: str
    score: float
    methods: Mapping[str, float] = field(default_factory=dict)
    then: Mapping[str, str | None] = field(default_factory=dict)


class Decision(StrEnum):
    """Why an answer became what it is."""

    FIRST = "first"  # the first section answers
    BOTH = "both"  # the first two are given as the nearest
    SEVERAL = "several"  # each question of the message was answered
    NEAR = "near"  # several are near: asked back
    VAGUE = "vague"  # the message says too little: asked back
    OUTSIDE = "outside"  # a subject that we do not cover: declined with its words
    NOTHING = "nothing"  # nothing is near enough: declined


@dataclass(frozen=True)
class Reading:
    """How a question was understood, and why it was decided as it was.

    `searched` are the forms of it that were searched for: as typed, and in full and mended words if these differ.
    `earlier` is the seller's message that it goes on from. `period` are the first and last day that it is about.
    `probabilities` are those of `bot.deciding` (that the first section answers, that one of two does, that the message
    says too little), `measures` what they rest on, `withheld` the sections that were as
    near as what was considered, but do not hold at the asked time.
    """

    decision: Decision
    searched: tuple[str, ...]
    today: date
    earlier: str | None = None
    period: tuple[date, date] | None = None
    side: Platform | None = None
    probabilities: Mapping[str, float] = field(default_factory=dict)
    measures: Mapping[str, float] = field(default_factory=dict)
    withheld: tuple[Candidate, ...] = ()


@dataclass(frozen=True)
class Answer:
    """What the seller gets, and the evidence for it.

    `markup` is light Markdown: `**bold**`, `[title](https://…)`, lines, `- ` and `1. ` lists, `> ` quotes.
    `timings` holds milliseconds by part (`encode`, `dense`, `keywords`, `compose`, `total`). `topic` is that of the
    first section cited, else of the nearest one. There is no `reading` where nothing was searched for.
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
    topic: str | None = None
    reading: Reading | None = None

    @property
    def text(self) -> str:
        """The words as they are read where there is no markup."""
        return to_plain(self.markup)
