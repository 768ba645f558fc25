"""Learn how the evidence for a section is added up (`indexer/ranking.json`): `python -m training.ranking`.

It needs a published index. Each known question gives pairs: the features of its section less those of another candidate
that may be offered. A logistic regression without intercept on those differences learns to rank (Herbrich et al. 2000).
The figures are cross-validated by section: no question is judged by weights that saw one of the same section.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from bot.understanding import side_of
from indexer.clock import today
from indexer.embedding import load_embedder
from indexer.faults import Faults
from indexer.known_questions import KnownQuestion, Wanted, load_questions
from indexer.live import LiveIndex
from indexer.ranking import FEATURES, WEIGHTS, project_weights
from indexer.search import Retriever, Search
from indexer.settings import IndexSettings
from indexer.stores import open_store

FOLDS = 5
SOFTNESS = 1.0
RIVALS = 12
WORTH_IT = 0.01
# Too few known questions name a law or stumble over an old event to learn from; these keep their weight.
KEPT = ("history", "law", "side_other")
_SHARES = ("nearest", "nearest_three", "text", "other_language")
Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Example:
    """A question: the features of its candidates, a row each, and which of them are wanted."""

    section: str
    features: Matrix
    wanted: NDArray[np.bool_]

    def first_is_wanted(self, weights: Matrix) -> bool:
        """Tell whether the best candidate by these weights is a wanted one."""
        return bool(self.wanted[int(np.argmax(self.features @ weights))])

    def differences(self, weights: Matrix) -> Matrix:
        """Return the features of the wanted candidate that stands highest now, less those of its nearest rivals."""
        order = np.argsort(-(self.features @ weights))
        best = self.features[next(row for row in order if self.wanted[row])]
        rivals = [row for row in order if not self.wanted[row]][:RIVALS]
        return np.asarray(best - self.features[rivals])


def main() -> None:
    """Learn the weights, print how well they do on questions not learned from, and write them if that is better."""
    examples = _examples()
    now = _column(project_weights())
    in_use = _share(examples, [now] * len(examples))
    left_out = _share(examples, _cross_validated(examples, now))
    Console().print(f"weights in use: {in_use:.1%} of {len(examples)} found first")
    Console().print(f"learned, on sections left out: {left_out:.1%}")
    final = learned_weights(examples, now)
    Console().print(f"learned, on what they were learned from: {_share(examples, [final] * len(examples)):.1%}")
    weights = {name: round(float(value), 4) for name, value in zip(FEATURES, final, strict=True)}
    Console().print(weights)
    if left_out < in_use + WORTH_IT:
        Console().print("That is not clearly better; nothing was written.")
        return
    WEIGHTS.write_text(json.dumps(weights, indent=2) + "\n", encoding="utf-8")
    Console().print(f"Written to {WEIGHTS.name}; run `python -m indexer build`, then `python -m training.decisions`.")


def _examples() -> list[Example]:
    settings = IndexSettings()
    retriever = LiveIndex(open_store(settings), lambda: load_embedder(settings)).current()
    questions = load_questions(settings.knowledge_dir / "questions", [], Faults(settings.knowledge_dir))
    found = [_example(retriever, question) for question in questions if question.wanted is not Wanted.ASKED_BACK]
    return [example for example in found if example.wanted.any() and not example.wanted.all()]


def _example(retriever: Retriever, question: KnownQuestion) -> Example:
    earlier = question.previous[-1] if question.previous else None
    sections, features = retriever.offered_features(
        Search(question.text, today(), earlier=earlier, platform=side_of(question.text))
    )
    wanted = [_is_wanted(section, question) for section in sections]
    group = question.sections[0] if question.sections else f"refused {question.text}"
    return Example(group, features.astype(np.float64), np.array(wanted, dtype=bool))


def _is_wanted(section: str, question: KnownQuestion) -> bool:
    return section in question.sections if question.sections else section.startswith("outside/")


def learned_weights(examples: Sequence[Example], start: Matrix) -> Matrix:
    """Return a weight per feature, in the order of FEATURES, as large as the ones in use.

    Raises:
        ValueError: the similarities speak against the wanted sections; something is wrong with the index.
    """
    rows = np.concatenate([example.differences(start) for example in examples])
    model = LogisticRegression(C=SOFTNESS, fit_intercept=False, max_iter=5000)
    model.fit(np.concatenate([rows, -rows]), np.repeat([1, 0], len(rows)))
    weights = np.asarray(model.coef_[0])
    shares: float = sum(weights[list(FEATURES).index(name)] for name in _SHARES)
    if shares <= 0:
        raise ValueError("the known questions lie nearer to other sections than to theirs; rebuild the index.")
    weights = weights / shares
    for name in KEPT:
        weights[list(FEATURES).index(name)] = start[list(FEATURES).index(name)]
    return weights


def _cross_validated(examples: Sequence[Example], start: Matrix) -> list[Matrix]:
    weights: list[Matrix] = [start] * len(examples)
    folds = GroupKFold(FOLDS).split(examples, groups=[example.section for example in examples])
    for learn, judge in folds:
        column = learned_weights([examples[number] for number in learn], start)
        for number in judge:
            weights[number] = column
    return weights


def _share(examples: Sequence[Example], weights: Sequence[Matrix]) -> float:
    pairs = zip(examples, weights, strict=True)
    return float(np.mean([example.first_is_wanted(column) for example, column in pairs]))


def _column(weights: Mapping[str, float]) -> Matrix:
    return np.array([weights.get(name, 0.0) for name in FEATURES])


if __name__ == "__main__":
    main()
