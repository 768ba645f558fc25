"""How the evidence for a section is added up. The weights stand in `ranking.json`.

They were chosen on `knowledge/questions`. `python -m training.ranking` learns others from these, and writes them only
where they do clearly better on questions of sections that were left out. A generation keeps the weights that it was
made with in its manifest. The shares of the similarities sum to one: a section whose every key is the question itself
scores 1 by them.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

WEIGHTS = Path(__file__).parent / "ranking.json"
FEATURES: Mapping[str, str] = {
    "nearest": "similarity of the nearest heading or way of asking",
    "nearest_three": "mean similarity of the three nearest of them",
    "text": "similarity of the text, or of the nearest sentence of the facts behind it",
    "other_language": "similarity of the nearest way of asking in the language where it is less near",
    "keywords": "share of the question's words that the section holds, by BM25",
    "side_asked": "1 if the section is for the side that was asked about",
    "side_other": "1 if it is for the other side",
    "history": "1 if it is about something that happened, and the question is not about the past",
    "law": "1 if it rests on a law that the question names",
    "overview": "1 if it answers a topic's broad question",
    "outside": "1 if it is a subject that we do not cover",
    "answered_before": "1 if the seller's question before found it: it is hardly asked for again",
}
DENSE = ("nearest", "nearest_three", "text", "other_language")
_PLACE = {name: number for number, name in enumerate(FEATURES)}


class FeatureTable:
    """The features of some sections for one question: a row per section, in the order of FEATURES."""

    def __init__(self, rows: int) -> None:
        self.values: NDArray[np.float32] = np.zeros((rows, len(FEATURES)), dtype=np.float32)

    def __getitem__(self, name: str) -> NDArray[np.float32]:
        return self.values[:, _PLACE[name]]

    def __setitem__(self, name: str, column: NDArray[np.float32] | float) -> None:
        self.values[:, _PLACE[name]] = column


def score(table: FeatureTable, weights: Mapping[str, float]) -> NDArray[np.float32]:
    """Return the weighted sum of each row; a feature without a weight does not count."""
    column = np.array([weights.get(name, 0.0) for name in FEATURES], dtype=np.float32)
    return np.asarray(table.values @ column, dtype=np.float32)


@cache
def project_weights() -> Mapping[str, float]:
    """Return the weights in `ranking.json`."""
    weights: dict[str, float] = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return weights
