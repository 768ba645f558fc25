"""Staff for tests of the support desk. Use with `pytest_plugins = ["tests.databases", "tests.desk_staff"]`."""

from collections.abc import Iterator, Sequence

import argon2
import pytest

from bot.desk import people as people_module
from bot.desk.people import People, Person, Role
from bot.storage import Storage
from indexer.sections import LANGUAGES, Language
from tests.desk_given import PASSWORD, Clock, Join


@pytest.fixture
def clock() -> Clock:
    """Give a clock that stands at noon, UTC, of the first of June 2026."""
    return Clock()


@pytest.fixture
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hash passwords with as little work as Argon2 allows: it is slow by design."""
    monkeypatch.setattr(people_module, "PasswordHasher", lambda: argon2.PasswordHasher(1, 8, 1))
    people_module._nobody.cache_clear()
    yield
    people_module._nobody.cache_clear()


@pytest.fixture
def people(storage: Storage, cheap_passwords: None, clock: Clock) -> People:
    """Give the staff of an empty database."""
    return People(storage.database, clock)


@pytest.fixture
def join(people: People) -> Join:
    """Give what adds somebody to the staff."""

    def add(name: str, role: Role = Role.REVIEWER, reads: Sequence[Language] = LANGUAGES) -> Person:
        return people.add(name, role, PASSWORD, reads)

    return add
