"""The evidence kept with an answer: how the question was read, what was considered, and why it was so decided."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.answers import Answer, Candidate, Decision, Question, Reading
from bot.deciding import ANSWER, EITHER, FEATURES, VAGUE, Evidence
from bot.looking_up import CANDIDATES, LookedUp
from indexer.search import Hit, Retriever

WITHHELD = "withheld"


def with_evidence(
    answer: Answer, question: Question, results: Sequence[LookedUp], decision: Decision, retriever: Retriever
) -> Answer:
    """Return the answer with what was considered for it and why it was decided so."""
    hits = [hit for result in results for hit in result.found.hits[:CANDIDATES]]
    cited = [citation.section for citation in answer.citations]
    first = next((hit for hit in hits if hit.section.id in cited), hits[0] if hits else None)
    return replace(
        answer,
        candidates=tuple(_candidate(hit, hit.role.value) for hit in hits),
        reading=_reading(question, results, decision, retriever),
        timings={**_timings(results), **answer.timings},
        topic=(first.section.topic or None) if first else None,
    )


def _reading(question: Question, results: Sequence[LookedUp], decision: Decision, retriever: Retriever) -> Reading:
    result = results[0]
    period = result.time.period
    return Reading(
        decision,
        tuple(form for one in results for form in retriever.read_as(one.searched)),
        question.today,
        earlier=result.earlier,
        period=(period.start, period.end) if period else None,
        side=result.side,
        probabilities=_probabilities(result.evidence),
        measures={name: float(getattr(result.evidence, name)) for name in FEATURES[VAGUE] + FEATURES[ANSWER]},
        withheld=tuple(_candidate(hit, WITHHELD) for one in results for hit in one.found.withheld),
    )


def _probabilities(evidence: Evidence) -> dict[str, float]:
    return {name: evidence.probability(name) for name in (ANSWER, EITHER, VAGUE)}


def _candidate(hit: Hit, role: str) -> Candidate:
    section = hit.section
    then = {
        "role": role,
        "status": section.status.value,
        "platform": section.platform.value,
        "from": _iso(section.in_force_from),
        "until": _iso(section.in_force_until),
        "checked": _iso(section.checked),
        "nearest": hit.key or None,
    }
    return Candidate(section.id, hit.score, {"dense": hit.dense, "keywords": hit.keywords}, then)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _timings(results: Sequence[LookedUp]) -> dict[str, float]:
    total: dict[str, float] = {}
    for result in results:
        for part, milliseconds in result.found.milliseconds.items():
            total[part] = total.get(part, 0.0) + milliseconds
    return total
