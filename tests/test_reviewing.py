import threading
from collections.abc import Sequence

import pytest

from bot.desk.people import Person, Refused, Role
from bot.desk.queues import Kind, QueueRules, Queues
from bot.desk.reviewing import LONGEST_NOTE, Agreement, Judgement, Reason, Review, Reviews, Verdict, agreement_of
from bot.storage import Storage
from tests.desk_given import Clock, Join, say, turn_of

pytest_plugins = ["tests.databases", "tests.desk_staff"]

RIGHT, WRONG = Judgement(Verdict.RIGHT), Judgement(Verdict.WRONG, Reason.OTHER_SECTION, "faqs/fees#shipping", "Ongkir")


@pytest.fixture
def reviews(storage: Storage, clock: Clock) -> Reviews:
    return Reviews(storage.database, clock)


def of(reviews: Reviews, turn_id: int) -> list[Review]:
    return reviews.of_turns([turn_id]).get(turn_id, [])


# A verdict


def test_a_verdict_is_kept_with_who_gave_it_and_when(
    storage: Storage, reviews: Reviews, join: Join, clock: Clock
) -> None:
    ani, turn_id = join("Ani"), say(storage)
    reviews.give(ani, turn_id, WRONG)

    assert of(reviews, turn_id) == [
        Review(
            turn_id, ani.id, "Ani", Verdict.WRONG, Reason.OTHER_SECTION, "faqs/fees#shipping", "Ongkir", False,
            clock.now,
        )
    ]  # fmt: skip


def test_a_person_has_one_verdict_which_they_may_change(storage: Storage, reviews: Reviews, join: Join) -> None:
    ani, budi, turn_id = join("Ani"), join("Budi"), say(storage)
    reviews.give(ani, turn_id, WRONG)
    reviews.give(budi, turn_id, WRONG)
    reviews.give(ani, turn_id, Judgement(Verdict.INCOMPLETE, note="Tanpa tanggal"))

    said = {
        review.name: (review.verdict, review.reason, review.section, review.note) for review in of(reviews, turn_id)
    }
    assert said == {
        "Ani": (Verdict.INCOMPLETE, None, None, "Tanpa tanggal"),
        "Budi": (Verdict.WRONG, Reason.OTHER_SECTION, "faqs/fees#shipping", "Ongkir"),
    }


def test_what_is_right_has_no_reason_and_no_other_section(storage: Storage, reviews: Reviews, join: Join) -> None:
    turn_id = say(storage)
    reviews.give(join("Ani"), turn_id, Judgement(Verdict.RIGHT, Reason.OTHER, "faqs/fees#shipping", "Bagus"))

    (review,) = of(reviews, turn_id)
    assert (review.verdict, review.reason, review.section, review.note) == (Verdict.RIGHT, None, None, "Bagus")


def test_a_note_that_is_long_or_strange_does_no_harm(storage: Storage, reviews: Reviews, join: Join) -> None:
    turn_id = say(storage)
    said = Judgement(Verdict.WRONG, section="a\x00b", note="\x00\ud800" + "x" * 2 * LONGEST_NOTE)
    reviews.give(join("Ani"), turn_id, said)

    (review,) = of(reviews, turn_id)
    assert (review.section, review.note) == ("a\ufffdb", "\ufffd?" + "x" * (LONGEST_NOTE - 2))


def test_a_turn_that_is_gone_is_not_reviewed(storage: Storage, reviews: Reviews, join: Join) -> None:
    turn_id = say(storage)
    storage.erase(7)
    with pytest.raises(Refused, match="turn_gone"):
        reviews.give(join("Ani"), turn_id, RIGHT)


def test_reviews_go_with_their_turn(storage: Storage, reviews: Reviews, join: Join) -> None:
    turn_id = say(storage)
    reviews.give(join("Ani"), turn_id, RIGHT)
    storage.erase(7)

    assert reviews.of_turns([turn_id]) == {}


# The final verdict


def test_only_a_lead_gives_the_final_verdict(storage: Storage, reviews: Reviews, join: Join) -> None:
    turn_id = say(storage)
    with pytest.raises(Refused, match="role"):
        reviews.give(join("Ani"), turn_id, RIGHT, final=True)
    assert of(reviews, turn_id) == []

    for name, role in [("Lia", Role.LEAD), ("Root", Role.ADMIN)]:
        reviews.give(join(name, role), turn_id, RIGHT, final=True)
        assert [review.name for review in of(reviews, turn_id) if review.final] == [name]


