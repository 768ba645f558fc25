"""The page on which staff try questions: as the bot would answer, on any day and generation, or on two side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from starlette.responses import Response

from bot.answerer import Answerer
from bot.answers import Answer, Question
from bot.console.evidence_view import Evidence, of_answer
from bot.console.visits import Visit, day_or
from bot.guard import guarded
from indexer.faults import IndexerError
from indexer.sections import LANGUAGES, Language, Platform

_LONGEST = 2000
_MOST_BEFORE = 6


@dataclass(frozen=True)
class Tried:
    """What one generation answered, with its evidence; `fault` says why it could not."""

    generation: str
    answer: Answer | None
    evidence: Evidence | None
    fault: str = ""


def try_out(visit: Visit) -> Response:
    """Show the page, with an answer where a question was asked.

    The question comes in a form and not in the address, so that it stands in no log. Nothing of it is stored.
    """
    text = guarded(visit.field("text")[:_LONGEST]).text
    before = [] if visit.field("fresh") else visit.fields("before")[-_MOST_BEFORE:]
    names = visit.parts.generations.names()
    generation = _chosen(visit.field("generation"), names) or visit.parts.generations.published
    other = _chosen(visit.field("other"), names)
    tried = []
    if text and visit.field("action") != "fresh":
        question = _question(visit, text, before)
        tried = [_tried(visit, name, question) for name in dict.fromkeys(filter(None, (generation, other)))]
    return visit.page(
        "try.html",
        text=text,
        before=before,
        names=names,
        published=visit.parts.generations.published,
        generation=generation,
        other=other,
        on=visit.field("on"),
        reply_language=visit.field("reply_language"),
        platform=visit.field("platform"),
        languages=LANGUAGES,
        platforms=list(Platform),
        tried=tried,
        differ=_differ([one.answer for one in tried]),
    )


def _question(visit: Visit, text: str, before: Sequence[str]) -> Question:
    """Return the question as of the chosen day: that day counts as today, as it would have then."""
    day: date = day_or(visit.field("on"), visit.parts.today())
    language: Language | None = next((code for code in LANGUAGES if code == visit.field("reply_language")), None)
    platform = next((side for side in Platform if side == visit.field("platform")), None)
    return Question(text, day, tuple(before), language, platform=platform)


def _tried(visit: Visit, name: str, question: Question) -> Tried:
    try:
        answerer: Answerer = visit.parts.generations.answerer(name)
        answer = answerer.answer(question)
    except IndexerError as error:
        return Tried(name, None, None, str(error))
    return Tried(name, answer, of_answer(answer, answerer.knowledge(), visit.language))


def _differ(answers: Sequence[Answer | None]) -> bool | None:
    """Tell whether two generations say different things; None where there are no two answers."""
    if len(answers) < 2 or not all(answers):
        return None
    return len({answer.text for answer in answers if answer}) > 1


def _chosen(name: str, names: Sequence[str]) -> str | None:
    return name if name in names else None
