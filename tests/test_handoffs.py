"""Hand-offs in the database: who waits, who is with whom, and what is lined up for whom."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.answers import Answer, Outcome
from bot.desk.handoffs import LONGEST_MESSAGE, Handoff, Handoffs, Reason, State, reason_for
from bot.desk.outbox import Kind, Outbox
from bot.desk.people import People, Person, Refused, Role
from bot.remembered import Rating, StoredTurn
from bot.storage import Storage
from tests.answers_given import NOON, add

pytest_plugins = ["tests.databases"]


@pytest.fixture
def handoffs(storage: Storage) -> Handoffs:
    return Handoffs(storage.database, group=True)


@pytest.fixture
def rina(storage: Storage) -> Person:
    return People(storage.database).add("Rina", Role.REVIEWER, "a long password 1")


@pytest.fixture
def lead(storage: Storage) -> Person:
    return People(storage.database).add("Lia", Role.LEAD, "a long password 2")


def letters(storage: Storage) -> tuple[list[Kind], list[Kind]]:
    """Return what waits for sellers, and what for the staff group."""
    to_sellers, to_group = (Outbox(storage.database).waiting(to_group) for to_group in (False, True))
    return [letter.kind for letter in to_sellers], [letter.kind for letter in to_group]


def asked(storage: Storage, handoffs: Handoffs, chat_id: int = 7) -> Handoff:
    handoff, new = handoffs.ask(chat_id, "id", stored(storage, add(storage, chat_id)))
    assert new
    return handoff


def stored(storage: Storage, turn_id: int) -> StoredTurn:
    turn = storage.turn(turn_id)
    assert turn
    return turn


def now_of(handoffs: Handoffs, handoff: Handoff) -> Handoff:
    found = handoffs.get(handoff.id)
    assert found
    return found


def refusal(action: Callable[..., object], *arguments: object) -> str:
    with pytest.raises(Refused) as error:
        action(*arguments)
    return error.value.key


def test_a_wish_is_noted_once_until_it_is_closed(storage: Storage, handoffs: Handoffs) -> None:
    first = asked(storage, handoffs)
    again, new = handoffs.ask(7, "en", None)
    assert (again, new, first.state) == (first, False, State.WAITING)
    assert letters(storage) == ([], [Kind.REQUEST])
    assert handoffs.close(first.id, "staff")
    assert handoffs.ask(7, "id", None)[1], "another time, another hand-off"


def test_without_a_staff_group_nothing_is_lined_up_for_it(storage: Storage, rina: Person) -> None:
    handoffs = Handoffs(storage.database, group=False)
    handoff = asked(storage, handoffs)
    handoffs.take(rina, handoff.id)
    handoffs.write(rina, handoff.id, "Halo!")
    handoffs.seller_wrote(handoff, "halo", 1)
    handoffs.give_back(rina, handoff.id)
    assert letters(storage) == ([Kind.TAKEN, Kind.STAFF_MESSAGE, Kind.GIVEN_BACK], [])


def test_the_queue_is_in_the_order_of_asking(storage: Storage) -> None:
    times = iter([NOON, NOON, NOON + timedelta(minutes=1)])
    handoffs = Handoffs(storage.database, group=False, clock=lambda: next(times))
    waiting = [handoffs.ask(chat_id, "id", None)[0] for chat_id in (7, 8, 9)]
    assert [handoffs.place_in_queue(handoff) for handoff in waiting] == [1, 2, 3]
    assert handoffs.waiting() == 3
    assert [handoff.chat_id for handoff in handoffs.open()] == [7, 8, 9]


def test_who_is_taken_or_closed_is_not_in_the_queue_any_more(storage: Storage, handoffs: Handoffs) -> None:
    first, second, third = (asked(storage, handoffs, chat_id) for chat_id in (7, 8, 9))
    handoffs.taken_in_group(first)
    handoffs.close(second.id, "seller")
    assert handoffs.place_in_queue(third) == 1
    assert [handoff.id for handoff in handoffs.open()] == [first.id, third.id]
    assert [handoff.id for handoff in handoffs.closed()] == [second.id]


def test_a_chat_is_taken_over_by_one_person_only(
    storage: Storage, handoffs: Handoffs, rina: Person, lead: Person
) -> None:
    handoff = asked(storage, handoffs)
    assert handoffs.with_person(7) is None, "nobody took it yet"
    handoffs.take(rina, handoff.id)
    assert not handoffs.taken_in_group(handoff)
    taken = handoffs.with_person(7)
    assert taken and (taken.taken_by, taken.taken_by_name) == (rina.id, "Rina")
    other = People(storage.database).add("Budi", Role.REVIEWER, "a long password 3")
    assert refusal(handoffs.take, other, handoff.id) == "not_yours"
    handoffs.take(lead, handoff.id)
    assert now_of(handoffs, handoff).taken_by_name == "Lia"
    assert letters(storage) == ([Kind.TAKEN], [Kind.REQUEST, Kind.STATE, Kind.STATE])


def test_who_writes_first_in_the_group_takes_the_chat_over(storage: Storage, handoffs: Handoffs) -> None:
    handoff = asked(storage, handoffs)
    assert handoffs.group_wrote(handoff, "Halo, bisa saya bantu?", 1)
    assert handoffs.group_wrote(now_of(handoffs, handoff), "Masih di sana?", 2)
    assert not handoffs.group_wrote(now_of(handoffs, handoff), "Masih di sana?", 2), "the same update again"
    assert letters(storage) == ([Kind.TAKEN, Kind.STAFF_MESSAGE, Kind.STAFF_MESSAGE], [Kind.REQUEST, Kind.STATE])
    assert [message.text for message in handoffs.messages(handoff.id)] == ["Halo, bisa saya bantu?", "Masih di sana?"]


def test_a_long_message_of_the_group_is_kept_whole(storage: Storage, handoffs: Handoffs) -> None:
    handoff = asked(storage, handoffs)
    handoffs.group_wrote(handoff, "x" * 4096, 1)
    assert len(handoffs.messages(handoff.id)[0].text) == 4096


def test_what_a_seller_writes_is_masked_and_kept_once(storage: Storage, handoffs: Handoffs) -> None:
    handoff = asked(storage, handoffs)
    handoffs.taken_in_group(handoff)
    assert handoffs.seller_wrote(handoff, "nomor saya 081234567890", 1)
    assert not handoffs.seller_wrote(handoff, "nomor saya 081234567890", 1)
    (message,) = handoffs.messages(handoff.id)
    assert (message.sender, message.text) == ("seller", "nomor saya [phone]")
    assert letters(storage)[1].count(Kind.SELLER_MESSAGE) == 1
    assert handoffs.seller_wrote(handoff, "[foto]", 2, group_has_it=True)
    assert letters(storage)[1].count(Kind.SELLER_MESSAGE) == 1, "the group saw the photo itself"
    assert handoffs.last_messages([handoff.id])[handoff.id].text == "[foto]"


def test_what_comes_in_the_moment_of_closing_is_refused_and_not_kept(storage: Storage, handoffs: Handoffs) -> None:
    handoff = asked(storage, handoffs)
    handoffs.taken_in_group(handoff)
    taken = now_of(handoffs, handoff)
    handoffs.seller_wrote(taken, "satu", 1)
    handoffs.close(handoff.id, "seller")
    assert refusal(handoffs.seller_wrote, taken, "dua", 2) == "handoff_closed"
    assert refusal(handoffs.group_wrote, taken, "tiga", 3) == "handoff_closed"
    assert not handoffs.seller_wrote(taken, "satu", 1), "one that was kept before is known still"
    assert [message.text for message in handoffs.messages(handoff.id)] == ["satu"]
    assert Kind.STAFF_MESSAGE not in letters(storage)[0]


def test_a_hand_off_is_closed_once_and_both_sides_are_told(storage: Storage, handoffs: Handoffs) -> None:
    handoff = asked(storage, handoffs)
    assert handoffs.close(handoff.id, "seller")
    assert not handoffs.close(handoff.id, "staff")
    closed = now_of(handoffs, handoff)
    assert (closed.state, closed.closed_how, closed.taken_at) == (State.CLOSED, "seller", None)
    assert letters(storage) == ([Kind.GIVEN_BACK], [Kind.REQUEST, Kind.STATE])
    assert handoffs.open_of_chat(7) is None


def test_in_the_console_a_chat_is_written_to_by_whoever_took_it(
    storage: Storage, handoffs: Handoffs, rina: Person, lead: Person
) -> None:
    handoff = asked(storage, handoffs)
    assert refusal(handoffs.write, rina, handoff.id, "Halo!") == "take_first"
    handoffs.take(rina, handoff.id)
    handoffs.write(rina, handoff.id, "  Halo!  ")
    handoffs.write(lead, handoff.id, "Saya bantu juga.")
    for wrong in ("", "  ", "x" * (LONGEST_MESSAGE + 1)):
        assert refusal(handoffs.write, rina, handoff.id, wrong) == "message"
    first, second = handoffs.messages(handoff.id)
    assert (first.text, first.name, second.name) == ("Halo!", "Rina", "Lia")
    one = handoffs.message(first.id)
    assert one and (one.name, one.text) == ("Rina", "Halo!")
    assert letters(storage)[1].count(Kind.CONSOLE_MESSAGE) == 2
    handoffs.give_back(rina, handoff.id)
    assert refusal(handoffs.write, rina, handoff.id, "Halo?") == "handoff_closed"
    assert refusal(handoffs.take, rina, 999) == "handoff_gone"


def test_a_chat_that_the_group_took_is_taken_from_it_before_writing(
    storage: Storage, handoffs: Handoffs, rina: Person
) -> None:
    handoff = asked(storage, handoffs)
    handoffs.taken_in_group(handoff)
    assert refusal(handoffs.write, rina, handoff.id, "Halo!") == "take_first"
    handoffs.take(rina, handoff.id)
    handoffs.write(rina, handoff.id, "Halo!")


def test_staff_step_in_where_nobody_asked(storage: Storage, handoffs: Handoffs, rina: Person) -> None:
    turn = stored(storage, add(storage, 7))
    handoff_id = handoffs.step_in(rina, turn)
    found = handoffs.get(handoff_id)
    assert found and (found.reason, found.state, found.turn_id) == (Reason.STAFF, State.TAKEN, turn.id)
    assert handoffs.step_in(rina, turn) == handoff_id
    known, new = handoffs.ask(7, "id", turn)
    assert (known.id, new) == (handoff_id, False)
    for chat_id in (None, -5):
        assert refusal(handoffs.step_in, rina, stored(storage, add(storage, chat_id))) == "no_chat"


def test_who_asks_while_staff_step_in_is_with_them(
    storage: Storage, handoffs: Handoffs, rina: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check says that nobody is there, and the unique index knows better."""
    handoff_id = handoffs.step_in(rina, stored(storage, add(storage, 7)))
    monkeypatch.setattr("bot.desk.handoffs._open", lambda connection, chat_id: None)
    monkeypatch.setattr(handoffs, "open_of_chat", lambda chat_id: handoffs.get(handoff_id))
    found, new = handoffs.ask(7, "id", None)
    assert (found.id, new) == (handoff_id, False)


