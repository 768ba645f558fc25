"""Teaching the layers Indonesian: a sentence in either language gets the teacher's vector of the English one."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from sentence_transformers import SentenceTransformer
from torch.nn import functional

from training.data import Pairs
from training.losses import contrastive
from training.noise import ChatSpelling
from training.schedule import Schedule
from training.transformer_model import TrainableTransformer

# Most rows of word pieces are new, the layers are not.
_ROWS_SHARE = 10.0


@dataclass(frozen=True)
class DistilRecipe:
    """How long and on how much at a time. The share of each view of a pair is the chance that it is drawn.

    `longest` bounds the characters of a text: short ones teach as much in less time.
    """

    steps: int = 1300
    pairs: int = 256
    rate: float = 1e-4
    english: float = 0.2
    mixed: float = 0.1
    chat: float = 0.3
    longest: int = 150
    seed: int = 0


def distil(
    model: TrainableTransformer,
    pairs: Pairs,
    targets: torch.Tensor,
    recipe: DistilRecipe,
    report: Callable[[int, float], None],
) -> None:
    """Train the model in place; `targets` holds the teacher's unit vector of each pair's English text, in order."""
    drawing = random.Random(recipe.seed)
    views = _Views(pairs, recipe)
    schedule = Schedule(model.parameter_groups(_ROWS_SHARE), recipe.rate, recipe.steps)
    numbers = [number for number, pair in enumerate(pairs.translations) if max(map(len, pair)) <= recipe.longest]
    for step in range(recipe.steps):
        drawn = drawing.sample(numbers, min(recipe.pairs, len(numbers)))
        wanted = targets[torch.tensor(drawn)]
        vectors = model.encode([views.view(number) for number in drawn])
        near = (1 - (vectors * wanted).sum(1)).mean()
        loss = 10 * near + 0.5 * contrastive(vectors, wanted, scale=20.0)
        schedule.take(loss)
        report(step, loss.item())


class _Views:
    """Draws how a pair is shown to the student: in English, in Indonesian, in chat spelling, or half and half."""

    def __init__(self, pairs: Pairs, recipe: DistilRecipe) -> None:
        self._pairs = pairs.translations
        self._recipe = recipe
        self._random = random.Random(recipe.seed + 1)
        self._spell = ChatSpelling(pairs.slang)

    def view(self, number: int) -> str:
        english, indonesian = self._pairs[number]
        recipe, chance = self._recipe, self._random.random()
        if chance < recipe.english:
            return english
        if chance < recipe.english + recipe.mixed:
            return self._mixed(english, indonesian)
        if chance < recipe.english + recipe.mixed + recipe.chat:
            return self._spell(indonesian)
        return indonesian

    def _mixed(self, english: str, indonesian: str) -> str:
        ours, theirs = indonesian.split(), english.split()
        at = self._random.random()
        return " ".join(ours[: round(len(ours) * at)] + theirs[round(len(theirs) * at) :])


def teacher_vectors(teacher: Path, texts: list[str]) -> torch.Tensor:
    """Return the unit vectors of a sentence-transformers model, shape (len(texts), dimension)."""
    model = SentenceTransformer(str(teacher), device="cpu")
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        vectors = model.encode(texts, batch_size=128, convert_to_tensor=True, show_progress_bar=False)
    return functional.normalize(vectors.float(), dim=-1)
