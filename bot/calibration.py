"""Is the bot right to be sure? Confidence against what was right, and what the decisions cost."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.answers import Outcome
from bot.deciding import Costs
from bot.evaluating import Judgement, bootstrap
from bot.judging import WANTED, Verdict

BINS = 10


@dataclass(frozen=True)
class Bin:
    """Answers whose confidence lies from `start` to `end`: their number, mean confidence, and share right."""

    start: float
    end: float
    count: int
    said: float
    true: float
    low: float
    high: float


@dataclass(frozen=True)
class Calibration:
    """The reliability diagram of the answers, as bins that are not empty.

    `error` is the expected calibration error (Naeini et al. 2015): the mean distance between said and true, weighted by
    the bins' counts. `brier` is the mean squared distance (Brier 1950).
    """

    bins: tuple[Bin, ...]
    error: float
    brier: float


def calibration_of(judgements: Sequence[Judgement]) -> Calibration:
    """Return how well the confidence of what was answered fits what was right."""
    answered = [judgement for judgement in judgements if judgement.answer.outcome is Outcome.ANSWERED]
    if not answered:
        return Calibration((), 0.0, 0.0)
    said = np.array([judgement.answer.confidence for judgement in answered])
    right = np.array([judgement.verdict is Verdict.RIGHT for judgement in answered], dtype=float)
    numbers = np.minimum((said * BINS).astype(int), BINS - 1)
    bins = tuple(_bin(number, said[numbers == number], right[numbers == number]) for number in sorted(set(numbers)))
    error = sum(bin_.count * abs(bin_.said - bin_.true) for bin_ in bins) / len(answered)
    return Calibration(bins, float(error), float(((said - right) ** 2).mean()))


def _bin(number: int, said: np.typing.NDArray[np.float64], right: np.typing.NDArray[np.float64]) -> Bin:
    low, high = bootstrap([bool(value) for value in right])
    start, end = number / BINS, (number + 1) / BINS
    return Bin(start, end, len(said), float(said.mean()), float(right.mean()), low, high)


def cost_of(judgement: Judgement, costs: Costs | None = None) -> float:
    """Return what the seller paid: nothing for what is right, 1 for no answer where there is one, else a wrong one."""
    if judgement.verdict is Verdict.RIGHT:
        return 0.0
    return (costs or Costs()).wrong if judgement.verdict is Verdict.WRONG else 1.0


def mean_cost(judgements: Sequence[Judgement]) -> float:
    """Return the mean cost of a question."""
    return sum(map(cost_of, judgements)) / len(judgements) if judgements else 0.0


def least_costly_threshold(judgements: Sequence[Judgement]) -> tuple[float, float]:
    """Return the confidence from which answering would have cost least, and that mean cost.

    It takes each answer with less confidence for declined, and leaves the others as they were: what the bot would have
    asked back, and whether that would have helped, it cannot know.
    """
    if not judgements:
        return 0.0, 0.0
    candidates = [round(number / 100, 2) for number in range(100)]
    costs = [sum(_cost_from(judgement, at) for judgement in judgements) / len(judgements) for at in candidates]
    best = int(np.argmin(costs))
    return candidates[best], costs[best]


def _cost_from(judgement: Judgement, threshold: float) -> float:
    answer = judgement.answer
    if answer.outcome is not Outcome.ANSWERED or answer.confidence >= threshold:
        return cost_of(judgement)
    return 0.0 if WANTED[judgement.question.kind] is Outcome.DECLINED else 1.0


def diagram(calibration: Calibration, title: str, said: str, true: str) -> str:
    """Return the reliability diagram as SVG, with the texts of its title and axes."""
    marks = "".join(_mark(bin_) for bin_ in calibration.bins)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 340" font-family="sans-serif" font-size="11">'
        f'<rect width="320" height="340" fill="white"/><text x="40" y="18" font-weight="bold">{title}</text>'
        '<rect x="40" y="30" width="260" height="260" fill="none" stroke="#999"/>'
        '<line x1="40" y1="290" x2="300" y2="30" stroke="#bbb" stroke-dasharray="4"/>'
        f'{marks}<text x="150" y="320">{said}</text>'
        f'<text x="14" y="180" transform="rotate(-90 14 180)">{true}</text></svg>\n'
    )


def _mark(bin_: Bin) -> str:
    x, y, low, high = 40 + 260 * bin_.said, 290 - 260 * bin_.true, 290 - 260 * bin_.low, 290 - 260 * bin_.high
    return (
        f'<line x1="{x:.0f}" y1="{low:.0f}" x2="{x:.0f}" y2="{high:.0f}" stroke="#2a6"/>'
        f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{2 + bin_.count**0.5 / 2:.1f}" fill="#2a6"/>'
        f'<text x="{x + 6:.0f}" y="{y - 4:.0f}">{bin_.count}</text>'
    )
