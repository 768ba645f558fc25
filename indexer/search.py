"""Finding sections for a question: dense and by words, combined by weight, and filtered by date."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from indexer.embedding import Embedder, Vectors
from indexer.faults import ModelError
from indexer.generations import Generation
from indexer.keys import Key, keys_of_all
from indexer.keywords import KeywordIndex
from indexer.question_forms import QuestionForms, QuestionReader, Steps
from indexer.question_time import AskedTime, asked_time
from indexer.ranking import DENSE, FeatureTable, project_weights, score
from indexer.reranking import RERANKED, Reranker
from indexer.section_traits import SectionTraits
from indexer.sections import LANGUAGES, Platform, Section
from indexer.validity import Role, role_of, starts_after

Scores = NDArray[np.float32]
OVERVIEWS = 4
# Sections kept from the answer by their dates that are still told of, as evidence.
WITHHELD = 4


# Keys asked of Chroma for each form of the question, and the best sections by words beside them.
NEAREST_KEYS = 150
BY_WORDS = 30
# Texts whose neighbours are kept for a moment.
LATELY = 16
# How much a message that goes on from an earlier one counts by itself, against it joined with that one.
ALONE = 0.3


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
    that began to hold only after the asked time; `withheld` are as near as the hits, but do not hold at that time.
    """

    hits: tuple[Hit, ...]
    overviews: tuple[Hit, ...] = ()
    not_yet: tuple[Hit, ...] = ()
    withheld: tuple[Hit, ...] = ()
    milliseconds: Mapping[str, float] = field(default_factory=dict)


