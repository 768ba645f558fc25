"""How cost grows: build and answer time at 1, 10 and 100 times the sections, and one changed document against all.

`python -m benchmarks.growth TIMES` prints the figures of one size as JSON, so that each size has a process of its own.
At 1 it is the real knowledge, encoded by the model. The further sections are copies of ours under other addresses, each
text with words of its own and one way of asking per language. They are not encoded, which would take hours at 100: each
gets the vector of one of our texts, moved at random. So build times above 1 are those of everything but the encoding.
"""

import json
import random
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from bot.answerer import Answerer
from bot.answers import Question
from indexer.building import Ingredients, build, gather
from indexer.clock import today
from indexer.embedding import Embedder, Vectors, load_embedder
from indexer.faults import Faults
from indexer.folder_store import FolderStore
from indexer.known_questions import load_questions
from indexer.search import Retriever
from indexer.sections import Language, Section, Text
from indexer.settings import PROJECT, IndexSettings

QUESTIONS = 200
# How far a copy's vector lies from its pattern, in units of that: about as far as two ways of asking the same.
MOVED = 0.6


@dataclass(frozen=True)
class MovingEmbedder(Embedder):
    """Gives texts of the knowledge the vectors of patterns, moved at random, and encodes questions as the real one."""

    patterns: Vectors

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Return a vector per text, the same for the same text."""
        drawing = np.random.default_rng([len(texts), *texts[0].encode()])
        base = self.patterns[drawing.integers(len(self.patterns), size=len(texts))]
        noise = drawing.normal(size=base.shape)
        return self._unit(base + MOVED * noise / np.linalg.norm(noise, axis=1, keepdims=True))


def grown(sections: Mapping[str, Section], times: int) -> dict[str, Section]:
    """Return that many times the sections: the first are the given ones, the others copies with words of their own."""
    copies = dict(sections)
    for number in range(1, times):
        for section in sections.values():
            copy = _copy(section, number)
            copies[copy.id] = copy
    return copies


def _copy(section: Section, number: int) -> Section:
    drawing = random.Random(f"{section.id} {number}")
    words = [word for text in section.texts.values() for word in text.body.split()]

    def varied(text: str) -> str:
        return f"{text} {' '.join(drawing.sample(words, min(3, len(words))))} {number}"

    texts: dict[Language, Text] = {
        language: Text(varied(text.heading), varied(text.body)) for language, text in section.texts.items()
    }
    asked = {language: tuple(map(varied, ways[:1])) for language, ways in section.asked.items()}
    folder, name = section.id.split("/", 1)
    address = f"{folder}/copy-{number}-{name}"
    return replace(section, id=address, texts=texts, asked=asked, see_also=(), replaces=(), replaced_by=None)


def main() -> None:
    """Build an index of that size, answer from it, change one document, build again, and print the times."""
    times = int(sys.argv[1])
    settings = IndexSettings()
    ingredients = replace(gather(settings.knowledge_dir, PROJECT), questions=())
    snapshot = replace(ingredients.snapshot, sections=grown(ingredients.snapshot.sections, times))
    ingredients = replace(ingredients, snapshot=snapshot)
    embedder = _embedder(settings, ingredients.snapshot.sections, times)
    with tempfile.TemporaryDirectory() as folder:
        store = FolderStore(Path(folder))
        full = _built(store, ingredients, embedder)
        again = _built(store, _with_one_changed(ingredients), embedder)
        name = store.published()
        assert name is not None
        retriever = Retriever(store.open(name), embedder)
        figures = {
            "times": times,
            "sections": len(snapshot.sections),
            "keys": len(retriever.keys),
            "build_seconds": full,
            "rebuild_seconds": again,
            "milliseconds": _answer_times(Answerer(lambda: retriever), settings.knowledge_dir),
        }
    sys.stdout.write(json.dumps(figures) + "\n")


def _embedder(settings: IndexSettings, sections: Mapping[str, Section], times: int) -> Embedder:
    real = load_embedder(settings)
    if times == 1:
        return real
    ours = [section for section in sections.values() if "/copy-" not in section.id]
    headings = [text.heading for section in ours for text in section.texts.values()]
    return MovingEmbedder(real.name, real.encoder, real.encode_passages(headings))


def _built(store: FolderStore, ingredients: Ingredients, embedder: Embedder) -> float:
    started = time.perf_counter()
    manifest = build(store, ingredients, embedder, today(), lambda step, done, total: None)
    store.point_to(manifest.name)
    return time.perf_counter() - started


def _with_one_changed(ingredients: Ingredients) -> Ingredients:
    """Change every text of one document, the one with the most sections in the middle of the list of documents."""
    sections = dict(ingredients.snapshot.sections)
    documents = sorted({address.split("#")[0] for address in sections})
    chosen = documents[len(documents) // 2]
    for address, section in sections.items():
        if address.startswith(f"{chosen}#"):
            texts = {code: Text(text.heading, f"{text.body} (diperbarui)") for code, text in section.texts.items()}
            sections[address] = replace(section, texts=texts)
    return replace(ingredients, snapshot=replace(ingredients.snapshot, sections=sections))


def _answer_times(answerer: Answerer, knowledge: Path) -> list[float]:
    questions = [q for q in load_questions(knowledge / "questions", [], Faults(knowledge)) if q.sections][:QUESTIONS]
    for question in questions[:20]:
        answerer.answer(Question(question.text, today()))
    times = []
    for question in questions:
        started = time.perf_counter()
        answerer.answer(Question(question.text, today()))
        times.append((time.perf_counter() - started) * 1000)
    return times


if __name__ == "__main__":
    main()
