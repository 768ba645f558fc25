import gc
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from indexer import live
from indexer.embedding import Embedder
from indexer.faults import GenerationError, ModelError
from indexer.folder_store import FolderStore
from indexer.generations import GenerationStore
from indexer.live import LiveIndex
from indexer.publishing import prune, publish
from indexer.search import Search
from tests.chroma_server import ChromaServer
from tests.indexes import load, make
from tests.sample_knowledge import TODAY, change
from tests.tiny_models import save_word_model

pytest_plugins = ["tests.indexes"]
QUESTION = Search("kapan saldo cair", TODAY)


def answer(index: LiveIndex) -> tuple[str, str]:
    """Return the generation that answers and the text of the section it finds first."""
    retriever = index.current()
    found = retriever.search(QUESTION)
    return retriever.generation.manifest.name, found.hits[0].section.text("id").body


def publish_changed(store: GenerationStore, knowledge: Path, embedder: Embedder, what: str) -> str:
    """Publish a generation in which the payout section begins with `what`, and return its name."""
    path = knowledge / "faqs/payouts.md"
    first = path.read_text(encoding="utf-8").split("### id: Kapan saldo cair?\n\n")[1].splitlines()[0]
    change(path, first, f"{what} cair 2 hari setelah barang diterima:")
    make(store, knowledge, embedder)
    return publish(store).name


def wait_for(condition: Callable[[], bool], seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


@contextmanager
def watching(index: LiveIndex) -> Iterator[LiveIndex]:
    index.watch()
    try:
        yield index
    finally:
        index.close()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "INTERVAL", 0.05)


@pytest.fixture
def first(store: FolderStore, knowledge: Path, embedder: Embedder) -> str:
    return publish_changed(store, knowledge, embedder, "Saldo")


def test_the_published_generation_answers(store: FolderStore, first: str, embedder: Embedder) -> None:
    name, text = answer(LiveIndex(store, lambda: embedder))

    assert name == first and text.startswith("Saldo cair 2 hari")


def test_with_nothing_published_it_says_what_to_run(store: FolderStore, embedder: Embedder) -> None:
    with pytest.raises(GenerationError, match="no index is published yet; run `python -m indexer build`"):
        LiveIndex(store, lambda: embedder)


def test_a_generation_that_is_not_published_does_not_answer(
    store: FolderStore, knowledge: Path, embedder: Embedder
) -> None:
    make(store, knowledge, embedder)

    with pytest.raises(GenerationError, match="no index is published yet"):
        LiveIndex(store, lambda: embedder)


def test_another_model_than_the_one_that_made_the_index_is_refused(
    store: FolderStore, first: str, tmp_path: Path
) -> None:
    other = load(save_word_model(tmp_path / "other", scale=2))

    with pytest.raises(ModelError) as caught:
        LiveIndex(store, lambda: other)
    assert f"generation {first} was made by the model `words`" in str(caught.value)
    assert str(caught.value).endswith("run `python -m indexer build`, or set EMBEDDING_MODEL back.")


def test_a_new_generation_is_taken_over_within_seconds_by_itself(
    store: FolderStore, first: str, knowledge: Path, embedder: Embedder
) -> None:
    assert live.INTERVAL <= 3
    with watching(LiveIndex(store, lambda: embedder)) as index:
        assert answer(index)[0] == first
        second = publish_changed(store, knowledge, embedder, "Uangnya")
        assert wait_for(lambda: answer(index)[0] == second, live.INTERVAL + 3)
        assert answer(index)[1].startswith("Uangnya cair")


