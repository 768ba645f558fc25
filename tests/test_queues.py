import threading
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from bot.answers import Outcome
from bot.desk import queues as queues_module
from bot.desk.people import People, Refused, Role
from bot.desk.queues import LONGEST_NAME, Kind, QueueRules, Queues, Task, taken_by_share
from bot.desk.reviewing import Judgement, Reviews, Verdict
from bot.storage import Storage
from bot.tables import turns
from tests.answers_given import NOON
from tests.desk_given import Clock, Join, say

pytest_plugins = ["tests.databases", "tests.desk_staff"]

EVERYTHING = 10_000


@pytest.fixture
def queues(storage: Storage, clock: Clock) -> Queues:
    return Queues(storage.database, clock)


def tasks_of(queues: Queues, queue_id: int, *turn_ids: int) -> list[Task]:
    return [task for turn_id in turn_ids for task in queues.tasks_of_turn(turn_id) if task.queue_id == queue_id]


def readers(queues: Queues, queue_id: int, turn_id: int) -> list[int | None]:
    return [task.staff_id for task in tasks_of(queues, queue_id, turn_id)]


def taken(queues: Queues, queue_id: int, turn_ids: list[int]) -> list[int]:
    return [turn_id for turn_id in turn_ids if tasks_of(queues, queue_id, turn_id)]


# What comes in


def test_each_kind_takes_in_what_it_should(storage: Storage, queues: Queues, join: Join) -> None:
    ani = join("Ani")
    sure, unsure, limit, declined, wrong, right, talk = (
        say(storage, confidence=0.9), say(storage, confidence=0.3), say(storage, confidence=0.5),
        say(storage, outcome=Outcome.DECLINED), say(storage), say(storage),
        say(storage, outcome=Outcome.SMALLTALK, confidence=0.1),
    )  # fmt: skip
    storage.rate(wrong, 7, "not_right")
    storage.rate(right, 7, "right")
    storage.rate(talk, 7, "not_right")
    made = {
        kind: queues.add(QueueRules(kind.value, kind, below=0.5, members=(ani.id,)), past_turns=EVERYTHING)
        for kind in Kind
    }
    queues.fill()

    every = [sure, unsure, limit, declined, wrong, right, talk]
    assert {kind: taken(queues, queue, every) for kind, queue in made.items()} == {
        Kind.SAMPLE: [sure, unsure, limit, declined, wrong, right],
        Kind.NOT_RIGHT: [wrong],
        Kind.DECLINED: [declined],
        Kind.LOW_CONFIDENCE: [unsure],
    }


def test_a_queue_takes_in_what_comes_after_it_and_so_many_turns_before(
    storage: Storage, queues: Queues, join: Join
) -> None:
    members = (join("Ani").id,)
    before = [say(storage) for _ in range(4)]
    fresh = queues.add(QueueRules("From now on", Kind.SAMPLE, members=members))
    back = queues.add(QueueRules("And two before", Kind.SAMPLE, members=members), past_turns=2)
    after = say(storage)

    assert queues.fill() == 1 + 3
    assert taken(queues, fresh, [*before, after]) == [after]
    assert taken(queues, back, [*before, after]) == [*before[2:], after]


def test_a_queue_of_one_language_takes_in_that_language(storage: Storage, queues: Queues, join: Join) -> None:
    queue = queues.add(QueueRules("English", Kind.SAMPLE, language="en", members=(join("Ani").id,)))
    say(storage)
    english = say(storage, language="en")
    queues.fill()

    assert queues.get(queue).open == 1  # type: ignore[union-attr]
    assert taken(queues, queue, [english]) == [english]


def test_a_queue_that_is_off_takes_nothing_in_until_it_is_on_again(
    storage: Storage, queues: Queues, join: Join
) -> None:
    rules = QueueRules("All", Kind.SAMPLE, members=(join("Ani").id,), active=False)
    queue = queues.add(rules)
    say(storage)
    assert queues.fill() == 0

    queues.change(queue, replace(rules, active=True))
    assert queues.fill() == 1


