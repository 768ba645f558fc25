"""The console on made-up conversations: accessible in light and dark, and photographed for the documents.

`--pictures FOLDER` writes the pictures (`make pictures`); without it the pages are walked all the same.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.console.generations import Generations
from bot.console.parts import Parts, parts_of
from bot.desk.turn_filters import TurnFilter
from bot.rehearsal.made_up.filling import Options, fill
from bot.settings import BotSettings
from bot.storage import Storage
from indexer.embedding import load_embedder
from indexer.folder_store import FolderStore
from indexer.live import LiveIndex
from indexer.settings import IndexSettings
from tests.browsing import PHONE, WIDE, served, sign_in
from tests.console_fixtures import SECRET
from tests.published_index import PublishedIndex

pytest_plugins = ["tests.browsing", "tests.published_index"]

Opened = Callable[..., Any]
UNTIL = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
SERIOUS = ("serious", "critical")


@dataclass(frozen=True)
class Demo:
    """A served console full of made-up conversations, and how its lead and admin sign in."""

    address: str
    parts: Parts
    lead: tuple[str, str]
    admin: tuple[str, str]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, real_index: PublishedIndex) -> Iterator[Demo]:
    """Give the console on a made-up fortnight, with the real index."""
    folder = tmp_path_factory.mktemp("demo")
    url = f"sqlite:///{folder / 'demo.db'}"
    embedder = load_embedder(IndexSettings(_env_file=None))
    filled = fill(
        url, real_index.answerer, embedder.encode_queries, embedder.fingerprint, UNTIL, Options(days=12, sellers=16)
    )
    store = FolderStore(real_index.data_dir)
    generations = Generations(store, LiveIndex(store, lambda: embedder), embedder)
    storage = Storage(url)
    settings = BotSettings(
        _env_file=None, data_dir=folder, console_secret=SECRET, support_hours="Mon-Fri 09:00-17:00, Sat 09:00-12:00"
    )
    parts = parts_of(settings, storage, generations, lambda: UNTIL, notice="Contoh: semua percakapan di sini karangan.")
    passwords = {person.role.value: (person.name, person.password) for person in filled.staff}
    with served(parts) as address:
        yield Demo(address, parts, passwords["lead"], passwords["admin"])
    storage.close()


@pytest.fixture
def pictures(request: pytest.FixtureRequest) -> Path | None:
    """Give the folder that pictures are written into, if any."""
    folder = str(request.config.getoption("--pictures"))
    if not folder:
        return None
    path: Path = request.config.invocation_params.dir / folder  # each test runs in a folder of its own
    path.mkdir(parents=True, exist_ok=True)
    return path


def paths(demo: Demo) -> dict[str, str]:
    """Return the pages that are looked at, each under its picture's name."""
    (turn, *_) = [
        one for one in demo.parts.conversations.page(TurnFilter(outcome="answered")).turns if len(one.sections) > 2
    ]
    return {
        "today": "/",
        "conversations": "/conversations",
        "one-conversation": f"/conversations/{turn.id}",
        "queues": "/queues",
        "disagreements": "/disagreements",
        "proposals": "/proposals",
        "gaps": "/gaps",
        "one-gap": f"/gaps/{demo.parts.gaps.all()[0].id}",
        "handoffs": "/handoffs",
        "one-handoff": f"/handoffs/{demo.parts.handoffs.closed()[0].id}",
        "numbers": "/numbers",
        "section": f"/sections/{turn.sections[0].section.replace('#', '%23')}?generation={turn.generation}",
        "account": "/account",
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_accessible(demo: Demo, opened: Opened, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe()
    page = opened(demo.address, WIDE, color_scheme=scheme)
    page.goto("/sign-in")
    found = _serious(axe.run(page).response)
    sign_in(page, *demo.admin)
    for path in (*paths(demo).values(), "/try", "/staff", "/audit", "/sections?text=komisi", "/nowhere"):
        page.goto(path)
        found += [f"{path}: {line}" for line in _serious(axe.run(page).response)]

    assert found == []


def test_the_pages_are_photographed(demo: Demo, opened: Opened, pictures: Path | None) -> None:
    page = opened(demo.address, WIDE, locale="id-ID")
    sign_in(page, *demo.lead)
    for name, path in paths(demo).items():
        page.goto(path)
        page.wait_for_load_state("networkidle")
        assert page.locator("main h1").count() == 1, path
        if pictures and name in ("conversations", "one-conversation", "gaps", "numbers", "queues"):
            page.screenshot(path=pictures / f"{name}.png")
    page.goto("/try")
    page.fill("[name=text]", "komisi baju anak sekarang berapa?")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".bubble.bot")
    if pictures:
        page.screenshot(path=pictures / "try.png")
    _photograph_chat(demo, opened, pictures)


def _photograph_chat(demo: Demo, opened: Opened, pictures: Path | None) -> None:
    page = opened(demo.address, PHONE, color_scheme="dark", device_scale_factor=2)
    sign_in(page, *demo.lead)
    page.goto(paths(demo)["one-handoff"])
    assert page.locator(".bubble").count() > 0
    if pictures:
        page.screenshot(path=pictures / "handoff-on-a-phone.png")


def _serious(response: dict[str, Any]) -> list[str]:
    assert response["passes"], "axe looked at nothing"
    return [
        f"{one['id']}: {one['help']} ({one['nodes'][0]['html'][:120]})"
        for one in response["violations"]
        if one["impact"] in SERIOUS
    ]
