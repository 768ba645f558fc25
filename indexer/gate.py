"""The gate: before a generation is published, questions with known answers are put to it."""

from collections.abc import Iterable
from datetime import date

from indexer.known_questions import KnownQuestion
from indexer.search import Retriever, Search

FLOOR = 0.60
MAY_FALL = 0.03


def gate_figures(retriever: Retriever, questions: Iterable[KnownQuestion], today: date) -> dict[str, float]:
    """Return the share of the questions whose section is found first, and among the first three."""
    ranks = [rank(retriever, question, today) for question in questions if question.sections]
    if not ranks:
        return {}
    return {
        "questions": float(len(ranks)),
        "first": round(sum(place == 0 for place in ranks) / len(ranks), 4),
        "first_three": round(sum(place < 3 for place in ranks) / len(ranks), 4),
    }


def refusal(figures: dict[str, float], published: dict[str, float]) -> str | None:
    """Return why a generation with these figures must not be published, or None."""
    if not figures:
        return None
    first, before = figures["first_three"], published.get("first_three")
    if first < FLOOR:
        return f"{first:.0%} of the known questions find their section among three; at least {FLOOR:.0%} must."
    if before is not None and first < before - MAY_FALL:
        return (
            f"{first:.0%} of the known questions find their section among three; the published one finds {before:.0%}."
        )
    return None


def rank(retriever: Retriever, question: KnownQuestion, today: date) -> int:
    """Return how many sections are found before the first of the question's own; 99 where none is among three."""
    earlier = question.previous[-1] if question.previous else None
    hits = retriever.search(Search(question.text, today, earlier=earlier, limit=3)).hits
    return next((place for place, hit in enumerate(hits) if hit.section.id in question.sections), 99)
