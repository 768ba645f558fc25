"""Making a generation: read and check the knowledge, embed what is new, seal it, try it, publish it."""

import fcntl
import hashlib
from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np

from indexer.checks import check_knowledge
from indexer.coverage import Coverage, coverage_of, load_left_out
from indexer.embedding import Embedder, Vectors
from indexer.faults import Faults, GenerationError, KnowledgeError
from indexer.gate import gate_figures
from indexer.generations import Generation, GenerationStore, Manifest
from indexer.glossary import load_glossary
from indexer.keys import Key, keys_of_all
from indexer.knowledge import Knowledge
from indexer.known_questions import KnownQuestion, load_questions
from indexer.ranking import project_weights
from indexer.search import Retriever
from indexer.snapshot import Snapshot
from indexer.vectors import KeyVectors

BATCH = 64
# From the vectors of the generation before a new one is made by changing them, until so large a share has changed.
MOST_CHANGED = 0.1
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Ingredients:
    """Knowledge without a fault, ready to be built."""

    snapshot: Snapshot
    questions: tuple[KnownQuestion, ...]
    documents: dict[str, str]
    coverage: Coverage


def gather(folder: Path, root: Path) -> Ingredients:
    """Read everything that goes into a generation.

    Raises:
        KnowledgeError: with all faults; nothing is built from knowledge that has one.
    """
    knowledge, found = check_knowledge(folder, root)
    faults = Faults(root)
    glossary = load_glossary(folder / "glossary.yaml", faults)
    questions = load_questions(folder / "questions", knowledge.sections, faults)
    left_out = load_left_out(folder / "left_out.yaml", knowledge, faults)
    everything = tuple(sorted({*found, *faults.found}))
    if everything:
        raise KnowledgeError(everything)
    snapshot = Snapshot(knowledge.sections, knowledge.topics, glossary)
    return Ingredients(snapshot, tuple(questions), _hashes(knowledge), coverage_of(knowledge, left_out))


def build(
    store: GenerationStore, ingredients: Ingredients, embedder: Embedder, today: date, progress: Progress
) -> Manifest:
    """Make and seal a new generation; the published one is not touched.

    `progress` is called with the name of the step, what is done, and what there is to do.
    """
    for name in store.unfinished():
        store.delete(name)
    keys = keys_of_all(ingredients.snapshot.sections.values())
    name = _new_name()
    like = _newest(store, embedder)
    draft = store.draft(name, like.name if like and _little_changed(like) else None)
    copied = draft.vectors.count() > 0
    changed, embedded = _Filling(store, like, embedder, progress).fill(draft.vectors, keys)
    counts = {
        "sections": len(ingredients.snapshot.sections),
        "keys": len(keys),
        "embedded": embedded,
        "reused": len(keys) - embedded,
        "changed": like.counts["changed"] + changed if like and copied else 0,
    }
    now = datetime.now(UTC).isoformat(timespec="seconds")
    dimension = embedder.dimension
    manifest = Manifest(name, now, embedder.name, embedder.fingerprint, dimension, ingredients.documents, counts)
    manifest = replace(manifest, ranking=dict(project_weights()))
    progress("test", 0, 1)
    retriever = Retriever(Generation(manifest, ingredients.snapshot, draft.vectors), embedder)
    figures = gate_figures(retriever, ingredients.questions, today)
    manifest = replace(manifest, gate=figures)
    progress("test", 1, 1)
    draft.seal(manifest, ingredients.snapshot)
    return manifest


@contextmanager
def exclusive(data_dir: Path) -> Iterator[None]:
    """Hold the right to change the generations; a second builder is told so instead of disturbing the first.

    Raises:
        GenerationError: somebody else holds it.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / ".building").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise GenerationError(
                "another build or prune is running on this data folder; wait until it has ended."
            ) from error
        yield


def _hashes(knowledge: Knowledge) -> dict[str, str]:
    return {
        address: hashlib.sha256(path.read_bytes()).hexdigest()[:16] for address, path in knowledge.documents.items()
    }


def _new_name() -> str:
    """Return a name by the microsecond, so that names sort by age however fast builds follow each other."""
    return f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}"


def _newest(store: GenerationStore, embedder: Embedder) -> Manifest | None:
    """Return the newest generation that this very model made; one that cannot be read must not stand in the way."""
    for name in store.names():
        with suppress(GenerationError):
            manifest = store.manifest(name)
            if manifest.fingerprint == embedder.fingerprint:
                return manifest
    return None


def _little_changed(manifest: Manifest) -> bool:
    """Tell whether a graph of neighbours is still much as it was built: each change leaves a trace in it."""
    return manifest.counts.get("changed", manifest.counts["keys"]) <= MOST_CHANGED * manifest.counts["keys"]


@dataclass(frozen=True)
class _Filling:
    """Brings the vectors of a draft to what the keys say, taking over from the generation before what it has."""

    store: GenerationStore
    before: Manifest | None
    embedder: Embedder
    progress: Progress

    def fill(self, vectors: KeyVectors, keys: Sequence[Key]) -> tuple[int, int]:
        """Return how many vectors were put or removed, and how many of them were embedded now."""
        there = vectors.hashes()
        ids = {key.id for key in keys}
        gone = [key_id for key_id in there if key_id not in ids]
        new = [key for key in keys if there.get(key.id) != key.text_hash]
        by_hash = self._known({key.text_hash for key in new}) if new else {}
        embedded = self._embed(new, by_hash)
        vectors.remove(gone)
        if new:
            vectors.put(new, np.stack([by_hash[key.text_hash] for key in new]))
        return len(gone) + len(new), embedded

    def _known(self, hashes: Set[str]) -> dict[str, Vectors]:
        if self.before:
            with suppress(GenerationError):
                return self.store.open(self.before.name).vectors.by_hash(hashes)
        return {}

    def _embed(self, keys: Sequence[Key], by_hash: dict[str, Vectors]) -> int:
        """Add the vectors of texts that have none, each text once; return how many texts that were."""
        fresh = list({key.text_hash: key for key in keys if key.text_hash not in by_hash}.values())
        self.progress("embed", 0, len(fresh))
        for start in range(0, len(fresh), BATCH):
            batch = fresh[start : start + BATCH]
            encoded = self.embedder.encode_passages([key.text for key in batch])
            by_hash.update(zip((key.text_hash for key in batch), encoded, strict=True))
            self.progress("embed", start + len(batch), len(fresh))
        return len(fresh)
