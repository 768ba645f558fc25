from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.desk import conversations as conversations_module
from bot.desk.conversations import Conversations
from bot.desk.turn_filters import TurnFilter
from bot.storage import Storage
from tests.answers_given import NOON
from tests.desk_given import say, turn_of

pytest_plugins = ["tests.databases"]

ALL = TurnFilter()


@pytest.fixture
def book(storage: Storage) -> Conversations:
    return Conversations(storage.database)


def found(book: Conversations, words: str) -> list[int]:
    return sorted(turn.id for turn in book.page(TurnFilter(text=words)).turns)


# The list


def test_the_list_is_newest_first_by_the_time_of_the_question(storage: Storage, book: Conversations) -> None:
    middle = say(storage, at=NOON)
    newest = say(storage, at=NOON + timedelta(hours=1))
    oldest = say(storage, at=NOON - timedelta(hours=1))
    twin = say(storage, at=NOON)

    page = book.page(ALL)
    assert [turn.id for turn in page.turns] == [newest, twin, middle, oldest]
    assert (page.next, page.previous) == (False, False)


def test_a_turn_of_the_list_has_all_that_belongs_to_it(storage: Storage, book: Conversations) -> None:
    turn_id = say(storage)
    storage.rate(turn_id, 7, "not_right", "incorrect")

    assert book.page(ALL).turns == (turn_of(storage, turn_id),)
    assert book.turn(turn_id) == turn_of(storage, turn_id)
    assert book.turn(turn_id + 1) is None


@pytest.mark.parametrize("wanted", [ALL, TurnFilter(language="en"), TurnFilter(text="komisi")])
def test_pages_follow_each_other_both_ways_without_a_gap_or_a_double(
    storage: Storage, book: Conversations, wanted: TurnFilter
) -> None:
    for number in range(23):  # several in the same moment, and ids that do not follow the times
        at = NOON + timedelta(minutes=(number * 7) % 5)
        say(storage, at=at, language="en" if number % 2 else "id")
    whole = [turn.id for turn in book.page(wanted, limit=100).turns]

    down, page = [], book.page(wanted, limit=3)
    pages = [page]
    while True:
        down += [turn.id for turn in page.turns]
        if not page.next:
            break
        page = book.page(wanted, older_than=page.turns[-1].id, limit=3)
        pages.append(page)
    assert down == whole
    assert [page.previous for page in pages] == [False] + [True] * (len(pages) - 1)

    up = [turn.id for turn in page.turns]
    while page.previous:
        page = book.page(wanted, newer_than=page.turns[0].id, limit=3)
        assert page.next
        up = [*(turn.id for turn in page.turns), *up]
    assert up == whole


def test_a_page_beside_a_turn_that_is_gone_is_the_first_one(storage: Storage, book: Conversations) -> None:
    turn_id = say(storage)

    for place in ({"older_than": 99}, {"newer_than": 99}):
        page = book.page(ALL, **place)
        assert ([turn.id for turn in page.turns], page.next, page.previous) == ([turn_id], False, False)


def test_what_comes_while_somebody_reads_moves_no_page(storage: Storage, book: Conversations) -> None:
    turns = [say(storage, at=NOON + timedelta(minutes=number)) for number in range(6)]
    first = book.page(ALL, limit=3)
    say(storage, at=NOON + timedelta(hours=1))

    assert [turn.id for turn in book.page(ALL, older_than=first.turns[-1].id).turns] == turns[2::-1]


def test_an_empty_database_is_an_empty_page(book: Conversations) -> None:
    page = book.page(ALL)

    assert (page.turns, page.next, page.previous) == ((), False, False)
    assert list(book.all(ALL)) == []
    assert book.count(ALL) == 0


def test_the_neighbours_of_a_turn_are_those_that_are_wanted(storage: Storage, book: Conversations) -> None:
    oldest, middle, other, newest = (
        say(storage, at=NOON + timedelta(minutes=minute), language=language)
        for minute, language in [(0, "id"), (1, "id"), (1, "en"), (2, "id")]
    )

    assert book.neighbours(ALL, middle) == (other, oldest)
    assert book.neighbours(TurnFilter(language="id"), middle) == (newest, oldest)
    assert book.neighbours(TurnFilter(language="id"), other) == (newest, middle)  # it need not be wanted itself
    assert book.neighbours(ALL, newest) == (None, other)
    assert book.neighbours(ALL, oldest) == (middle, None)
    assert book.neighbours(ALL, 99) == (None, None)


def test_turns_are_counted_up_to_a_limit(storage: Storage, book: Conversations) -> None:
    for _ in range(4):
        say(storage)
    say(storage, language="en")

    assert [book.count(ALL), book.count(ALL, most=3), book.count(TurnFilter(language="en"))] == [5, 3, 1]


