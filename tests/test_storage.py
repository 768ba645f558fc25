from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from bot.answers import Answer, Candidate, Outcome
from bot.database import Database
from bot.remembered import NotTheirTurn, StorageError, StoredSection, StoredTurn
from bot.storage import Storage
from tests.answers_given import NOON, add, answered, asked_back

pytest_plugins = ["tests.databases"]


class Clock:
    """A clock that tests set."""

    now = NOON

    def __call__(self) -> datetime:
        return self.now


def stored(storage: Storage, turn_id: int) -> StoredTurn:
    turn = storage.turn(turn_id)
    assert turn is not None
    return turn


def test_a_seller_is_remembered_with_the_language_of_the_app(database_url: str) -> None:
    clock = Clock()
    storage = Storage(database_url, clock)
    storage.migrate()
    storage.remember_seller(2**40, "en-US")
    clock.now = NOON + timedelta(hours=1)
    seller = storage.remember_seller(2**40)
    storage.close()

    assert (seller.language, seller.app_language) == (None, "en-US")
    assert (seller.created_at, seller.last_seen_at) == (NOON, NOON + timedelta(hours=1))


def test_a_language_tag_of_any_length_is_taken(storage: Storage) -> None:
    assert storage.remember_seller(7, "x" * 100).app_language == "x" * 35


def test_an_unknown_seller_is_nobody(storage: Storage) -> None:
    assert storage.seller(7) is None


def test_the_chosen_language_stays_when_the_seller_comes_back(storage: Storage) -> None:
    storage.set_language(7, "id")
    storage.set_language(7, "en")
    storage.remember_seller(7, "id")
    seller = storage.seller(7)

    assert seller is not None
    assert (seller.language, seller.app_language) == ("en", "id")


def test_a_turn_comes_back_as_it_was_put_in(storage: Storage) -> None:
    later = NOON + timedelta(milliseconds=1234)
    turn_id = storage.add_turn(7, "telegram", "komisi brp?", answered(), NOON, later, understood="komisi berapa?")
    turn = stored(storage, turn_id)

    assert turn == StoredTurn(
        id=turn_id,
        chat_id=7,
        channel="telegram",
        asked="komisi brp?",
        understood="komisi berapa?",
        sent="Komisi 4% per 18 Mei 2026.",
        language="id",
        outcome=Outcome.ANSWERED,
        confidence=0.9,
        generation="20260601-1",
        asked_at=NOON,
        answered_at=later,
        latency_ms=1234,
        sections=(
            StoredSection("faqs/fees#commission", 0.91, True, {"dense": 0.8, "keywords": 1.0}),
            StoredSection("faqs/fees#shipping", 0.42, False, {"dense": 0.5}),
        ),
    )
    assert turn.asked_at.tzinfo is UTC


def test_the_options_of_a_question_back_are_kept(storage: Storage) -> None:
    turn_id = storage.add_turn(None, "terminal", "biaya?", asked_back(), NOON, NOON)
    turn = stored(storage, turn_id)

    assert [option.title for option in turn.options] == ["Komisi", "Ongkir"]
    assert (turn.chat_id, turn.outcome, turn.sections) == (None, Outcome.CLARIFY, ())


def test_a_section_cited_without_a_search_is_kept_too(storage: Storage) -> None:
    answer = Answer(
        Outcome.ANSWERED,
        "id",
        "Ini.",
        confidence=1,
        generation="1",
        citations=answered().citations,
        candidates=(Candidate("faqs/fees#shipping", 0.4), Candidate("faqs/fees#shipping", 0.3)),
    )
    sections = stored(storage, storage.add_turn(7, "telegram", "itu", answer, NOON, NOON)).sections

    assert [(section.section, section.score, section.cited) for section in sections] == [
        ("faqs/fees#shipping", 0.4, False),
        ("faqs/fees#shipping", 0.3, False),
        ("faqs/fees#commission", None, True),
    ]


def test_personal_data_is_masked_before_it_is_stored(storage: Storage) -> None:
    answer = answered("Baik, kami catat 0812-3456-7890. Kemendag: 0853-1111-1010.")
    turn_id = storage.add_turn(7, "telegram", "wa saya 081234567890", answer, NOON, NOON, understood="wa 081234567890")
    storage.rate(turn_id, 7, "not_right", "hubungi budi@gmail.com")
    turn = stored(storage, turn_id)

    assert (turn.asked, turn.understood) == ("wa saya [phone]", "wa [phone]")
    assert turn.sent == "Baik, kami catat [phone]. Kemendag: 0853-1111-1010."
    assert turn.ratings[0].reason == "hubungi [email]"


def test_words_that_no_database_takes_do_no_harm(storage: Storage) -> None:
    turn = stored(storage, add(storage, text="a\x00b \ud800 '; DROP TABLE turns; -- \u202e😅"))

    assert turn.asked == "a\ufffdb ? '; DROP TABLE turns; -- \u202e😅"


def test_a_message_of_sixty_thousand_characters_is_kept(storage: Storage) -> None:
    assert stored(storage, add(storage, text="kak " * 15_000)).asked == "kak " * 15_000


