"""The database itself: opening it, bringing it up to date, and transactions. SQLite or PostgreSQL."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from threading import Lock

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from bot.remembered import StorageError

MIGRATIONS = Path(__file__).parent / "migrations"
_FORMS = "sqlite:///path/to/file.db or postgresql://user:password@host/name"
_MIGRATION_LOCK = 815_2024  # any number that nobody else locks in the same PostgreSQL database
_PRAGMAS = (
    "busy_timeout = 10000",
    "journal_mode = WAL",
    "foreign_keys = ON",
    "secure_delete = ON",  # what was erased is not left in the file
)


class Database:
    """An open database that gives out transactions.

    One that is not `durable` does not wait for the disk: quick to fill, and nothing to keep what matters in.
    """

    def __init__(self, url: str, durable: bool = True) -> None:
        self._url = _readable(url)
        self._engine = _sqlite_engine(self._url, durable) if _is_sqlite(self._url) else _postgresql_engine(self._url)
        # SQLite takes one writer at a time and lets the others sleep in growing steps; here each goes on at once.
        self._one_writer: AbstractContextManager[object] = Lock() if _is_sqlite(self._url) else nullcontext()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection whose queries see one state."""
        with self._explained(), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection whose changes all happen, or none."""
        writer = self._engine.execution_options(writes=True)
        with self._explained(), self._one_writer, writer.begin() as connection:
            yield connection

    def migrate(self) -> None:
        """Bring the tables up to date, wholly or not at all; a second process waits meanwhile."""
        with self.writing() as connection:
            if not _is_sqlite(self._url):
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})")
            try:
                command.upgrade(alembic_config(connection), "head")
            except CommandError as error:
                raise StorageError(
                    f"The database {self._url!r} was made by another version of this program ({error}). "
                    "Run that version, or point DATABASE_URL to another database."
                ) from error

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except DatabaseError as error:
            # Of its kinds only these two mean that the database as a whole cannot be used.
            if type(error) is not DatabaseError and not isinstance(error, OperationalError):
                raise
            raise StorageError(
                f"The database {self._url!r} does not answer ({_first_line(error)}). "
                "Check DATABASE_URL, and that the server runs."
            ) from error


def alembic_config(connection: Connection) -> Config:
    """Return Alembic's settings for the migrations in this package, on that connection."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def insert_into(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Return an INSERT that can say what happens on a conflict, in the words of the database in use."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)


def _readable(text: str) -> URL:
    try:
        url = make_url(text)
    except ArgumentError as error:
        raise StorageError(f"DATABASE_URL is not a database URL. Write {_FORMS}.") from error
    if url.drivername in ("postgres", "postgresql"):
        return url.set(drivername="postgresql+psycopg")
    if url.drivername in ("sqlite", "sqlite+pysqlite", "postgresql+psycopg"):
        return url
    raise StorageError(f"DATABASE_URL begins with {url.drivername!r}, which is not supported. Write {_FORMS}.")


def _is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def _sqlite_engine(url: URL, durable: bool) -> Engine:
    if url.database in (None, "", ":memory:"):
        raise StorageError(
            f"DATABASE_URL names no file, so each thread would see a database of its own. Write {_FORMS}."
        )
    Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
    # Parameters are hidden because they are sellers' words, and errors are logged.
    engine = create_engine(url, hide_parameters=True)
    event.listen(engine, "connect", _prepare)
    if not durable:
        event.listen(engine, "connect", _wait_for_no_disk)
    event.listen(engine, "begin", _begin)
    return engine


def _postgresql_engine(url: URL) -> Engine:
    return create_engine(url, hide_parameters=True, pool_pre_ping=True)


def _prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver begins no transaction by itself; _begin does
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _wait_for_no_disk(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous = OFF")
    cursor.close()


def _begin(connection: Connection) -> None:
    # A transaction that first reads and then writes could not wait for another writer; so writers say it at once.
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _first_line(error: DatabaseError) -> str:
    return str(error.orig).strip().split("\n", 1)[0]
