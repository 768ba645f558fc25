import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from sqlalchemy import delete, insert, select, update

from bot.answers import Answer, Decision, Outcome
from bot.desk import gaps as gaps_module
from bot.desk.gaps import LOOKED_BACK, Asked, Gap, Gaps, forget_empty
from bot.desk.outbox import Kind, Letter, Outbox
from bot.desk.people import Refused
from bot.desk.proposals import LONGEST_ANSWER
from bot.desk.reviewing import Judgement, Reviews, Verdict
from bot.desk.tables import gap_turns, gaps
from bot.storage import Storage
from bot.tables import turns
from indexer.embedding import Vectors
from tests.answers_given import NOON
from tests.desk_given import Clock, Join, by_first_word, say

pytest_plugins = ["tests.databases", "tests.desk_staff"]

ANSWERS = ("Dua hari.", "Two days.")


@pytest.fixture
def book(storage: Storage, clock: Clock) -> Gaps:
    return Gaps(storage.database, by_first_word, "one", clock)


def declined(storage: Storage, text: str, chat_id: int | None = 7, **values: object) -> int:
    """Store a question that found no answer."""
    said = {"outcome": Outcome.DECLINED, "decision": Decision.NOTHING, **values}
    return say(storage, asked=text, chat_id=chat_id, **said)


def got(book: Gaps, gap_id: int) -> Gap:
    gap = book.get(gap_id)
    assert gap is not None
    return gap


def words(book: Gaps, state: str = "open") -> list[list[str]]:
    return [[question.text for question in gap.questions] for gap in book.all(state)]


def letters(storage: Storage) -> list[Letter]:
    return Outbox(storage.database).waiting(to_group=False)


# What is a gap


def test_what_was_declined_or_asked_back_is_a_gap(storage: Storage, book: Gaps) -> None:
    declined(storage, "komisi affiliate")
    declined(storage, "ongkir luar negeri", outcome=Outcome.CLARIFY, decision=Decision.NEAR)
    declined(storage, "berapa", outcome=Outcome.CLARIFY, decision=Decision.VAGUE)
    say(storage, asked="kapan cair")
    say(storage, asked="halo", outcome=Outcome.SMALLTALK, decision=None, topic=None)

    assert book.gather() == 3
    assert {gap.title: dict(gap.why) for gap in book.all()} == {
        "komisi affiliate": {"declined": 1}, "ongkir luar negeri": {"asked_back": 1}, "berapa": {"asked_back": 1},
    }  # fmt: skip
    assert book.gather() == 0


def test_what_we_do_not_cover_is_no_gap_unless_a_reviewer_says_so(storage: Storage, book: Gaps, join: Join) -> None:
    shopee, lazada, blibli = (
        declined(storage, text, decision=Decision.OUTSIDE) for text in ("shopee", "lazada", "blibli")
    )
    storage.rate(lazada, 7, "not_right")
    assert book.gather() == 0

    Reviews(storage.database).give(join("Ani"), blibli, Judgement(Verdict.SHOULD_ANSWER))
    Reviews(storage.database).give(join("Budi"), shopee, Judgement(Verdict.RIGHT))
    assert book.gather() == 1
    assert words(book) == [["blibli"]]


def test_an_answer_that_was_found_wrong_is_a_gap(storage: Storage, book: Gaps, join: Join) -> None:
    rated, reviewed, outdated, incomplete, liked = (
        say(storage, asked=text) for text in ("ani", "budi", "citra", "dedi", "eka")
    )
    storage.rate(rated, 7, "not_right", "incorrect")
    storage.rate(liked, 7, "right")
    for turn_id, verdict in [
        (reviewed, Verdict.WRONG), (outdated, Verdict.OUTDATED), (incomplete, Verdict.INCOMPLETE),
    ]:  # fmt: skip
        Reviews(storage.database).give(join(f"Reader {turn_id}"), turn_id, Judgement(verdict))

    assert book.gather() == 3
    assert {gap.title: dict(gap.why) for gap in book.all()} == {
        "ani": {"wrong": 1}, "budi": {"wrong": 1}, "citra": {"wrong": 1},
    }  # fmt: skip