def test_a_rating_that_comes_late_brings_its_turn_in(
    storage: Storage, database_url: str, queues: Queues, join: Join, clock: Clock
) -> None:
    old, rated_before = say(storage), say(storage)
    late = Storage(database_url, clock)
    late.rate(rated_before, 7, "not_right")
    clock.pass_by(minutes=1)
    queue = queues.add(QueueRules("Not right", Kind.NOT_RIGHT, members=(join("Ani").id,)))
    assert queues.fill() == 0

    clock.pass_by(days=3)
    late.rate(old, 7, "not_right", "outdated")
    late.close()
    assert [queues.fill(), queues.fill()] == [1, 0]
    assert taken(queues, queue, [old, rated_before]) == [old]


def test_ratings_that_a_share_leaves_out_do_not_keep_later_ones_away(
    storage: Storage, queues: Queues, join: Join, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queues_module, "_BATCH", 3)
    queue = queues.add(QueueRules("Few", Kind.NOT_RIGHT, percent=10, members=(join("Ani").id,)))
    turn_ids = [say(storage) for _ in range(30)]
    for turn_id in turn_ids:
        storage.rate(turn_id, 7, "not_right")
    for _ in range(3):
        queues.fill()

    assert taken(queues, queue, turn_ids) == [turn for turn in turn_ids if taken_by_share(turn, queue, 10)] != []


# How much comes in


def test_a_share_is_about_its_percent_and_always_the_same() -> None:
    for percent in (1, 5, 30, 100):
        chosen = [turn for turn in range(20_000) if taken_by_share(turn, 7, percent)]

        assert len(chosen) / 200 == pytest.approx(percent, rel=0.15)
        assert chosen == [turn for turn in range(20_000) if taken_by_share(turn, 7, percent)]


def test_a_larger_share_holds_the_smaller_one_and_queues_take_different_turns() -> None:
    def share(queue: int, percent: int, salt: str = "taken") -> set[int]:
        return {turn for turn in range(5_000) if taken_by_share(turn, queue, percent, salt)}

    assert share(1, 5) < share(1, 20)
    for other in (share(2, 20), share(1, 20, "twice")):
        assert len(share(1, 20) & other) == pytest.approx(0.04 * 5_000, rel=0.3)


def test_a_queue_takes_in_its_share(storage: Storage, queues: Queues, join: Join) -> None:
    queue = queues.add(QueueRules("Some", Kind.SAMPLE, percent=25, members=(join("Ani").id,)))
    turn_ids = _many_turns(storage, 400)
    new = queues.fill()

    assert taken(queues, queue, turn_ids) == [turn for turn in turn_ids if taken_by_share(turn, queue, 25)]
    assert new == pytest.approx(100, rel=0.3)


def test_many_turns_come_in_batch_by_batch(
    storage: Storage, queues: Queues, join: Join, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queues_module, "_BATCH", 250)
    queue = queues.add(QueueRules("All", Kind.SAMPLE, members=(join("Ani").id,)))
    _many_turns(storage, 600)

    assert [queues.fill() for _ in range(4)] == [250, 250, 100, 0]
    assert queues.get(queue).open == 600  # type: ignore[union-attr]


def test_filling_again_makes_no_task_twice(storage: Storage, queues: Queues, join: Join) -> None:
    ani = join("Ani", reads=["id"])
    for kind in (Kind.SAMPLE, Kind.NOT_RIGHT):
        queues.add(QueueRules(kind.value, kind, members=(ani.id,)))
    for language in ("id", "en"):
        storage.rate(say(storage, language=language), 7, "not_right")

    assert [queues.fill(), queues.fill(), queues.fill()] == [4, 0, 0]
    assert sum(queue.open for queue in queues.all()) == 4


def test_two_who_fill_at_once_make_no_task_twice(storage: Storage, queues: Queues, join: Join) -> None:
    members = tuple(join(name, reads=["id"]).id for name in ("Ani", "Budi", "Citra"))
    for kind in (Kind.SAMPLE, Kind.NOT_RIGHT):
        queues.add(QueueRules(kind.value, kind, members=members, twice_percent=50))
    new = 0
    for _ in range(5):
        for language in ("id", "id", "en"):
            storage.rate(say(storage, language=language), 7, "not_right")
        filled: list[int] = []
        threads = [threading.Thread(target=lambda: filled.append(queues.fill())) for _ in range(2)]  # noqa: B023
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(filled) == 2
        new += sum(filled)

    assert sum(queue.open for queue in queues.all()) == new
    for queue in queues.all():
        for turn_id in range(1, 16):
            count = 1 + taken_by_share(turn_id, queue.id, 50, "twice")
            assert len(tasks_of(queues, queue.id, turn_id)) == count


