from dataclasses import fields
from datetime import date, timedelta

import pytest

from bot.answers import Outcome
from bot.desk.conversations import Conversations
from bot.desk.handoffs import Handoffs
from bot.desk.queues import Kind, QueueRules, Queues
from bot.desk.reviewing import Judgement, Reviews, Verdict
from bot.desk.turn_filters import BadFilter, TurnFilter, filter_of, search_words
from bot.storage import Storage
from tests.desk_given import Join, jakarta, say, turn_of

pytest_plugins = ["tests.databases", "tests.desk_staff"]

TOPICS = frozenset({"fees", "payouts"})
WORST = ["'; DROP TABLE turns; --", "a\x00b", "x" * 5000, "\ud800", '" OR 1=1 --', "%", "١٢٣"]


def found(storage: Storage, **wanted: object) -> list[int]:
    page = Conversations(storage.database).page(TurnFilter(**wanted))  # type: ignore[arg-type]
    return sorted(turn.id for turn in page.turns)


# From an address


def test_an_empty_address_wants_every_turn() -> None:
    assert filter_of({}, TOPICS) == TurnFilter()
    assert filter_of({field.name: "  " for field in fields(TurnFilter)}, TOPICS) == TurnFilter()


def test_an_address_names_a_filter_and_a_filter_an_address() -> None:
    address = {
        "since": "2026-06-01", "until": "2026-06-30", "language": "id", "outcome": "declined", "rating": "not_right",
        "reason": "outdated", "topic": "fees", "confidence": "low", "reviewed": "no", "queue": "3", "person": "yes",
        "section": "faqs/fees#commission", "text": "komisi berapa",
    }  # fmt: skip
    wanted = filter_of(address, TOPICS)

    assert wanted == TurnFilter(
        date(2026, 6, 1), date(2026, 6, 30), "id", "declined", "not_right", "outdated", "fees", "low", "no", 3, "yes",
        "faqs/fees#commission", "komisi berapa",
    )  # fmt: skip
    assert wanted.as_query() == address


def test_spaces_around_a_value_and_names_that_are_none_are_left_alone() -> None:
    assert filter_of({"language": " id ", "page": "9", "order": "evil"}, TOPICS) == TurnFilter(language="id")


@pytest.mark.parametrize("name", [field.name for field in fields(TurnFilter) if field.name not in ("section", "text")])
@pytest.mark.parametrize("value", WORST)
def test_a_value_that_a_filter_cannot_have_is_told_with_its_name(name: str, value: str) -> None:
    with pytest.raises(BadFilter) as bad:
        filter_of({name: value}, TOPICS)

    assert bad.value.name == name
    assert bad.value.value
    assert value.startswith(bad.value.value)
    assert len(bad.value.value) <= 40


@pytest.mark.parametrize("name", ["section", "text"])
@pytest.mark.parametrize("value", ["a\x00b", "x" * 201, "\ud800"])
def test_a_free_text_that_is_too_long_or_no_text_is_told(name: str, value: str) -> None:
    with pytest.raises(BadFilter) as bad:
        filter_of({name: value}, TOPICS)

    assert (bad.value.name, value.startswith(bad.value.value)) == (name, True)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("language", "fr"), ("outcome", "answer"), ("rating", "wrong"), ("reason", "because"), ("topic", "gone"),
        ("confidence", "0.5"), ("reviewed", "maybe"), ("person", "true"), ("queue", "1.5"), ("queue", "-1"),
        ("queue", "99999999999"), ("since", "2026-02-30"), ("since", "2026-13-01"), ("until", "1999-12-31"),
        ("until", "2100-01-02"), ("until", "yesterday"), ("since", "2026-06-01T10:00"), ("since", "01/06/2026"),
    ],
)  # fmt: skip
def test_words_and_days_that_do_not_exist_are_told(name: str, value: str) -> None:
    with pytest.raises(BadFilter, match=f"{name}=") as bad:
        filter_of({name: value}, TOPICS)

    assert (bad.value.name, bad.value.value) == (name, value)


@pytest.mark.parametrize("value", ["'; DROP TABLE turns; --", '" OR 1=1 --', "%", "_", "\\", "😅" * 100])
def test_free_texts_are_never_read_as_the_databases_own_signs(storage: Storage, value: str) -> None:
    turn_id = say(storage)
    for name in ("section", "text"):
        assert found(storage, **{name: filter_of({name: value}, TOPICS).as_query()[name]}) == []

    assert found(storage) == [turn_id]


# Each filter alone


def test_days_begin_and_end_at_midnight_in_jakarta(storage: Storage) -> None:
    moments = [
        jakarta(1, 23, 59, 59), jakarta(2, 0), jakarta(2, 12), jakarta(2, 23, 59, 59), jakarta(3, 0), jakarta(3, 6, 59),
    ]  # fmt: skip
    last_of_1, *of_2, first_of_3, later_on_3 = [say(storage, at=moment) for moment in moments]

    assert found(storage, since=date(2026, 6, 2), until=date(2026, 6, 2)) == of_2
    assert found(storage, since=date(2026, 6, 3)) == [first_of_3, later_on_3]
    assert found(storage, until=date(2026, 6, 1)) == [last_of_1]
    assert found(storage, since=date(2026, 6, 3), until=date(2026, 6, 1)) == []


def test_turns_are_found_by_language_outcome_and_topic(storage: Storage) -> None:
    plain = say(storage)
    english = say(storage, language="en")
    declined = say(storage, outcome=Outcome.DECLINED)
    payout = say(storage, topic="payouts")
    no_topic = say(storage, topic=None)

    assert found(storage, language="en") == [english]
    assert found(storage, outcome="declined") == [declined]
    assert found(storage, topic="payouts") == [payout]
    assert found(storage, topic="fees") == [plain, english, declined]
    assert found(storage, outcome="answered") == [plain, english, payout, no_topic]


