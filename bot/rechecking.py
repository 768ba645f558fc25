"""Whether an older answer still stands, held against the index of today."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from bot.answerer import Answerer
from bot.answers import Answer, Outcome, Question
from bot.composing import day_in_words
from bot.masking import mask_echoes
from bot.remembered import StoredTurn
from bot.wording import say


class Finding(StrEnum):
    """What became of an older answer."""

    SAME = "same"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True)
class Rechecked:
    """The finding, the day (in words) it is of, and the answer of today where that is another one."""

    finding: Finding
    day: str
    answer: Answer | None = None


def rechecked(answerer: Answerer, turn: StoredTurn, earlier: Sequence[str], today: date) -> Rechecked:
    """Compare what was sent with what would be sent today, found by the question or opened by the section's address."""
    day = day_in_words(today, turn.language)
    cited = [section.section for section in turn.sections if section.cited]
    there = answerer.knowledge().sections
    if not cited or any(address not in there for address in cited):
        return Rechecked(Finding.GONE, day)
    again = answerer.answer(Question(turn.asked, today, tuple(earlier), turn.language))
    opened = answerer.show(cited[0], turn.language, today)
    if turn.sent in {mask_echoes(answer.text, turn.asked) for answer in (again, opened)}:
        return Rechecked(Finding.SAME, day)
    same_sections = [citation.section for citation in again.citations] == cited
    now = again if again.outcome is Outcome.ANSWERED and same_sections else opened
    line = say(turn.language, "recheck.now_changed", day=day)
    return Rechecked(Finding.CHANGED, day, replace(now, markup=f"{line}\n\n{now.markup}"))
