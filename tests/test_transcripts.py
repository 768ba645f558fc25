import json
from datetime import timedelta

import pytest

from bot import transcripts
from bot.storage import Storage
from tests.answers_given import NOON, add, asked_back

pytest_plugins = ["tests.databases"]


def minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


def test_the_last_conversations_come_first_each_once(storage: Storage) -> None:
    add(storage, chat_id=7, text="pertama", at=NOON)
    add(storage, chat_id=None, text="dari terminal", at=NOON + minutes(1))
    add(storage, chat_id=8, text="halo", at=NOON + minutes(2))
    last = add(storage, chat_id=7, text="wa 081234567890", at=NOON + minutes(3))
    chats = transcripts.latest(storage, limit=10)

    assert [(chat.chat_id, chat.turns) for chat in chats] == [(7, 2), (8, 1), (None, 1)]
    assert (chats[0].first_at, chats[0].last_at) == (NOON, NOON + minutes(3))
    assert (chats[0].last.id, chats[0].last.asked) == (last, "wa [phone]")
    assert [chat.chat_id for chat in transcripts.latest(storage, limit=1)] == [7]


def test_a_conversation_is_found_by_any_of_its_turns(storage: Storage) -> None:
    ids = [add(storage, text=str(minute), at=NOON + minutes(minute)) for minute in range(5)]
    add(storage, chat_id=8, at=NOON + minutes(2))
    add(storage, chat_id=None, at=NOON + minutes(2))

    assert [turn.id for turn in transcripts.conversation(storage, ids[3])] == ids
    assert [turn.id for turn in transcripts.conversation(storage, ids[3], around=1)] == ids[2:5]
    assert transcripts.conversation(storage, 9999) == []


def test_turns_of_the_same_moment_keep_the_order_in_which_they_came(storage: Storage) -> None:
    ids = [add(storage) for _ in range(4)]

    assert [turn.id for turn in transcripts.conversation(storage, ids[1], around=1)] == ids[:3]


def test_the_terminal_is_one_conversation(storage: Storage) -> None:
    ids = [add(storage, chat_id=None, at=NOON + minutes(minute)) for minute in range(2)]
    add(storage, chat_id=7)

    assert [turn.id for turn in transcripts.conversation(storage, ids[0])] == ids


def test_the_export_has_all_turns_of_the_time_and_no_others(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.storage._BATCH", 2)
    ids = [add(storage, chat_id=minute, at=NOON + minutes(minute // 2)) for minute in range(8)]
    rows = list(transcripts.export(storage, NOON + minutes(1), NOON + minutes(3)))

    assert [row["id"] for row in rows] == ids[2:6]
    assert list(transcripts.export(storage, NOON + minutes(9), NOON + minutes(10))) == []


def test_a_line_of_the_export_is_json_with_everything(storage: Storage) -> None:
    turn_id = add(storage, text="komisi brp? 081234567890")
    storage.rate(turn_id, 7, "not_right", "lama")
    storage.ask_for_person(turn_id, 7)
    (row,) = transcripts.export(storage, NOON, NOON + minutes(1))
    line = json.loads(json.dumps(row))

    assert (line["asked"], line["outcome"], line["asked_at"]) == (
        "komisi brp? [phone]",
        "answered",
        "2026-06-01T12:00:00+00:00",
    )
    assert line["sections"][0] == {
        "section": "faqs/fees#commission",
        "score": 0.91,
        "cited": True,
        "methods": {"dense": 0.8, "keywords": 1.0},
        "then": {},
    }
    assert line["ratings"][0]["rating"] == "not_right"
    assert line["person_asked_at"].endswith("+00:00")


def test_a_conversation_reads_as_what_was_asked_and_sent_and_why(storage: Storage) -> None:
    turn_id = add(storage, text="komisi\nbrp?")
    storage.add_turn(7, "telegram", "biaya", asked_back(), NOON + minutes(1), NOON + minutes(1))
    storage.set_message_id(turn_id, 31)
    storage.rate(turn_id, 7, "not_right", "lama")
    text = transcripts.conversation_as_text(transcripts.conversation(storage, turn_id))

    assert text.splitlines()[:7] == [
        f"#{turn_id}  2026-06-01 19:00  telegram  id  answered  confidence 0.90  0 ms  generation 20260601-1",
        "  asked    komisi",
        "           brp?",
        "  sent     Komisi 4% per 18 Mei 2026.",
        "  cited    0.910  faqs/fees#commission  (dense 0.800, keywords 1.000)",
        "  near     0.420  faqs/fees#shipping  (dense 0.500)",
        "  rated    not_right: lama",
    ]
    assert "  option   Ongkir (faqs/fees#shipping)" in text
    assert text.count("not known to have been sent") == 1


def test_the_list_shows_one_short_line_a_conversation(storage: Storage) -> None:
    assert transcripts.list_as_text([]) == "No conversations yet."
    turn_id = add(storage, text="komisi\n" + "kak " * 50)
    head, line = transcripts.list_as_text(transcripts.latest(storage)).splitlines()

    assert head.split()[:2] == ["turn", "last,"]
    assert line.split()[:5] == [str(turn_id), "2026-06-01", "19:00", "1", "answered"]
    assert line.endswith("…")
    assert len(line) < 130