def test_turns_are_found_by_confidence_and_small_talk_is_none(storage: Storage) -> None:
    values = (0.0, 0.49, 0.5, 0.79, 0.8, 1.0)
    turns = [say(storage, confidence=value) for value in values]
    say(storage, confidence=1.0, outcome=Outcome.SMALLTALK)

    assert [found(storage, confidence=name) for name in ("low", "middle", "high")] == [turns[:2], turns[2:4], turns[4:]]


def test_turns_are_found_by_rating_and_its_reason(storage: Storage) -> None:
    right, wrong, outdated, unrated = (say(storage) for _ in range(4))
    storage.rate(right, 7, "right")
    storage.rate(wrong, 7, "not_right", "incorrect")
    storage.rate(outdated, 7, "not_right", "outdated")

    assert found(storage, rating="right") == [right]
    assert found(storage, rating="not_right") == [wrong, outdated]
    assert found(storage, rating="none") == [unrated]
    assert found(storage, reason="outdated") == [outdated]
    assert found(storage, rating="right", reason="outdated") == []


def test_turns_are_found_by_whether_somebody_reviewed_them(storage: Storage, join: Join) -> None:
    reviewed, twice, unread = (say(storage) for _ in range(3))
    reviews = Reviews(storage.database)
    for person, turn_id in [(join("Ani"), reviewed), (join("Budi"), twice), (join("Citra"), twice)]:
        reviews.give(person, turn_id, Judgement(Verdict.RIGHT))

    assert found(storage, reviewed="yes") == [reviewed, twice]
    assert found(storage, reviewed="no") == [unread]


def test_turns_are_found_by_the_queue_they_are_in(storage: Storage, join: Join) -> None:
    queues = Queues(storage.database)
    declined, _ = say(storage, outcome=Outcome.DECLINED), say(storage)
    members = (join("Ani").id, join("Budi").id)
    queue = queues.add(QueueRules("Declined", Kind.DECLINED, members=members, twice_percent=100), past_turns=10)
    queues.fill()

    assert found(storage, queue=queue) == [declined]
    assert found(storage, queue=queue + 1) == []


def test_turns_are_found_by_whether_a_person_was_wanted(storage: Storage) -> None:
    asked, handed, neither = (say(storage, chat_id=number) for number in (7, 8, 9))
    storage.ask_for_person(asked, 7)
    Handoffs(storage.database, group=False).ask(8, "id", turn_of(storage, handed))
    Handoffs(storage.database, group=False).ask(10, "id", None)

    assert found(storage, person="yes") == [asked, handed]
    assert found(storage, person="no") == [neither]


def test_turns_are_found_by_the_section_they_cite(storage: Storage) -> None:
    cited = say(storage, sections=("faqs/a#one", "faqs/a#two"))
    say(storage, sections=("faqs/a#two", "faqs/a#one"))
    both = say(storage, sections=("faqs/a#two", "faqs/a#one"), cited=("faqs/a#two", "faqs/a#one"))

    assert found(storage, section="faqs/a#one") == [cited, both]
    assert found(storage, section="faqs/a") == []
    assert found(storage, section="faqs/a#%") == []


def test_a_turn_must_be_all_that_is_wanted(storage: Storage, join: Join) -> None:
    wanted = say(storage, asked="komisi brp", outcome=Outcome.DECLINED, confidence=0.2, at=jakarta(2, 12))
    others = [
        say(storage, asked="komisi brp", outcome=Outcome.DECLINED, confidence=0.2, at=jakarta(3, 12)),
        say(storage, asked="komisi brp", outcome=Outcome.DECLINED, confidence=0.9, at=jakarta(2, 12)),
        say(storage, asked="komisi brp", confidence=0.2, at=jakarta(2, 12)),
        say(storage, asked="ongkir brp", sent="?", outcome=Outcome.DECLINED, confidence=0.2, at=jakarta(2, 12)),
        say(storage, asked="komisi brp", outcome=Outcome.DECLINED, confidence=0.2, at=jakarta(2, 12)),
    ]
    ani = join("Ani")
    for turn_id in (wanted, *others[:4]):
        storage.rate(turn_id, 7, "not_right", "incorrect")
        storage.ask_for_person(turn_id, 7)
        Reviews(storage.database).give(ani, turn_id, Judgement(Verdict.RIGHT))

    day = date(2026, 6, 2)
    everything = {
        "since": day, "until": day, "language": "id", "outcome": "declined", "rating": "not_right",
        "reason": "incorrect", "topic": "fees", "confidence": "low", "reviewed": "yes", "person": "yes",
        "text": "komisi",
    }  # fmt: skip
    assert found(storage, **everything) == [wanted]
    assert found(storage, **{**everything, "section": "faqs/fees#commission"}) == []  # nothing is cited
    assert found(storage, **{**everything, "until": day + timedelta(days=1)}) == [wanted, others[0]]


# Words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Komisi BERAPA?", ["komisi", "berapa"]),
        ('"komisi" AND (NOT*) NEAR(a, b) -x ^y col:z', ["komisi", "and", "not", "near", "a", "b", "x", "y"]),
        ("9,25% per 2026-05-18", ["9", "25", "per", "2026", "05", "18"]),
        ("Café cafe\u0301 ＣＡＦＥ", ["café", "café", "cafe"]),
        ("a_b", ["a", "b"]),
        ("?! 😅 …", []),
    ],
)
def test_the_words_of_a_search_hold_no_signs(text: str, words: list[str]) -> None:
    assert search_words(text) == words