def test_threads_that_ask_meanwhile_never_fail_and_never_see_half_a_change(
    quick: None, store: FolderStore, first: str, knowledge: Path, embedder: Embedder
) -> None:
    answers: list[tuple[str, str]] = []
    errors: list[BaseException] = []
    stop = threading.Event()

    def ask(index: LiveIndex) -> None:
        while not stop.is_set():
            try:
                answers.append(answer(index))
            except BaseException as error:
                errors.append(error)

    with watching(LiveIndex(store, lambda: embedder)) as index:
        threads = [threading.Thread(target=ask, args=(index,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        names = {first: "Saldo"}
        for word in ("Uangnya", "Hasilnya"):
            names[publish_changed(store, knowledge, embedder, word)] = word
            assert wait_for(lambda: answer(index)[0] == max(names))
        stop.set()
        for thread in threads:
            thread.join(10)

    assert errors == []
    assert {name for name, _ in answers} == set(names)
    assert all(text.startswith(names[name]) for name, text in answers)


def test_a_question_under_way_finishes_on_the_old_generation(
    store: FolderStore, first: str, knowledge: Path, embedder: Embedder
) -> None:
    index = LiveIndex(store, lambda: embedder)
    under_way = index.current()
    publish_changed(store, knowledge, embedder, "Uangnya")
    prune(store)

    assert index.refresh() is True
    assert under_way.search(QUESTION).hits[0].section.text("id").body.startswith("Saldo cair")
    assert answer(index)[1].startswith("Uangnya cair")


def test_looking_again_when_nothing_is_new_changes_nothing(store: FolderStore, first: str, embedder: Embedder) -> None:
    index = LiveIndex(store, lambda: embedder)
    before = index.current()

    assert index.refresh() is False
    assert index.current() is before


def test_going_back_is_taken_over_too(store: FolderStore, first: str, knowledge: Path, embedder: Embedder) -> None:
    publish_changed(store, knowledge, embedder, "Uangnya")
    index = LiveIndex(store, lambda: embedder)
    store.point_to(first)

    assert index.refresh() is True
    assert answer(index)[0] == first


@pytest.mark.usefixtures("quick", "first")
@pytest.mark.parametrize("file", ["knowledge.json", "generation.json", "chroma/chroma.sqlite3"])
def test_a_generation_that_cannot_be_read_is_reported_once_and_the_old_one_answers(
    store: FolderStore, knowledge: Path, embedder: Embedder, caplog: pytest.LogCaptureFixture, file: str
) -> None:
    first = store.published()
    with watching(LiveIndex(store, lambda: embedder)) as index:
        broken = make(store, knowledge, embedder).name
        Path("data", "generations", broken, file).write_bytes(b"{broken" * 999)
        Path("data/published").write_text(broken)
        assert wait_for(lambda: broken in caplog.text)
        time.sleep(0.3)
        assert answer(index)[0] == first
        assert len([record for record in caplog.records if record.levelno == logging.ERROR]) == 1

        third = publish_changed(store, knowledge, embedder, "Uangnya")
        assert wait_for(lambda: answer(index)[0] == third), "the watcher lives on"


def test_a_generation_of_another_model_is_refused_and_the_old_one_answers(
    store: FolderStore, first: str, knowledge: Path, embedder: Embedder, caplog: pytest.LogCaptureFixture
) -> None:
    index = LiveIndex(store, lambda: embedder)
    publish_changed(store, knowledge, load(save_word_model(Path("other"), scale=2)), "Uangnya")

    assert index.refresh() is False
    assert "was made by the model" in caplog.text
    assert answer(index)[0] == first


@pytest.mark.parametrize("pointer", [b"", b"20990101-000000-ffffff\n", b"../../somewhere\n", b"\x00", b"\xff\xfe"])
def test_a_pointer_that_names_nothing_leaves_the_old_one_answering(
    store: FolderStore, first: str, embedder: Embedder, pointer: bytes
) -> None:
    index = LiveIndex(store, lambda: embedder)
    Path("data/published").write_bytes(pointer)

    assert index.refresh() is False
    assert answer(index)[0] == first


@pytest.mark.usefixtures("quick")
def test_a_pointer_that_cannot_be_read_does_not_end_the_watching(
    store: FolderStore, first: str, knowledge: Path, embedder: Embedder, caplog: pytest.LogCaptureFixture
) -> None:
    pointer = Path("data/published")
    with watching(LiveIndex(store, lambda: embedder)) as index:
        pointer.unlink()
        pointer.mkdir()
        assert wait_for(lambda: "cannot be looked up" in caplog.text)
        assert answer(index)[0] == first
        pointer.rmdir()
        second = publish_changed(store, knowledge, embedder, "Uangnya")
        assert wait_for(lambda: answer(index)[0] == second)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="open files can only be listed on Linux")
def test_an_old_generation_is_let_go_of(store: FolderStore, first: str, knowledge: Path, embedder: Embedder) -> None:
    index = LiveIndex(store, lambda: embedder)
    answer(index)
    assert _open_files(first)
    publish_changed(store, knowledge, embedder, "Uangnya")
    index.refresh()
    answer(index)
    gc.collect()

    assert not _open_files(first)


def _open_files(part: str) -> list[str]:
    found = []
    for link in Path("/proc/self/fd").iterdir():
        try:
            found.append(str(link.readlink()))
        except FileNotFoundError:
            continue  # closed meanwhile
    return [name for name in found if part in name]


def test_closing_ends_the_watching(quick: None, store: FolderStore, first: str, embedder: Embedder) -> None:
    index = LiveIndex(store, lambda: embedder)
    index.close()
    with watching(index):
        pass

    assert not any(thread.name == "live-index" for thread in threading.enumerate())


def test_a_server_that_restarts_is_found_again(
    quick: None, knowledge: Path, embedder: Embedder, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server = ChromaServer(tmp_path / "chroma")
    server.start()
    store = server.store()
    first = publish_changed(store, knowledge, embedder, "Saldo")
    with watching(LiveIndex(store, lambda: embedder)) as index:
        server.stop()
        assert wait_for(lambda: "start the Chroma server" in caplog.text)
        assert index.current().generation.manifest.name == first
        server.start()
        second = publish_changed(store, knowledge, embedder, "Uangnya")
        assert wait_for(lambda: index.current().generation.manifest.name == second)
        assert answer(index)[1].startswith("Uangnya cair")
    server.stop()
