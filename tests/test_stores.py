from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from indexer.building import gather
from indexer.embedding import Embedder
from indexer.faults import GenerationError
from indexer.folder_store import FolderStore
from indexer.generations import Draft, GenerationStore, Manifest
from indexer.keys import keys_of_all
from indexer.publishing import publish
from indexer.search import Retriever, Search
from indexer.settings import IndexSettings
from indexer.snapshot import Snapshot
from indexer.stores import open_store
from indexer.vectors import open_server
from tests.chroma_server import ChromaServer, emptied, free_port
from tests.indexes import make
from tests.sample_knowledge import TODAY

pytest_plugins = ["tests.indexes"]
ONE, TWO, THREE = "20260101-000000-aaaaaa", "20260102-000000-bbbbbb", "20260103-000000-cccccc"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaServer]:
    running = ChromaServer(tmp_path_factory.mktemp("chroma"))
    running.start()
    yield running
    running.stop()


@pytest.fixture(params=["folder", "server"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> GenerationStore:
    if request.param == "folder":
        return FolderStore(tmp_path / "data")
    return emptied(request.getfixturevalue("server"))


@pytest.fixture
def snapshot(knowledge: Path) -> Snapshot:
    return gather(knowledge, knowledge).snapshot


def manifest(name: str) -> Manifest:
    return Manifest(name, "2026-01-01T00:00:00", "tiny", "f1", 2, {"faqs/fees": "ab"}, {"keys": 3}, {"first": 0.5})


def add_vectors(draft: Draft, snapshot: Snapshot) -> None:
    keys = keys_of_all(snapshot.sections.values())
    draft.vectors.put(keys, np.array([[1, number / 100] for number in range(len(keys))], dtype=np.float32))


def sealed(store: GenerationStore, name: str, snapshot: Snapshot) -> Manifest:
    draft = store.draft(name)
    add_vectors(draft, snapshot)
    draft.seal(manifest(name), snapshot)
    return manifest(name)


def test_a_sealed_generation_is_read_again_unchanged(store: GenerationStore, snapshot: Snapshot) -> None:
    sealed(store, ONE, snapshot)
    opened = store.open(ONE)

    assert (opened.manifest, opened.snapshot) == (manifest(ONE), snapshot)
    assert store.manifest(ONE) == manifest(ONE)
    assert opened.vectors.count() == len(keys_of_all(snapshot.sections.values()))


def test_the_nearest_keys_come_with_their_cosine_similarity(store: GenerationStore, snapshot: Snapshot) -> None:
    first, second, third = keys_of_all(snapshot.sections.values())[:3]
    draft = store.draft(ONE)
    draft.vectors.put([first, second, third], np.array([[1, 0], [3, 4], [0, 2]], dtype=np.float32))
    draft.seal(manifest(ONE), snapshot)
    along, across = store.open(ONE).vectors.nearest(np.array([[1, 0], [0, 1]], dtype=np.float32), 2)

    assert [key for key, _ in along] == [first.id, second.id] and [key for key, _ in across] == [third.id, second.id]
    assert [similarity for _, similarity in along + across] == pytest.approx([1, 0.6, 1, 0.8])


def test_vectors_are_found_by_the_hash_of_their_text(store: GenerationStore, snapshot: Snapshot) -> None:
    sealed(store, ONE, snapshot)
    by_hash = store.open(ONE).vectors.by_hash()

    assert set(by_hash) == {key.text_hash for key in keys_of_all(snapshot.sections.values())}
    assert by_hash[keys_of_all(snapshot.sections.values())[0].text_hash] == pytest.approx([1, 0])


def test_generations_are_named_newest_first(store: GenerationStore, snapshot: Snapshot) -> None:
    for name in (TWO, THREE, ONE):
        sealed(store, name, snapshot)

    assert store.names() == [THREE, TWO, ONE]


def test_an_empty_store_has_nothing(store: GenerationStore) -> None:
    assert (store.names(), store.unfinished(), store.published()) == ([], [], None)


def test_what_is_not_sealed_is_unfinished_and_cannot_be_opened(store: GenerationStore, snapshot: Snapshot) -> None:
    sealed(store, ONE, snapshot)
    add_vectors(store.draft(TWO), snapshot)

    assert (store.names(), store.unfinished()) == ([ONE], [TWO])
    with pytest.raises(GenerationError, match=f"^there is no generation `{TWO}`; known are: {ONE}"):
        store.open(TWO)


def test_a_pointer_names_the_generation_that_answers(store: GenerationStore, snapshot: Snapshot) -> None:
    for name in (ONE, TWO):
        sealed(store, name, snapshot)
        store.point_to(name)
        assert store.published() == name
    store.point_to(ONE)

    assert store.published() == ONE


@pytest.mark.parametrize("name", ["20990101-000000-ffffff", "../../etc", "", "latest"])
def test_a_pointer_to_no_generation_is_refused_and_the_old_one_stays(
    store: GenerationStore, snapshot: Snapshot, name: str
) -> None:
    sealed(store, ONE, snapshot)
    store.point_to(ONE)

    with pytest.raises(GenerationError, match="there is no generation"):
        store.point_to(name)
    assert store.published() == ONE


def test_asking_for_a_generation_of_an_empty_store_says_what_to_run(store: GenerationStore) -> None:
    with pytest.raises(GenerationError, match="known are: none yet; run `python -m indexer build`"):
        store.manifest(ONE)


def test_a_deleted_generation_is_gone_and_the_others_stay(store: GenerationStore, snapshot: Snapshot) -> None:
    for name in (ONE, TWO):
        sealed(store, name, snapshot)
    add_vectors(store.draft(THREE), snapshot)
    store.delete(ONE)
    store.delete(THREE)
    store.delete("20990101-000000-ffffff")

    assert (store.names(), store.unfinished()) == ([TWO], [])
    assert store.open(TWO).vectors.count() > 0


def test_a_second_store_on_the_same_place_sees_the_same(
    store: GenerationStore, snapshot: Snapshot, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    sealed(store, ONE, snapshot)
    store.point_to(ONE)
    folder = isinstance(store, FolderStore)
    other = FolderStore(tmp_path / "data") if folder else request.getfixturevalue("server").store()

    assert (other.names(), other.published()) == ([ONE], ONE)
    assert other.open(ONE).snapshot == snapshot


def test_a_long_text_in_any_script_is_kept(store: GenerationStore, snapshot: Snapshot) -> None:
    first = next(iter(snapshot.sections.values()))
    long = replace(first, asked={"id": ("panjang “ä 🙂” " * 9000,), "en": ()})
    larger = replace(snapshot, sections={**snapshot.sections, first.id: long})
    store.draft(ONE).seal(manifest(ONE), larger)

    assert store.open(ONE).snapshot == larger


def test_a_built_generation_answers(store: GenerationStore, knowledge: Path, embedder: Embedder) -> None:
    made = make(store, knowledge, embedder)
    publish(store)
    found = Retriever(store.open(made.name), embedder).search(Search("komisi sekarang berapa", TODAY))

    assert store.published() == made.name
    assert found.hits[0].section.id == "faqs/fees#commission-now"


def test_unchanged_texts_are_taken_over_from_a_server_too(
    store: GenerationStore, knowledge: Path, embedder: Embedder
) -> None:
    make(store, knowledge, embedder)
    again = make(store, knowledge, embedder)

    assert (again.counts["embedded"], again.counts["reused"]) == (0, again.counts["keys"])


@pytest.mark.parametrize("damage", ["not JSON", "{}", '{"sections": [{}], "topics": []}', None])
@pytest.mark.parametrize("file", ["knowledge.json", "generation.json"])
def test_a_damaged_generation_is_told_in_one_sentence(
    tmp_path: Path, snapshot: Snapshot, file: str, damage: str | None
) -> None:
    store = FolderStore(tmp_path / "data")
    sealed(store, ONE, snapshot)
    path = tmp_path / "data" / "generations" / ONE / file
    path.write_text(damage) if damage else path.unlink()

    with pytest.raises(GenerationError, match=ONE):
        store.open(ONE)


def test_damaged_or_lost_vectors_are_told_in_one_sentence(tmp_path: Path, snapshot: Snapshot) -> None:
    store = FolderStore(tmp_path / "data")
    for name in (ONE, TWO):
        sealed(store, name, snapshot)
        path = tmp_path / "data" / "generations" / name / "chroma" / "chroma.sqlite3"
        path.write_bytes(b"nonsense" * 999) if name == ONE else path.unlink()
        with pytest.raises(GenerationError, match=r"run `python -m indexer build`\.$"):
            store.open(name)


def test_other_folders_beside_the_generations_are_left_alone(tmp_path: Path, snapshot: Snapshot) -> None:
    store = FolderStore(tmp_path / "data")
    sealed(store, ONE, snapshot)
    (tmp_path / "data" / "generations" / "notes").mkdir()

    assert (store.names(), store.unfinished()) == ([ONE], [])


def test_an_empty_pointer_names_nothing(tmp_path: Path) -> None:
    (tmp_path / "published").write_text("\n")

    assert FolderStore(tmp_path).published() is None


def test_the_settings_choose_the_store(tmp_path: Path, server: ChromaServer) -> None:
    assert isinstance(open_store(IndexSettings(_env_file=None, data_dir=tmp_path)), FolderStore)
    assert not isinstance(open_store(IndexSettings(_env_file=None, chroma_url=server.url)), FolderStore)


@pytest.mark.parametrize("url", ["localhost:8000", "ftp://localhost:8000", "http://", "http://localhost:port"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(GenerationError, match=r"write it as http://host:port\.$"):
        open_server(url)


def test_a_server_that_is_not_there_is_told_in_one_sentence() -> None:
    with pytest.raises(GenerationError, match=r"^no Chroma server answers at .*; start it, or correct CHROMA_URL\.$"):
        open_server(f"http://127.0.0.1:{free_port()}")


def test_a_server_that_goes_away_is_told_in_one_sentence_and_found_again(tmp_path: Path, snapshot: Snapshot) -> None:
    server = ChromaServer(tmp_path / "chroma")
    server.start()
    store = server.store()
    sealed(store, ONE, snapshot)
    store.point_to(ONE)
    opened = store.open(ONE)
    server.stop()

    for use in (store.names, store.published, opened.vectors.count):
        with pytest.raises(GenerationError, match="start the Chroma server"):
            use()
    server.start()
    assert (store.published(), opened.vectors.count() > 0) == (ONE, True)
    server.stop()
