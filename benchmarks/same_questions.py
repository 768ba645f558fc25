"""From which similarity two questions are the same: `python -m benchmarks.same_questions`.

Questions are grouped by meaning as they would come in, in an order by chance. Printed is, for each threshold, how many
of the pairs that were put together belong together (precision), and how many that belong together were put together
(recall): for the groups of gaps, whose centres move with their questions, and for proposals, where the oldest question
stands for the others. Twice: on the ways of asking of the knowledge and the known questions, where those of one section
belong together (they are meant to differ as much as they can), and on the made-up conversations of `make demo`, where
those of one theme do, as sellers say the same in nearly the same words.
"""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from bot.desk.gaps import JOINS
from bot.desk.grouping import Grouping
from bot.desk.proposals import SAME
from bot.rehearsal.made_up.scripts import dialogues, themes
from indexer.building import gather
from indexer.embedding import Vectors, load_embedder
from indexer.sections import OUTSIDE, Section
from indexer.settings import PROJECT, IndexSettings

THRESHOLDS = tuple(percent / 100 for percent in range(50, 96, 5))
out = Console()


@dataclass(frozen=True)
class Measured:
    """How well groups fit."""

    precision: float
    recall: float
    groups: int


def main() -> None:
    """Print the tables."""
    settings = IndexSettings()
    embedder = load_embedder(settings)
    ingredients = gather(settings.knowledge_dir, PROJECT)
    asked = questions_of(ingredients.snapshot.sections)
    asked |= {q.text: q.sections[0] for q in ingredients.questions if len(q.sections) == 1 and not q.previous}
    for name, questions in (("the knowledge", asked), ("made-up conversations", made_up_questions())):
        _print(name, questions, embedder.encode_queries(list(questions)))


def _print(name: str, questions: Mapping[str, str], vectors: Vectors) -> None:
    belongs = list(questions.values())
    out.print(f"{len(belongs)} questions of {len(set(belongs))} sections or themes, from {name}")
    table = Table("threshold", "gaps: right", "found", "groups", "proposals: right", "found", "groups", "", box=None)
    for threshold in sorted({*THRESHOLDS, JOINS, SAME}):
        cells = [_cells(measured(vectors, belongs, Grouping(threshold, moves=moves))) for moves in (True, False)]
        chosen = [name for name, value in (("JOINS", JOINS), ("SAME", SAME)) if value == threshold]
        table.add_row(f"{threshold:.2f}", *cells[0], *cells[1], " ".join(chosen))
    out.print(table)


def made_up_questions() -> dict[str, str]:
    """Return what made-up sellers ask first, each wording with its dialogue or the theme that nothing answers."""
    asked = {text: f"theme {theme.name}" for theme in themes() for text in theme.asks}
    first = {text: f"dialogue {one.name}" for one in dialogues() for text in one.lines[0].ways}
    return {**first, **asked}


def questions_of(sections: Mapping[str, Section]) -> dict[str, str]:
    """Return the ways of asking with their sections, but for those that stand in several sections."""
    times = Counter(text for section in sections.values() for ways in section.asked.values() for text in set(ways))
    return {
        text: section.id
        for section in sections.values()
        if section.kind != OUTSIDE
        for ways in section.asked.values()
        for text in ways
        if times[text] == 1
    }


def measured(vectors: Vectors, belongs: Sequence[str], grouping: Grouping) -> Measured:
    """Group the questions in an order by chance, the same each time."""
    order = list(range(len(belongs)))
    random.Random(815).shuffle(order)
    found = [(grouping.add(vectors[place]), belongs[place]) for place in order]
    together, right = _pairs(Counter(group for group, _ in found)), _pairs(Counter(found))
    return Measured(right / together if together else 1.0, right / _pairs(Counter(belongs)), len(grouping))


def _pairs(sizes: Mapping[object, int]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes.values())


def _cells(figures: Measured) -> tuple[str, str, str]:
    return f"{figures.precision:.1%}", f"{figures.recall:.1%}", f"{figures.groups:,}"


if __name__ == "__main__":
    main()
