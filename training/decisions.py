"""Fit the decisions (`bot/decisions.json`) on `knowledge/questions`: `python -m training.decisions`.

It needs a published index. The figures are cross-validated: no question is judged by weights that were fitted on it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from bot.answerer import Answerer
from bot.answers import Question
from bot.deciding import ANSWER, EITHER, FEATURES, VAGUE, WEIGHTS, Evidence
from bot.settings import BotSettings
from indexer.clock import today
from indexer.embedding import load_embedder
from indexer.faults import Faults
from indexer.known_questions import KnownQuestion, Wanted, load_questions
from indexer.live import LiveIndex
from indexer.sections import OUTSIDE
from indexer.stores import open_store

FOLDS = 5
SOFTNESS = 10.0


@dataclass(frozen=True)
class Example:
    """A known question, the evidence found for it, and the sections that were found, best first."""

    question: KnownQuestion
    evidence: Evidence
    found: Sequence[str]

    @property
    def right(self) -> bool:
        """Whether the first section is a wanted one."""
        return any(section in self.question.sections for section in self.found[:1])

    @property
    def right_of_two(self) -> bool:
        """Whether one of the first two sections is a wanted one."""
        return any(section in self.question.sections for section in self.found[:2])

    @property
    def outside(self) -> bool:
        """Whether the first section is a subject that we do not cover."""
        return any(section.startswith(f"{OUTSIDE}/") for section in self.found[:1])


def main() -> None:
    """Fit the decisions, print how well they separate, and write the weights."""
    examples = _examples()
    answer = [e for e in examples if e.question.wanted is not Wanted.ASKED_BACK and not e.outside]
    vague = [e for e in examples if e.question.wanted is not Wanted.REFUSED]
    weights = {
        ANSWER: _fitted(ANSWER, answer, [example.right for example in answer]),
        EITHER: _fitted(EITHER, answer, [example.right_of_two for example in answer]),
        VAGUE: _fitted(VAGUE, vague, [example.question.wanted is Wanted.ASKED_BACK for example in vague]),
    }
    WEIGHTS.write_text(json.dumps(weights, indent=2) + "\n", encoding="utf-8")
    Console().print(f"Written to {WEIGHTS.name}.")


def _examples() -> list[Example]:
    settings = BotSettings()
    index = LiveIndex(open_store(settings), lambda: load_embedder(settings))
    answerer = Answerer(index.current)
    questions = load_questions(settings.knowledge_dir / "questions", [], Faults(settings.knowledge_dir))
    examples = []
    for question in questions:
        evidence, found = answerer.evidence(Question(question.text, today(), question.previous))
        examples.append(Example(question, evidence, found))
    return examples


def _fitted(name: str, examples: Sequence[Example], wanted: Sequence[bool]) -> dict[str, float]:
    features = np.array([[getattr(example.evidence, part) for part in FEATURES[name]] for example in examples])
    labels = np.array(wanted, dtype=int)
    model = LogisticRegression(C=SOFTNESS, max_iter=5000)
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    probabilities = cross_val_predict(model, features, labels, cv=folds, method="predict_proba")[:, 1]
    _print_reliability(name, probabilities, labels)
    model.fit(features, labels)
    parts = {part: round(float(weight), 4) for part, weight in zip(FEATURES[name], model.coef_[0], strict=True)}
    return {"intercept": round(float(model.intercept_[0]), 4), **parts}


def _print_reliability(name: str, probabilities: NDArray[np.float64], labels: NDArray[np.int64]) -> None:
    table = Table(
        "said", "questions", "true", title=f"{name}: AUC {roc_auc_score(labels, probabilities):.3f}", box=None
    )
    for low in np.arange(0.0, 1.0, 0.2):
        chosen = (probabilities >= low) & (probabilities < low + 0.2 + 1e-9)
        if chosen.any():
            table.add_row(f"{low:.1f}–{low + 0.2:.1f}", str(chosen.sum()), f"{labels[chosen].mean():.2f}")
    Console().print(table)


if __name__ == "__main__":
    main()
