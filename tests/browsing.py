"""The console in a real browser: headless Chromium, driven by Playwright, against a server in this process.

Use with `pytest_plugins = ["tests.browsing"]`. Where there is no browser the tests are skipped, and say so.
"""

import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from bot.console.app import application
from bot.console.parts import Parts

pytest_plugins = ["tests.console_fixtures"]

PICTURES = Path(__file__).parent.parent / "docs" / "console"
WIDE, PHONE = (1280, 860), (390, 844)


@contextmanager
def served(parts: Parts) -> Iterator[str]:
    """Serve the console on a free port while the block runs, and give its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = uvicorn.Config(application(parts), "127.0.0.1", port, log_level="critical", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(timeout=10)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """Give a running Chromium; not for longer, as its driver keeps an event loop running in the way of other tests."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        pytest.skip("no Chromium here; install it to run the browser tests (Debian: apt install chromium)")
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def opened(chromium: Any) -> Iterator[Callable[..., Any]]:  # noqa: ANN401
    """Give what opens a page of a fresh browser at an address."""
    contexts = []

    def open_page(address: str, size: tuple[int, int] = WIDE, **options: Any) -> Any:  # noqa: ANN401
        screen = {"viewport": {"width": size[0], "height": size[1]}, "locale": "en-GB"}
        context = chromium.new_context(base_url=address, **{**screen, **options})
        context.set_default_timeout(15_000)
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


def sign_in(page: Any, name: str, password: str) -> None:  # noqa: ANN401
    """Sign somebody in, as they would."""
    page.goto("/sign-in")
    page.fill("[name=name]", name)
    page.fill("[name=password]", password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/")
