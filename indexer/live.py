"""The published index as a running program uses it: it changes under way, and nobody waits for it."""

import logging
import threading
from collections.abc import Callable

from indexer.embedding import Embedder
from indexer.faults import GenerationError, IndexerError
from indexer.generations import GenerationStore
from indexer.reranking import Reranker
from indexer.search import Retriever

log = logging.getLogger(__name__)
INTERVAL = 2.0


class LiveIndex:
    """Holds the retriever of the published generation, and takes over the next one when that is published.

    Whoever asks keeps the retriever that `current()` gave, so a question under way finishes on the old generation.
    """

    def __init__(
        self, store: GenerationStore, load_embedder: Callable[[], Embedder], reranker: Reranker | None = None
    ) -> None:
        """Open the published generation.

        Raises:
            GenerationError: nothing is published yet.
            ModelError: the configured model did not make it.
        """
        name = store.published()
        if name is None:
            raise GenerationError("no index is published yet; run `python -m indexer build`.")
        self._store = store
        self._embedder = load_embedder()
        self._reranker = reranker
        self._retriever = self._opened(name)
        self._refused: str | None = None
        self._stop = threading.Event()
        self._watcher: threading.Thread | None = None

    def current(self) -> Retriever:
        """Return the retriever of the generation that answers now."""
        return self._retriever

    def refresh(self) -> bool:
        """Take over a newly published generation; return whether there was one that could be taken over.

        One that cannot be opened is reported once, and the old one goes on answering.
        """
        name = self._store.published()
        if name is None or name in (self._retriever.generation.manifest.name, self._refused):
            return False
        try:
            self._retriever = self._opened(name)
        except IndexerError as error:
            self._refused = name
            log.error("the published generation %s is not taken over: %s", name, error)
            return False
        log.info("answering from generation %s", name)
        return True

    def _opened(self, name: str) -> Retriever:
        return Retriever(self._store.open(name), self._embedder, reranker=self._reranker)

    def watch(self) -> None:
        """Look for a new generation every two seconds, on a thread of its own, until `close`."""
        self._watcher = threading.Thread(target=self._watch, name="live-index", daemon=True)
        self._watcher.start()

    def close(self) -> None:
        """Stop watching."""
        self._stop.set()
        if self._watcher:
            self._watcher.join(timeout=INTERVAL * 2)

    def _watch(self) -> None:
        while not self._stop.wait(INTERVAL):
            try:
                self.refresh()
            except Exception as error:  # whatever happens once, the watching goes on
                log.error("the published generation cannot be looked up: %s", error)
