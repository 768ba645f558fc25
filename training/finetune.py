"""Teaching the model our own subject: ways of asking a section lie near each other and near its text."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import torch

from training.data import Pairs, Views
from training.losses import contrastive
from training.noise import ChatSpelling
from training.schedule import Schedule
from training.transformer_model import TrainableTransformer

Item = TypeVar("Item")
Report = Callable[[int, float], None]
_ROWS_SHARE = 4.0
_TEXT_PIECES = 96
_QUESTION_PIECES = 40


@dataclass(frozen=True)
class Recipe:
    """How long and on how much at a time; `longest` bounds the characters of a translation."""

    steps: int = 500
    rate: float = 1e-4
    sections: int = 320
    translations: int = 128
    registers: int = 32
    longest: int = 120
    seed: int = 0


def finetune(model: TrainableTransformer, views: Sequence[Views], pairs: Pairs, recipe: Recipe, report: Report) -> None:
    """Train the model in place; `report` gets the step and its loss."""
    batches = _Batches(views, pairs, recipe)
    schedule = Schedule(model.parameter_groups(_ROWS_SHARE), recipe.rate, recipe.steps)
    for step in range(recipe.steps):
        loss = batches.loss(model)
        schedule.take(loss)
        report(step, loss.item())


class _Batches:
    """Draws what one step is trained on. A batch holds each section once, so that all others are true negatives."""

    def __init__(self, views: Sequence[Views], pairs: Pairs, recipe: Recipe) -> None:
        self._views = list(views)
        self._translations = [pair for pair in pairs.translations if max(map(len, pair)) <= recipe.longest]
        self._registers = list(pairs.registers)
        self._recipe = recipe
        self._random = random.Random(recipe.seed)
        self._spell = ChatSpelling(pairs.slang)

    def loss(self, model: TrainableTransformer) -> torch.Tensor:
        """Return the weighted sum: question to question, question to text, translations, informal to formal."""
        drawn = self._drawn(self._views, self._recipe.sections)
        asked = [self._random.sample(list(view.questions), 2) for view in drawn]
        translations = self._drawn(self._translations, self._recipe.translations)
        registers = self._drawn(self._registers, self._recipe.registers)
        groups = [
            [self._as_typed(*one) for one, _ in asked],
            [text for _, (_, text) in asked],
            [self._as_chat(indonesian, 0.3) for _, indonesian in translations],
            [english for english, _ in translations],
            [informal for informal, _ in registers],
            [formal for _, formal in registers],
        ]
        vectors = model.encode([text for group in groups for text in group], longest=_QUESTION_PIECES)
        ask, again, ours, english, informal, formal = torch.split(vectors, [len(group) for group in groups])
        loss = contrastive(ask, again) + 0.5 * contrastive(ours, english) + 0.2 * contrastive(informal, formal)
        return loss + 0.5 * self._to_texts(model, drawn, ask)

    def _to_texts(self, model: TrainableTransformer, drawn: Sequence[Views], ask: torch.Tensor) -> torch.Tensor:
        """Compare half of the questions with a text of their section: texts are long, and cost most of the time."""
        half = self._random.sample(range(len(drawn)), (len(drawn) + 1) // 2)
        texts = model.encode([self._random.choice(drawn[number].texts) for number in half], longest=_TEXT_PIECES)
        return contrastive(ask[half], texts)

    def _drawn(self, items: list[Item], count: int) -> list[Item]:
        return self._random.sample(items, min(count, len(items)))

    def _as_typed(self, language: str, text: str) -> str:
        return self._as_chat(text, 0.4) if language == "id" else text

    def _as_chat(self, text: str, share: float) -> str:
        return self._spell(text) if self._random.random() < share else text