def test_a_reviewer_says_nothing_more_once_it_is_decided(storage: Storage, reviews: Reviews, join: Join) -> None:
    ani, lia, turn_id = join("Ani"), join("Lia", Role.LEAD), say(storage)
    reviews.give(ani, turn_id, RIGHT)
    reviews.give(lia, turn_id, WRONG, final=True)
    with pytest.raises(Refused, match="final_stands"):
        reviews.give(ani, turn_id, WRONG)
    assert [(review.name, review.final) for review in of(reviews, turn_id)] == [("Lia", True), ("Ani", False)]

    assert reviews.take_back(lia, turn_id)
    reviews.give(ani, turn_id, WRONG)
    assert [review.verdict for review in of(reviews, turn_id)] == [Verdict.WRONG]


def test_of_two_leads_the_later_decides(storage: Storage, reviews: Reviews, join: Join) -> None:
    lia, maya, turn_id = join("Lia", Role.LEAD), join("Maya", Role.LEAD), say(storage)
    reviews.give(lia, turn_id, RIGHT, final=True)
    reviews.give(maya, turn_id, WRONG, final=True)

    assert [(review.name, review.final) for review in of(reviews, turn_id)] == [("Maya", True), ("Lia", False)]


def test_of_two_leads_who_decide_at_once_one_decides(storage: Storage, reviews: Reviews, join: Join) -> None:
    leads = [join(f"Lead {number}", Role.LEAD) for number in range(4)]
    for _ in range(5):
        turn_id = say(storage)
        faults = _at_once(lambda lead, turn=turn_id: reviews.give(lead, turn, RIGHT, final=True), leads)

        assert faults == []
        assert [review.final for review in of(reviews, turn_id)] == [True, False, False, False]


# Where reviewers differ


def test_differing_verdicts_are_shown_newest_first_until_a_lead_decides(
    storage: Storage, reviews: Reviews, join: Join, clock: Clock
) -> None:
    ani, budi, lia = join("Ani"), join("Budi"), join("Lia", Role.LEAD)
    older, same, once, newer = (say(storage) for _ in range(4))
    for person, turn_id, said in [
        (ani, older, RIGHT), (budi, older, WRONG), (ani, same, WRONG), (budi, same, WRONG), (ani, once, RIGHT),
        (ani, newer, WRONG), (budi, newer, RIGHT),
    ]:  # fmt: skip
        clock.pass_by(minutes=1)
        reviews.give(person, turn_id, said)

    found = reviews.disagreements()
    assert [turn for turn, _ in found] == [turn_of(storage, newer), turn_of(storage, older)]
    assert [(review.name, review.verdict) for review in found[1][1]] == [("Ani", "right"), ("Budi", "wrong")]
    assert [turn.id for turn, _ in reviews.disagreements(limit=1)] == [newer]

    reviews.give(lia, older, RIGHT, final=True)
    assert [turn.id for turn, _ in reviews.disagreements()] == [newer]
    reviews.give(ani, newer, RIGHT)
    assert reviews.disagreements() == []


def test_agreement_is_counted_over_all_turns_or_those_of_a_queue(
    storage: Storage, reviews: Reviews, join: Join
) -> None:
    ani, budi, lia = join("Ani"), join("Budi"), join("Lia", Role.LEAD)
    queues = Queues(storage.database)
    outside = say(storage)
    queue = queues.add(QueueRules("All", Kind.SAMPLE, members=(ani.id, budi.id), twice_percent=100))
    inside, decided = say(storage), say(storage)
    queues.fill()
    for turn_id, verdicts in [(outside, (RIGHT, WRONG)), (inside, (RIGHT, RIGHT)), (decided, (WRONG, WRONG))]:
        for person, verdict in zip((ani, budi), verdicts, strict=True):
            reviews.give(person, turn_id, verdict)
    reviews.give(lia, decided, RIGHT, final=True)  # no vote

    assert reviews.agreement() == agreement_of([["right", "wrong"], ["right", "right"], ["wrong", "wrong"]])
    assert reviews.agreement(queue) == Agreement(2, 1.0, 1.0)
    assert reviews.agreement(queue + 1) == Agreement(0, None, None)


