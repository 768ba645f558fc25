"""Checking what somebody claims: a forwarded message against the section that speaks of it."""

import re
from dataclasses import replace
from datetime import date
from enum import StrEnum

from bot.answerer import Answerer
from bot.answers import Answer, Outcome, Question
from bot.wording import say
from indexer.figures import MONTHS, Figures, figures, missing, words_as_numbers
from indexer.sections import LANGUAGES, OUTSIDE, Language, Section, Status

# A forwarded text is mostly longer than a question; what it is about stands at its beginning.
LONGEST_CLAIM = 600
NEAR = 0.5
_HEARD = re.compile(
    r"^[^:\n]{0,40}:|\b(?:info(?:rmasi)?|penting|katanya|kabarnya|denger(?:\s+denger)?|viral|hoaks?|hoax|breaking|beredar|"
    r"benarkah|bener\s+ga|dari\s+grup(?:\s+\w+)?|sebelah|awas|hati-hati|sebarkan|share|i\s+heard(?:\s+that)?|they\s+say|"
    r"rumou?r|is\s+it\s+true(?:\s+that)?)\b",
    re.IGNORECASE,
)
_DAYS_AND_FIGURES = re.compile(
    rf"\b(?:mulai|per|sejak|from|starting|as\s+of|sebelum|before)?\s*(?:tanggal\s+)?(?:\d{{1,2}}\s+)?"
    rf"(?:{'|'.join(MONTHS)})\b(?:\s+\d{{4}})?|(?:rp\s?)?\d[\d.,]*\s?(?:%|persen|percent)?",
    re.IGNORECASE,
)


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
    answer = answerer.answer(Question(subject_of(claim), today, language=language))
    if answer.outcome is Outcome.SMALLTALK:
        return answer
    sections = answerer.knowledge().sections
    if answer.outcome is not Outcome.ANSWERED and (nearest := _nearest(answer)):
        answer = answerer.show(nearest, answer.language, today)
    cited = [sections[citation.section] for citation in answer.citations if citation.section in sections]
    if not cited:
        return replace(answer, markup=f"{say(answer.language, 'rumour.found_nothing')}\n\n{answer.markup}")
    finding = compared(claim, cited)
    return replace(answer, markup=f"{say(answer.language, f'rumour.found_{finding}')}\n\n{answer.markup}")


def subject_of(claim: str) -> str:
    """Return what a claim is about: without how it was heard, and without its days and figures, which may be wrong."""
    bare = _HEARD.sub(" ", claim[:LONGEST_CLAIM])
    bare = _DAYS_AND_FIGURES.sub(" ", bare)
    return " ".join(bare.split()) or claim[:LONGEST_CLAIM]


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


def _nearest(answer: Answer) -> str | None:
    """Return the section that a claim is most likely about: a claim is no question, and seldom found as surely."""
    first = next(iter(answer.candidates), None)
    near = first is not None and first.score >= NEAR and not first.section.startswith(f"{OUTSIDE}/")
    return first.section if first and near else None


def _empty(found: Figures) -> bool:
    return not found.numbers and not found.dates