def test_the_topic_of_a_seller_is_remembered_over_hand_offs(storage: Storage, handoffs: Handoffs) -> None:
    first = asked(storage, handoffs)
    assert handoffs.thread_of_chat(7) is None
    handoffs.set_thread(first.id, 55)
    handoffs.close(first.id, "staff")
    second, _ = handoffs.ask(7, "id", None)
    assert (handoffs.thread_of_chat(7), handoffs.thread_of_chat(8)) == (55, None)
    found = handoffs.of_thread(55)
    assert found and found.id == first.id
    handoffs.set_thread(second.id, 55)
    found = handoffs.of_thread(55)
    assert found and found.id == second.id, "the newest of that topic"


def test_the_reason_is_corrected_by_whoever_has_the_chat(
    storage: Storage, handoffs: Handoffs, rina: Person, lead: Person
) -> None:
    handoff = asked(storage, handoffs)
    handoffs.take(lead, handoff.id)
    assert refusal(handoffs.set_reason, rina, handoff.id, Reason.COMPLAINT) == "not_yours"
    assert refusal(handoffs.set_reason, rina, 999, Reason.COMPLAINT) == "handoff_gone"
    handoffs.set_reason(lead, handoff.id, Reason.COMPLAINT)
    assert now_of(handoffs, handoff).reason is Reason.COMPLAINT


