"""Systems side by side and cost curves, written to `docs/benchmarks.md`: `python -m benchmarks.side_by_side`.

It needs a published index and the packages of the extra `bench` (`make bench` sees to both). Each system and each size
runs in a process of its own, one after the other, so that time and memory are its own.
"""

import json
import os
import platform
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import matplotlib as mpl
import typer
from matplotlib import pyplot
from rich.console import Console

from benchmarks.report import Curve, Row, report
from benchmarks.systems import SYSTEMS
from indexer.clock import today
from indexer.settings import PROJECT

out = Console(soft_wrap=True, stderr=True)


def main(
    questions: Annotated[Path | None, typer.Argument(help="A file of judged questions; else the known ones.")] = None,
    sizes: Annotated[str, typer.Option(help="How many times the sections, for the curves.")] = "1,10,100",
    target: Annotated[Path, typer.Option("--out", help="Where the report and its pictures go.")] = PROJECT / "docs",
) -> None:
    """Run everything and write the report."""
    rows = [
        Row.measured(name, _run("benchmarks.one_system", name, *map(str, [questions] if questions else [])))
        for name in SYSTEMS
    ]
    curves = [Curve.measured(_run("benchmarks.growth", size)) for size in sizes.split(",")]
    target.mkdir(exist_ok=True)
    _picture_of_systems(rows, target / "benchmark-systems.svg")
    _picture_of_growth(curves, target / "benchmark-growth.svg")
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, {today()}"
    (target / "benchmarks.md").write_text(report(rows, curves, machine, questions), encoding="utf-8")
    out.print(f"Written to {target / 'benchmarks.md'}.")


def _run(module: str, *arguments: str) -> Mapping[str, Any]:
    out.print(f"{module} {' '.join(arguments)} …")
    done = subprocess.run([sys.executable, "-m", module, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        out.print(done.stderr[-2000:])
        raise typer.Exit(1)
    figures: Mapping[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


def _picture_of_systems(rows: Sequence[Row], path: Path) -> None:
    mpl.rcParams["svg.hashsalt"] = "tanya-seller"
    figure, axes = pyplot.subplots(figsize=(8, 4.5))
    names = [row.name for row in rows][::-1]
    axes.barh(names, [row.three for row in rows][::-1], color="#c7d7ea", label="among the first three")
    axes.barh(names, [row.first for row in rows][::-1], color="#2f6fb0", label="first")
    axes.set_xlim(0, 1)
    axes.set_xlabel("share of questions whose section is found")
    axes.legend(loc="lower right")
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


def _picture_of_growth(curves: Sequence[Curve], path: Path) -> None:
    figure, axes = pyplot.subplots(figsize=(6, 4))
    sections = [curve.sections for curve in curves]
    axes.plot(sections, [curve.median for curve in curves], "o-", label="median")
    axes.plot(sections, [curve.p99 for curve in curves], "o--", label="99th percentile")
    axes.set_xscale("log")
    axes.set_ylim(bottom=0)
    axes.set_xlabel("sections")
    axes.set_ylabel("milliseconds for an answer")
    axes.legend()
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


if __name__ == "__main__":
    typer.run(main)
