"""What each step of preparing a question brings: `python -m benchmarks.ablation`. It needs a published index.

The known questions are put to the search with every step, and with each one left out; once as they were written and
once with slips of the thumb in three of ten words of five or more letters (one random edit each, a fixed seed).
"""

import random
from collections.abc import Sequence
from dataclasses import replace

from rich.console import Console
from rich.table import Table

from indexer.clock import today
from indexer.embedding import load_embedder
from indexer.faults import Faults
from indexer.gate import gate_figures
from indexer.known_questions import KnownQuestion, load_questions
from indexer.live import LiveIndex
from indexer.question_forms import Steps
from indexer.search import Retriever
from indexer.settings import IndexSettings
from indexer.stores import open_store

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_SLIPS = 0.3


def main() -> None:
    """Print the table."""
    settings = IndexSettings()
    embedder = load_embedder(settings)
    generation = LiveIndex(open_store(settings), lambda: embedder).current().generation
    written = load_questions(settings.knowledge_dir / "questions", [], Faults(settings.knowledge_dir))
    slipped = with_slips(written)
    table = Table("steps", "first", "first three", "with slips: first", "first three", box=None)
    for label, steps in _variants():
        retriever = Retriever(generation, embedder, steps=steps)
        figures = [gate_figures(retriever, questions, today()) for questions in (written, slipped)]
        table.add_row(label, *(f"{each[name]:.1%}" for each in figures for name in ("first", "first_three")))
    Console().print(table)


def with_slips(questions: Sequence[KnownQuestion]) -> list[KnownQuestion]:
    """Return the questions with one random edit in some of their longer words, the same ones each time."""
    drawing = random.Random(1)
    texts = [" ".join(_slip(word, drawing) for word in question.text.split()) for question in questions]
    return [replace(question, text=text) for question, text in zip(questions, texts, strict=True)]


def _variants() -> list[tuple[str, Steps]]:
    without = [(f"without {name}", replace(Steps(), **{name: False})) for name in Steps.names()]
    return [("all", Steps()), *without]


def _slip(word: str, drawing: random.Random) -> str:
    if len(word) < 5 or not word.isalpha() or drawing.random() > _SLIPS:
        return word
    at = drawing.randrange(1, len(word) - 1)
    left_out = word[:at] + word[at + 1 :]
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    letter = drawing.choice(_LETTERS)
    return drawing.choice([left_out, swapped, word[:at] + letter + word[at:], word[:at] + letter + word[at + 1 :]])


if __name__ == "__main__":
    main()
