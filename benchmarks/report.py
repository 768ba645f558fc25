"""The report of `benchmarks.side_by_side`: its rows, and the text around them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which that share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


@dataclass(frozen=True)
class Row:
    """One system: shares found, milliseconds a question, megabytes resident."""

    name: str
    questions: int
    first: float
    three: float
    median: float
    p99: float
    build_seconds: float
    megabytes: int

    @classmethod
    def measured(cls, name: str, figures: Mapping[str, Any]) -> "Row":
        """Read what `benchmarks.one_system` printed."""
        times = figures["milliseconds"]
        return cls(
            name, figures["questions"], figures["first"], figures["three"], percentile(times, 0.5),
            percentile(times, 0.99), figures["build_seconds"], figures["megabytes"],
        )  # fmt: skip


@dataclass(frozen=True)
class Curve:
    """One size of the knowledge: seconds to build and to build again, milliseconds an answer."""

    times: int
    sections: int
    keys: int
    build_seconds: float
    rebuild_seconds: float
    median: float
    p99: float

    @classmethod
    def measured(cls, figures: Mapping[str, Any]) -> "Curve":
        """Read what `benchmarks.growth` printed."""
        times = figures["milliseconds"]
        return cls(
            figures["times"], figures["sections"], figures["keys"], figures["build_seconds"],
            figures["rebuild_seconds"], percentile(times, 0.5), percentile(times, 0.99),
        )  # fmt: skip


_HEAD = """# Benchmarks

Written by `make bench`; nothing here is typed by hand. Measured on {machine}.

## Systems side by side

{count} questions ({source}), the same sections for all, each system in a process of its own, set up as its own
documentation does it. "First" is the share of questions whose section (or text) is found first; "three", among the
first three sections. Times are per question, search alone; memory is the whole process after all questions.

| system | first | three | median ms | 99 % ms | set up, s | memory, MB |
| --- | --- | --- | --- | --- | --- | --- |
{rows}

![systems](benchmark-systems.svg)

**What is unfair in it.** Ours sees the ways of asking that stand in the sections, and its model was taught on them.
The others get the sections' headings and texts, as their users would give them. The rows "our model" and "our ways of
asking" show what each of the two brings by itself. Our weights were chosen by looking at the known questions, so with
these our row is somewhat too good; the model was not taught on them. "Set up" is indexing from nothing, for ours it is
opening the published index. The times of systems with all-MiniLM hold its encoding by torch.

## How cost grows

| sections | texts | build, s | one document changed, s | share | answer, median ms | 99 % ms |
| --- | --- | --- | --- | --- | --- | --- |
{curves}

![growth](benchmark-growth.svg)

At 1 it is the real knowledge, each text encoded. Larger ones are copies with words of their own and one way of asking
per language, not encoded (their vectors are moved ones of ours), so their build times are those of everything else.
Not in it: trying a generation on the known questions, which takes as long after a small change as after a full build.
An answer at {largest} times the sections takes {ratio:.2f} times what it takes at 1.
"""


def report(rows: Sequence[Row], curves: Sequence[Curve], machine: str, questions: Path | None) -> str:
    """Return the report as Markdown."""
    return _HEAD.format(
        machine=machine,
        count=rows[0].questions,
        source=f"`{questions.name}`, judged by what the text must say" if questions else "`knowledge/questions`",
        rows="\n".join(_row(row) for row in rows),
        curves="\n".join(_curve(curve) for curve in curves),
        largest=curves[-1].times,
        ratio=curves[-1].median / curves[0].median,
    )


def _row(row: Row) -> str:
    cells = (
        row.name, f"{row.first:.1%}", f"{row.three:.1%}", f"{row.median:.1f}", f"{row.p99:.1f}",
        f"{row.build_seconds:.0f}", str(row.megabytes),
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"


def _curve(curve: Curve) -> str:
    cells = (
        f"{curve.sections:,}", f"{curve.keys:,}", f"{curve.build_seconds:.1f}", f"{curve.rebuild_seconds:.1f}",
        f"{curve.rebuild_seconds / curve.build_seconds:.1%}", f"{curve.median:.1f}", f"{curve.p99:.1f}",
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"
