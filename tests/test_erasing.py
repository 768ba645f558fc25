"""Erasing follows the data: what staff made of a seller's questions goes with these, and nothing else does."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import text

from bot.desk.gaps import Gaps
from bot.desk.handoffs import Handoffs
from bot.desk.people import People, Role
from bot.desk.proposals import Proposals
from bot.desk.queues import Kind, QueueRules, Queues
from bot.desk.reviewing import Judgement, Reason, Reviews, Verdict
from bot.storage import Storage
from indexer.embedding import Vectors
from tests.answers_given import NOON, add
from tests.answers_given import asked_back as vague

pytest_plugins = ["tests.databases"]


def encode(texts: Sequence[str]) -> Vectors:
    """Return the same vector for everything: all questions mean the same here."""
    return np.ones((len(texts), 1), dtype=np.float32)


@pytest.fixture
def turns(storage: Storage) -> dict[int, int]:
    """Give one turn each of sellers 7 and 8, both reviewed, in a queue, proposed, in a gap and handed over."""
    database = storage.database
    person = People(database, lambda: NOON).add("Rani", Role.LEAD, "kata sandi yang panjang")
    Queues(database, lambda: NOON).add(QueueRules("Semua", Kind.SAMPLE, members=(person.id,)))
    found = {}
    for chat_id in (7, 8):
        turn_id = storage.add_turn(chat_id, "telegram", f"rahasia{chat_id} zebra", vague(), NOON, NOON)
        Reviews(database).give(person, turn_id, Judgement(Verdict.WRONG, Reason.MISSING, note=f"catatan{chat_id}"))
        turn = storage.turn(turn_id)
        assert turn
        Proposals(database, encode).for_new_section(turn)
        handoff, _ = Handoffs(database, group=False).ask(chat_id, "id", turn)
        Handoffs(database, group=False).seller_wrote(handoff, f"pesan{chat_id}", chat_id)
        found[chat_id] = turn_id
    Queues(database).fill()
    Gaps(database, encode, "model", lambda: NOON).gather()
    return found


def everything_in(storage: Storage) -> str:
    """Return all that stands in all tables, as one text."""
    tables = ("turns", "reviews", "tasks", "proposals", "proposal_turns", "gaps", "gap_turns", "handoffs",
              "handoff_messages", "outbox", "audit")  # fmt: skip
    with storage.database.reading() as connection:
        return "\n".join(str(connection.execute(text(f"SELECT * FROM {name}")).all()) for name in tables)


def test_what_was_made_of_a_seller_s_questions_goes_with_them_and_is_counted(
    storage: Storage, turns: dict[int, int]
) -> None:
    erased = storage.erase(7)
    left = everything_in(storage)

    assert (erased.turns, erased.reviews, erased.proposals, erased.handoffs) == (1, 1, 1, 1)
    assert not any(words in left for words in ("rahasia7", "catatan7", "pesan7"))
    assert all(words in left for words in ("rahasia8", "catatan8", "pesan8"))
    (proposal,) = Proposals(storage.database, encode).all()
    assert [question.text for question in proposal.questions] == ["rahasia8 zebra"]
    (gap,) = Gaps(storage.database, encode, "model", lambda: NOON).all()
    assert [question.text for question in gap.questions] == ["rahasia8 zebra"]


def test_what_nobody_else_asked_is_gone_altogether(storage: Storage, turns: dict[int, int]) -> None:
    storage.erase(7)
    storage.erase(8)

    assert Proposals(storage.database, encode).all() == []
    assert Gaps(storage.database, encode, "model", lambda: NOON).all() == []
    assert "rahasia" not in everything_in(storage)


def test_nothing_of_it_is_left_in_the_file_of_the_database(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    storage = Storage(f"sqlite:///{path}")
    storage.migrate()
    for number in range(200):
        add(storage, chat_id=8, text=f"komisi nomor {number} berapa")
    add(storage, chat_id=7, text="wzhtgqprahasia sekali")
    add(storage, chat_id=8, text="yang lain")
    storage.erase(7)
    storage.close()

    left = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"wzhtgqprahasia" not in left
    assert b"yang lain" in left
