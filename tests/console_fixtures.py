"""A console with staff, for tests over HTTP. Use with `pytest_plugins = ["tests.console_fixtures"]`."""

import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from httpx2 import Response
from starlette.testclient import TestClient

from bot.answerer import Answerer
from bot.answers import Question
from bot.console.app import application
from bot.console.generations import Generations
from bot.console.parts import Parts, parts_of
from bot.desk.people import People, Person, Role
from bot.settings import BotSettings
from bot.storage import Storage
from indexer.building import build, gather
from indexer.embedding import load_embedder
from indexer.folder_store import FolderStore
from indexer.live import LiveIndex
from indexer.sections import LANGUAGES, Language
from indexer.settings import IndexSettings
from tests.published_index import PublishedIndex
from tests.sample_knowledge import TODAY, write_knowledge

pytest_plugins = ["tests.small_index"]

SITE = "https://console.test"
SECRET = "a secret for tests only: 7Kq2mZ9wXr4tLb8vNc3s"
PASSWORD = "sandi untuk uji coba 42"
NOW = datetime(2026, 6, 10, 3, 0, tzinfo=UTC)  # ten in the morning in Jakarta


@dataclass
class Clock:
    """A clock that stands until it is set."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def forward(self, span: timedelta) -> None:
        self.now += span


@dataclass
class Browser:
    """Somebody's browser: it keeps cookies, and sends forms with their token and where they come from."""

    client: TestClient
    person: Person | None = None
    token: str = ""

    def get(self, path: str) -> Response:
        return self.client.get(path)

    def post(self, path: str, **fields: str | Sequence[str]) -> Response:
        """Send a form as a page of the console does."""
        return self.client.post(path, data={"form_token": self.token, **fields}, headers={"origin": SITE})

    def sign_in(self, name: str, password: str = PASSWORD, there: str = "/") -> Response:
        reply = self.client.post(
            "/sign-in", data={"name": name, "password": password, "next": there}, headers={"origin": SITE}
        )
        if reply.status_code == 303:
            found = re.search(r'name="form_token" value="(\w+)"', self.get("/account").text)
            self.token = found[1] if found else ""
        return reply


@dataclass
class Desk:
    """The console that is tested, what it works with, and who works there."""

    parts: Parts
    storage: Storage
    clock: Clock
    answerer: Answerer
    client: Callable[[], TestClient]
    people: dict[str, Person]

    def browser(self, name: str | None = None) -> Browser:
        """Return a browser, signed in as somebody of the staff if a name is given."""
        browser = Browser(self.client())
        if name:
            browser.person = self.people[name]
            assert browser.sign_in(name).status_code == 303
        return browser

    def asked(self, text: str, chat_id: int | None = 7, ago: timedelta = timedelta(hours=1)) -> int:
        """Let a seller ask something, and return the turn's id."""
        at = self.clock() - ago
        answer = self.answerer.answer(Question(text, at.date()))
        return self.storage.add_turn(
            chat_id, "telegram" if chat_id else "terminal", text, answer, at, at + timedelta(milliseconds=9)
        )


@contextmanager
def quick_passwords() -> Iterator[None]:
    """Hash passwords quickly meanwhile: argon2 is slow on purpose."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.desk.people.PasswordHasher", lambda: PasswordHasher(1, 8, 1))
        yield


@pytest.fixture(scope="session")
def generations(small_index: PublishedIndex) -> Generations:
    """Give the generations of the sample knowledge."""
    embedder = load_embedder(IndexSettings(_env_file=None))
    store = FolderStore(small_index.data_dir)
    return Generations(store, LiveIndex(store, lambda: embedder), embedder)


@pytest.fixture(scope="session")
def staffed_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the file of a database with staff and nothing else, made once."""
    path = tmp_path_factory.mktemp("staffed") / "desk.db"
    storage = Storage(f"sqlite:///{path}")
    storage.migrate()
    with quick_passwords():
        add_staff(People(storage.database, Clock()))
    storage.close()
    return path


@pytest.fixture
def desk(tmp_path: Path, staffed_database: Path, generations: Generations, plain_decisions: None) -> Iterator[Desk]:
    """Give a console with a few people, and no conversations yet."""
    shutil.copy(staffed_database, tmp_path / "desk.db")
    storage = Storage(f"sqlite:///{tmp_path / 'desk.db'}")
    with quick_passwords():
        yield open_desk(storage, tmp_path, generations)
    storage.close()


@pytest.fixture(scope="session")
def two_generations(tmp_path_factory: pytest.TempPathFactory) -> tuple[Generations, str]:
    """Give generations of which the unpublished one says another commission, and its name."""
    folder = tmp_path_factory.mktemp("two")
    knowledge = write_knowledge(folder / "knowledge")
    embedder = load_embedder(IndexSettings(_env_file=None))
    store = FolderStore(folder / "data")
    ingredients = replace(gather(knowledge, folder), questions=())
    store.point_to(build(store, ingredients, embedder, TODAY, lambda *_: None).name)
    sections = dict(ingredients.snapshot.sections)
    section = sections["faqs/payouts#when-paid"]
    texts = {
        language: replace(text, body="Saldo cair dalam tujuh belas jam.") for language, text in section.texts.items()
    }
    sections[section.id] = replace(section, texts=texts)
    snapshot = replace(ingredients.snapshot, sections=sections)
    other = build(store, replace(ingredients, snapshot=snapshot), embedder, TODAY, lambda *_: None).name
    return Generations(store, LiveIndex(store, lambda: embedder), embedder), other


@pytest.fixture
def two(
    tmp_path: Path, staffed_database: Path, two_generations: tuple[Generations, str], plain_decisions: None
) -> Iterator[tuple[Desk, str]]:
    """Give a console on two generations, and the name of the unpublished one."""
    (tmp_path / "two.db").write_bytes(staffed_database.read_bytes())
    storage = Storage(f"sqlite:///{tmp_path / 'two.db'}")
    with quick_passwords():
        yield open_desk(storage, tmp_path, two_generations[0]), two_generations[1]
    storage.close()


def add_staff(people: People) -> None:
    """Add one person of each role, and a second reviewer who reads Indonesian only."""
    staff: list[tuple[str, Role, tuple[Language, ...]]] = [
        ("Rani", Role.REVIEWER, LANGUAGES),
        ("Budi", Role.REVIEWER, ("id",)),
        ("Lina", Role.LEAD, LANGUAGES),
        ("Ayu", Role.ADMIN, LANGUAGES),
    ]
    for name, role, reads in staff:
        people.change(people.add(name, role, PASSWORD, reads).id, language="en")


def open_desk(storage: Storage, folder: Path, generations: Generations) -> Desk:
    """Return the console on a database with staff."""
    clock = Clock()
    settings = BotSettings(
        _env_file=None, data_dir=folder / "data", console_secret=SECRET, support_hours="Mon-Fri 09:00-17:00"
    )
    parts = parts_of(settings, storage, generations, clock)
    app = application(parts)

    def client() -> TestClient:
        return TestClient(app, base_url=SITE, follow_redirects=False, raise_server_exceptions=False)

    answerer = Answerer(lambda: generations.retriever(generations.published))
    return Desk(parts, storage, clock, answerer, client, {person.name: person for person in parts.people.all()})


def with_role(desk: Desk, role: Role) -> Browser:
    """Return a browser of somebody with exactly that role."""
    name = next(name for name, person in desk.people.items() if person.role is role)
    return desk.browser(name)


def text_of(reply: Response) -> str:
    """Return a page without its tags, spaces put together."""
    return " ".join(re.sub(r"<[^>]+>", " ", reply.text).split())