def turn_with(storage: Storage, **changes: object) -> StoredTurn:
    return replace(stored(storage, add(storage)), **changes)  # type: ignore[arg-type]


def test_the_likely_reason_stands_in_the_turn_before(storage: Storage) -> None:
    at = datetime(2026, 6, 1, tzinfo=UTC)
    missing: dict[str, object] = {"outcome": Outcome.DECLINED, "reading": {"decision": "nothing"}}
    assert reason_for(None) is Reason.ASKED
    assert reason_for(turn_with(storage)) is Reason.ASKED
    assert reason_for(turn_with(storage, **missing)) is Reason.MISSING_KNOWLEDGE
    assert reason_for(turn_with(storage, outcome=Outcome.DECLINED)) is Reason.ASKED
    wrong, old = (Rating(7, "not_right", reason, at) for reason in ("incorrect", "outdated"))
    assert reason_for(turn_with(storage, ratings=(wrong,))) is Reason.WRONG_ANSWER
    assert reason_for(turn_with(storage, ratings=(old,))) is Reason.OUTDATED
    assert reason_for(turn_with(storage, ratings=(Rating(7, "right", None, at),), **missing)) is (
        Reason.MISSING_KNOWLEDGE
    )


def test_a_hand_off_outlives_its_turn_but_not_its_seller(storage: Storage, handoffs: Handoffs) -> None:
    answer = Answer(Outcome.ANSWERED, "id", "Ya.", 1.0, "g")
    in_group = storage.add_turn(-5, "telegram", "komisi", answer, NOON, NOON, user_id=7)
    handoff, _ = handoffs.ask(8, "id", stored(storage, in_group))
    storage.erase(7)
    assert now_of(handoffs, handoff).turn_id is None
    storage.erase(8)
    assert handoffs.get(handoff.id) is None
    assert letters(storage) == ([], [])