def test_a_turn_that_appears_after_a_later_one_comes_in_too(storage: Storage, queues: Queues, join: Join) -> None:
    queue = queues.add(QueueRules("All", Kind.SAMPLE, members=(join("Ani").id,)))
    first = say(storage)
    with storage.database.writing() as connection:
        row = connection.execute(select(turns).where(turns.c.id == first)).one()._asdict()
        connection.execute(insert(turns).values(**{**row, "id": first + 5}))
    queues.fill()
    with storage.database.writing() as connection:
        connection.execute(insert(turns).values(**{**row, "id": first + 3}))

    assert [queues.fill(), queues.fill()] == [1, 0]
    assert taken(queues, queue, [first, first + 3, first + 5]) == [first, first + 3, first + 5]


# Who reads it


def test_a_turn_goes_to_who_reads_its_language(storage: Storage, queues: Queues, join: Join) -> None:
    ani, budi = join("Ani", reads=["id"]), join("Budi", reads=["en"])
    queue = queues.add(QueueRules("All", Kind.SAMPLE, members=(ani.id, budi.id)))
    indonesian, english = [say(storage) for _ in range(3)], [say(storage, language="en") for _ in range(3)]
    queues.fill()

    assert [readers(queues, queue, turn) for turn in indonesian] == [[ani.id]] * 3
    assert [readers(queues, queue, turn) for turn in english] == [[budi.id]] * 3


def test_only_members_of_a_queue_read_it(storage: Storage, queues: Queues, join: Join) -> None:
    join("Ani")
    budi = join("Budi")
    queue = queues.add(QueueRules("All", Kind.SAMPLE, members=(budi.id, budi.id)))
    turn_id = say(storage)
    queues.fill()

    assert readers(queues, queue, turn_id) == [budi.id]


def test_the_one_with_the_least_to_do_is_next(storage: Storage, queues: Queues, join: Join) -> None:
    ani, budi, citra = join("Ani"), join("Budi"), join("Citra")
    queues.add(QueueRules("Hers", Kind.SAMPLE, members=(ani.id,)))
    for _ in range(3):
        say(storage)
    queues.fill()
    queue = queues.add(QueueRules("All", Kind.DECLINED, members=(ani.id, budi.id, citra.id)))
    turn_ids = [say(storage, outcome=Outcome.DECLINED) for _ in range(6)]
    queues.change(1, QueueRules("Hers", Kind.SAMPLE, members=(ani.id,), active=False))
    queues.fill()

    given = Counter(reader for turn in turn_ids for reader in readers(queues, queue, turn))
    assert given == {budi.id: 3, citra.id: 3}


def test_two_different_people_read_of_a_stated_share(storage: Storage, queues: Queues, join: Join) -> None:
    members = tuple(join(name).id for name in ("Ani", "Budi", "Citra"))
    queue = queues.add(QueueRules("All", Kind.SAMPLE, members=members, twice_percent=50))
    turn_ids = [say(storage) for _ in range(30)]
    queues.fill()

    found = {turn: readers(queues, queue, turn) for turn in turn_ids}
    assert {turn: len(given) for turn, given in found.items()} == {
        turn: 1 + taken_by_share(turn, queue, 50, "twice") for turn in turn_ids
    }
    assert {len(given) for given in found.values()} == {1, 2}
    assert all(len(set(given)) == len(given) for given in found.values())


def test_a_second_reading_waits_for_somebody_who_can(
    storage: Storage, queues: Queues, join: Join, people: People
) -> None:
    ani, budi = join("Ani"), join("Budi", reads=["id"])
    queue = queues.add(QueueRules("All", Kind.SAMPLE, members=(ani.id, budi.id), twice_percent=100))
    turn_id = say(storage, language="en")

    assert queues.fill() == 2
    assert readers(queues, queue, turn_id) == [ani.id, None]
    people.change(budi.id, reads=["id", "en"])
    queues.fill()
    assert readers(queues, queue, turn_id) == [ani.id, budi.id]


