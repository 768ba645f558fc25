"""Review queues: which answers are read by whom.

A queue takes turns in by its kind, a stated share of them, and gives each to the member who reads its language and has
the least to do; of a stated share two members read the same turn, without seeing each other's verdict before their own.
Which turns a share takes is decided by a hash of the turn and the queue: the same ones, however often it is asked.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, func, insert, select, update

from bot.answers import Outcome
from bot.database import Database
from bot.desk.people import Person, Refused, Role, now
from bot.desk.tables import queue_members, queues, staff, tasks
from bot.tables import ratings, turns

_BATCH = 2000
_STILL_WRITTEN = 100  # of the newest turns, one with a lower id may still be on its way into the database
LONGEST_NAME = 80


class Kind(StrEnum):
    """Which turns come into a queue."""

    SAMPLE = "sample"
    NOT_RIGHT = "not_right"
    DECLINED = "declined"
    LOW_CONFIDENCE = "low_confidence"


@dataclass(frozen=True)
class QueueRules:
    """What a queue takes in, and who reads it. `below` is the confidence under which a turn is of low confidence."""

    name: str
    kind: Kind
    percent: int = 100
    below: float | None = None
    language: str | None = None
    twice_percent: int = 0
    members: tuple[int, ...] = ()
    active: bool = True


@dataclass(frozen=True)
class Queue:
    """A queue with how far it is; `of_members` counts what is open and done by person."""

    id: int
    rules: QueueRules
    open: int
    done: int
    skipped: int
    unassigned: int
    of_members: tuple[tuple[int, str, int, int], ...]


@dataclass(frozen=True)
class Task:
    """One turn that one person is to read."""

    id: int
    queue_id: int
    queue_name: str
    turn_id: int
    staff_id: int | None
    done_at: datetime | None


class Queues:
    """The queues in the database."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = now) -> None:
        self._database = database
        self._clock = clock

    def add(self, rules: QueueRules, past_turns: int = 0) -> int:
        """Make a queue that takes in what comes from now on, and of what was said before the newest `past_turns`.

        Raises:
            Refused: the rules cannot be kept.
        """
        _refuse_unfit(rules)
        with self._database.writing() as connection:
            newest = int(connection.execute(select(func.coalesce(func.max(turns.c.id), 0))).scalar_one())
            statement = insert(queues).values(
                **_values(rules), created_at=self._clock(), from_turn=max(0, newest - past_turns)
            )
            queue_id = int(connection.execute(statement.returning(queues.c.id)).scalar_one())
            _set_members(connection, queue_id, rules.members)
        return queue_id

    def change(self, queue_id: int, rules: QueueRules) -> None:
        """Change a queue's rules; what is in it already stays, tasks of those who left go to others.

        Raises:
            Refused: the rules cannot be kept, or there is no such queue.
        """
        _refuse_unfit(rules)
        with self._database.writing() as connection:
            changed = connection.execute(update(queues).where(queues.c.id == queue_id).values(**_values(rules)))
            if not changed.rowcount:
                raise Refused("queue_gone")
            _set_members(connection, queue_id, rules.members)
            left = (tasks.c.queue_id == queue_id, tasks.c.done_at.is_(None), tasks.c.staff_id.not_in(rules.members))
            connection.execute(update(tasks).where(*left).values(staff_id=None))

    def all(self) -> list[Queue]:
        """Return all queues, oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(select(queues).order_by(queues.c.id)).all()
            return [_queue(connection, row) for row in rows]

    def get(self, queue_id: int) -> Queue | None:
        """Return a queue."""
        with self._database.reading() as connection:
            row = connection.execute(select(queues).where(queues.c.id == queue_id)).first()
            return _queue(connection, row) if row else None

    def fill(self) -> int:
        """Take into the queues what has come, and give out what nobody has yet; return how many tasks are new."""
        with self._database.writing() as connection:
            # Held, so that of two who fill at once the second sees what the first took in.
            active = select(queues).where(queues.c.active).order_by(queues.c.id).with_for_update()
            rows = connection.execute(active).all()
            left = select(staff.c.id).where(~staff.c.active)
            of_who_left = (tasks.c.staff_id.in_(left), tasks.c.done_at.is_(None))
            connection.execute(update(tasks).where(*of_who_left).values(staff_id=None))
            return sum(_fill(connection, row, self._clock()) for row in rows)

    def next_task(self, person: Person, queue_id: int | None = None) -> Task | None:
        """Return the oldest task that a person still has, in one queue or in any."""
        query = _tasks().where(tasks.c.staff_id == person.id, tasks.c.done_at.is_(None)).order_by(tasks.c.id).limit(1)
        if queue_id is not None:
            query = query.where(tasks.c.queue_id == queue_id)
        with self._database.reading() as connection:
            row = connection.execute(query).first()
            return Task(*row) if row else None

    def tasks_of_turn(self, turn_id: int) -> list[Task]:
        """Return all tasks on a turn."""
        with self._database.reading() as connection:
            rows = connection.execute(_tasks().where(tasks.c.turn_id == turn_id).order_by(tasks.c.id))
            return [Task(*row) for row in rows]

    def open_of(self, person: Person) -> int:
        """Return how many tasks a person has."""
        query = select(func.count()).select_from(tasks).where(tasks.c.staff_id == person.id, tasks.c.done_at.is_(None))
        with self._database.reading() as connection:
            return int(connection.execute(query).scalar_one())

    def skip(self, person: Person, task_id: int) -> None:
        """Put a task aside without a verdict.

        Raises:
            Refused: it is somebody else's, or not there.
        """
        with self._database.writing() as connection:
            row = connection.execute(select(tasks.c.staff_id).where(tasks.c.id == task_id)).first()
            if row is None:
                raise Refused("task_gone")
            if row.staff_id != person.id and not person.may(Role.LEAD):
                raise Refused("not_yours")
            connection.execute(update(tasks).where(tasks.c.id == task_id).values(done_at=self._clock(), skipped=True))


def taken_by_share(turn_id: int, queue_id: int, percent: int, salt: str = "taken") -> bool:
    """Tell whether a turn is among the stated percent that a queue takes."""
    digest = hashlib.sha256(f"{salt}:{queue_id}:{turn_id}".encode()).digest()
    return int.from_bytes(digest[:4], "big") % 100 < percent


def _refuse_unfit(rules: QueueRules) -> None:
    if not rules.name or len(rules.name) > LONGEST_NAME:
        raise Refused("queue_name", most=LONGEST_NAME)
    if not 1 <= rules.percent <= 100 or not 0 <= rules.twice_percent <= 100:
        raise Refused("percent")
    if rules.kind is Kind.LOW_CONFIDENCE and not (rules.below and 0 < rules.below <= 1):
        raise Refused("below")
    if rules.twice_percent and len(set(rules.members)) < 2:
        raise Refused("two_members")


def _values(rules: QueueRules) -> dict[str, object]:
    return {
        "name": rules.name, "kind": rules.kind.value, "percent": rules.percent, "below": rules.below,
        "language": rules.language, "twice_percent": rules.twice_percent, "active": rules.active,
    }  # fmt: skip


def _set_members(connection: Connection, queue_id: int, members: Sequence[int]) -> None:
    connection.execute(delete(queue_members).where(queue_members.c.queue_id == queue_id))
    there = connection.execute(select(staff.c.id).where(staff.c.id.in_(members))).scalars().all()
    if there:
        connection.execute(insert(queue_members), [{"queue_id": queue_id, "staff_id": member} for member in there])


def _fill(connection: Connection, queue: Row[tuple[object, ...]], at: datetime) -> int:
    wanted = select(turns.c.id, turns.c.language).where(*_comes_in(queue)).order_by(turns.c.id)
    if queue.kind != Kind.NOT_RIGHT:
        wanted = wanted.limit(_BATCH)
    found = connection.execute(wanted).all()
    rota = _Rota(connection, queue.id)
    rows = []
    for turn in found:
        if taken_by_share(turn.id, queue.id, queue.percent):
            readers = 2 if taken_by_share(turn.id, queue.id, queue.twice_percent, "twice") else 1
            for member in rota.readers(turn.language, readers):
                rows.append({"turn_id": turn.id, "staff_id": member})
    if rows:
        every = {"queue_id": queue.id, "created_at": at, "skipped": False}
        connection.execute(insert(tasks), [{**every, **row} for row in rows])
    _note_progress(connection, queue, [turn.id for turn in found])
    _give_out(connection, queue.id, rota)
    return len(rows)


def _comes_in(queue: Row[tuple[object, ...]]) -> list[ColumnElement[bool]]:
    """Return what a turn must be like to come into a queue, if it was not looked at before."""
    known = select(tasks.c.turn_id).where(tasks.c.queue_id == queue.id)
    found: list[ColumnElement[bool]] = [turns.c.outcome != Outcome.SMALLTALK.value, turns.c.id.not_in(known)]
    if queue.language:
        found.append(turns.c.language == queue.language)
    if queue.kind == Kind.NOT_RIGHT:
        # A rating may come long after its turn, so that the turns that were looked at say nothing here.
        rated = select(ratings.c.turn_id).where(ratings.c.rating == "not_right")
        late = turns.c.id.in_(rated.where(ratings.c.at >= queue.created_at))
        return [*found, turns.c.id.in_(rated), late | (turns.c.id > queue.from_turn)]
    found.append(turns.c.id > queue.from_turn)
    if queue.kind == Kind.DECLINED:
        found.append(turns.c.outcome == Outcome.DECLINED.value)
    if queue.kind == Kind.LOW_CONFIDENCE:
        found.append(turns.c.confidence < queue.below)
    return found


def _note_progress(connection: Connection, queue: Row[Any], seen: list[int]) -> None:
    """Note up to which turn all were looked at.

    The last ones are looked at again next time: PostgreSQL may show a turn later than one with a higher id.
    """
    if queue.kind == Kind.NOT_RIGHT:
        return
    newest = int(connection.execute(select(func.coalesce(func.max(turns.c.id), 0))).scalar_one())
    reached = min(max(seen) if len(seen) == _BATCH else newest, newest - _STILL_WRITTEN)
    values = {"from_turn": max(queue.from_turn, reached)}
    connection.execute(update(queues).where(queues.c.id == queue.id).values(**values))


def _give_out(connection: Connection, queue_id: int, rota: "_Rota") -> None:
    """Give tasks that nobody has, as of members who left, to those who are there now."""
    waiting = select(tasks.c.id, tasks.c.turn_id, turns.c.language).join(turns, turns.c.id == tasks.c.turn_id)
    nobodys = (tasks.c.queue_id == queue_id, tasks.c.staff_id.is_(None), tasks.c.done_at.is_(None))
    read = turns.c.language.in_(rota.languages)
    for task in connection.execute(waiting.where(*nobodys, read).order_by(tasks.c.id).limit(_BATCH)).all():
        others = (tasks.c.queue_id == queue_id, tasks.c.turn_id == task.turn_id)
        had = set(connection.execute(select(tasks.c.staff_id).where(*others)).scalars())
        (member, *_) = rota.readers(task.language, 1, without=had)
        if member is not None:
            connection.execute(update(tasks).where(tasks.c.id == task.id).values(staff_id=member))


class _Rota:
    """Who of a queue's members is to read next: the one with the least to do, of those who read the language."""

    def __init__(self, connection: Connection, queue_id: int) -> None:
        members = (
            select(staff.c.id, staff.c.reads)
            .join(queue_members, queue_members.c.staff_id == staff.c.id)
            .where(queue_members.c.queue_id == queue_id, staff.c.active)
            .order_by(staff.c.id)
        )
        self._reads = {row.id: set(row.reads) for row in connection.execute(members)}
        count = select(tasks.c.staff_id, func.count()).where(tasks.c.done_at.is_(None)).group_by(tasks.c.staff_id)
        self._load: Counter[int] = Counter(dict(connection.execute(count).all()))

    @property
    def languages(self) -> set[str]:
        """The languages that somebody reads."""
        return {language for reads in self._reads.values() for language in reads}

    def readers(self, language: str, count: int, without: set[int | None] | None = None) -> list[int | None]:
        """Return so many members, or None in place of each that is not there."""
        able = [member for member, reads in self._reads.items() if language in reads and member not in (without or ())]
        chosen = sorted(able, key=lambda member: (self._load[member], member))[:count]
        self._load.update(chosen)
        return [*chosen, *[None] * (count - len(chosen))]


