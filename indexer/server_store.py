"""Generations in a Chroma server: two collections each, and one small collection that names the published one."""

import json
from dataclasses import asdict, dataclass

from indexer.generations import NAME, Draft, Generation, Manifest, no_such_generation, readable
from indexer.snapshot import Snapshot, snapshot_from_json
from indexer.vectors import (
    ChromaClient,
    KeyVectors,
    collection_names,
    create_vectors,
    drop_collection,
    label_of,
    open_vectors,
    read_texts,
    set_label,
    write_texts,
)

_PIECE = 8000
_POINTER, _GENERATION, _MANIFEST = "published", "generation", "manifest"


@dataclass(frozen=True)
class ServerDraft:
    """A generation being made: a collection of vectors, and one that holds everything else."""

    client: ChromaClient
    name: str
    vectors: KeyVectors

    def seal(self, manifest: Manifest, snapshot: Snapshot) -> None:
        """Write the knowledge in pieces, and the manifest as the last of them."""
        text = snapshot.to_json()
        pieces = {f"piece-{start:09d}": text[start : start + _PIECE] for start in range(0, len(text), _PIECE)}
        write_texts(self.client, f"knowledge-{self.name}", pieces)
        write_texts(
            self.client, f"knowledge-{self.name}", {_MANIFEST: json.dumps(asdict(manifest), ensure_ascii=False)}
        )


class ServerStore:
    """Generations as collections; a reader sees one only once its manifest is there."""

    def __init__(self, client: ChromaClient) -> None:
        self._client = client

    def _all(self) -> list[str]:
        names = [
            name.removeprefix("vectors-") for name in collection_names(self._client) if name.startswith("vectors-")
        ]
        return sorted((name for name in names if NAME.fullmatch(name)), reverse=True)

    def _manifest_text(self, name: str) -> str | None:
        return read_texts(self._client, f"knowledge-{name}", [_MANIFEST]).get(_MANIFEST)

    def names(self) -> list[str]:
        """Return the names of the sealed generations, newest first."""
        return [name for name in self._all() if self._manifest_text(name)]

    def unfinished(self) -> list[str]:
        """Return the names of generations that were begun and never sealed."""
        return [name for name in self._all() if not self._manifest_text(name)]

    def manifest(self, name: str) -> Manifest:
        """Return what a generation is made of."""
        text = self._manifest_text(name)
        if text is None:
            raise no_such_generation(name, self.names())
        with readable(name):
            return Manifest(**json.loads(text))

    def open(self, name: str) -> Generation:
        """Open a sealed generation."""
        manifest = self.manifest(name)
        pieces = read_texts(self._client, f"knowledge-{name}")
        text = "".join(pieces[piece] for piece in sorted(pieces) if piece != _MANIFEST)
        with readable(name):
            snapshot = snapshot_from_json(text)
        return Generation(manifest, snapshot, open_vectors(self._client, f"vectors-{name}"))

    def draft(self, name: str, like: str | None = None) -> Draft:
        """Begin a new, empty generation in collections of its own; a server copies none."""
        return ServerDraft(self._client, name, create_vectors(self._client, f"vectors-{name}"))

    def delete(self, name: str) -> None:
        """Remove a generation: first its seal, so that a half-removed one is not taken for whole."""
        drop_collection(self._client, f"knowledge-{name}")
        drop_collection(self._client, f"vectors-{name}")

    def published(self) -> str | None:
        """Return the name of the generation that answers."""
        return label_of(self._client, _POINTER, _GENERATION)

    def point_to(self, name: str) -> None:
        """Make that generation the one that answers."""
        self.manifest(name)
        set_label(self._client, _POINTER, _GENERATION, name)
