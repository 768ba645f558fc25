"""Checking what somebody claims: a forwarded message against the section that speaks of it."""

from dataclasses import replace
from datetime import date
from enum import StrEnum

from bot.answerer import Answerer
from bot.answers import Answer, Outcome, Question
from bot.wording import say
from indexer.figures import Figures, figures, missing, words_as_numbers
from indexer.sections import LANGUAGES, Language, Section, Status

# A forwarded text is mostly longer than a question; what it is about stands at its beginning.
LONGEST_CLAIM = 600


class Finding(StrEnum):
    """What our sources say to a claim."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    WRITTEN = "written"


def checked(answerer: Answerer, claim: str, language: Language | None, today: date) -> Answer:
    """Return the section that a claim is about, under a line that says whether it supports the claim.

    Only what can be held against each other decides: the figures, amounts and dates of the claim and those of the
    section with its facts. Where the claim has none, the section is shown, and the seller compares.
    """
    answer = answerer.answer(Question(claim[:LONGEST_CLAIM], today, language=language))
    if answer.outcome is Outcome.SMALLTALK:
        return answer
    sections = answerer.knowledge().sections
    cited = [sections[citation.section] for citation in answer.citations if citation.section in sections]
    if answer.outcome is not Outcome.ANSWERED or not cited:
        return replace(answer, markup=f"{say(answer.language, 'rumour.found_nothing')}\n\n{answer.markup}")
    finding = compared(claim, cited)
    return replace(answer, markup=f"{say(answer.language, f'rumour.found_{finding}')}\n\n{answer.markup}")


def compared(claim: str, sections: list[Section]) -> Finding:
    """Hold the figures of a claim against those of the sections that speak of it."""
    said = figures(claim)
    if _empty(said):
        return Finding.WRITTEN
    written = "\n".join(
        "\n".join((section.text(code).heading, section.text(code).body, *section.details.get(code, ())))
        for section in sections
        for code in LANGUAGES
    )
    lost = missing(said, figures(written), words_as_numbers(written))
    if lost:
        return Finding.CONTRADICTED
    settled = all(section.status in (Status.IN_FORCE, Status.HISTORICAL) for section in sections)
    return Finding.SUPPORTED if settled else Finding.WRITTEN


def _empty(found: Figures) -> bool:
    return not found.numbers and not found.dates