def test_what_was_never_searched_for_is_no_gap(storage: Storage, book: Gaps) -> None:
    for outcome in (Outcome.CLARIFY, Outcome.DECLINED):
        answer = Answer(outcome, "id", "Tulis pertanyaannya ya.", 0.0, "20260601-1")
        storage.add_turn(7, "telegram", "?", answer, NOON, NOON)
    with storage.database.writing() as connection:  # as turns stand there from before it was kept how they were read
        row = connection.execute(select(turns)).first()
        assert row is not None
        del (values := row._asdict())["id"], values["reading"]
        connection.execute(insert(turns).values(**values))

    assert book.gather() == 0


def test_what_was_asked_long_ago_is_left_alone(storage: Storage, book: Gaps, clock: Clock) -> None:
    declined(storage, "lama", at=clock.now - LOOKED_BACK - timedelta(seconds=1))
    declined(storage, "baru", at=clock.now - LOOKED_BACK)

    assert book.gather() == 1
    assert words(book) == [["baru"]]


def test_many_questions_are_gathered_batch_by_batch(
    storage: Storage, book: Gaps, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gaps_module, "_BATCH", 4)
    for number in range(10):
        declined(storage, f"komisi {number}")

    assert [book.gather() for _ in range(4)] == [4, 4, 2, 0]
    assert [len(gap.questions) for gap in book.all()] == [10]


# Grouping


def test_questions_with_one_meaning_are_one_gap(storage: Storage, book: Gaps) -> None:
    for text in ("komisi berapa", "ongkir gratis", "komisi kak", "komisi affiliate ada"):
        declined(storage, text)
    book.gather()
    declined(storage, "ongkir lagi")
    book.gather()

    assert words(book) == [["komisi affiliate ada", "komisi kak", "komisi berapa"], ["ongkir lagi", "ongkir gratis"]]


def test_a_question_that_goes_on_from_another_is_grouped_with_it(storage: Storage, book: Gaps) -> None:
    declined(storage, "komisi berapa")
    declined(storage, "yang tokopedia", earlier="komisi kak")

    assert book.gather() == 2
    assert words(book) == [["yang tokopedia", "komisi berapa"]]


def test_the_centre_of_a_gap_is_near_the_mean_of_its_questions(storage: Storage, book: Gaps) -> None:
    for text in ("komisi berapa", "komisi kak", "komisi dong"):
        declined(storage, text)
        book.gather()

    mean = by_first_word(["komisi berapa", "komisi kak", "komisi dong"]).mean(axis=0)
    centre = np.asarray(_centre(storage, 1))
    assert np.linalg.norm(centre) == pytest.approx(1, abs=1e-6)
    assert centre @ mean / np.linalg.norm(mean) > 0.999


def test_the_shortest_question_that_says_enough_stands_for_a_gap(storage: Storage, book: Gaps) -> None:
    for text in ("komisi affiliate itu berapa ya kak", "komisi", "komisi affiliate"):
        declined(storage, text)
    book.gather()

    assert [gap.title for gap in book.all()] == ["komisi affiliate"]


def test_gaps_that_are_asked_most_this_week_come_first(storage: Storage, book: Gaps, clock: Clock) -> None:
    for text, days in [("ani", 1), ("budi", 10), ("budi", 12), ("budi", 20), ("citra", 2), ("citra", 3), ("ani", 7)]:
        declined(storage, text, at=clock.now - timedelta(days=days))
    book.gather()

    found = [(gap.title, gap.this_week, gap.last_week, len(gap.questions)) for gap in book.all()]
    assert found == [("citra", 2, 0, 2), ("ani", 1, 1, 2), ("budi", 0, 2, 3)]
    assert len(book.all(limit=2)) == 2