@pytest.mark.parametrize(
    ("verdicts", "share", "alpha"),
    [
        # Of six verdicts four are right and two wrong: 2·4·2 of 6·5 ordered pairs differ by chance, 4 of 6 are seen to.
        ([["right", "right"], ["right", "wrong"], ["wrong", "right"]], 1 / 3, 1 - (4 / 6) / (16 / 30)),
        # Three of each: 2·3·3 of 6·5 by chance, 2 of 6 seen. The turn that one person read says nothing.
        ([["right", "right"], ["right", "wrong"], ["wrong", "wrong"], ["wrong"]], 2 / 3, 1 - (2 / 6) / (18 / 30)),
        # Three read one turn: one of its three pairs agrees. Each verdict counts once, so 4 / (3 - 1) of 5 are seen.
        ([["right", "right", "wrong"], ["wrong", "wrong"]], 2 / 4, 1 - (2 / 5) / (12 / 20)),
    ],
)
def test_agreement_is_the_one_worked_out_by_hand(verdicts: Sequence[Sequence[str]], share: float, alpha: float) -> None:
    found = agreement_of(verdicts)

    assert (found.share, found.alpha) == (pytest.approx(share), pytest.approx(alpha))


# The data of parts A, B and C of Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability": a line per observer.
@pytest.mark.parametrize(
    ("observers", "alpha"),
    [
        (["0100000010", "1110010000"], 0.095),
        (["aabbdcccedda", "babbbccceddd"], 0.692),
        (["123321412...", "1233224125.3", ".3332342251.", "12332441251."], 0.743),
    ],
)
def test_alpha_is_the_one_that_krippendorff_published(observers: Sequence[str], alpha: float) -> None:
    units = [[value for value in unit if value != "."] for unit in zip(*observers, strict=True)]

    assert agreement_of(units).alpha == pytest.approx(alpha, abs=0.0005)


def test_where_nothing_could_differ_there_is_no_alpha() -> None:
    assert agreement_of([]) == agreement_of([["right"]]) == Agreement(0, None, None)
    assert agreement_of([["right", "right"], ["right", "right", "right"]]) == Agreement(2, 1.0, None)


# Tasks


def test_a_review_does_the_persons_tasks_and_taking_it_back_opens_them(
    storage: Storage, reviews: Reviews, join: Join, clock: Clock
) -> None:
    ani, budi = join("Ani"), join("Budi")
    queues = Queues(storage.database, clock)
    for name in ("First", "Second"):
        queues.add(QueueRules(name, Kind.SAMPLE, members=(ani.id, budi.id), twice_percent=100))
    turn_id = say(storage)
    queues.fill()
    assert (queues.open_of(ani), queues.open_of(budi)) == (2, 2)

    reviews.give(ani, turn_id, RIGHT)
    assert (queues.open_of(ani), queues.open_of(budi)) == (0, 2)
    assert {task.done_at for task in queues.tasks_of_turn(turn_id) if task.staff_id == ani.id} == {clock.now}

    assert reviews.take_back(ani, turn_id)
    assert of(reviews, turn_id) == []
    assert (queues.open_of(ani), queues.open_of(budi)) == (2, 2)


def test_taking_back_nothing_opens_no_task_that_was_put_aside(storage: Storage, reviews: Reviews, join: Join) -> None:
    ani = join("Ani")
    queues = Queues(storage.database)
    queues.add(QueueRules("All", Kind.SAMPLE, members=(ani.id,)))
    turn_id = say(storage)
    queues.fill()
    task = queues.next_task(ani)
    assert task is not None
    queues.skip(ani, task.id)

    assert not reviews.take_back(ani, turn_id)
    assert queues.open_of(ani) == 0


def _at_once(do: object, people: Sequence[Person]) -> list[Exception]:
    faults: list[Exception] = []

    def carefully(person: Person) -> None:
        try:
            do(person)  # type: ignore[operator]
        except Exception as fault:
            faults.append(fault)

    threads = [threading.Thread(target=carefully, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return faults
