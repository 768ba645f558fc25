"""Generations in folders: each a Chroma of its own, and a small file that names the published one."""

import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from weakref import finalize

from indexer.faults import GenerationError
from indexer.generations import NAME, Draft, Generation, Manifest, no_such_generation, readable
from indexer.snapshot import Snapshot, snapshot_from_json
from indexer.vectors import ChromaClient, KeyVectors, close, create_vectors, open_folder, open_vectors

_VECTORS = "keys"


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
    client: ChromaClient
    vectors: KeyVectors

    def seal(self, manifest: Manifest, snapshot: Snapshot) -> None:
        """Write the knowledge, close Chroma, and write the manifest last."""
        write_atomically(self.folder / "knowledge.json", snapshot.to_json())
        close(self.client)
        write_atomically(self.folder / "generation.json", json.dumps(asdict(manifest), indent=2, ensure_ascii=False))


class FolderStore:
    """Generations as folders below `data/generations`; `data/published` holds the name of the one that answers."""

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / "generations"
        self._pointer = data_dir / "published"

    def _all(self) -> list[str]:
        if not self._folder.is_dir():
            return []
        return sorted((path.name for path in self._folder.iterdir() if NAME.fullmatch(path.name)), reverse=True)

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
            raise no_such_generation(name, self.names())
        with readable(name):
            return Manifest(**json.loads((self._folder / name / "generation.json").read_text(encoding="utf-8")))

    def open(self, name: str) -> Generation:
        """Open a sealed generation; Chroma lets go of its files once nobody holds the vectors any more."""
        manifest = self.manifest(name)
        with readable(name):
            snapshot = snapshot_from_json((self._folder / name / "knowledge.json").read_text(encoding="utf-8"))
        client = open_folder(self._folder / name / "chroma")
        try:
            vectors = open_vectors(client, _VECTORS)
        except GenerationError:
            close(client)
            raise
        finalize(vectors, close, client).atexit = False
        return Generation(manifest, snapshot, vectors)

    def draft(self, name: str, like: str | None = None) -> Draft:
        """Begin a new generation in a folder of its own: empty, or with a copy of another's vectors.

        A sealed generation is only read, so its files may be copied while a bot answers from them.
        """
        folder = self._folder / name
        folder.mkdir(parents=True)
        return (like and self._copied(like, folder)) or self._empty(folder)

    def _copied(self, like: str, folder: Path) -> FolderDraft | None:
        """Return a draft with the vectors of another generation, or None where these cannot be read."""
        source = self._folder / like / "chroma"
        try:
            # Tried where they lie: Chroma opens no second database in a folder where a first one failed.
            client = open_folder(source)
            open_vectors(client, _VECTORS).count()
            close(client)
        except GenerationError:
            return None
        shutil.copytree(source, folder / "chroma")
        client = open_folder(folder / "chroma")
        return FolderDraft(folder, client, open_vectors(client, _VECTORS))

    def _empty(self, folder: Path) -> FolderDraft:
        client = open_folder(folder / "chroma")
        return FolderDraft(folder, client, create_vectors(client, _VECTORS))

    def delete(self, name: str) -> None:
        """Remove a generation: first its seal, so that a half-removed one is not taken for whole."""
        (self._folder / name / "generation.json").unlink(missing_ok=True)
        shutil.rmtree(self._folder / name, ignore_errors=True)

    def published(self) -> str | None:
        """Return the name of the generation that answers."""
        try:
            return self._pointer.read_text(encoding="utf-8", errors="replace").strip() or None
        except FileNotFoundError:
            return None

    def point_to(self, name: str) -> None:
        """Make that generation the one that answers."""
        self.manifest(name)
        write_atomically(self._pointer, f"{name}\n")
