"""The gate: before a generation is published, questions with known answers are put to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from indexer.faults import Faults
from indexer.fields import Fields
from indexer.located_yaml import load_entries, read_text
from indexer.search import Retriever, Search

FIELDS = ("text", "section", "refuse", "language", "previous")
FLOOR = 0.60
MAY_FALL = 0.03


@dataclass(frozen=True)
class KnownQuestion:
    """A question in a seller's words, and the sections of which one must be found; none: it must be refused."""

    text: str
    sections: tuple[str, ...]
    previous: tuple[str, ...] = ()


def load_questions(folder: Path, known_sections: Iterable[str], faults: Faults) -> list[KnownQuestion]:
    """Read `questions/*.yaml`; a section that does not exist is a fault."""
    sections = set(known_sections)
    questions = []
    for path in sorted(folder.glob("*.yaml")):
        text = read_text(path, faults)
        for located in load_entries(text, path, faults) if text else []:
            fields = Fields(located, path, faults)
            fields.refuse_unknown(FIELDS)
            wanted = fields.texts("section")
            for address in wanted:
                if address not in sections:
                    fields.fault(
                        "section", f"`{address}` is not a section; correct the address or remove the question."
                    )
            if not fields.has("text") or bool(wanted) == fields.has("refuse"):
                fields.fault("text", "a question needs `text`, and either `section` or `refuse: true`.")
                continue
            questions.append(KnownQuestion(fields.text("text") or "", wanted, fields.texts("previous")))
    return questions


def gate_figures(retriever: Retriever, questions: Iterable[KnownQuestion], today: date) -> dict[str, float]:
    """Return the share of the questions whose section is found first, and among the first three."""
    ranks = [_rank(retriever, question, today) for question in questions if question.sections]
    if not ranks:
        return {}
    return {
        "questions": float(len(ranks)),
        "first": round(sum(rank == 0 for rank in ranks) / len(ranks), 4),
        "first_three": round(sum(rank < 3 for rank in ranks) / len(ranks), 4),
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


def _rank(retriever: Retriever, question: KnownQuestion, today: date) -> int:
    text = " ".join((*question.previous[-1:], question.text))
    hits = retriever.search(Search(text, today, limit=3)).hits
    return next((rank for rank, hit in enumerate(hits) if hit.section.id in question.sections), 99)
