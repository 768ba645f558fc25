"""Generations: whole indexes, made beside the live one and published by one atomic change."""

import json
import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from chromadb.api import ClientAPI
from chromadb.errors import NotFoundError

from indexer.faults import GenerationError
from indexer.settings import IndexSettings
from indexer.snapshot import Snapshot, snapshot_from_json
from indexer.vectors import KeyVectors, create_vectors, open_folder, open_server, open_vectors

_NAME = re.compile(r"\d{8}-\d{6}-[0-9a-f]{6}")
_VECTORS = "keys"
_CHUNK = 8000


@dataclass(frozen=True)
class Manifest:
    """What a generation is made of; it is written last, and its presence seals the generation."""

    name: str
    created_at: str
    model: str
    fingerprint: str
    dimension: int
    documents: Mapping[str, str]
    counts: Mapping[str, int]
    gate: Mapping[str, float] = field(default_factory=dict)

    @property
    def age(self) -> datetime:
        """The moment in which it was made."""
        return datetime.fromisoformat(self.created_at)


@dataclass(frozen=True)
class Generation:
    """A sealed generation, opened for reading."""

    manifest: Manifest
    snapshot: Snapshot
    vectors: KeyVectors


class Draft(Protocol):
    """A generation being made: vectors are added, then it is sealed."""

    vectors: KeyVectors

    def seal(self, manifest: Manifest, snapshot: Snapshot) -> None:
        """Write the rest and make the generation visible."""


class GenerationStore(Protocol):
    """Where generations are kept: in folders, or in a Chroma server."""

    def names(self) -> list[str]:
        """Return the names of the sealed generations, newest first."""

    def manifest(self, name: str) -> Manifest:
        """Return what a generation is made of; raises GenerationError where there is none of that name."""

    def open(self, name: str) -> Generation:
        """Open a sealed generation; raises GenerationError where there is none of that name."""

    def draft(self, name: str) -> Draft:
        """Begin a new generation."""

    def delete(self, name: str) -> None:
        """Remove a generation, sealed or not."""

    def unfinished(self) -> list[str]:
        """Return the names of generations that were begun and never sealed."""

    def published(self) -> str | None:
        """Return the name of the generation that answers."""

    def point_to(self, name: str) -> None:
        """Make that generation the one that answers, by one atomic change."""


def open_store(settings: IndexSettings) -> GenerationStore:
    """Return the store that the settings name."""
    if settings.chroma_url:
        return ServerStore(open_server(settings.chroma_url))
    return FolderStore(settings.data_dir)


def _missing(name: str, names: list[str]) -> GenerationError:
    known = ", ".join(names) or "none yet; run `python -m indexer build`"
    return GenerationError(f"there is no generation `{name}`; known are: {known}.")


