"""Finding sections for a question: dense and by words, combined by weight, and filtered by date."""

import time
from collections.abc import Mapping, Sequence
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
from indexer.sections import Platform, Section, Status
from indexer.validity import Role, names_law, role_of, starts_after

Scores = NDArray[np.float32]
OVERVIEWS = 4


@dataclass(frozen=True)
class Weights:
    """How the methods count; chosen on `knowledge/questions`, which no model was trained on.

    A section's dense score is the sum of its nearest way of asking, the mean of its three nearest, and its text.
    """

    nearest: float = 0.45
    nearest_three: float = 0.45
    text: float = 0.10
    keywords: float = 0.20
    side: float = 0.05
    history: float = -0.06
    law: float = 0.08
    nearest_keys: int = 150
    alone: float = 0.3
    answered_before: float = -0.1


@dataclass(frozen=True)
class Search:
    """What is looked for. `today` is the day in Asia/Jakarta; `on` a time asked about from outside the text.

    `earlier` is the seller's message before, where this one goes on from it.
    """

    text: str
    today: date
    on: AskedTime | None = None
    earlier: str | None = None
    platform: Platform | None = None
    limit: int = 10

    @property
    def time(self) -> AskedTime:
        """The time that the question is about."""
        return self.on or asked_time(f"{self.earlier or ''} {self.text}", self.today)


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
    """The hits, best first.

    `overviews` are the best of the sections that answer a topic's broad question; `not_yet` are hits before the first
    that began to hold only after the asked time.
    """

    hits: tuple[Hit, ...]
    overviews: tuple[Hit, ...] = ()
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
        self._overviews = {topic.overview for topic in generation.snapshot.topics.values()}
        self._history = np.array([section.status is Status.HISTORICAL for section in self._sections], dtype=np.float32)
        self._side = {side: self._sides(side) for side in (Platform.TOKOPEDIA, Platform.TIKTOK_SHOP)}
        self._keyword_index = KeywordIndex(list(self._key_by_id.values()), generation.snapshot.glossary)

    def information(self, text: str) -> float:
        """Return how much a text says: the summed weight of its words in this knowledge."""
        return self._keyword_index.information(text)

    def _sides(self, asked: Platform) -> Scores:
        """Return 1 for the sections of that side, -1 for those of the other, 0 for those of both."""
        sides = [section.platform for section in self._sections]
        return np.array([(side is not Platform.BOTH) * (1 if side is asked else -1) for side in sides], np.float32)

    @property
    def keys(self) -> list[Key]:
        """All keys of the generation."""
        return list(self._key_by_id.values())

    def search(self, search: Search) -> Found:
        """Return the best sections that may be offered."""
        clock = _Clock()
        scored = self._scored(search.text, clock) if search.earlier is None else self._continued(search, clock)
        total = scored.dense + self.weights.keywords * scored.keywords + scored.bonus + self._prior(search)
        found = self._offered(search, total, scored)
        clock.lap("combine")
        return Found(*found, milliseconds=clock.laps)

    def _scored(self, text: str, clock: "_Clock") -> "_Scored":
        spelled_out = self.generation.snapshot.glossary.spelled_out(text)
        vectors = self._embedder.encode_queries(list(dict.fromkeys((text, spelled_out))))
        clock.lap("encode")
        dense, best_key = self._dense_scores(vectors)
        clock.lap("dense")
        keywords = self._keyword_index.scores(text)
        clock.lap("keywords")
        return _Scored(dense, keywords, np.zeros_like(dense), best_key)

    def _continued(self, search: Search, clock: "_Clock") -> "_Scored":
        """Return the scores of a message that goes on from an earlier one.

        Mostly it is found with the earlier one before it, and some by itself. What the earlier one was answered with
        is hardly asked for again, so that section gives way to its neighbours.
        """
        earlier = self._scored(search.earlier or "", clock)
        alone = self._scored(search.text, clock)
        joined = self._scored(f"{search.earlier} {search.text}", clock)
        share, weights = self.weights.alone, self.weights
        bonus = np.zeros_like(joined.dense)
        bonus[int(np.argmax(earlier.dense + weights.keywords * earlier.keywords))] = weights.answered_before
        return _Scored(
            (share * alone.dense + (1 - share) * joined.dense).astype(np.float32),
            (share * alone.keywords + (1 - share) * joined.keywords).astype(np.float32),
            bonus,
            {**alone.best_key, **joined.best_key},
        )

    def _dense_scores(self, vectors: Vectors) -> tuple[Scores, dict[int, str]]:
        """Return each section's dense score, and the text of the key that was nearest.

        Keys that are not among the nearest count as near as the farthest of these: they are at most that near.
        """
        similarities, floor = self._nearest_keys(vectors)
        asked: dict[int, list[float]] = {}
        texts: dict[int, float] = {}
        best: dict[int, tuple[float, str]] = {}
        for key_id, similarity in similarities.items():
            key = self._key_by_id[key_id]
            position = self._position[key.section]
            if key.kind == "text":
                texts[position] = max(similarity, texts.get(position, floor))
            else:
                asked.setdefault(position, []).append(similarity)
            best[position] = max((similarity, key.text), best.get(position, (-1.0, "")))
        scores = np.full(len(self._sections), self._dense([], floor, floor), dtype=np.float32)
        for position in best:
            scores[position] = self._dense(asked.get(position, []), texts.get(position, floor), floor)
        return scores, {position: text for position, (_, text) in best.items()}

    def _nearest_keys(self, vectors: Vectors) -> tuple[dict[str, float], float]:
        """Return the nearest keys to any of the question's forms with their similarity, and the smallest of these."""
        limit = min(self.weights.nearest_keys, len(self._key_by_id))
        similarities: dict[str, float] = {}
        for nearest in self.generation.vectors.nearest(vectors, limit) if limit else []:
            for key_id, similarity in nearest:
                similarities[key_id] = max(similarity, similarities.get(key_id, -1.0))
        return similarities, min(similarities.values(), default=0.0)

    def _dense(self, asked: Sequence[float], text: float, floor: float) -> float:
        three = sorted([*asked, floor, floor, floor], reverse=True)[:3]
        weights = self.weights
        return weights.nearest * three[0] + weights.nearest_three * sum(three) / 3 + weights.text * text

    def _prior(self, search: Search) -> Scores:
        """Return what speaks for a section before its words are looked at: side, a named law, history if asked for."""
        about_past = search.time.past or search.time.period is not None
        history = np.zeros_like(self._history) if about_past else self.weights.history * self._history
        prior = history + self._law_bonus(search.time.laws)
        side = self._side.get(search.platform) if search.platform else None
        return prior if side is None else prior + self.weights.side * side

    def _law_bonus(self, laws: frozenset[str]) -> Scores:
        if not laws:
            return np.zeros(len(self._sections), dtype=np.float32)
        named = [names_law(section, laws) for section in self._sections]
        return np.array(named, dtype=np.float32) * self.weights.law

    def _offered(
        self, search: Search, total: Scores, scored: "_Scored"
    ) -> tuple[tuple[Hit, ...], tuple[Hit, ...], tuple[Hit, ...]]:
        asked = search.time
        hits: list[Hit] = []
        overviews: list[Hit] = []
        not_yet: list[Hit] = []
        for number in map(int, np.argsort(-total, kind="stable")):
            section = self._sections[number]
            role = role_of(section, asked, search.today)
            values = (float(total[number]), float(scored.dense[number]), float(scored.keywords[number]))
            hit = Hit(section, *values, role or Role.CURRENT, scored.best_key.get(number, ""))
            if role is None:
                if asked.period and starts_after(section, asked.period) and not hits:
                    not_yet.append(hit)
                continue
            if len(hits) < search.limit:
                hits.append(hit)
            if section.id in self._overviews:
                overviews.append(hit)
            if len(hits) == search.limit and len(overviews) >= OVERVIEWS:
                break
        return tuple(hits), tuple(overviews[:OVERVIEWS]), tuple(not_yet)


@dataclass(frozen=True)
class _Scored:
    """Scores per section by method, what is added to them, and the key that was nearest."""

    dense: Scores
    keywords: Scores
    bonus: Scores
    best_key: Mapping[int, str]


class _Clock:
    """Milliseconds between laps."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.laps[name] = self.laps.get(name, 0.0) + (now - self._last) * 1000
        self._last = now
