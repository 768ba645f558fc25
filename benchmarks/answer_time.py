"""How long one answer takes, part by part, against a bare Chroma query of the same vectors in the same run.

Run `python -m benchmarks.answer_time`; it needs a published index.
"""

import time
from collections.abc import Callable, Sequence

from rich.console import Console
from rich.table import Table

from bot.answerer import Answerer
from bot.answers import Question
from bot.settings import BotSettings
from indexer.clock import today
from indexer.embedding import load_embedder
from indexer.faults import Faults
from indexer.known_questions import load_questions
from indexer.live import LiveIndex
from indexer.search import NEAREST_KEYS
from indexer.stores import open_store

ROUNDS = 3
PARTS = ("encode", "dense", "keywords", "combine", "compose", "total")


def main() -> None:
    """Answer every known question several times and print the percentiles."""
    settings = BotSettings()
    index = LiveIndex(open_store(settings), lambda: load_embedder(settings))
    retriever = index.current()
    known = load_questions(settings.knowledge_dir / "questions", [], Faults(settings.knowledge_dir))
    texts = [question.text for question in known]
    vectors = load_embedder(settings).encode_queries(texts)
    bare = _timed(
        lambda number: retriever.generation.vectors.nearest(vectors[number : number + 1], NEAREST_KEYS),
        len(texts),
    )
    answerer = Answerer(index.current)
    answerer.answer(Question(texts[0], today()))
    answers = [answerer.answer(Question(text, today())) for _ in range(ROUNDS) for text in texts]
    table = Table("part", "median ms", "99 % ms", box=None)
    table.add_row("bare Chroma query", *_percentiles(bare))
    for part in PARTS:
        table.add_row(part, *_percentiles([answer.timings[part] for answer in answers if part in answer.timings]))
    out = Console()
    out.print(table)
    encode = _median([answer.timings["encode"] for answer in answers if "encode" in answer.timings])
    total = _median([answer.timings["total"] for answer in answers if "encode" in answer.timings])
    out.print(f"{len(answers)} answers; one costs {total / (encode + _median(bare)):.2f} times encode + bare query.")


def _timed(call: Callable[[int], object], count: int) -> list[float]:
    times = []
    for number in range(count):
        started = time.perf_counter()
        call(number)
        times.append((time.perf_counter() - started) * 1000)
    return times


def _median(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2]


def _percentiles(values: Sequence[float]) -> tuple[str, str]:
    ordered = sorted(values)
    return f"{_median(values):.2f}", f"{ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]:.2f}"


if __name__ == "__main__":
    main()
