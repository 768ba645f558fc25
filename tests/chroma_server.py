"""A real Chroma server for tests: `chroma run` from the virtual environment, in a folder of its own."""

import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from indexer.faults import GenerationError
from indexer.server_store import ServerStore
from indexer.vectors import open_server

PATIENCE = 60


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class ChromaServer:
    """A server on a port of its own; `start` after `stop` finds its data again."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers, or skip the test."""
        program = Path(sys.executable).with_name("chroma")
        if not program.exists():
            pytest.skip("the `chroma` command is not installed beside this Python")
        command = [str(program), "run", "--path", str(self._folder), "--host", "127.0.0.1", "--port", str(self.port)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._wait()

    def _wait(self) -> None:
        assert self._process is not None
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if self._process.poll() is not None:
                pytest.skip(f"`chroma run` ended at once with code {self._process.returncode}")
            try:
                open_server(self.url)
            except GenerationError:
                time.sleep(0.1)
            else:
                return
        self.stop()
        pytest.skip(f"`chroma run` did not answer within {PATIENCE} seconds")

    def stop(self) -> None:
        """Stop it; what it holds stays on disk."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def store(self) -> ServerStore:
        """Return a store on it."""
        return ServerStore(open_server(self.url))


def emptied(server: ChromaServer) -> ServerStore:
    """Return a store on it with nothing in it."""
    client = open_server(server.url)
    for collection in client.list_collections():
        client.delete_collection(collection.name)
    return ServerStore(client)