def _tasks() -> Select[tuple[Any, ...]]:
    return select(tasks.c.id, tasks.c.queue_id, queues.c.name, tasks.c.turn_id, tasks.c.staff_id, tasks.c.done_at).join(
        queues, queues.c.id == tasks.c.queue_id
    )


def _queue(connection: Connection, row: Row[tuple[object, ...]]) -> Queue:
    members = tuple(
        connection.execute(
            select(queue_members.c.staff_id)
            .where(queue_members.c.queue_id == row.id)
            .order_by(queue_members.c.staff_id)
        ).scalars()
    )
    rules = QueueRules(
        row.name, Kind(row.kind), row.percent, row.below, row.language, row.twice_percent, members, bool(row.active)
    )
    done: Counter[int | None] = Counter()
    left: Counter[int | None] = Counter()
    skipped = 0
    is_open = tasks.c.done_at.is_(None)
    query = select(tasks.c.staff_id, is_open, tasks.c.skipped, func.count()).where(tasks.c.queue_id == row.id)
    query = query.group_by(tasks.c.staff_id, is_open, tasks.c.skipped)
    for member, still_open, put_aside, count in connection.execute(query):
        skipped += count if put_aside else 0
        (left if still_open else done)[member] += count
    names = dict(connection.execute(select(staff.c.id, staff.c.name)).all())
    people = [member for member in dict.fromkeys([*members, *left, *done]) if member is not None]
    return Queue(
        row.id, rules, sum(left.values()), sum(done.values()) - skipped, skipped, left[None],
        tuple((member, names.get(member, "?"), left[member], done[member]) for member in people),
    )  # fmt: skip
