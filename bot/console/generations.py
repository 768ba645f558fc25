"""The generations of the index as the console needs them: to look up what a section said then, and to try questions."""

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock

from bot.answerer import Answerer
from indexer.embedding import Embedder, Vectors
from indexer.faults import IndexerError
from indexer.generations import GenerationStore, no_such_generation
from indexer.live import LiveIndex
from indexer.search import Retriever
from indexer.snapshot import Snapshot

_KEPT = 3


class Generations:
    """Opens generations when they are asked for, and keeps the last few open."""

    def __init__(self, store: GenerationStore, live: LiveIndex, embedder: Embedder) -> None:
        self._store = store
        self._live = live
        self._embedder = embedder
        self._opened: OrderedDict[str, Retriever] = OrderedDict()
        self._lock = Lock()

    @property
    def published(self) -> str:
        """The name of the generation that answers now."""
        return self._live.current().generation.manifest.name

    @property
    def model(self) -> str:
        """The fingerprint of the model that makes the vectors."""
        return self._embedder.fingerprint

    def names(self) -> list[str]:
        """Return the names of all generations, newest first."""
        return sorted(self._store.names(), reverse=True)

    def now(self) -> Snapshot:
        """Return the knowledge as it is now."""
        return self._live.current().generation.snapshot

    def then(self, name: str) -> Snapshot | None:
        """Return the knowledge of a generation, or None where it is no longer there."""
        try:
            return self.retriever(name).generation.snapshot
        except IndexerError:
            return None

    def retriever(self, name: str) -> Retriever:
        """Return what searches a generation.

        Raises:
            IndexerError: it is not there, damaged, or of another model.
        """
        current = self._live.current()
        if name == current.generation.manifest.name:
            return current
        with self._lock:
            if name not in self._opened:
                names = self._store.names()
                if name not in names:
                    raise no_such_generation(name, names)
                self._opened[name] = Retriever(self._store.open(name), self._embedder)
            self._opened.move_to_end(name)
            while len(self._opened) > _KEPT:
                self._opened.popitem(last=False)
            return self._opened[name]

    def answerer(self, name: str) -> Answerer:
        """Return what answers from a generation.

        Raises:
            IndexerError: it is not there, damaged, or of another model.
        """
        retriever = self.retriever(name)
        return Answerer(lambda: retriever)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of questions, written out as the search does it."""
        retriever = self._live.current()
        return self._embedder.encode_queries([retriever.read_as(text)[-1] for text in texts])