def test_two_who_gather_at_once_do_not_trip_over_each_other(storage: Storage, book: Gaps) -> None:
    for round_ in range(5):
        for number in range(6):
            declined(storage, f"{'komisi' if number % 2 else 'ongkir'} {round_} {number}")
        faults: list[Exception] = []
        gathered: list[int] = []

        def gather(faults: list[Exception] = faults, gathered: list[int] = gathered) -> None:
            try:
                gathered.append(book.gather())
            except Exception as fault:
                faults.append(fault)

        threads = [threading.Thread(target=gather) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert (faults, sum(gathered)) == ([], 6)

    assert sorted(len(gap.questions) for gap in book.all()) == [15, 15]


def test_a_question_that_is_erased_while_it_is_gathered_is_left_out(storage: Storage, clock: Clock) -> None:
    def erasing(texts: Sequence[str]) -> Vectors:
        storage.erase(7)
        return by_first_word(texts)

    declined(storage, "komisi", chat_id=7)
    declined(storage, "komisi kak", chat_id=8)
    book = Gaps(storage.database, erasing, "one", clock)

    assert book.gather() == 1
    assert words(book) == [["komisi kak"]]


def test_another_model_makes_the_centres_anew(storage: Storage, book: Gaps, clock: Clock) -> None:
    declined(storage, "komisi berapa")
    declined(storage, "yang mana", earlier="komisi kak")
    book.gather()
    with storage.database.writing() as connection:
        connection.execute(update(gaps).values(centre=b"", model="older"))
    declined(storage, "komisi lagi")
    assert book.gather() == 1

    assert words(book) == [["komisi lagi", "yang mana", "komisi berapa"]]
    with storage.database.reading() as connection:
        assert connection.execute(select(gaps.c.model)).scalars().all() == ["one"]


# Answering


def test_an_answer_is_needed_in_both_languages(storage: Storage, book: Gaps) -> None:
    declined(storage, "komisi")
    book.gather()
    for answers in [("", "Two days."), ("Dua hari.", "  "), ("Dua hari.", "x" * (LONGEST_ANSWER + 1))]:
        with pytest.raises(Refused) as refused:
            book.answer(1, *answers)
        assert (refused.value.key, refused.value.values) == ("both_answers", {"most": LONGEST_ANSWER})
    with pytest.raises(Refused, match="gap_gone"):
        book.answer(99, *ANSWERS)

    assert (letters(storage), got(book, 1).state) == ([], "open")


def test_each_seller_is_asked_once_by_their_newest_question(storage: Storage, book: Gaps) -> None:
    declined(storage, "komisi satu", chat_id=7)
    newest = declined(storage, "komisi dua", chat_id=7)
    other = declined(storage, "komisi tiga", chat_id=8)
    book.gather()
    assert got(book, 1).to_tell == 3

    assert book.answer(1, " Dua hari. ", "Two\x00 days.") == 2
    assert [(letter.kind, letter.chat_id, letter.turn_id) for letter in letters(storage)] == [
        (Kind.NEWS, 7, newest), (Kind.NEWS, 8, other),
    ]  # fmt: skip
    gap = got(book, 1)
    assert (gap.state, gap.answer_id, gap.answer_en) == ("answered", "Dua hari.", "Two\ufffd days.")
    assert ([question.news for question in gap.questions], gap.to_tell) == (["offered"] * 3, 0)
    assert (book.all(), [one.id for one in book.all("answered")]) == ([], [1])

    assert book.answer(1, "Tiga hari.", "Three days.") == 0  # corrected
    assert len(letters(storage)) == 2


def test_groups_and_the_terminal_are_not_told(storage: Storage, book: Gaps) -> None:
    declined(storage, "komisi", chat_id=-100, more={"user_id": 7})
    declined(storage, "komisi", chat_id=None)
    book.gather()

    assert got(book, 1).to_tell == 0
    assert book.answer(1, *ANSWERS) == 0
    assert letters(storage) == []


def test_who_asks_later_is_told_when_staff_say_so(storage: Storage, book: Gaps) -> None:
    declined(storage, "komisi", chat_id=7)
    book.gather()
    book.answer(1, *ANSWERS)
    declined(storage, "komisi lagi", chat_id=7)
    late = declined(storage, "komisi baru", chat_id=9)
    book.gather()

    assert got(book, 1).to_tell == 1
    assert book.tell(1) == 1
    assert [letter.turn_id for letter in letters(storage)][1:] == [late]
    assert (book.tell(1), book.tell(99)) == (0, 0)


def test_it_is_seen_what_became_of_the_news(storage: Storage, book: Gaps, clock: Clock) -> None:
    turn_ids = [declined(storage, "komisi", chat_id=chat_id) for chat_id in (7, 8)]
    book.gather()
    book.answer(1, *ANSWERS)
    outbox = Outbox(storage.database, clock)
    first, second = outbox.waiting(to_group=False)
    outbox.sent(first.id)
    outbox.failed(second.id, "blocked")
    with storage.database.writing() as connection:
        connection.execute(update(gap_turns).where(gap_turns.c.turn_id == turn_ids[0]).values(news="wanted"))

    blocked, delivered = got(book, 1).questions
    assert delivered == Asked(turn_ids[0], "komisi", "id", "declined", NOON, True, "wanted", clock.now, None)
    assert (blocked.news, blocked.delivered_at, blocked.failed) == ("offered", None, "blocked")


# Putting right


def test_a_gap_is_dismissed_and_opened_again(storage: Storage, book: Gaps) -> None:
    declined(storage, "komisi")
    book.gather()
    book.set_state(1, "dismissed")
    assert (words(book), words(book, "dismissed")) == ([], [["komisi"]])
    declined(storage, "komisi lagi")
    book.gather()
    assert len(words(book, "dismissed")[0]) == 2

    book.set_state(1, "open")
    assert len(words(book)[0]) == 2
    with pytest.raises(Refused, match="gap_gone"):
        book.set_state(99, "open")


def test_two_gaps_become_one(storage: Storage, book: Gaps) -> None:
    for text in ("komisi", "ongkir", "ongkos"):
        declined(storage, text)
    book.gather()
    book.merge(2, into=1)

    assert (words(book), book.get(2)) == ([["ongkos", "ongkir", "komisi"]], None)
    mean = by_first_word(["komisi", "ongkir", "ongkos"]).mean(axis=0)
    assert _centre(storage, 1) == pytest.approx(list(mean / np.linalg.norm(mean)), abs=1e-6)
    for gap_id, into in [(1, 1), (1, 99), (99, 1)]:
        with pytest.raises(Refused, match="gap_gone"):
            book.merge(gap_id, into)


def test_a_question_is_taken_out_and_becomes_a_gap_of_its_own(storage: Storage, book: Gaps) -> None:
    one, other = declined(storage, "komisi satu"), declined(storage, "komisi dua")
    book.gather()
    book.take_out(1, other)

    assert [[question.turn_id for question in gap.questions] for gap in book.all()] == [[other], [one]]
    assert _centre(storage, 1) == pytest.approx(list(by_first_word(["komisi satu"])[0]), abs=1e-6)
    for gap_id, turn_id in [(1, other), (1, 99), (99, one)]:
        with pytest.raises(Refused, match="gap_gone"):
            book.take_out(gap_id, turn_id)

    book.take_out(1, one)  # the only one: the emptied gap goes
    assert book.get(1) is None
    assert sorted(words(book)) == [["komisi dua"], ["komisi satu"]]


def test_erased_questions_leave_their_gap_and_an_empty_one_goes(storage: Storage, book: Gaps) -> None:
    declined(storage, "komisi", chat_id=7)
    declined(storage, "ongkir", chat_id=7)
    declined(storage, "ongkir kak", chat_id=8)
    book.gather()
    with storage.database.writing() as connection:
        connection.execute(delete(turns).where(turns.c.chat_id == 7))
        assert len(connection.execute(select(gaps)).all()) == 2
        assert forget_empty(connection) == 1
    assert (book.get(1), words(book)) == (None, [["ongkir kak"]])

    storage.erase(8)
    assert book.get(2) is None


def test_why_its_questions_are_there_is_counted() -> None:
    one = Asked(1, "komisi", "id", "declined", NOON, True, None, None, None)
    questions = (one, replace(one, why="wrong"), replace(one, why="wrong", private=False), replace(one, news="wanted"))
    gap = Gap(1, "open", "komisi", questions, None, None, 0, 0)

    assert gap.why == Counter({"declined": 2, "wrong": 2})
    assert gap.to_tell == 2


def _centre(storage: Storage, gap_id: int) -> list[float]:
    with storage.database.reading() as connection:
        centre = connection.execute(select(gaps.c.centre).where(gaps.c.id == gap_id)).scalar_one()
    return [float(value) for value in np.frombuffer(centre, dtype=np.float32)]


def test_what_may_be_the_same_question_is_offered_nearest_first(storage: Storage) -> None:
    vectors = {"komisi": (1.0, 0.0), "potongan": (0.6, 0.8), "ongkir": (-0.6, 0.8)}
    near = Gaps(
        storage.database, lambda texts: np.array([vectors[text] for text in texts], dtype=np.float32), "m", lambda: NOON
    )
    for text in ("ongkir", "potongan", "komisi"):
        declined(storage, text)
        near.gather()
    ids = {gap.title: gap.id for gap in near.all()}

    assert [gap.title for gap in near.nearest(ids["komisi"])] == ["potongan", "ongkir"]
    near.set_state(ids["potongan"], "dismissed")
    assert [gap.title for gap in near.nearest(ids["komisi"])] == ["ongkir"]
    assert near.nearest(999) == []
