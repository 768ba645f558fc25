"""A builder in a process of its own that stops at a chosen moment, so that a test can kill it there."""

import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from indexer import building, folder_store
from indexer.building import build, exclusive, gather
from indexer.folder_store import FolderStore
from indexer.publishing import prune, publish
from tests.indexes import load
from tests.sample_knowledge import TODAY

MOMENTS = (
    "right to build taken",
    "draft begun",
    "first texts embedded",
    "vectors stored",
    "knowledge half written",
    "knowledge written",
    "manifest half written",
    "sealed",
    "pointer half written",
    "published",
)


_processes = multiprocessing.get_context("forkserver")


@dataclass
class _Stopper:
    """Says when the moment has come, and then waits for the end."""

    moment: str
    said: Connection

    def reached(self, moment: str) -> None:
        if moment == self.moment:
            self.said.send(moment)
            time.sleep(60)

    def progress(self, step: str, done: int, total: int) -> None:
        if step == "embed":
            self.reached("draft begun" if done == 0 else "first texts embedded")
        elif done == 0:
            self.reached("vectors stored")


def kill_at(moment: str, data_dir: Path, knowledge: Path, model: Path) -> None:
    """Start a builder and kill it with SIGKILL when it has come to that moment."""
    ours, theirs = multiprocessing.Pipe()
    # One server of processes serves all tests, so it imports what each of them needs.
    _processes.set_forkserver_preload(["bot.telegram_app", __name__])
    process = _processes.Process(target=_build, args=(moment, theirs, data_dir, knowledge, model), daemon=True)
    process.start()
    assert process.pid is not None
    try:
        assert ours.poll(60), f"the builder never came to: {moment}"
        assert ours.recv() == moment
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.join(10)
    assert process.exitcode == -signal.SIGKILL


def _build(moment: str, said: Connection, data_dir: Path, knowledge: Path, model: Path) -> None:
    stopper = _Stopper(moment, said)
    building.BATCH = 8
    folder_store.write_atomically = _written(stopper)  # type: ignore[assignment]
    store = FolderStore(data_dir)
    with exclusive(data_dir):
        stopper.reached("right to build taken")
        made = build(store, gather(knowledge, knowledge), load(model), TODAY, stopper.progress)
        stopper.reached("sealed")
        publish(store, made.name)
        stopper.reached("published")
        prune(store)


def _written(stopper: _Stopper) -> Callable[[Path, str], None]:
    """Return the way files are written, with a stop in the middle of each and one after the knowledge."""
    names = {"knowledge.json": "knowledge", "generation.json": "manifest", "published": "pointer"}

    def write(path: Path, text: str) -> None:
        if stopper.moment == f"{names[path.name]} half written":
            path.with_name(f".{path.name}.{os.getpid()}").write_text(text[: len(text) // 2], encoding="utf-8")
            stopper.reached(f"{names[path.name]} half written")
        _write_atomically(path, text)
        stopper.reached(f"{names[path.name]} written")

    return write


_write_atomically = folder_store.write_atomically
