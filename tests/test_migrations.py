import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from bot.database import Database, alembic_config
from bot.remembered import StorageError
from bot.storage import Storage
from bot.tables import metadata
from tests.answers_given import add

pytest_plugins = ["tests.databases"]


def _ours(name: str | None, kind: str, _: object) -> bool:
    """Tell whether SQLAlchemy knows of it: the full-text index is made by hand, in each database's own way."""
    if kind == "column":
        return name != "words"
    return kind not in ("table", "index") or not (name or "").removeprefix("ix_").startswith("turns_text")


def test_an_empty_database_becomes_the_one_that_the_program_means(database_url: str) -> None:
    database = Database(database_url)
    database.migrate()
    with database.reading() as connection:
        options = {"compare_type": True, "compare_server_default": True, "include_name": _ours}
        differences = compare_metadata(MigrationContext.configure(connection, opts=options), metadata)
        head = ScriptDirectory.from_config(alembic_config(connection)).get_current_head()
        current = MigrationContext.configure(connection).get_current_revision()
    database.close()

    assert differences == []
    assert current == head == "0003"


def test_the_checks_of_the_tables_are_made_too(database_url: str) -> None:
    # Alembic does not compare these.
    database = Database(database_url)
    database.migrate()
    with database.reading() as connection:
        made = {
            check["name"] for table in metadata.tables for check in inspect(connection).get_check_constraints(table)
        }
    database.close()

    meant = {
        check.name for table in metadata.tables.values() for check in table.constraints if hasattr(check, "sqltext")
    }
    assert made == meant


def test_migrating_again_keeps_what_is_there(storage: Storage) -> None:
    turn_id = add(storage)
    storage.migrate()

    assert storage.turn(turn_id) is not None


def test_two_processes_that_start_together_do_not_trip_over_each_other(database_url: str) -> None:
    faults: list[Exception] = []

    def start() -> None:
        opened = Storage(database_url)
        try:
            opened.migrate()
            opened.remember_seller(7, "id")
        except Exception as error:
            faults.append(error)
        finally:
            opened.close()

    starters = [threading.Thread(target=start) for _ in range(4)]
    for starter in starters:
        starter.start()
    for starter in starters:
        starter.join()

    assert faults == []


def test_a_migration_that_fails_leaves_nothing_behind(database_url: str) -> None:
    database = Database(database_url)
    with database.writing() as connection:
        connection.exec_driver_sql("CREATE TABLE person_requests (x INTEGER)")  # in the way of the last table
    with pytest.raises(Exception, match="already exists"):
        database.migrate()
    with database.reading() as connection:
        tables = inspect(connection).get_table_names()
    database.close()

    assert tables == ["person_requests"]


def test_a_database_of_a_later_version_is_refused_with_what_to_do(storage: Storage, database_url: str) -> None:
    database = Database(database_url)
    with database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    database.close()

    with pytest.raises(StorageError, match=r"another version of this program.*9999.*DATABASE_URL"):
        storage.migrate()


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("mysql://root@host/name", "begins with 'mysql'"),
        ("transcripts.db", "is not a database URL"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
    ],
)
def test_a_url_that_cannot_work_is_refused_with_what_would(url: str, found: str) -> None:
    with pytest.raises(StorageError, match=f"{found}.*postgresql://user:password@host/name"):
        Storage(url)


def test_a_server_that_is_not_there_is_named_without_the_password() -> None:
    storage = Storage("postgres://bot:hunter2@127.0.0.1:9/transcripts")
    with pytest.raises(StorageError, match="does not answer") as caught:
        storage.migrate()

    assert "hunter2" not in str(caught.value)


def test_the_migrations_are_found_wherever_the_program_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    storage = Storage("sqlite:///here 100%.db")
    storage.migrate()
    storage.close()

    assert (tmp_path / "here 100%.db").exists()
