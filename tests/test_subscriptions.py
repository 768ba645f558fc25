from datetime import timedelta

import pytest

from bot.answers import Answer
from bot.desk.handoffs import Handoffs
from bot.desk.outbox import Outbox
from bot.remembered import NotTheirTurn
from bot.storage import Storage
from indexer.sections import Platform
from tests.answers_given import NOON, add, answered

pytest_plugins = ["tests.databases"]


def test_a_topic_is_subscribed_and_left_by_the_same_press(storage: Storage) -> None:
    assert storage.toggle_subscription(7, "fees") is True
    assert storage.toggle_subscription(7, "tax") is True
    assert storage.toggle_subscription(8, "fees") is True
    assert storage.toggle_subscription(7, "fees") is False

    assert (storage.subscribed_topics(7), storage.subscribed_topics(8)) == (frozenset({"tax"}), frozenset({"fees"}))


def test_subscribers_of_a_changed_topic_get_one_notice_per_generation(storage: Storage) -> None:
    storage.toggle_subscription(7, "fees")
    storage.toggle_subscription(8, "fees")
    storage.toggle_subscription(8, "tax")

    assert storage.announce("g2", {"fees": ["faqs/a#b"], "deal": ["faqs/c#d"]}) == 2
    assert storage.announce("g2", {"fees": ["faqs/a#b"]}) == 0, "noted already"
    assert [(notice.chat_id, notice.topic, notice.sections) for notice in storage.unsent_notices()] == [
        (7, "fees", ("faqs/a#b",)),
        (8, "fees", ("faqs/a#b",)),
    ]
    storage.notice_sent(storage.unsent_notices()[0].id)
    assert [notice.chat_id for notice in storage.unsent_notices()] == [8]


def test_whoever_ends_all_subscriptions_gets_nothing_that_was_still_waiting(storage: Storage) -> None:
    storage.toggle_subscription(7, "fees")
    storage.toggle_subscription(7, "tax")
    storage.announce("g2", {"fees": ["faqs/a#b"]})

    assert storage.end_subscriptions(7) == 2
    assert storage.unsent_notices() == []
    assert storage.end_subscriptions(7) == 0


def test_the_side_is_kept_until_another_is_chosen(storage: Storage) -> None:
    storage.set_platform(7, Platform.TOKOPEDIA)
    assert storage.remember_seller(7).platform is Platform.TOKOPEDIA
    storage.set_platform(7, None)
    assert storage.remember_seller(7).platform is None


def test_erasing_takes_all_of_one_person_and_nothing_of_another(storage: Storage) -> None:
    for chat_id in (7, 8):
        storage.remember_seller(chat_id)
        turn_id = add(storage, chat_id=chat_id)
        storage.rate(turn_id, chat_id, "not_right")
        storage.ask_for_person(turn_id, chat_id)
        storage.toggle_subscription(chat_id, "fees")
        handoffs = Handoffs(storage.database, group=True)
        handoff, _ = handoffs.ask(chat_id, "id", storage.turn(turn_id))
        handoffs.group_wrote(handoff, "Halo!", update_id=chat_id)
        handoffs.seller_wrote(handoff, "halo juga", update_id=chat_id + 10)
    storage.announce("g2", {"fees": ["faqs/a#b"]})

    erased = storage.erase(7)

    assert (erased.turns, erased.ratings, erased.person_requests, erased.subscriptions) == (1, 1, 1, 1)
    left = storage.everything_of(7)
    assert all(rows == [] for rows in left.values())
    assert storage.seller(7) is None
    assert [notice.chat_id for notice in storage.unsent_notices()] == [8]
    assert {name: len(rows) for name, rows in storage.everything_of(8).items()} == {
        "seller": 1, "turns": 1, "ratings": 1, "person_requests": 1, "subscriptions": 1, "notices": 1,
        "handoffs": 1, "handoff_messages": 2,
    }  # fmt: skip
    letters = [letter for to_group in (True, False) for letter in Outbox(storage.database).waiting(to_group)]
    theirs = Handoffs(storage.database, group=True).open_of_chat(8)
    assert theirs and {letter.handoff_id for letter in letters} == {theirs.id}
    assert len(letters) == 5, "a request, a state and what the seller wrote to the group, two to the seller"


def test_what_a_person_asked_in_a_group_is_theirs_too(storage: Storage) -> None:
    in_group(storage, 7, answered())
    in_group(storage, 8, answered())

    assert storage.erase(7).turns == 1
    assert len(storage.everything_of(8)["turns"]) == 1


def test_in_a_group_each_person_has_a_history_of_their_own(storage: Storage) -> None:
    in_group(storage, 7, answered(), "komisi berapa")
    in_group(storage, 8, answered(), "nib wajib?")
    later = NOON + timedelta(minutes=1)

    assert storage.earlier_messages(-100, before=later, user_id=7) == ("komisi berapa",)
    assert storage.earlier_messages(-100, before=later, user_id=9) == ()


def in_group(storage: Storage, user_id: int, answer: Answer, text: str = "komisi") -> int:
    return storage.add_turn(-100, "telegram", text, answer, NOON, NOON, user_id=user_id)


def test_the_answer_to_a_message_is_found_while_it_is_the_newest(storage: Storage) -> None:
    first = storage.add_turn(7, "telegram", "komisi", answered(), NOON, NOON, question_message_id=11)
    found = storage.newest_turn_of_message(7, 11)
    assert found is not None and found.id == first
    storage.add_turn(7, "telegram", "pajak", answered(), NOON, NOON, question_message_id=12)

    assert storage.newest_turn_of_message(7, 11) is None
    assert storage.newest_turn_of_message(8, 12) is None


def test_a_turn_of_another_chat_cannot_be_rated(storage: Storage) -> None:
    turn_id = in_group(storage, 7, answered())

    with pytest.raises(NotTheirTurn):
        storage.rate(turn_id, 7, "right")
