"""The one door to Chroma: the vectors of a generation's keys."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import chromadb
import numpy as np
from chromadb.api import ClientAPI
from chromadb.config import Settings
from chromadb.errors import NotFoundError

from indexer.embedding import Vectors
from indexer.faults import GenerationError
from indexer.keys import Key

_COSINE = {"hnsw": {"space": "cosine", "ef_construction": 200, "ef_search": 200, "max_neighbors": 32}}
_BATCH = 2000


class KeyVectors:
    """A collection with one vector per key."""

    def __init__(self, collection: chromadb.Collection) -> None:
        self._collection = collection

    def add(self, keys: Sequence[Key], vectors: Vectors) -> None:
        """Store the keys' vectors, shape (len(keys), dimension)."""
        for start in range(0, len(keys), _BATCH):
            batch = keys[start : start + _BATCH]
            self._collection.add(
                ids=[key.id for key in batch],
                embeddings=vectors[start : start + _BATCH],
                metadatas=[{"section": key.section, "language": key.language, "kind": key.kind, "hash": key.text_hash} for key in batch],
            )  # fmt: skip

    def count(self) -> int:
        """Return how many vectors there are."""
        return self._collection.count()

    def nearest(self, vector: Vectors, limit: int) -> list[tuple[str, float]]:
        """Return (key id, cosine similarity) of the nearest keys, nearest first; `vector` has shape (dimension,)."""
        found = self._collection.query(query_embeddings=[vector], n_results=limit, include=["distances"])
        distances = (found["distances"] or [[]])[0]
        return [(key, 1.0 - float(distance)) for key, distance in zip(found["ids"][0], distances, strict=True)]

    def by_hash(self) -> dict[str, Vectors]:
        """Return all vectors by the hash of their text."""
        vectors: dict[str, Vectors] = {}
        for page in self._pages():
            for metadata, embedding in zip(page["metadatas"], page["embeddings"], strict=True):
                vectors[str(metadata["hash"])] = np.asarray(embedding, dtype=np.float32)
        return vectors

    def _pages(self) -> Iterator[dict[str, Any]]:
        for offset in range(0, self.count(), _BATCH):
            page = self._collection.get(limit=_BATCH, offset=offset, include=["metadatas", "embeddings"])
            yield dict(page)


def open_folder(path: Path) -> ClientAPI:
    """Open (or make) an embedded Chroma in that folder."""
    return chromadb.PersistentClient(path=str(path), settings=Settings(anonymized_telemetry=False))


def open_server(url: str) -> ClientAPI:
    """Connect to a Chroma server.

    Raises:
        GenerationError: the address is not `http://host:port`, or nobody answers there.
    """
    scheme, _, rest = url.partition("://")
    host, _, port = rest.rstrip("/").partition(":")
    if scheme not in ("http", "https") or not host or not (port.isdigit() or not port):
        raise GenerationError(f"CHROMA_URL is `{url}`; write it as http://host:port.")
    try:
        return chromadb.HttpClient(host=host, port=int(port or (443 if scheme == "https" else 80)), ssl=scheme == "https",
                                   settings=Settings(anonymized_telemetry=False))  # fmt: skip
    except ValueError as error:
        raise GenerationError(f"no Chroma server answers at {url}; start it, or correct CHROMA_URL.") from error


def create_vectors(client: ClientAPI, name: str) -> KeyVectors:
    """Make an empty collection of vectors."""
    return KeyVectors(client.create_collection(name, configuration=_COSINE, embedding_function=None))  # type: ignore[arg-type]


def open_vectors(client: ClientAPI, name: str) -> KeyVectors:
    """Open a collection of vectors.

    Raises:
        GenerationError: there is none of that name.
    """
    try:
        return KeyVectors(client.get_collection(name, embedding_function=None))
    except (NotFoundError, ValueError) as error:
        raise GenerationError(f"the vectors `{name}` are missing; run `python -m indexer build`.") from error
