"""Two evaluations of the same questions, pair by pair: two generations, models or settings."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import comb
from pathlib import Path

import numpy as np
from rich.table import Table

from bot.evaluating import Judgement
from bot.judging import Verdict
from indexer.faults import IndexerError

_SAMPLES = 2000
ALL = "all"


@dataclass(frozen=True)
class Judged:
    """The kind of a question and whether it was answered rightly."""

    kind: str
    right: bool


@dataclass(frozen=True)
class PairRow:
    """A kind of question in both: shares right, and their difference with its 95 % interval.

    `chance` is the two-sided probability that as uneven a change comes about by chance (exact McNemar test).
    """

    kind: str
    count: int
    first: float
    second: float
    low: float
    high: float
    better: int
    worse: int
    chance: float


def judged_by_id(judgements: Sequence[Judgement]) -> dict[str, Judged]:
    """Return the verdicts by question."""
    return {each.question.id: Judged(each.question.kind, each.verdict is Verdict.RIGHT) for each in judgements}


def load_judged(path: Path) -> dict[str, Judged]:
    """Read what `python -m bot evaluate FILE --json` printed.

    Raises:
        IndexerError: the file is not that.
    """
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        return {str(each["id"]): Judged(str(each["kind"]), each["verdict"] == "right") for each in record["questions"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = f"{path} is not a saved evaluation; make one with `python -m bot evaluate FILE --json > {path.name}`."
        raise IndexerError(message) from error


def compare(first: Mapping[str, Judged], second: Mapping[str, Judged]) -> list[PairRow]:
    """Return a row per kind and one for all, over the questions that both have.

    Raises:
        IndexerError: they have no question in common.
    """
    common = [name for name in first if name in second]
    if not common:
        raise IndexerError("the two evaluations have no question in common; evaluate the same file twice.")
    kinds = sorted({first[name].kind for name in common})
    return [_row(ALL, common, first, second)] + [
        _row(kind, [name for name in common if first[name].kind == kind], first, second) for kind in kinds
    ]


def changed(first: Mapping[str, Judged], second: Mapping[str, Judged]) -> list[str]:
    """Return a line for each question that is right in one of them only."""
    both = [name for name in first if name in second and first[name].right != second[name].right]
    return [f"{name} {first[name].kind}: {'right → not' if first[name].right else 'not → right'}" for name in both]


def comparison_table(rows: Sequence[PairRow]) -> Table:
    """Return the rows as a table."""
    shown = Table("kind", "n", "other", "this", "difference", "95 %", "better", "worse", "by chance", box=None)
    for row in rows:
        shares = (f"{row.first:.1%}", f"{row.second:.1%}", f"{row.second - row.first:+.1%}")
        interval = f"{row.low:+.1%} to {row.high:+.1%}"
        shown.add_row(row.kind, str(row.count), *shares, interval, str(row.better), str(row.worse), f"{row.chance:.2f}")
    return shown


def _row(kind: str, names: Sequence[str], first: Mapping[str, Judged], second: Mapping[str, Judged]) -> PairRow:
    one = np.array([first[name].right for name in names], dtype=float)
    other = np.array([second[name].right for name in names], dtype=float)
    drawn = np.random.default_rng(0).integers(0, len(names), (_SAMPLES, len(names)))
    low, high = np.quantile((other - one)[drawn].mean(axis=1), (0.025, 0.975))
    better, worse = int((other > one).sum()), int((other < one).sum())
    means = (float(one.mean()), float(other.mean()))
    return PairRow(kind, len(names), *means, float(low), float(high), better, worse, chance_of(better, worse))


def chance_of(better: int, worse: int) -> float:
    """Return the two-sided exact McNemar probability (McNemar 1947): each change goes either way alike."""
    total = better + worse
    tail: float = sum(comb(total, count) for count in range(min(better, worse) + 1)) / 2**total
    return min(1.0, 2 * tail)
