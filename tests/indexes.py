"""Indexes for tests: the sample knowledge, built with the tiny model. Use with `pytest_plugins = ["tests.indexes"]`."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from indexer.building import build, gather
from indexer.embedding import Embedder, Vectors, load_embedder
from indexer.folder_store import FolderStore
from indexer.generations import GenerationStore, Manifest
from indexer.search import Retriever
from indexer.settings import IndexSettings
from tests.sample_knowledge import TODAY, write_knowledge
from tests.tiny_models import save_word_model


def silent(step: str, done: int, total: int) -> None:
    """Show no progress."""


def load(model: Path | str) -> Embedder:
    """Load a model as the settings would."""
    return load_embedder(IndexSettings(_env_file=None, embedding_model=str(model)))


@dataclass(frozen=True)
class CountingEmbedder(Embedder):
    """An embedder that remembers which texts of the knowledge it was given."""

    given: list[str] = field(default_factory=list)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        self.given.extend(texts)
        return super().encode_passages(texts)


def counting(embedder: Embedder) -> CountingEmbedder:
    """Return an embedder with the same model that counts."""
    return CountingEmbedder(**vars(embedder))


def make(store: GenerationStore, folder: Path, embedder: Embedder, today: date = TODAY) -> Manifest:
    """Build a generation from that knowledge and return its manifest."""
    return build(store, gather(folder, folder), embedder, today, silent)


@pytest.fixture(scope="session")
def word_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of the model whose similarities can be worked out in the head."""
    return save_word_model(tmp_path_factory.mktemp("models") / "words")


@pytest.fixture(scope="session")
def embedder(word_model: Path) -> Embedder:
    """Give that model, loaded."""
    return load(word_model)


@pytest.fixture
def knowledge(tmp_path: Path) -> Path:
    """Give a fresh copy of the sample knowledge, to be changed at will."""
    return write_knowledge(tmp_path / "knowledge")


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    """Give an empty store in a folder."""
    return FolderStore(tmp_path / "data")


@pytest.fixture(scope="session")
def retriever(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Retriever:
    """Give a retriever over the sample knowledge, shared by all tests that only search."""
    folder = tmp_path_factory.mktemp("index")
    store = FolderStore(folder / "data")
    return Retriever(store.open(make(store, write_knowledge(folder / "knowledge"), embedder).name), embedder)
