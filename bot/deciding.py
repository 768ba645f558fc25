"""Whether to answer, to ask back, or to decline."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.search import Hit


@dataclass(frozen=True)
class Thresholds:
    """Where the decisions fall. `python -m bot evaluate` measures them."""

    slope: float = 9.0
    middle: float = 0.95
    answer: float = 0.5
    ask_margin: float = 0.035
    not_yet_margin: float = 0.25
    option_distance: float = 0.12
    options: int = 4


def confidence_of(hits: Sequence[Hit], thresholds: Thresholds) -> float:
    """Return how likely the first hit answers, between 0 and 1, from its score."""
    if not hits:
        return 0.0
    return 1 / (1 + math.exp(-thresholds.slope * (hits[0].score - thresholds.middle)))


def near_first(hits: Sequence[Hit], thresholds: Thresholds) -> list[Hit]:
    """Return the hits that could as well be meant as the first one."""
    return [hit for hit in hits if hits[0].score - hit.score <= thresholds.option_distance][: thresholds.options]
