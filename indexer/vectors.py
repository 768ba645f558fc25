"""The one door to Chroma: the vectors of a generation's keys."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import chromadb
import httpx
import numpy as np
from chromadb.api import ClientAPI
from chromadb.api.client import Client
from chromadb.config import Settings
from chromadb.errors import ChromaError, NotFoundError

from indexer.embedding import Vectors
from indexer.faults import GenerationError
from indexer.keys import Key

ChromaClient = ClientAPI
_COSINE = {"hnsw": {"space": "cosine", "ef_construction": 200, "ef_search": 200, "max_neighbors": 32}}
_BATCH = 2000
_TEXT_BATCH = 100
# What has no vectors in it comes in larger pieces; much larger ones are more than SQLite takes.
_LARGE_BATCH = 20_000
# So many vectors are looked up one by one; for more it is quicker to read all.
_LOOKED_UP = 500


@contextmanager
def _answering() -> Iterator[None]:
    """Tell of a Chroma that does not answer, or answers with an error, in one sentence."""
    try:
        yield
    except (ChromaError, httpx.HTTPError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        message = (
            f"the vectors cannot be reached ({reason}); start the Chroma server, or run `python -m indexer build`."
        )
        raise GenerationError(message) from error


class KeyVectors:
    """A collection with one vector per key."""

    def __init__(self, collection: chromadb.Collection) -> None:
        self._collection = collection

    @_answering()
    def put(self, keys: Sequence[Key], vectors: Vectors) -> None:
        """Store the keys' vectors, shape (len(keys), dimension), in the place of those of the same keys before."""
        for start in range(0, len(keys), _BATCH):
            batch = keys[start : start + _BATCH]
            self._collection.upsert(
                ids=[key.id for key in batch],
                embeddings=vectors[start : start + _BATCH],
                metadatas=[_metadata(key) for key in batch],
            )

    @_answering()
    def remove(self, key_ids: Sequence[str]) -> None:
        """Remove the vectors of those keys."""
        for start in range(0, len(key_ids), _BATCH):
            self._collection.delete(ids=list(key_ids[start : start + _BATCH]))

    @_answering()
    def hashes(self) -> dict[str, str]:
        """Return the hash of the text of each key, by the key's id."""
        hashes: dict[str, str] = {}
        for page in self._pages(_LARGE_BATCH, ("metadatas",)):
            hashes.update((key, str(data["hash"])) for key, data in zip(page["ids"], page["metadatas"], strict=True))
        return hashes

    @_answering()
    def count(self) -> int:
        """Return how many vectors there are."""
        return self._collection.count()

    @_answering()
    def nearest(self, vectors: Vectors, limit: int) -> list[list[tuple[str, float]]]:
        """Return for each row of `vectors`, shape (n, dimension), its nearest keys as (key id, cosine similarity)."""
        found = self._collection.query(query_embeddings=vectors, n_results=limit, include=["distances"])
        return [
            [(key, 1.0 - float(distance)) for key, distance in zip(ids, distances, strict=True)]
            for ids, distances in zip(found["ids"], found["distances"] or [], strict=True)
        ]

    @_answering()
    def by_hash(self, wanted: Collection[str] | None = None) -> dict[str, Vectors]:
        """Return the vectors by the hash of their text: those of the wanted hashes, or all."""
        vectors: dict[str, Vectors] = {}
        every = wanted is None or len(wanted) > _LOOKED_UP
        for page in self._pages(_BATCH, ("metadatas", "embeddings")) if every else self._with(wanted or ()):
            for metadata, embedding in zip(page["metadatas"], page["embeddings"], strict=True):
                vectors[str(metadata["hash"])] = np.asarray(embedding, dtype=np.float32)
        return vectors

    def _with(self, hashes: Collection[str]) -> Iterator[dict[str, Any]]:
        chosen: Any = {"hash": {"$in": list(hashes)}}
        yield dict(self._collection.get(where=chosen, include=["metadatas", "embeddings"]))

    def _pages(self, size: int, parts: Sequence[str]) -> Iterator[dict[str, Any]]:
        include: Any = list(parts)
        for offset in range(0, self.count(), size):
            yield dict(self._collection.get(limit=size, offset=offset, include=include))


