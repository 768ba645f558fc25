"""An evaluation as a table, a list of failures, and JSON."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rich.table import Table

from bot.calibration import calibration_of, least_costly_threshold, mean_cost
from bot.evaluating import Judgement, confusions, other_figures, table
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


def confusion_lines(judgements: Sequence[Judgement], limit: int = 10) -> list[str]:
    """Return a line for each pair of sections of which the first was given in place of the second."""
    return [f"{count}× {found} in place of {wanted}" for found, wanted, count in confusions(judgements)[:limit]]


def reliability_table(judgements: Sequence[Judgement]) -> Table:
    """Return how often answers were right by how sure the bot was of them."""
    calibration = calibration_of(judgements)
    title = f"said and true: expected calibration error {calibration.error:.3f}, Brier score {calibration.brier:.3f}"
    shown = Table("said", "n", "mean said", "true", "95 %", box=None, title=title)
    for bin_ in calibration.bins:
        interval = f"{bin_.low:.0%}–{bin_.high:.0%}"
        shown.add_row(
            f"{bin_.start:.1f}–{bin_.end:.1f}", str(bin_.count), f"{bin_.said:.2f}", f"{bin_.true:.2f}", interval
        )
    return shown


def cost_line(judgements: Sequence[Judgement]) -> str:
    """Return the mean cost of a question, and the confidence from which answering would have cost least."""
    threshold, cost = least_costly_threshold(judgements)
    return (
        f"mean cost {mean_cost(judgements):.3f} (a wrong answer counts 5, none where there is one counts 1); answering "
        f"only from confidence {threshold:.2f} on would cost {cost:.3f} on these questions"
    )


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
    return {
        "rows": [asdict(row) for row in table(judgements)],
        **other_figures(judgements),
        "failures": failures,
        "confusions": [
            {"found": found, "wanted": wanted, "count": count} for found, wanted, count in confusions(judgements)
        ],
        "calibration": asdict(calibration_of(judgements)),
        "mean_cost": mean_cost(judgements),
        "questions": [
            {"id": judgement.question.id, "kind": judgement.question.kind, "verdict": judgement.verdict}
            for judgement in judgements
        ],
    }


def _missed(judgements: Sequence[Judgement]) -> list[Judgement]:
    return [judgement for judgement in judgements if judgement.verdict is not Verdict.RIGHT]
