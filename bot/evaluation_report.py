"""An evaluation as a table, a list of failures, and JSON."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rich.table import Table

from bot.evaluating import Judgement, other_figures, table
from bot.judging import Verdict


def as_table(judgements: Sequence[Judgement]) -> Table:
    """Return the shares by group, with the 95 % interval of the share right."""
    shown = Table("group", "n", "right", "95 %", "wrong", "asked back", "declined", box=None)
    for row in table(judgements):
        shares = [f"{share:.1%}" for share in (row.wrong, row.asked_back, row.declined)]
        shown.add_row(row.group, str(row.count), f"{row.right:.1%}", f"{row.low:.0%}–{row.high:.0%}", *shares)
    return shown


def figures_line(judgements: Sequence[Judgement]) -> str:
    """Return the other figures in one line."""
    return ", ".join(f"{name.replace('_', ' ')} {value:.3g}" for name, value in other_figures(judgements).items())


def failure_lines(judgements: Sequence[Judgement]) -> list[str]:
    """Return two lines for each question that was not answered rightly: what it was, and what was found."""
    lines = []
    for judgement in _missed(judgements):
        question, answer = judgement.question, judgement.answer
        found = ", ".join(f"{candidate.section} {candidate.score:.2f}" for candidate in answer.candidates[:3])
        lines.append(f"{question.id} {question.kind} {judgement.verdict} {answer.confidence:.2f}: {question.text}")
        lines.append(f"    {found}")
    return lines


def as_record(judgements: Sequence[Judgement]) -> dict[str, Any]:
    """Return everything as a JSON object."""
    failures = [
        {
            "id": judgement.question.id,
            "kind": judgement.question.kind,
            "verdict": judgement.verdict,
            "found": [candidate.section for candidate in judgement.answer.candidates[:3]],
        }
        for judgement in _missed(judgements)
    ]
    return {"rows": [asdict(row) for row in table(judgements)], **other_figures(judgements), "failures": failures}


def _missed(judgements: Sequence[Judgement]) -> list[Judgement]:
    return [judgement for judgement in judgements if judgement.verdict is not Verdict.RIGHT]