def _metadata(key: Key) -> dict[str, str]:
    return {"section": key.section, "language": key.language, "kind": key.kind, "hash": key.text_hash}


@_answering()
def open_folder(path: Path) -> ChromaClient:
    """Open (or make) an embedded Chroma in that folder.

    Raises:
        GenerationError: what lies there is damaged.
    """
    try:
        return chromadb.PersistentClient(path=str(path), settings=Settings(anonymized_telemetry=False))
    except (ValueError, AttributeError) as error:  # AttributeError: Chroma trips while it cleans up after the first
        raise GenerationError(f"the vectors in {path} cannot be read; run `python -m indexer build`.") from error


def close(client: ChromaClient) -> None:
    """Let go of a client's files; what it wrote is on disk."""
    if isinstance(client, Client):
        client.close()


def open_server(url: str) -> ChromaClient:
    """Connect to a Chroma server.

    Raises:
        GenerationError: the address is not `http://host:port`, or nobody answers there.
    """
    scheme, _, rest = url.partition("://")
    host, _, port = rest.rstrip("/").partition(":")
    if scheme not in ("http", "https") or not host or not (port.isdigit() or not port):
        raise GenerationError(f"CHROMA_URL is `{url}`; write it as http://host:port.")
    secure = scheme == "https"
    number = int(port or (443 if secure else 80))
    try:
        return chromadb.HttpClient(host, number, ssl=secure, settings=Settings(anonymized_telemetry=False))
    except ValueError as error:
        raise GenerationError(f"no Chroma server answers at {url}; start it, or correct CHROMA_URL.") from error


@_answering()
def create_vectors(client: ChromaClient, name: str) -> KeyVectors:
    """Make an empty collection of vectors."""
    return KeyVectors(client.create_collection(name, configuration=_COSINE, embedding_function=None))  # type: ignore[arg-type]


@_answering()
def open_vectors(client: ChromaClient, name: str) -> KeyVectors:
    """Open a collection of vectors.

    Raises:
        GenerationError: there is none of that name.
    """
    try:
        return KeyVectors(client.get_collection(name, embedding_function=None))
    except NotFoundError as error:
        raise GenerationError(f"the vectors `{name}` are missing; run `python -m indexer build`.") from error


@_answering()
def collection_names(client: ChromaClient) -> list[str]:
    """Return the names of all collections."""
    return [collection.name for collection in client.list_collections()]


@_answering()
def drop_collection(client: ChromaClient, name: str) -> None:
    """Remove a collection, if it is there."""
    with suppress(NotFoundError):
        client.delete_collection(name)


@_answering()
def write_texts(client: ChromaClient, name: str, texts: Mapping[str, str]) -> None:
    """Add texts by their ids to a collection that is made if it is not there."""
    collection = client.get_or_create_collection(name, embedding_function=None)
    ids = list(texts)
    for start in range(0, len(ids), _TEXT_BATCH):
        batch = ids[start : start + _TEXT_BATCH]
        # Chroma wants a vector for each record; these are never searched.
        vectors = np.zeros((len(batch), 1), dtype=np.float32)
        collection.add(ids=batch, documents=[texts[key] for key in batch], embeddings=vectors)


@_answering()
def read_texts(client: ChromaClient, name: str, ids: list[str] | None = None) -> dict[str, str]:
    """Return a collection's texts by their ids, all or the named ones; none where there is no such collection."""
    try:
        collection = client.get_collection(name, embedding_function=None)
    except NotFoundError:
        return {}
    found = collection.get(ids=ids, include=["documents"])
    return dict(zip(found["ids"], found["documents"] or [], strict=True))


@_answering()
def label_of(client: ChromaClient, name: str, key: str) -> str | None:
    """Return one entry of a collection's metadata."""
    collection = client.get_or_create_collection(name, embedding_function=None)
    value = (collection.metadata or {}).get(key)
    return str(value) if value else None


@_answering()
def set_label(client: ChromaClient, name: str, key: str, value: str) -> None:
    """Set one entry of a collection's metadata, in one step."""
    client.get_or_create_collection(name, embedding_function=None).modify(metadata={key: value})