def test_times_of_other_zones_are_the_same_moment_in_utc(storage: Storage) -> None:
    jakarta = timezone(timedelta(hours=7))
    turn = stored(storage, add(storage, at=datetime(2026, 6, 1, 19, 0, tzinfo=jakarta)))

    assert turn.asked_at == NOON
    assert turn.asked_at.utcoffset() == timedelta(0)


def test_a_time_without_a_zone_is_refused(storage: Storage) -> None:
    with pytest.raises(Exception, match="has no time zone"):
        add(storage, at=datetime(2026, 6, 1))


def test_an_unknown_turn_is_none(storage: Storage) -> None:
    assert storage.turn(1) is None
    assert storage.turn_of_update(1) is None


def test_earlier_messages_are_the_last_ones_of_this_chat_oldest_first(storage: Storage) -> None:
    for minute, text in enumerate(["satu", "dua", "wa 081234567890", "empat"]):
        add(storage, text=text, at=NOON + timedelta(minutes=minute))
    add(storage, chat_id=8, text="orang lain", at=NOON + timedelta(minutes=4))

    before = NOON + timedelta(minutes=5)
    assert storage.earlier_messages(7, before=before) == ("dua", "wa [phone]", "empat")
    assert storage.earlier_messages(7, limit=1, before=before) == ("empat",)
    assert storage.earlier_messages(9, before=before) == ()


def test_what_was_asked_long_ago_or_later_is_no_earlier_message(storage: Storage) -> None:
    add(storage, text="tadi pagi", at=NOON - timedelta(minutes=31))
    add(storage, text="barusan", at=NOON - timedelta(minutes=30))
    add(storage, text="sekarang", at=NOON)

    assert storage.earlier_messages(7, before=NOON) == ("barusan",)


def test_earlier_messages_are_those_before_now(database_url: str) -> None:
    storage = Storage(database_url, Clock())
    storage.migrate()
    add(storage, text="tadi", at=NOON - timedelta(minutes=1))
    add(storage, text="nanti", at=NOON + timedelta(minutes=1))
    earlier = storage.earlier_messages(7)
    storage.close()

    assert earlier == ("tadi",)


def test_a_second_rating_replaces_the_first(storage: Storage) -> None:
    turn_id = add(storage)
    storage.rate(turn_id, 7, "not_right", "sudah lama")
    storage.rate(turn_id, 7, "right")

    assert [(rating.rating, rating.reason) for rating in stored(storage, turn_id).ratings] == [("right", None)]


def test_nobody_rates_or_escalates_a_turn_of_another_chat(storage: Storage) -> None:
    turn_id = add(storage, chat_id=7)
    terminal = add(storage, chat_id=None)
    for unowned in (turn_id, terminal, 9999):
        with pytest.raises(NotTheirTurn):
            storage.rate(unowned, 8, "right")
        with pytest.raises(NotTheirTurn):
            storage.ask_for_person(unowned, 8)

    turn = stored(storage, turn_id)
    assert (turn.ratings, turn.person_asked_at) == ((), None)


def test_a_person_is_asked_for_once(storage: Storage) -> None:
    turn_id = add(storage)

    assert storage.ask_for_person(turn_id, 7)
    first = stored(storage, turn_id).person_asked_at
    assert not storage.ask_for_person(turn_id, 7)
    assert first is not None
    assert stored(storage, turn_id).person_asked_at == first


def test_many_threads_write_at_once(storage: Storage) -> None:
    def talk(chat_id: int) -> int:
        storage.remember_seller(chat_id % 4, "id")
        storage.record_update(chat_id, chat_id, "{}")
        turn_id = storage.add_turn(chat_id, "telegram", "halo", answered(), NOON, NOON, update_id=chat_id)
        storage.complete_turn(turn_id, chat_id)
        return turn_id

    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(talk, range(40)))

    assert len(set(ids)) == 40
    assert storage.unfinished_updates(10) == []
    assert all(stored(storage, turn_id).message_id == chat_id for chat_id, turn_id in enumerate(ids))


def test_a_turn_id_is_never_given_twice(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 't.db'}"
    storage, database = Storage(url), Database(url)
    storage.migrate()
    first = add(storage)
    with database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM turns")
    second = add(storage)
    storage.close()
    database.close()

    assert second > first


def test_a_fault_of_the_database_does_not_repeat_the_seller_s_words(storage: Storage, database_url: str) -> None:
    database = Database(database_url)
    with database.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE turns RENAME TO gone")
    database.close()
    with pytest.raises(Exception, match="turns") as caught:
        add(storage, text="rahasia saya")

    assert "rahasia" not in str(caught.value)


def test_a_database_that_stays_locked_is_told_and_nothing_is_half_written(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 't.db'}"
    storage, other = Storage(url), Database(url)
    storage.migrate()
    with other.writing(), pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.database._PRAGMAS", ("busy_timeout = 10",))
        storage.close()  # the next connection has the short patience
        with pytest.raises(StorageError, match="database is locked"):
            add(storage)
    other.close()

    assert storage.chats(1) == []
    storage.close()
