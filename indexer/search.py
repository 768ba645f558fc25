"""Finding sections for a question: dense and by words, combined by weight, and filtered by date."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from indexer.embedding import Embedder, Vectors
from indexer.faults import ModelError
from indexer.generations import Generation
from indexer.keys import Key, keys_of_all
from indexer.keywords import KeywordIndex
from indexer.question_time import AskedTime, asked_time
from indexer.sections import Platform, Section
from indexer.validity import Role, role_of, starts_after

Scores = NDArray[np.float32]


@dataclass(frozen=True)
class Weights:
    """How the methods count. `python -m bot evaluate` measures them."""

    dense: float = 1.0
    keywords: float = 0.9
    text_key: float = 0.9
    side: float = 0.04
    overview: float = -0.02
    nearest_keys: int = 150


@dataclass(frozen=True)
class Search:
    """What is looked for. `today` is the day in Asia/Jakarta; `on` a day asked about from outside the text."""

    text: str
    today: date
    on: AskedTime | None = None
    platform: Platform | None = None
    limit: int = 10

    @property
    def time(self) -> AskedTime:
        """The time that the question is about."""
        return self.on or asked_time(self.text, self.today)


@dataclass(frozen=True)
class Hit:
    """A section that was found: its scores, as what it may be offered, and the key that matched best."""

    section: Section
    score: float
    dense: float
    keywords: float
    role: Role
    key: str


@dataclass(frozen=True)
class Found:
    """The hits, best first; `not_yet` are better or equal ones that began to hold only after the asked time."""

    hits: tuple[Hit, ...]
    not_yet: tuple[Hit, ...] = ()
    milliseconds: Mapping[str, float] = field(default_factory=dict)


class Retriever:
    """Searches one generation. Safe to use from several threads."""

    def __init__(self, generation: Generation, embedder: Embedder, weights: Weights | None = None) -> None:
        made_by = generation.manifest
        if made_by.fingerprint != embedder.fingerprint:
            message = (
                f"generation {made_by.name} was made by the model `{made_by.model}` ({made_by.fingerprint}), but the "
                f"configured one is `{embedder.name}` ({embedder.fingerprint}); "
                "run `python -m indexer build`, or set EMBEDDING_MODEL back."
            )
            raise ModelError(message)
        self.generation = generation
        self.weights = weights or Weights()
        self._embedder = embedder
        self._sections = list(generation.snapshot.sections.values())
        self._position = {section.id: number for number, section in enumerate(self._sections)}
        self._key_by_id: dict[str, Key] = {key.id: key for key in keys_of_all(self._sections)}
        self._keyword_index = KeywordIndex(list(self._key_by_id.values()), generation.snapshot.glossary)

    @property
    def keys(self) -> list[Key]:
        """All keys of the generation."""
        return list(self._key_by_id.values())

    def search(self, search: Search) -> Found:
        """Return the best sections that may be offered."""
        clock = _Clock()
        spelled_out = self.generation.snapshot.glossary.spelled_out(search.text)
        vectors = self._embedder.encode_queries(list(dict.fromkeys((search.text, spelled_out))))
        clock.lap("encode")
        dense, best_key = self._dense_scores(vectors)
        clock.lap("dense")
        keywords = self._keyword_index.scores(search.text)
        clock.lap("keywords")
        total = self.weights.dense * dense + self.weights.keywords * keywords + self._prior(search)
        found = self._offered(search, total, dense, keywords, best_key)
        clock.lap("combine")
        return Found(*found, milliseconds=clock.laps)

    def _dense_scores(self, vectors: Vectors) -> tuple[Scores, dict[int, str]]:
        """Return each section's best similarity over its keys, and the key it came from.

        Sections outside the nearest keys get the similarity of the farthest of these: they are at most that near.
        """
        scores = np.full(len(self._sections), -1.0, dtype=np.float32)
        best: dict[int, str] = {}
        floor = 1.0
        limit = min(self.weights.nearest_keys, len(self._key_by_id))
        for nearest in self.generation.vectors.nearest(vectors, limit) if limit else []:
            floor = min(floor, nearest[-1][1] if nearest else 0.0)
            for key_id, similarity in nearest:
                key = self._key_by_id[key_id]
                value = similarity * (self.weights.text_key if key.kind == "text" else 1.0)
                position = self._position[key.section]
                if value > scores[position]:
                    scores[position], best[position] = value, key.text
        return np.maximum(scores, min(floor, 1.0) * self.weights.text_key), best

    def _prior(self, search: Search) -> Scores:
        """Return what speaks for a section before its words are looked at: the side that is asked about."""
        prior = np.zeros(len(self._sections), dtype=np.float32)
        for number, section in enumerate(self._sections):
            if search.platform not in (None, Platform.BOTH) and section.platform is not Platform.BOTH:
                prior[number] = self.weights.side * (1 if section.platform is search.platform else -1)
            if section.id.endswith("#overview"):
                prior[number] += self.weights.overview
        return prior

    def _offered(
        self, search: Search, total: Scores, dense: Scores, keywords: Scores, best_key: Mapping[int, str]
    ) -> tuple[tuple[Hit, ...], tuple[Hit, ...]]:
        asked = search.time
        hits: list[Hit] = []
        not_yet: list[Hit] = []
        for number in map(int, np.argsort(-total, kind="stable")):
            section = self._sections[number]
            role = role_of(section, asked, search.today)
            values = (float(total[number]), float(dense[number]), float(keywords[number]))
            if role is not None:
                hits.append(Hit(section, *values, role, best_key.get(number, "")))
            elif asked.period and starts_after(section, asked.period) and len(hits) == 0:
                not_yet.append(Hit(section, *values, Role.CURRENT, best_key.get(number, "")))
            if len(hits) == search.limit:
                break
        return tuple(hits), tuple(not_yet)


class _Clock:
    """Milliseconds between laps."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.laps[name] = (now - self._last) * 1000
        self._last = now
