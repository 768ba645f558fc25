from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.answers import Outcome
from bot.desk import numbers as numbers_module
from bot.desk.handoffs import Handoffs, Reason
from bot.desk.numbers import ConfidenceBin, NumberBook, Numbers, Period, Row
from bot.desk.people import Role
from bot.desk.reviewing import Judgement, Reviews, Verdict
from bot.storage import Storage
from tests.desk_given import Clock, Join, jakarta, say, turn_of

pytest_plugins = ["tests.databases", "tests.desk_staff"]

JUNE = Period(date(2026, 6, 1), date(2026, 6, 30))
RIGHT, WRONG = Judgement(Verdict.RIGHT), Judgement(Verdict.WRONG)


def count(storage: Storage, period: Period = JUNE) -> Numbers:
    return NumberBook(storage.database).of(period)


def asked_on(storage: Storage, day: int, hour: int = 12, **values: object) -> int:
    return say(storage, at=jakarta(day, hour), **values)


def test_a_month_without_a_turn_is_all_zeros(storage: Storage) -> None:
    numbers = count(storage)

    assert numbers.total == Row("", 0, 0, 0, 0, 0)
    assert [row.name for row in numbers.by_day] == [f"2026-06-{day:02}" for day in range(1, 31)]
    assert {row.total for row in numbers.by_day} == {0}
    assert (numbers.by_language, numbers.by_topic, numbers.milliseconds, numbers.sections) == ((), (), (), ())
    assert (numbers.wait_minutes, numbers.handed_over, numbers.by_rating, numbers.by_review) == (None, 0, (), ())


def test_turns_are_counted_by_outcome_and_small_talk_is_no_question(storage: Storage) -> None:
    for outcome, times in [("answered", 4), ("clarify", 3), ("declined", 2), ("smalltalk", 1)]:
        for _ in range(times):
            asked_on(storage, 2, outcome=Outcome(outcome))
    numbers = count(storage)

    assert numbers.total == Row("", total=10, answered=4, clarify=3, declined=2, smalltalk=1)
    assert numbers.total.questions == 9


def test_days_are_those_of_jakarta_and_days_without_a_turn_are_shown(storage: Storage) -> None:
    for moment in [
        jakarta(1, 0) - timedelta(seconds=1),  # in May
        jakarta(1, 0),
        jakarta(1, 6, 59),  # in UTC still in May
        jakarta(2, 23, 59, 59),
        jakarta(4, 0),
        jakarta(30, 23, 59, 59),
        jakarta(30, 23, 59, 59) + timedelta(seconds=1),  # in July
    ]:
        say(storage, at=moment)
    numbers = count(storage)

    assert {row.name: row.total for row in numbers.by_day if row.total} == {
        "2026-06-01": 2, "2026-06-02": 1, "2026-06-04": 1, "2026-06-30": 1,
    }  # fmt: skip
    assert (len(numbers.by_day), numbers.total.total) == (30, 5)


def test_languages_are_counted_and_one_can_be_chosen(storage: Storage) -> None:
    for language, outcome in [("id", "answered"), ("en", "declined"), ("id", "declined"), ("id", "smalltalk")]:
        asked_on(storage, 3, language=language, outcome=Outcome(outcome))
    numbers, english = count(storage), count(storage, Period(JUNE.since, JUNE.until, "en"))

    assert numbers.by_language == (Row("id", 3, 1, 0, 1, 1), Row("en", 1, 0, 0, 1, 0))
    assert english.total == Row("", 1, 0, 0, 1, 0)
    assert english.by_language == (Row("en", 1, 0, 0, 1, 0),)
    assert sum(row.total for row in english.by_day) == 1


def test_topics_are_counted_with_how_often_they_were_not_right(storage: Storage) -> None:
    fees = [asked_on(storage, 4, topic="fees") for _ in range(3)]
    payout = asked_on(storage, 4, topic="payouts", outcome=Outcome.DECLINED)
    asked_on(storage, 4, topic=None)
    for turn_id in (*fees[:2], payout):
        storage.rate(turn_id, 7, "not_right", "incorrect")
    storage.rate(fees[2], 7, "right")

    assert count(storage).by_topic == (
        Row("fees", 3, 3, 0, 0, 0, 3, 2), Row("payouts", 1, 0, 0, 1, 0, 1, 1),
    )  # fmt: skip


def test_ratings_are_counted_with_their_reasons(storage: Storage) -> None:
    given = [("right", None)] * 2 + [("not_right", "outdated")] * 2 + [("not_right", None), ("not_right", "incorrect")]
    for rating, reason in given:
        storage.rate(asked_on(storage, 5), 7, rating, reason)  # type: ignore[arg-type]
    storage.rate(asked_on(storage, 5) and say(storage), 7, "right")
    numbers = count(storage, Period(date(2026, 6, 5), date(2026, 6, 5)))

    assert (numbers.rated_right, numbers.rated_not_right) == (2, 4)
    assert numbers.rating_reasons == (("outdated", 2), ("incorrect", 1), ("none", 1))