def test_what_nobody_reads_is_given_out_when_somebody_can(
    storage: Storage, queues: Queues, join: Join, people: People
) -> None:
    ani = join("Ani", reads=["id"])
    rules = QueueRules("All", Kind.SAMPLE, members=(ani.id,))
    queue = queues.add(rules)
    turn_ids = [say(storage, language="en") for _ in range(2)]
    queues.fill()
    assert [readers(queues, queue, turn) for turn in turn_ids] == [[None], [None]]
    assert queues.get(queue).unassigned == 2  # type: ignore[union-attr]

    budi = join("Budi", reads=["en"])
    queues.change(queue, replace(rules, members=(ani.id, budi.id)))
    assert queues.fill() == 0
    assert [readers(queues, queue, turn) for turn in turn_ids] == [[budi.id], [budi.id]]
    assert queues.get(queue).unassigned == 0  # type: ignore[union-attr]


def test_a_task_is_given_out_although_its_reader_has_the_turn_in_another_queue(
    storage: Storage, queues: Queues, join: Join
) -> None:
    ani = join("Ani")
    queues.add(QueueRules("First", Kind.SAMPLE, members=(ani.id,)))
    rules = QueueRules("Second", Kind.SAMPLE)
    second = queues.add(rules)
    turn_id = say(storage)
    queues.fill()
    queues.change(second, replace(rules, members=(ani.id,)))
    queues.fill()

    assert readers(queues, second, turn_id) == [ani.id]


def test_open_tasks_of_members_who_leave_go_to_others(storage: Storage, queues: Queues, join: Join) -> None:
    ani, budi = join("Ani"), join("Budi")
    rules = QueueRules("All", Kind.SAMPLE, members=(ani.id,))
    queue = queues.add(rules)
    done, left = say(storage), say(storage)
    queues.fill()
    Reviews(storage.database).give(ani, done, Judgement(Verdict.RIGHT))
    queues.change(queue, replace(rules, members=(budi.id,)))
    queues.fill()

    assert (readers(queues, queue, done), readers(queues, queue, left)) == ([ani.id], [budi.id])


def test_open_tasks_of_staff_who_leave_go_to_others(
    storage: Storage, queues: Queues, join: Join, people: People
) -> None:
    join("Root", Role.ADMIN)
    ani, budi = join("Ani"), join("Budi")
    queue = queues.add(QueueRules("All", Kind.SAMPLE, members=(ani.id, budi.id)))
    turn_ids = [say(storage) for _ in range(4)]
    queues.fill()
    people.change(ani.id, active=False)
    later = say(storage)
    queues.fill()

    assert [readers(queues, queue, turn) for turn in [*turn_ids, later]] == [[budi.id]] * 5


def test_who_leaves_a_turn_is_not_given_it_twice(storage: Storage, queues: Queues, join: Join) -> None:
    ani, budi, citra = join("Ani"), join("Budi"), join("Citra")
    rules = QueueRules("All", Kind.SAMPLE, members=(ani.id, budi.id), twice_percent=100)
    queue = queues.add(rules)
    turn_id = say(storage)
    queues.fill()
    queues.change(queue, replace(rules, members=(budi.id, citra.id)))
    queues.fill()

    assert sorted(readers(queues, queue, turn_id), key=str) == [budi.id, citra.id]


# Doing them


def test_tasks_come_oldest_first_in_one_queue_or_in_any(storage: Storage, queues: Queues, join: Join) -> None:
    ani = join("Ani")
    reviews = Reviews(storage.database)
    first = queues.add(QueueRules("First", Kind.SAMPLE, members=(ani.id,)))
    second = queues.add(QueueRules("Second", Kind.DECLINED, members=(ani.id,)))
    older, newer = say(storage), say(storage, outcome=Outcome.DECLINED)
    queues.fill()

    def next_turn(queue: int | None = None) -> int | None:
        task = queues.next_task(ani, queue)
        return task and task.turn_id

    assert (next_turn(), next_turn(first), next_turn(second)) == (older, older, newer)
    assert (queues.open_of(ani), queues.next_task(join("Budi"))) == (3, None)
    reviews.give(ani, older, Judgement(Verdict.RIGHT))
    assert (next_turn(), next_turn(first), next_turn(second)) == (newer, newer, newer)
    reviews.give(ani, newer, Judgement(Verdict.RIGHT))
    assert (next_turn(), queues.open_of(ani)) == (None, 0)


