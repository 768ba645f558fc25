"""Running the console: it serves its pages, and looks after the queues and gaps meanwhile."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from bot.console.app import application
from bot.console.generations import Generations
from bot.console.parts import Parts, parts_of, secret_of
from bot.settings import BotSettings
from bot.storage import Storage
from bot.telegram_errors import CannotRun
from indexer.embedding import load_embedder
from indexer.live import LiveIndex
from indexer.stores import open_store

log = logging.getLogger(__name__)
EVERY = 20.0  # seconds between two looks at what has come


def serve(settings: BotSettings, storage: Storage, port: int | None = None, notice: str = "") -> None:
    """Serve the console until it is told to stop.

    Raises:
        CannotRun: a setting is missing, or the port is taken.
        IndexerError: no index is published, or another model made it.
    """
    secret_of(settings)
    embedder = load_embedder(settings)
    store = open_store(settings)
    live = LiveIndex(store, lambda: embedder)
    parts = parts_of(settings, storage, Generations(store, live, embedder), notice=notice)
    port = port or settings.console_port
    config = uvicorn.Config(
        application(parts), settings.console_host, port, log_level="warning", access_log=False, server_header=False,
        proxy_headers=True,
    )  # fmt: skip
    server = uvicorn.Server(config)
    live.watch()
    log.info("the console is at http://%s:%d", settings.console_host, port)
    try:
        with looking_after(parts):
            server.run()
    except SystemExit:  # uvicorn's way where it cannot listen
        place = f"{settings.console_host}:{port}"
        raise CannotRun(f"The console cannot be served at {place}. Change CONSOLE_PORT or --port.") from None
    finally:
        live.close()


@contextmanager
def looking_after(parts: Parts, every: float = EVERY) -> Iterator[None]:
    """Look after queues, gaps and the file of proposals again and again, on a thread of its own."""
    stop = threading.Event()
    keeper = threading.Thread(target=_look_after, args=(parts, stop, every), name="desk", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        stop.set()
        keeper.join(timeout=10)


def _look_after(parts: Parts, stop: threading.Event, every: float) -> None:
    while not stop.wait(every):
        try:
            parts.queues.fill()
            parts.gaps.gather()
            parts.export_proposals()  # a seller may have had everything erased meanwhile
        except Exception as error:  # whatever happens once, the looking after goes on
            log.error("queues and gaps were not looked after: %s", type(error).__name__)