def write_atomically(path: Path, text: str) -> None:
    """Replace a file in one step that survives a power cut: readers see the old text or the new one."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    with beside.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@dataclass(frozen=True)
class FolderDraft:
    """A generation being made in a folder of its own."""

    folder: Path
    client: ClientAPI
    vectors: KeyVectors

    def seal(self, manifest: Manifest, snapshot: Snapshot) -> None:
        """Write the knowledge, close Chroma, and write the manifest last."""
        write_atomically(self.folder / "knowledge.json", snapshot.to_json())
        self.client.close()
        write_atomically(self.folder / "generation.json", json.dumps(asdict(manifest), indent=2, ensure_ascii=False))


class FolderStore:
    """Generations as folders below `data/generations`; `data/published` holds the name of the one that answers."""

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / "generations"
        self._pointer = data_dir / "published"

    def _all(self) -> list[str]:
        if not self._folder.is_dir():
            return []
        return sorted((path.name for path in self._folder.iterdir() if _NAME.fullmatch(path.name)), reverse=True)

    def _sealed(self, name: str) -> bool:
        return (self._folder / name / "generation.json").is_file()

    def names(self) -> list[str]:
        """Return the names of the sealed generations, newest first."""
        return [name for name in self._all() if self._sealed(name)]

    def unfinished(self) -> list[str]:
        """Return the names of generations that were begun and never sealed."""
        return [name for name in self._all() if not self._sealed(name)]

    def manifest(self, name: str) -> Manifest:
        """Return what a generation is made of."""
        if name not in self.names():
            raise _missing(name, self.names())
        return Manifest(**json.loads((self._folder / name / "generation.json").read_text(encoding="utf-8")))

    def open(self, name: str) -> Generation:
        """Open a sealed generation."""
        manifest = self.manifest(name)
        snapshot = snapshot_from_json((self._folder / name / "knowledge.json").read_text(encoding="utf-8"))
        return Generation(manifest, snapshot, open_vectors(open_folder(self._folder / name / "chroma"), _VECTORS))

    def draft(self, name: str) -> FolderDraft:
        """Begin a new generation in a folder of its own."""
        folder = self._folder / name
        folder.mkdir(parents=True)
        client = open_folder(folder / "chroma")
        return FolderDraft(folder, client, create_vectors(client, _VECTORS))

    def delete(self, name: str) -> None:
        """Remove a generation: first its seal, so that a half-removed one is not taken for whole."""
        (self._folder / name / "generation.json").unlink(missing_ok=True)
        shutil.rmtree(self._folder / name, ignore_errors=True)

    def published(self) -> str | None:
        """Return the name of the generation that answers."""
        try:
            return self._pointer.read_text(encoding="utf-8").strip() or None
        except FileNotFoundError:
            return None

    def point_to(self, name: str) -> None:
        """Make that generation the one that answers."""
        self.manifest(name)
        write_atomically(self._pointer, f"{name}\n")


@dataclass(frozen=True)
class ServerDraft:
    """A generation being made in a Chroma server: a collection of vectors, and one that holds everything else."""

    client: ClientAPI
    name: str
    vectors: KeyVectors

    def seal(self, manifest: Manifest, snapshot: Snapshot) -> None:
        """Write the knowledge in pieces, and the manifest as the last of them."""
        text = snapshot.to_json()
        pieces = [text[start : start + _CHUNK] for start in range(0, len(text), _CHUNK)]
        records = self.client.create_collection(f"knowledge-{self.name}", embedding_function=None)
        for start in range(0, len(pieces), 200):
            batch = pieces[start : start + 200]
            ids = [f"piece-{number:06d}" for number in range(start, start + len(batch))]
            records.add(ids=ids, documents=batch, embeddings=[[0.0]] * len(batch))
        records.add(ids=["manifest"], documents=[json.dumps(asdict(manifest), ensure_ascii=False)], embeddings=[[0.0]])


class ServerStore:
    """Generations as collections of a Chroma server; the pointer is the metadata of a small collection of its own."""

    def __init__(self, client: ClientAPI) -> None:
        self._client = client

    def _collections(self, prefix: str) -> list[str]:
        names = [collection.name for collection in self._client.list_collections()]
        found = [name.removeprefix(prefix) for name in names if name.startswith(prefix)]
        return sorted((name for name in found if _NAME.fullmatch(name)), reverse=True)

    def _manifest_text(self, name: str) -> str | None:
        try:
            records = self._client.get_collection(f"knowledge-{name}", embedding_function=None)
        except (NotFoundError, ValueError):
            return None
        documents = records.get(ids=["manifest"], include=["documents"])["documents"]
        return documents[0] if documents else None

    def names(self) -> list[str]:
        """Return the names of the sealed generations, newest first."""
        return [name for name in self._collections("vectors-") if self._manifest_text(name)]

    def unfinished(self) -> list[str]:
        """Return the names of generations that were begun and never sealed."""
        return [name for name in self._collections("vectors-") if not self._manifest_text(name)]

    def manifest(self, name: str) -> Manifest:
        """Return what a generation is made of."""
        text = self._manifest_text(name)
        if text is None:
            raise _missing(name, self.names())
        return Manifest(**json.loads(text))

    def open(self, name: str) -> Generation:
        """Open a sealed generation."""
        manifest = self.manifest(name)
        records = self._client.get_collection(f"knowledge-{name}", embedding_function=None)
        found = records.get(include=["documents"])
        pieces = dict(zip(found["ids"], found["documents"] or [], strict=True))
        text = "".join(pieces[piece] for piece in sorted(pieces) if piece.startswith("piece-"))
        return Generation(manifest, snapshot_from_json(text), open_vectors(self._client, f"vectors-{name}"))

    def draft(self, name: str) -> ServerDraft:
        """Begin a new generation in collections of its own."""
        return ServerDraft(self._client, name, create_vectors(self._client, f"vectors-{name}"))

    def delete(self, name: str) -> None:
        """Remove a generation: first its seal, so that a half-removed one is not taken for whole."""
        for collection in (f"knowledge-{name}", f"vectors-{name}"):
            try:
                self._client.delete_collection(collection)
            except (NotFoundError, ValueError):
                continue

    def _pointer(self) -> dict[str, str]:
        pointer = self._client.get_or_create_collection("published", embedding_function=None)
        return {str(key): str(value) for key, value in (pointer.metadata or {}).items()}

    def published(self) -> str | None:
        """Return the name of the generation that answers."""
        return self._pointer().get("generation")

    def point_to(self, name: str) -> None:
        """Make that generation the one that answers."""
        self.manifest(name)
        pointer = self._client.get_or_create_collection("published", embedding_function=None)
        pointer.modify(metadata={"generation": name})
