"""One system in a process of its own: `python -m benchmarks.one_system NAME [QUESTIONS]` prints its figures as JSON."""

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.passages import bench_questions, our_sections
from benchmarks.systems import SYSTEMS
from indexer.sections import Section


def main() -> None:
    """Set the system up, ask it every question once, and print what was measured."""
    name, path = sys.argv[1], Path(sys.argv[2]) if len(sys.argv) > 2 else None
    questions = bench_questions(path)
    sections = {section.id: section for section in our_sections()}
    started = time.perf_counter()
    find = SYSTEMS[name]()
    built = time.perf_counter() - started
    find(questions[0].text)
    first = three = 0
    milliseconds = []
    for question in questions:
        started = time.perf_counter()
        found = find(question.text)
        milliseconds.append((time.perf_counter() - started) * 1000)
        best = _distinct(found, sections)[:3]
        first += any(question.answered_by(section) for section in best[:1])
        three += any(question.answered_by(section) for section in best)
    figures = {
        "questions": len(questions),
        "first": first / len(questions),
        "three": three / len(questions),
        "build_seconds": built,
        "milliseconds": milliseconds,
        "megabytes": _resident_megabytes(),
    }
    sys.stdout.write(json.dumps(figures) + "\n")


def _distinct(found: Sequence[str], sections: dict[str, Section]) -> list[Section]:
    """Return the sections found, each once; a subject that we decline is no section of the comparison."""
    return [sections[name] for name in dict.fromkeys(found) if name in sections]


def _resident_megabytes() -> int:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmRSS"))


if __name__ == "__main__":
    main()
