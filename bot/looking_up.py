"""From a message to what the search found for it: follow-ups are joined with the message that they lean on."""

from collections.abc import Container, Sequence
from dataclasses import dataclass

from bot.answers import Question
from bot.deciding import ANSWER, EITHER, VAGUE, Evidence, evidence_of
from bot.smalltalk import split_talk, without_address, without_fillers
from bot.understanding import cleaned, leans_on_before, side_of
from indexer.question_time import AskedTime, Period, asked_time
from indexer.search import Found, Hit, Retriever, Search
from indexer.sections import OUTSIDE, Platform

CANDIDATES = 8
# A message that says this much, and is clearly found better alone, does not go on from the one before.
_SAYS_ENOUGH = 14.0
_CLEARLY = 0.1
# A second question that says less than this has its subject in the first ("kena biaya ga?", "for how long").
_OWN_SUBJECT = 8.0


@dataclass(frozen=True)
class LookedUp:
    """What was found for one question: the time and side it is about, the hits, and the evidence to decide on.

    `searched` is the text that was searched for, `earlier` the seller's message that it goes on from.
    """

    time: AskedTime
    side: Platform | None
    found: Found
    evidence: Evidence
    searched: str = ""
    earlier: str | None = None

    @property
    def first(self) -> Hit | None:
        """The best hit."""
        return self.found.hits[0] if self.found.hits else None

    @property
    def outside(self) -> bool:
        """Whether the best hit is a subject that we do not cover."""
        return self.first is not None and self.first.section.kind == OUTSIDE

    @property
    def confidence(self) -> float:
        """The probability that the best hit answers."""
        return self.evidence.probability(ANSWER) if self.first else 0.0

    @property
    def either(self) -> float:
        """The probability that one of the two best hits answers."""
        return self.evidence.probability(EITHER) if self.first else 0.0

    @property
    def vague(self) -> float:
        """The probability that the question says too little to be answered."""
        return self.evidence.probability(VAGUE)


def look_up(retriever: Retriever, question: Question, text: str) -> LookedUp:
    """Search for `text`, the question's or a part of it, together with the message before where it leans on that."""
    alone = _search(retriever, question, text)
    before = _earlier_questions(question.previous)
    if not leans_on_before(text, before):
        return alone
    continued = _search(retriever, question, text, before[-1])
    says_enough = alone.evidence.information >= _SAYS_ENOUGH
    return alone if says_enough and alone.confidence > continued.confidence + _CLEARLY else continued


def look_up_beside(
    retriever: Retriever, question: Question, text: str, first: str, answered: Container[str]
) -> LookedUp:
    """Search for one of several questions of a message, by itself and as going on from the first of them.

    The surer of the two that finds a section not yet `answered` counts: "cara tarik saldo gimana, kena biaya ga?"
    asks what withdrawing costs, though its second half could ask about any fee.
    """
    alone = look_up(retriever, question, text)
    if text == first:
        return alone
    found = [alone] if alone.evidence.information >= _OWN_SUBJECT else []
    found.append(_search(retriever, question, text, first))
    new = [result for result in found if result.first and result.first.section.id not in answered]
    return max(new, key=lambda result: result.confidence, default=found[-1])


def _earlier_questions(previous: Sequence[str]) -> list[str]:
    return [talk.rest for talk in map(split_talk, map(cleaned, previous)) if talk.rest]


def _search(retriever: Retriever, question: Question, text: str, earlier: str | None = None) -> LookedUp:
    whole = f"{earlier} {text}" if earlier else text
    if question.on and question.on != question.today:
        time = AskedTime(Period.of_day(question.on))
    else:
        time = asked_time(whole, question.today)
    platform = side_of(text) or side_of(whole) or question.platform
    said = without_fillers(whole)
    searched = without_address(text)
    found = retriever.search(Search(searched, question.today, time, earlier, platform, limit=CANDIDATES))
    evidence = evidence_of(found.hits, retriever.information(said), len(said.split()))
    return LookedUp(time, platform, found, evidence, searched, earlier)