def test_hand_offs_are_counted_with_their_reasons_and_the_median_wait(
    storage: Storage, clock: Clock, join: Join
) -> None:
    handoffs, ani = Handoffs(storage.database, False, clock), join("Ani")
    for chat_id, language, minutes in [(1, "id", 2), (2, "id", 5), (3, "en", 30), (4, "id", 10), (5, "id", None)]:
        clock.now = jakarta(6, 9)
        handoff, _ = handoffs.ask(chat_id, language, None)  # type: ignore[arg-type]
        if minutes is not None:
            clock.pass_by(minutes=minutes)
            handoffs.take(ani, handoff.id)
    handoffs.set_reason(ani, 1, Reason.COMPLAINT)
    clock.now = jakarta(7, 0)  # another day
    handoffs.ask(6, "id", None)
    day = Period(date(2026, 6, 6), date(2026, 6, 6))
    numbers = count(storage, day)

    assert (numbers.handed_over, numbers.handoff_reasons) == (5, (("asked", 4), ("complaint", 1)))
    assert numbers.wait_minutes == 7.5
    english = count(storage, Period(day.since, day.until, "en"))
    assert (english.handed_over, english.wait_minutes) == (1, 30)


@pytest.mark.parametrize(
    ("times", "percentiles"),
    [
        ([35], ((50, 35), (95, 35), (99, 35))),
        ([20, 10], ((50, 10), (95, 20), (99, 20))),
        ([15, 20, 35, 40, 50], ((50, 35), (95, 50), (99, 50))),
        ([*range(20, 0, -1)], ((50, 10), (95, 19), (99, 20))),
    ],
)
def test_times_are_percentiles_by_the_nearest_rank(
    storage: Storage, times: list[int], percentiles: tuple[tuple[int, int], ...]
) -> None:
    for time in times:
        asked_on(storage, 7, took=timedelta(milliseconds=time))

    assert count(storage).milliseconds == percentiles


def test_the_sections_that_are_cited_most_come_first(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbers_module, "_MOST_USED", 3)
    for sections, cited in [("ab", "a"), ("ba", "ab"), ("cb", "c"), ("db", "d"), ("ea", "")]:
        asked_on(storage, 8, sections=tuple(sections), cited=tuple(cited))
    say(storage, at=jakarta(1, 0) - timedelta(days=1), sections=("f",))
    numbers = count(storage)

    assert numbers.sections == (("a", 2), ("b", 1), ("c", 1))
    assert numbers.used == {"a", "b", "c", "d"}


def test_confidence_is_held_against_what_sellers_rated(storage: Storage) -> None:
    for confidence, rating in [
        (0.05, "right"), (0.30, "right"), (0.32, "not_right"), (0.9, "right"), (0.95, "right"), (1.0, "not_right"),
    ]:  # fmt: skip
        storage.rate(asked_on(storage, 9, confidence=confidence), 7, rating)  # type: ignore[arg-type]
    storage.rate(asked_on(storage, 9, confidence=0.5, outcome=Outcome.DECLINED), 7, "not_right")
    asked_on(storage, 9, confidence=0.5)

    rounded = [replace(one, said=round(one.said, 6)) for one in count(storage).by_rating]
    assert rounded == [
        ConfidenceBin(0.0, 0.1, 0.05, 1, 1), ConfidenceBin(0.3, 0.4, 0.31, 2, 1), ConfidenceBin(0.9, 1.0, 0.95, 3, 2),
    ]  # fmt: skip


def test_a_bin_begins_at_its_confidence() -> None:
    bins = numbers_module._bins([(tenth / 10, True) for tenth in range(11)])

    assert [(one.start, one.count) for one in bins] == [(tenth / 10, 1) for tenth in range(9)] + [(0.9, 2)]


def test_confidence_is_held_against_what_reviewers_said(storage: Storage, join: Join) -> None:
    reviews = Reviews(storage.database)
    people = [join(name) for name in ("Ani", "Budi", "Citra")]
    lia = join("Lia", Role.LEAD)
    one, most, tie, final, declined = (
        asked_on(storage, 10, confidence=confidence, outcome=outcome)
        for confidence, outcome in [
            (0.15, Outcome.ANSWERED), (0.25, Outcome.ANSWERED), (0.35, Outcome.ANSWERED), (0.45, Outcome.ANSWERED),
            (0.55, Outcome.DECLINED),
        ]
    )  # fmt: skip
    for turn_id, verdicts in [
        (one, (RIGHT,)), (most, (WRONG, RIGHT, RIGHT)), (tie, (RIGHT, WRONG)), (final, (WRONG, WRONG)),
        (declined, (RIGHT,)),
    ]:  # fmt: skip
        for person, verdict in zip(people, verdicts, strict=False):
            reviews.give(person, turn_id, verdict)
    reviews.give(lia, final, RIGHT, final=True)

    assert [(one.start, one.count, one.right) for one in count(storage).by_review] == [
        (0.1, 1, 1), (0.2, 1, 1), (0.3, 1, 0), (0.4, 1, 1),
    ]  # fmt: skip


def test_a_period_of_one_day_is_that_day(storage: Storage) -> None:
    turn_id = asked_on(storage, 11)
    numbers = count(storage, Period(date(2026, 6, 11), date(2026, 6, 11)))

    assert numbers.by_day == (Row("2026-06-11", 1, 1, 0, 0, 0),)
    assert turn_of(storage, turn_id).asked_at == jakarta(11, 12)
