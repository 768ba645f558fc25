"""Whether to answer, to ask back, or to decline: probabilities from what the search found, and what errors cost.

The weights stand in `decisions.json`; `python -m training.decisions` fits them on `knowledge/questions`.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path

from indexer.search import Hit
from indexer.sections import OUTSIDE

WEIGHTS = Path(__file__).parent / "decisions.json"
ANSWER, EITHER, VAGUE = "answer", "either", "vague"
_FOUND = ("score", "margin", "margin_to_third", "over_outside", "information")
FEATURES: Mapping[str, tuple[str, ...]] = {
    ANSWER: _FOUND,
    EITHER: _FOUND,
    VAGUE: ("score", "margin", "information", "words"),
}


@dataclass(frozen=True)
class Thresholds:
    """Where the decisions fall. `python -m bot evaluate` measures them.

    A question counts as vague from `vague` on, unless a section is found for it with a score of `unmistakable`.
    A subject that we do not cover is declined even in two words ("shopee fee?") if it scores `recognised` and is sure.
    Otherwise what costs least is done (see `Costs`). Where it is no answer, the bot asks back while the search found
    something (`found`), and declines otherwise. `part` is the probability from which a part of a message is taken as
    a question of its own.
    """

    sure: float = 0.8
    part: float = 0.75
    vague: float = 0.5
    unmistakable: float = 0.9
    recognised: float = 0.7
    found: float = 0.55
    not_yet_margin: float = 0.2
    option_distance: float = 0.2
    options: int = 4


class Shown(Enum):
    """What is given as the answer."""

    FIRST = "the first section"
    BOTH = "the first two sections"
    NONE = "none: ask back, or decline"


@dataclass(frozen=True)
class Costs:
    """What an answer costs the seller, where no answer costs 1.

    Two sections are given as the nearest, under their headings, so that a seller sees when neither is meant: that
    costs less than being told something wrong outright. `second` is the cost of having two to read.
    """

    wrong: float = 5.0
    wrong_as_nearest: float = 2.5
    second: float = 0.3

    def least(self, first: float, either: float) -> Shown:
        """Return what costs least, given the probability that the first section answers, and that one of two does."""
        expected = {
            Shown.FIRST: self.wrong * (1 - first),
            Shown.BOTH: self.wrong_as_nearest * (1 - either) + self.second,
            Shown.NONE: 1.0,
        }
        return min(expected, key=lambda shown: expected[shown])


@dataclass(frozen=True)
class Evidence:
    """What the decision rests on.

    `score` is the first hit's, `margin` and `margin_to_third` how far the second and third lie behind it,
    `over_outside` how far the best subject that we do not cover lies behind it, and `information` the summed weight of
    the question's words (inverse document frequency): "biayanya berapa" says little, whatever it matches. `words` is
    their number.
    """

    score: float = 0.0
    margin: float = 0.0
    margin_to_third: float = 0.0
    over_outside: float = 0.0
    information: float = 0.0
    words: float = 0.0

    def probability(self, of: str) -> float:
        """Return the probability that the first hit answers, that either of two does, or that it is vague."""
        weights = _weights()[of]
        total = weights["intercept"] + sum(weights[name] * getattr(self, name) for name in FEATURES[of])
        return 1 / (1 + math.exp(-total))


def evidence_of(hits: Sequence[Hit], information: float, words: int) -> Evidence:
    """Return the evidence in the hits, best first, and in how much the question says."""
    if not hits:
        return Evidence(information=information, words=words)
    first = hits[0].score
    outside = max((hit.score for hit in hits if hit.section.kind == OUTSIDE), default=hits[-1].score)
    return Evidence(
        first, first - _score(hits, 1), first - _score(hits, 2), first - outside, min(information, 40.0), min(words, 15)
    )


def near_first(hits: Sequence[Hit], thresholds: Thresholds) -> list[Hit]:
    """Return the hits of our own subjects that could as well be meant as the first one."""
    near = [hit for hit in hits if hits[0].score - hit.score <= thresholds.option_distance]
    return [hit for hit in near if hit.section.kind != OUTSIDE][: thresholds.options]


def _score(hits: Sequence[Hit], rank: int) -> float:
    return hits[min(rank, len(hits) - 1)].score


@cache
def _weights() -> dict[str, dict[str, float]]:
    weights: dict[str, dict[str, float]] = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return weights