def test_all_that_is_wanted_comes_in_batches_newest_first(
    storage: Storage, book: Conversations, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversations_module, "_BATCH", 4)
    turns = [say(storage, at=NOON + timedelta(minutes=number // 3), asked=f"komisi {number}") for number in range(12)]
    say(storage, asked="ongkir", sent="?")

    assert [turn.id for turn in book.all(TurnFilter(text="komisi"))] == turns[::-1]
    assert len(list(book.all(ALL))) == 13


def test_a_conversation_is_read_around_a_turn_oldest_first(storage: Storage, book: Conversations) -> None:
    mine = [say(storage, at=NOON + timedelta(minutes=number)) for number in range(5)]
    say(storage, chat_id=8, at=NOON + timedelta(minutes=2))

    assert [turn.id for turn in book.around(turn_of(storage, mine[2]), 1)] == mine[1:4]
    assert [turn.id for turn in book.around(turn_of(storage, mine[2]))] == mine


# Full-text search


def test_a_search_finds_words_of_question_and_answer_in_any_order(storage: Storage, book: Conversations) -> None:
    turn_id = say(storage, asked="Berapa komisi sekarang?", sent="Per 18 Mei 2026: 9,25%, paling banyak Rp650.000.")
    say(storage, asked="ongkir?", sent="Gratis.")

    for words in ("komisi", "sekarang komisi", "mei berapa", "9,25%", "25", "Rp650.000", "2026", "18 Mei 2026:"):
        assert found(book, words) == [turn_id], words
    for words in ("komisi ongkir", "komisi tidak ada", "omisi"):
        assert found(book, words) == [], words


def test_a_search_finds_the_beginning_of_words(storage: Storage, book: Conversations) -> None:
    turn_id = say(storage, asked="komisinya tokopedia", sent="?")

    assert found(book, "komi") == found(book, "tok komisi") == [turn_id]
    assert found(book, "pedia") == []


def test_a_word_of_one_or_two_letters_means_no_longer_ones(storage: Storage, book: Conversations) -> None:
    short, _ = say(storage, asked="di k", sent="?"), say(storage, asked="komisi dihitung", sent="?")

    assert found(book, "k") == found(book, "di") == [short]


@pytest.mark.parametrize("words", ["KOMISI", "Komisi", "kómisi", "komi\u0301si", "ＫＯＭＩＳＩ"])
def test_capitals_and_accents_do_not_count(storage: Storage, book: Conversations, words: str) -> None:
    plain, accented = say(storage, asked="komisi", sent="?"), say(storage, asked="KÓMISI", sent="?")

    assert found(book, words) == [plain, accented]


def test_other_scripts_are_found_too(storage: Storage, book: Conversations) -> None:
    turn_id = say(storage, asked="комиссия 手数料 عمولة", sent="😅")

    for word in ("комиссия", "КОМ", "手数料", "عمولة"):
        assert found(book, word) == [turn_id], word


@pytest.mark.parametrize(
    "words",
    [
        '"komisi"', 'komisi "', "komisi*", "*komisi", "komisi:", "-komisi", "^komisi", "(komisi", "komisi + -",
        "komisi & | !", "komisi <->", "'komisi'", "komisi\\", "komisi:*", "{komisi}", "komisi;", "komisi\n\tkomisi",
    ],
)  # fmt: skip
def test_the_signs_of_a_search_language_say_nothing(storage: Storage, book: Conversations, words: str) -> None:
    turn_id = say(storage, asked="komisi", sent="?")

    assert found(book, words) == [turn_id]


@pytest.mark.parametrize(
    "words", ["komisi NOT ongkir", "komisi OR ongkir", "NEAR(komisi ongkir)", "asked:komisi", "komisi:A", "komisi AND"]
)
def test_the_words_of_a_search_language_are_plain_words(storage: Storage, book: Conversations, words: str) -> None:
    turn_id = say(storage, asked="a and or not near asked komisi ongkir", sent="?")
    say(storage, asked="komisi", sent="?")

    assert found(book, words) == [turn_id]


@pytest.mark.parametrize("words", ["?", '""', "*", "-", ":", "😅", "( )"])
def test_a_search_without_a_word_finds_nothing(storage: Storage, book: Conversations, words: str) -> None:
    say(storage, asked="? * - : 😅", sent="?")

    assert found(book, words) == []


def test_only_the_first_words_of_a_long_search_count(storage: Storage, book: Conversations) -> None:
    turn_id = say(storage, asked="a b c d e f g h", sent="?")

    assert found(book, "a b c d e f g h i") == [turn_id]


def test_only_masked_words_can_be_found(storage: Storage, book: Conversations) -> None:
    turn_id = say(storage, asked="wa saya 081234567890", sent="Baik, 081234567890.")

    assert found(book, "wa saya phone") == [turn_id]
    assert found(book, "081234567890") == found(book, "0812") == []


def test_a_turn_that_is_answered_again_is_found_by_its_new_words_only(storage: Storage, book: Conversations) -> None:
    storage.record_update(1, 7, "{}")
    say(storage, asked="lama", sent="?", more={"update_id": 1})
    turn_id = say(storage, asked="baru", sent="?", more={"update_id": 1})

    assert (found(book, "lama"), found(book, "baru")) == ([], [turn_id])


def test_what_was_erased_is_found_no_more(storage: Storage, book: Conversations) -> None:
    say(storage, asked="rahasiaku", sent="?", chat_id=7)
    other = say(storage, asked="rahasiamu", sent="?", chat_id=8)
    storage.erase(7)

    assert (found(book, "rahasiaku"), found(book, "rahasia")) == ([], [other])


def test_what_was_erased_is_not_in_the_index_of_sqlite_any_more(storage: Storage, book: Conversations) -> None:
    with storage.database.reading() as connection:
        if connection.dialect.name != "sqlite":
            pytest.skip("PostgreSQL indexes the turns themselves")
    for number in range(20):
        say(storage, asked=f"rahasiaku {number}", sent="?", chat_id=7)
        say(storage, asked="biasa", sent="?", chat_id=8)
    storage.erase(7)
    with storage.database.writing() as connection:
        counted = connection.execute(text("SELECT count(*) FROM turns_text WHERE turns_text MATCH 'rahasiaku'"))
        assert counted.scalar_one() == 0
        connection.execute(text("INSERT INTO turns_text(turns_text) VALUES ('integrity-check')"))
