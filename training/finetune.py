"""Teaching a static model our own subject: ways of asking a section lie near each other and near its text."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch

from training.data import Pairs, Views
from training.noise import ChatSpelling
from training.static_model import TrainableStatic, contrastive


@dataclass(frozen=True)
class Recipe:
    """How long and on how much at a time.

    More steps fit the ways of asking better and find questions from elsewhere worse: on `knowledge/questions`, 300
    steps were best of 150, 300, 600, 1500.
    """

    steps: int = 300
    rate: float = 2e-3
    sections: int = 384
    translations: int = 256
    registers: int = 96
    seed: int = 0


def finetune(
    model: TrainableStatic, views: Sequence[Views], pairs: Pairs, recipe: Recipe, report: Callable[[int, float], None]
) -> None:
    """Train the model in place; `report` gets the step and its loss."""
    batches = _Batches(views, pairs, recipe)
    optimizer = torch.optim.Adam([model.vectors], lr=recipe.rate, betas=(0.9, 0.99))
    for step in range(recipe.steps):
        for group in optimizer.param_groups:
            group["lr"] = recipe.rate * min(1.0, step / 50) * (1 - step / recipe.steps)
        loss = batches.loss(model)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        report(step, loss.item())


class _Batches:
    """Draws what one step is trained on. A batch holds each section once, so that all others are true negatives."""

    def __init__(self, views: Sequence[Views], pairs: Pairs, recipe: Recipe) -> None:
        self._views = views
        self._pairs = pairs
        self._recipe = recipe
        self._random = random.Random(recipe.seed)
        self._spell = ChatSpelling(pairs.slang)

    def loss(self, model: TrainableStatic) -> torch.Tensor:
        """Return the weighted sum: question to question, question to text, translations, informal to formal."""
        drawn = self._random.sample(list(self._views), min(self._recipe.sections, len(self._views)))
        asked = [self._random.sample(list(view.questions), 2) for view in drawn]
        questions = model.encode([self._as_typed(*one) for one, _ in asked])
        loss = contrastive(questions, model.encode([text for _, (_, text) in asked]))
        loss = loss + 0.5 * contrastive(questions, model.encode([self._random.choice(view.texts) for view in drawn]))
        loss = loss + 0.7 * self._translations(model)
        return loss + 0.3 * self._registers(model)

    def _translations(self, model: TrainableStatic) -> torch.Tensor:
        drawn = self._random.sample(list(self._pairs.translations), self._recipe.translations)
        indonesian = [self._spell(text) if self._random.random() < 0.3 else text for _, text in drawn]
        return contrastive(model.encode(indonesian), model.encode([english for english, _ in drawn]))

    def _registers(self, model: TrainableStatic) -> torch.Tensor:
        drawn = self._random.sample(list(self._pairs.registers), self._recipe.registers)
        return contrastive(model.encode([one for one, _ in drawn]), model.encode([other for _, other in drawn]))

    def _as_typed(self, language: str, text: str) -> str:
        return self._spell(text) if language == "id" and self._random.random() < 0.4 else text
