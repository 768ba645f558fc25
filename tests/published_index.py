"""A published index for tests of answering, made with the bundled model. `pytest_plugins` brings in the fixtures."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from filelock import FileLock

from bot.answerer import Answerer
from indexer.building import Ingredients, build, gather
from indexer.embedding import load_embedder
from indexer.folder_store import FolderStore
from indexer.search import Retriever
from indexer.sections import Language
from indexer.settings import PROJECT, IndexSettings
from tests.sample_knowledge import TODAY

WaysOfAsking = Mapping[Language, tuple[str, ...]]


@dataclass(frozen=True)
class PublishedIndex:
    """Where an index lies, and what answers from it."""

    data_dir: Path
    retriever: Retriever
    answerer: Answerer


def publish_index(knowledge: Path, data_dir: Path, asked: Mapping[str, WaysOfAsking] | None = None) -> PublishedIndex:
    """Build a generation of that knowledge with the bundled model, and publish it; `asked` are more ways of asking."""
    ingredients = _with_asked(gather(knowledge, knowledge.parent), asked or {})
    ingredients = replace(ingredients, questions=())  # the gate has tests of its own
    embedder = load_embedder(IndexSettings(_env_file=None))
    store = FolderStore(data_dir)
    manifest = build(store, ingredients, embedder, TODAY, lambda step, done, total: None)
    store.point_to(manifest.name)
    retriever = Retriever(store.open(manifest.name), embedder)
    return PublishedIndex(data_dir, retriever, Answerer(lambda: retriever))


def _with_asked(ingredients: Ingredients, asked: Mapping[str, WaysOfAsking]) -> Ingredients:
    sections = dict(ingredients.snapshot.sections)
    for address, ways in asked.items():
        sections[address] = replace(sections[address], asked=ways)
    return replace(ingredients, snapshot=replace(ingredients.snapshot, sections=sections))


@pytest.fixture(scope="session")
def real_index(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> PublishedIndex:
    """Give the index of the knowledge as it is in the project, built once for all tests and all that run them."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if hasattr(request.config, "workerinput") else base
    folder = shared / "real-index"
    with FileLock(shared / "real-index.lock"):
        if not (folder / "published").exists():
            return publish_index(PROJECT / "knowledge", folder)
    return _open_index(folder)


def _open_index(data_dir: Path) -> PublishedIndex:
    embedder = load_embedder(IndexSettings(_env_file=None))
    store = FolderStore(data_dir)
    name = store.published()
    assert name
    retriever = Retriever(store.open(name), embedder)
    return PublishedIndex(data_dir, retriever, Answerer(lambda: retriever))


@pytest.fixture(scope="session")
def real_answerer(real_index: PublishedIndex) -> Answerer:
    """Give what answers from that index."""
    return real_index.answerer