def test_a_task_is_put_aside_by_its_person_or_a_lead(
    storage: Storage, queues: Queues, join: Join, clock: Clock
) -> None:
    ani, budi, lia = join("Ani"), join("Budi"), join("Lia", Role.LEAD)
    queue = queues.add(QueueRules("All", Kind.SAMPLE, members=(ani.id,)))
    one, other = say(storage), say(storage)
    queues.fill()
    tasks = [tasks_of(queues, queue, turn)[0] for turn in (one, other)]
    with pytest.raises(Refused, match="not_yours"):
        queues.skip(budi, tasks[0].id)
    with pytest.raises(Refused, match="task_gone"):
        queues.skip(lia, 99)

    queues.skip(ani, tasks[0].id)
    queues.skip(lia, tasks[1].id)
    assert queues.next_task(ani) is None
    found = queues.get(queue)
    assert found is not None
    assert (found.open, found.done, found.skipped) == (0, 0, 2)


def test_a_queue_says_how_far_it_is(storage: Storage, queues: Queues, join: Join) -> None:
    ani, budi = join("Ani", reads=["id"]), join("Budi", reads=["id"])
    rules = QueueRules("All", Kind.SAMPLE, percent=100, members=(ani.id, budi.id))
    queue = queues.add(rules)
    turn_ids = [say(storage) for _ in range(5)]
    say(storage, language="en")
    queues.fill()
    Reviews(storage.database).give(ani, turn_ids[0], Judgement(Verdict.RIGHT))
    (task,) = tasks_of(queues, queue, turn_ids[1])
    queues.skip(budi, task.id)

    found = queues.get(queue)
    assert found is not None
    assert found.rules == rules
    assert (found.open, found.done, found.skipped, found.unassigned) == (4, 1, 1, 1)
    assert found.of_members == ((ani.id, "Ani", 2, 1), (budi.id, "Budi", 1, 1))
    assert queues.all() == [found]
    assert queues.get(queue + 1) is None


# Rules


@pytest.mark.parametrize(
    ("rules", "why"),
    [
        (QueueRules("", Kind.SAMPLE), "queue_name"),
        (QueueRules("x" * (LONGEST_NAME + 1), Kind.SAMPLE), "queue_name"),
        (QueueRules("All", Kind.SAMPLE, percent=0), "percent"),
        (QueueRules("All", Kind.SAMPLE, percent=101), "percent"),
        (QueueRules("All", Kind.SAMPLE, twice_percent=-1), "percent"),
        (QueueRules("All", Kind.SAMPLE, twice_percent=101), "percent"),
        (QueueRules("Low", Kind.LOW_CONFIDENCE), "below"),
        (QueueRules("Low", Kind.LOW_CONFIDENCE, below=0.0), "below"),
        (QueueRules("Low", Kind.LOW_CONFIDENCE, below=1.1), "below"),
        (QueueRules("Low", Kind.LOW_CONFIDENCE, below=float("nan")), "below"),
        (QueueRules("All", Kind.SAMPLE, twice_percent=10, members=(1,)), "two_members"),
        (QueueRules("All", Kind.SAMPLE, twice_percent=10, members=(1, 1)), "two_members"),
    ],
)
def test_rules_that_cannot_be_kept_are_refused(queues: Queues, rules: QueueRules, why: str) -> None:
    for do in (queues.add, lambda rules: queues.change(1, rules)):
        with pytest.raises(Refused, match=why):
            do(rules)

    assert queues.all() == []


def test_a_queue_that_is_not_there_is_not_changed(queues: Queues) -> None:
    with pytest.raises(Refused, match="queue_gone"):
        queues.change(1, QueueRules("All", Kind.SAMPLE))


def _many_turns(storage: Storage, count: int) -> list[int]:
    first = say(storage)
    with storage.database.writing() as connection:
        row = connection.execute(select(turns).where(turns.c.id == first)).one()._asdict()
        rows = [{**row, "id": first + more, "asked_at": NOON + timedelta(seconds=more)} for more in range(1, count)]
        connection.execute(insert(turns), rows)
    return [first + more for more in range(count)]
