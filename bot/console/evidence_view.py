"""The evidence for an answer as a page shows it: the same for a stored turn and for an answer that was just tried."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.answers import Answer, Decision, Outcome
from bot.remembered import StoredSection, StoredTurn
from bot.turns_log import reading_as_json, section_rows
from indexer.sections import OUTSIDE, Language
from indexer.snapshot import Snapshot


@dataclass(frozen=True)
class Considered:
    """A section that was considered. `why` is the name of the sentence that says why it was chosen or left."""

    section: str
    heading: str
    score: float | None
    methods: Mapping[str, float]
    then: Mapping[str, str | None]
    chosen: bool
    why: str
    behind: float | None
    gone: bool


@dataclass(frozen=True)
class Evidence:
    """How a question was read, what was considered, and how long it took. `reading` is as it is stored."""

    outcome: Outcome
    confidence: float
    generation: str
    reading: Mapping[str, Any]
    considered: tuple[Considered, ...]
    withheld: tuple[Considered, ...]
    generation_gone: bool


def of_turn(turn: StoredTurn, then: Snapshot | None, now: Snapshot, language: Language) -> Evidence:
    """Return the evidence of a stored turn; headings come from the knowledge of then, else from today's."""
    options = [option.section for option in turn.options]
    return _evidence(
        (turn.outcome, turn.confidence, turn.generation), turn.reading or {}, turn.sections, options,
        _Headings(then, now, language),
    )  # fmt: skip


def of_answer(answer: Answer, knowledge: Snapshot, language: Language) -> Evidence:
    """Return the evidence of an answer that is not stored."""
    sections = [StoredSection(**row) for row in section_rows(answer)]
    options = [option.section for option in answer.options]
    return _evidence(
        (answer.outcome, answer.confidence, answer.generation),
        reading_as_json(answer.reading, answer.timings) or {},
        sections, options, _Headings(knowledge, knowledge, language),
    )  # fmt: skip


class _Headings:
    """What sections are called, in the knowledge of then or of now."""

    def __init__(self, then: Snapshot | None, now: Snapshot, language: Language) -> None:
        self._books = [book for book in (then, now) if book is not None]
        self._now = now
        self._language = language
        self.generation_gone = then is None

    def of(self, section: str) -> str:
        for book in self._books:
            if section in book.sections:
                return book.sections[section].text(self._language).heading
        return section

    def gone(self, section: str) -> bool:
        return section not in self._now.sections


def _evidence(
    decided: tuple[Outcome, float, str], reading: Mapping[str, Any], sections: Sequence[StoredSection],
    options: Sequence[str], headings: _Headings,
) -> Evidence:  # fmt: skip
    outcome, confidence, generation = decided
    best = max((section.score for section in sections if section.score is not None), default=None)
    decision = str(reading.get("decision", ""))
    considered = tuple(_considered(section, best, decision, options, headings) for section in sections)
    withheld = tuple(_withheld(entry, headings) for entry in reading.get("withheld", ()))
    return Evidence(outcome, confidence, generation, reading, considered, withheld, headings.generation_gone)


def _considered(
    section: StoredSection, best: float | None, decision: str, options: Sequence[str], headings: _Headings
) -> Considered:
    outside = decision == Decision.OUTSIDE and section.score == best and section.section.startswith(f"{OUTSIDE}/")
    behind = None if best is None or section.score is None else best - section.score
    return Considered(
        section.section, headings.of(section.section), section.score, section.methods, section.then,
        chosen=section.cited or outside, why=_why(section, outside, behind, options), behind=behind,
        gone=headings.gone(section.section),
    )  # fmt: skip


def _why(section: StoredSection, outside: bool, behind: float | None, options: Sequence[str]) -> str:
    if outside:
        return "outside"
    if section.cited:
        return "opened" if behind is None else "best" if behind == 0 else "beside"
    return "offered" if section.section in options else "best_left" if behind == 0 else "farther"


def _withheld(entry: Mapping[str, Any], headings: _Headings) -> Considered:
    then = {name: entry.get(name) for name in ("status", "platform", "from", "until", "checked", "role")}
    section = str(entry["section"])
    return Considered(
        section, headings.of(section), entry.get("score"), {}, then, chosen=False, why="withheld", behind=None,
        gone=headings.gone(section),
    )  # fmt: skip