class Retriever:
    """Searches one generation. Safe to use from several threads."""

    def __init__(
        self,
        generation: Generation,
        embedder: Embedder,
        weights: Mapping[str, float] | None = None,
        steps: Steps | None = None,
        reranker: Reranker | None = None,
    ) -> None:
        """Take a generation and the model that made it; `weights` and `steps` are its own and all if left out.

        Raises:
            ModelError: another model made the generation.
        """
        made_by = generation.manifest
        if made_by.fingerprint != embedder.fingerprint:
            message = (
                f"generation {made_by.name} was made by the model `{made_by.model}` ({made_by.fingerprint}), but the "
                f"configured one is `{embedder.name}` ({embedder.fingerprint}); "
                "run `python -m indexer build`, or set EMBEDDING_MODEL back."
            )
            raise ModelError(message)
        self.generation = generation
        self.weights = weights or made_by.ranking or project_weights()
        self._embedder = embedder
        self._reranker = reranker
        self._lately: dict[str, _Seen] = {}
        self._sections = list(generation.snapshot.sections.values())
        self._position = {section.id: number for number, section in enumerate(self._sections)}
        self._key_by_id: dict[str, Key] = {key.id: key for key in keys_of_all(self._sections)}
        overviews = {topic.overview for topic in generation.snapshot.topics.values()}
        self._overviews = [number for number, section in enumerate(self._sections) if section.id in overviews]
        self._traits = SectionTraits(self._sections, self._overviews)
        self._keyword_index = KeywordIndex(list(self._key_by_id.values()))
        self._reader = QuestionReader(
            generation.snapshot.glossary, self._keyword_index.frequency, steps, embedder.words
        )

    @property
    def embedder(self) -> Embedder:
        """The model that makes the vectors of questions."""
        return self._embedder

    def read_as(self, text: str) -> tuple[str, ...]:
        """Return the forms of a text that are searched for: as typed, and in full where that differs."""
        seen = self._lately.get(text)
        return tuple((seen.forms if seen else self._reader.forms(text)).to_embed)

    def information(self, text: str) -> float:
        """Return how much a text says: the summed weight of its words in this knowledge."""
        return self._keyword_index.information(self._reader.forms(text))

    def weights_of_words(self, text: str) -> dict[str, float]:
        """Return the words that a text is searched for by, each with its weight in this knowledge."""
        return self._keyword_index.weights(self._reader.forms(text))

    @property
    def keys(self) -> list[Key]:
        """All keys of the generation."""
        return list(self._key_by_id.values())

    def search(self, search: Search) -> Found:
        """Return the best sections that may be offered."""
        clock = _Clock()
        candidates, table, best_key = self.features(search, clock)
        total = score(table, self.weights)
        found = self._offered(search, candidates, total, table, best_key)
        clock.lap("combine")
        if self._reranker:
            question = f"{search.earlier or ''} {search.text}".strip()
            found = replace(found, hits=_reranked(found.hits, question, self._reranker))
            clock.lap("rerank")
        return replace(found, milliseconds=clock.laps)

    def features(
        self, search: Search, clock: "_Clock | None" = None
    ) -> tuple[list[int], FeatureTable, Mapping[int, str]]:
        """Return the positions of the candidates, their features, and the text of each one's nearest key."""
        clock = clock or _Clock()
        if search.earlier is None:
            seen = self._seen(search.text, clock)
            candidates = seen.candidates
            table = self._table(seen, candidates, search)
            return candidates, table, seen.best_key
        return self._continued(search, clock)

    def offered_features(self, search: Search) -> tuple[list[str], Scores]:
        """Return the candidates that may be offered, by address, and their features, a row each."""
        candidates, table, _ = self.features(search)
        roles = [role_of(self._sections[number], search.time, search.today) for number in candidates]
        rows = [row for row, role in enumerate(roles) if role is not None]
        return [self._sections[candidates[row]].id for row in rows], table.values[rows]

    def _continued(self, search: Search, clock: "_Clock") -> tuple[list[int], FeatureTable, Mapping[int, str]]:
        """Return the features of a message that goes on from an earlier one.

        Mostly it is found with the earlier one before it, and some by itself.
        """
        earlier = self._seen(search.earlier or "", clock)
        alone = self._seen(search.text, clock)
        joined = self._seen(f"{search.earlier} {search.text}", clock)
        candidates = sorted({*earlier.candidates, *alone.candidates, *joined.candidates})
        table = self._table(joined, candidates, search)
        table.values *= 1 - ALONE
        table.values += ALONE * self._table(alone, candidates, search).values
        before = score(self._table(earlier, candidates, search), self.weights)
        table["answered_before"] = (np.arange(len(candidates)) == int(np.argmax(before))).astype(np.float32)
        return candidates, table, {**alone.best_key, **joined.best_key}

    def _seen(self, text: str, clock: "_Clock") -> "_Seen":
        """Return what the index says of a text; the parts of a message are looked at several times."""
        for part in ("encode", "dense", "keywords"):
            clock.laps.setdefault(part, 0.0)
        seen = self._lately.get(text)
        if seen is None:
            seen = self._lately[text] = self._looked_at(text, clock)
            while len(self._lately) > LATELY:
                self._lately.pop(next(iter(self._lately)), None)
        return seen

    def _looked_at(self, text: str, clock: "_Clock") -> "_Seen":
        forms = self._reader.forms(text)
        vectors = self._embedder.encode_queries(forms.to_embed)
        clock.lap("encode")
        similarities, floor = self._nearest_keys(vectors)
        clock.lap("dense")
        keywords = self._keyword_index.scores(forms)
        clock.lap("keywords")
        near = {self._position[self._key_by_id[key_id].section] for key_id in similarities}
        count = min(BY_WORDS, len(keywords))
        by_words = np.argpartition(-keywords, count - 1)[:count] if count else np.zeros(0, dtype=np.intp)
        candidates = sorted({*near, *map(int, by_words), *self._overviews})
        return _Seen(forms, similarities, floor, keywords, candidates, self._best_keys(similarities))

    def _best_keys(self, similarities: Mapping[str, float]) -> dict[int, str]:
        best: dict[int, tuple[float, str]] = {}
        for key_id, similarity in similarities.items():
            key = self._key_by_id[key_id]
            position = self._position[key.section]
            best[position] = max((similarity, key.text), best.get(position, (-1.0, "")))
        return {position: text for position, (_, text) in best.items()}

    def _nearest_keys(self, vectors: Vectors) -> tuple[dict[str, float], float]:
        """Return the nearest keys to any of the question's forms with their similarity, and the smallest of these."""
        limit = min(NEAREST_KEYS, len(self._key_by_id))
        similarities: dict[str, float] = {}
        for nearest in self.generation.vectors.nearest(vectors, limit) if limit else []:
            for key_id, similarity in nearest:
                similarities[key_id] = max(similarity, similarities.get(key_id, -1.0))
        return similarities, min(similarities.values(), default=0.0)

    def _table(self, seen: "_Seen", candidates: Sequence[int], search: Search) -> FeatureTable:
        table = FeatureTable(len(candidates))
        self._fill_dense(table, seen, candidates)
        positions = np.array(candidates, dtype=np.intp)
        table["keywords"] = seen.keywords[positions] if candidates else 0.0
        self._traits.fill(table, candidates, search.time, search.platform)
        return table

    def _fill_dense(self, table: FeatureTable, seen: "_Seen", candidates: Sequence[int]) -> None:
        """Fill in what the vectors say.

        Keys that are not among the nearest count as near as the farthest of these: they are at most that near.
        """
        row = {position: number for number, position in enumerate(candidates)}
        floor = seen.floor
        asked: dict[int, list[float]] = {}
        by_language: dict[tuple[int, str], float] = {}
        for name in ("nearest", "nearest_three", "text", "other_language"):
            table[name] = floor
        for key_id, similarity in seen.similarities.items():
            key = self._key_by_id[key_id]
            number = row[self._position[key.section]]
            if key.kind in ("text", "detail"):
                table["text"][number] = max(similarity, float(table["text"][number]))
                continue
            asked.setdefault(number, []).append(similarity)
            by_language[number, key.language] = max(similarity, by_language.get((number, key.language), floor))
        for number, values in asked.items():
            three = sorted([*values, floor, floor, floor], reverse=True)[:3]
            table["nearest"][number] = three[0]
            table["nearest_three"][number] = sum(three) / 3
            table["other_language"][number] = min(by_language.get((number, code), floor) for code in LANGUAGES)

    def _offered(
        self,
        search: Search,
        candidates: Sequence[int],
        total: Scores,
        table: FeatureTable,
        best_key: Mapping[int, str],
    ) -> Found:
        asked = search.time
        overview_numbers = set(self._overviews)
        dense = score(table, {name: self.weights.get(name, 0.0) for name in DENSE})
        hits: list[Hit] = []
        overviews: list[Hit] = []
        not_yet: list[Hit] = []
        withheld: list[Hit] = []
        for row in map(int, np.argsort(-total, kind="stable")):
            number = candidates[row]
            section = self._sections[number]
            role = role_of(section, asked, search.today)
            values = (float(total[row]), float(dense[row]), float(table["keywords"][row]))
            hit = Hit(section, *values, role or Role.CURRENT, best_key.get(number, ""))
            if role is None:
                if asked.period and starts_after(section, asked.period) and not hits:
                    not_yet.append(hit)
                withheld.append(hit)
                continue
            if len(hits) < search.limit:
                hits.append(hit)
            if number in overview_numbers:
                overviews.append(hit)
            if len(hits) == search.limit and len(overviews) >= OVERVIEWS:
                break
        near = [hit for hit in withheld if len(hits) < search.limit or (hits and hit.score > hits[-1].score)]
        return Found(tuple(hits), tuple(overviews[:OVERVIEWS]), tuple(not_yet), tuple(near[:WITHHELD]))


def _reranked(hits: tuple[Hit, ...], question: str, reranker: Reranker) -> tuple[Hit, ...]:
    """Return the hits, the best ten as a cross-encoder orders them.

    The scores stay those of the places, so that what is decided by them means the same with and without.
    """
    top = hits[:RERANKED]
    if len(top) < 2:
        return hits
    order = reranker.order(question, [hit.section for hit in top], [hit.score for hit in top])
    moved = (replace(top[old], score=place.score) for place, old in zip(top, order, strict=True))
    return (*moved, *hits[RERANKED:])


@dataclass(frozen=True)
class _Seen:
    """What the index says of one text: similarities by key, the share of its words by section, and the candidates."""

    forms: QuestionForms
    similarities: Mapping[str, float]
    floor: float
    keywords: Scores
    candidates: list[int]
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
