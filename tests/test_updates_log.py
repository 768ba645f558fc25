import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.database import Database
from bot.storage import Storage
from bot.tables import updates
from bot.updates_log import MOST_ATTEMPTS
from tests.answers_given import NOON, answered

pytest_plugins = ["tests.databases"]

PAYLOAD = '{"update_id": 5, "message": {"text": "wa saya 081234567890"}}'


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    yield opened
    opened.close()


def row(database: Database, update_id: int = 5) -> tuple[str, str | None, int]:
    with database.reading() as connection:
        found = connection.execute(select(updates).where(updates.c.update_id == update_id)).one()
        return found.state, found.payload, found.attempts


def answer_to(storage: Storage, update_id: int, markup: str = "Baik.") -> int:
    return storage.add_turn(7, "telegram", "komisi?", answered(markup), NOON, NOON, update_id=update_id)


def test_an_update_is_recorded_once(storage: Storage) -> None:
    assert storage.record_update(5, 7, PAYLOAD)
    assert not storage.record_update(5, 7, "something else")

    assert storage.unfinished_updates(10) == [(5, PAYLOAD)]


def test_unfinished_updates_come_in_their_order(storage: Storage) -> None:
    for update_id in (9, 5, 2**40, 7):
        storage.record_update(update_id, None, str(update_id))
    storage.start_update(5)
    storage.finish_update(7)

    assert storage.unfinished_updates(10) == [(5, "5"), (9, "9"), (2**40, str(2**40))]
    assert storage.unfinished_updates(1) == [(5, "5")]


def test_the_words_stay_until_the_update_is_done_and_not_longer(storage: Storage, database: Database) -> None:
    storage.record_update(5, 7, PAYLOAD)
    storage.start_update(5)
    assert row(database) == ("working", PAYLOAD, 1)

    storage.finish_update(5)
    assert row(database) == ("done", None, 1)


def test_erased_words_are_not_left_in_the_sqlite_file(tmp_path: Path) -> None:
    file = tmp_path / "transcripts.db"
    storage = Storage(f"sqlite:///{file}")
    storage.migrate()
    storage.record_update(5, 7, PAYLOAD)
    storage.finish_update(5)
    storage.close()

    assert b"081234567890" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())


def test_each_attempt_is_counted(storage: Storage) -> None:
    storage.record_update(5, 7, PAYLOAD)

    assert [storage.start_update(5) for _ in range(3)] == [1, 2, 3]


def test_what_is_done_or_unknown_is_not_started(storage: Storage, database: Database) -> None:
    storage.record_update(5, 7, PAYLOAD)
    storage.finish_update(5)

    assert storage.start_update(5) == 0
    assert storage.start_update(6) == 0
    assert row(database)[0] == "done"


def test_a_failed_update_is_tried_again(storage: Storage, database: Database) -> None:
    storage.record_update(5, 7, PAYLOAD)
    storage.start_update(5)

    assert storage.fail_update(5)
    assert row(database) == ("failed", PAYLOAD, 1)
    assert storage.unfinished_updates(10) == [(5, PAYLOAD)]


def test_an_update_that_fails_every_time_is_given_up_and_erased(storage: Storage, database: Database) -> None:
    storage.record_update(5, 7, PAYLOAD)
    outcomes = []
    for _ in range(MOST_ATTEMPTS):
        storage.start_update(5)
        outcomes.append(storage.fail_update(5))

    assert outcomes == [True] * (MOST_ATTEMPTS - 1) + [False]
    assert row(database) == ("failed", None, MOST_ATTEMPTS)
    assert storage.unfinished_updates(10) == []


def test_a_late_failure_does_not_reopen_what_is_done(storage: Storage, database: Database) -> None:
    storage.record_update(5, 7, PAYLOAD)
    storage.finish_update(5)

    assert not storage.fail_update(5)
    assert row(database)[0] == "done"


def test_sent_and_done_come_together(storage: Storage, database: Database) -> None:
    storage.record_update(5, 7, PAYLOAD)
    storage.start_update(5)
    turn_id = answer_to(storage, 5)
    assert storage.unfinished_updates(10) == [(5, PAYLOAD)]

    storage.complete_turn(turn_id, message_id=31)

    turn = storage.turn(turn_id)
    assert turn is not None
    assert turn.message_id == 31
    assert row(database) == ("done", None, 1)


def test_where_done_cannot_be_noted_sent_is_not_noted_either(
    storage: Storage, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage.record_update(5, 7, PAYLOAD)
    turn_id = answer_to(storage, 5)

    def break_off(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("bot.updates_log.finish", break_off)
    with pytest.raises(KeyboardInterrupt):
        storage.complete_turn(turn_id, message_id=31)

    turn = storage.turn(turn_id)
    assert turn is not None
    assert turn.message_id is None
    assert row(database)[1] == PAYLOAD


def test_an_update_answered_again_after_a_crash_keeps_its_turn(storage: Storage) -> None:
    storage.record_update(5, 7, PAYLOAD)
    before = answer_to(storage, 5, "Lama.")
    after = answer_to(storage, 5, "Baru.")

    turn = storage.turn_of_update(5)
    assert before == after
    assert turn is not None
    assert (turn.id, turn.sent, len(turn.sections)) == (before, "Baru.", 2)


def test_what_was_sent_is_not_rewritten(storage: Storage) -> None:
    storage.record_update(5, 7, PAYLOAD)
    turn_id = answer_to(storage, 5, "Lama.")
    storage.set_message_id(turn_id, 31)

    assert answer_to(storage, 5, "Baru.") == turn_id
    turn = storage.turn(turn_id)
    assert turn is not None
    assert turn.sent == "Lama."


def test_settled_updates_are_forgotten_and_their_turns_stay(storage: Storage) -> None:
    for update_id in (5, 6, 7):
        storage.record_update(update_id, 7, PAYLOAD)
    turn_id = answer_to(storage, 5)
    storage.complete_turn(turn_id, 31)
    storage.finish_update(6)

    now = datetime.now(UTC)
    assert storage.forget_updates_before(now - timedelta(days=1)) == 0
    assert storage.forget_updates_before(now + timedelta(seconds=1)) == 2

    turn = storage.turn(turn_id)
    assert turn is not None
    assert turn.update_id is None
    assert storage.unfinished_updates(10) == [(7, PAYLOAD)]
    assert storage.record_update(5, 7, "the number, given again months later")


def test_a_process_killed_while_it_writes_loses_nothing_that_it_had_recorded(
    storage: Storage, database_url: str
) -> None:
    program = """
import os, signal, sys
from bot.storage import Storage
from bot import updates_log
storage = Storage(sys.argv[1])
storage.record_update(5, 7, "kept")
storage.start_update(5)
with storage._database.writing() as connection:
    updates_log.finish(connection, 5, storage._clock())
    os.kill(os.getpid(), signal.SIGKILL)
"""
    ended = subprocess.run([sys.executable, "-c", program, database_url], check=False, timeout=60)

    assert ended.returncode == -signal.SIGKILL
    assert storage.unfinished_updates(10) == [(5, "kept")]
    assert storage.start_update(5) == 2
