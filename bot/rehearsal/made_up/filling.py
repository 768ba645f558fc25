"""Fills a database with made-up conversations and what staff made of them, for demonstrations and tests."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from bot.answerer import Answerer
from bot.desk.auditing import Audit
from bot.desk.handoffs import Handoffs
from bot.desk.people import People, Person, Role
from bot.desk.proposals import Encode
from bot.desk.queues import Kind, QueueRules, Queues
from bot.rehearsal.made_up.chatting import Chatting
from bot.rehearsal.made_up.helping import Helping
from bot.rehearsal.made_up.missing import Missing
from bot.rehearsal.made_up.planning import Plan
from bot.rehearsal.made_up.reading import Reading
from bot.rehearsal.made_up.scripts import desk_words
from bot.rehearsal.made_up.timeline import Days, Timeline
from bot.rehearsal.made_up.voices import Planted
from bot.rehearsal.made_up.world import World
from bot.remembered import StorageError
from bot.storage import Storage
from indexer.clock import JAKARTA
from indexer.sections import Language

_MANY = 100_000
_FIRST_HOUR, _LAST_HOUR = 9, 16
_SETTLED = timedelta(hours=3)  # before the end, gaps and proposals are decided on


@dataclass(frozen=True)
class Options:
    """How much is made up, and which of all that could be: the same seed gives the same."""

    days: int = 30
    seed: int = 7
    sellers: int = 150


@dataclass(frozen=True)
class MadeUpStaff:
    """Somebody of the made-up staff, with the password that was made for them now."""

    name: str
    role: Role
    reads: tuple[Language, ...]
    password: str


@dataclass(frozen=True)
class Filled:
    """What stands in the database now. `planted` is the personal data that sellers wrote: it was masked."""

    turns: int
    chats: int
    handoffs: int
    reviews: int
    staff: tuple[MadeUpStaff, ...]
    planted: tuple[str, ...]


def fill(  # noqa: PLR0913, PLR0917 - where to, what answers and how much: each is named at the call
    database_url: str, answerer: Answerer, encode: Encode, model: str, until: datetime, options: Options | None = None
) -> Filled:
    """Fill an empty database with what was said until a moment.

    `encode` and `model` are the vectors of questions and the fingerprint of what makes them, as for `Gaps`.

    Raises:
        StorageError: the database has turns or staff already.
    """
    options = options or Options()
    days = Days(until - timedelta(days=options.days), until)
    timeline = Timeline(days.start, days.end)
    storage = Storage(database_url, timeline.clock, durable=False)
    try:
        storage.migrate()
        if storage.chats(1) or People(storage.database).all():
            raise StorageError("The database is not empty; made-up conversations are only written into an empty one.")
        world = World(storage, answerer, timeline, days, options.seed, Planted(Random(f"planted:{options.seed}")))
        return _Month(world, encode, model, options).filled()
    finally:
        storage.close()


def new_passwords(storage: Storage) -> tuple[MadeUpStaff, ...]:
    """Give the staff of a database that was filled before new passwords, and return them."""
    people = People(storage.database)
    found = []
    for person in people.all():
        password = _password()
        people.set_password(person.id, password)
        found.append(MadeUpStaff(person.name, person.role, person.reads, password))
    return tuple(found)


class _Month:
    """A made-up month: who is there, what happens, and what stands in the database at its end."""

    def __init__(self, world: World, encode: Encode, model: str, options: Options) -> None:
        self._world = world
        self._options = options
        database, clock = world.storage.database, world.timeline.clock
        self._people = People(database, clock)
        self._audit = Audit(database, clock)
        self._audit.note(None, "demo_data", "made-up conversations")
        self._staff, self._passwords = self._add_staff()
        self._handoffs = Handoffs(database, group=False, clock=clock)
        answering = [person for person in self._staff if person.role is not Role.ADMIN]
        self._helping = Helping(world, self._handoffs, answering)
        self._reading = Reading(world, self._staff, encode)
        self._missing = Missing(world, self._one(Role.LEAD), encode, model)

    def filled(self) -> Filled:
        """Let the month pass, and say what came of it."""
        self._add_queues()
        plan = Plan(self._world, self._options.sellers)
        plan.choose()
        plan.lay(Chatting(self._world, self._handoffs, self._helping.wanted), self._helping.rescued)
        self._lay_work()
        self._world.timeline.run()
        self._missing.gather()
        self._helping.deliver()
        chats = self._world.storage.chats(_MANY)
        handoffs = [*self._handoffs.open(), *self._handoffs.closed(_MANY)]
        return Filled(
            sum(chat.turns for chat in chats), len(chats), len(handoffs), self._reading.given, self._passwords,
            tuple(self._world.planted.made),
        )  # fmt: skip

    def _lay_work(self) -> None:
        """Lay what staff do on the timeline: they read each hour, decide each evening, settle things at the end."""
        timeline, days = self._world.timeline, self._world.days
        for moment in days.working_hours():
            timeline.at(moment, self._reading.one_hour)
            hour = moment.astimezone(JAKARTA).hour
            if hour == _FIRST_HOUR:
                timeline.at(moment + timedelta(minutes=2), self._sign_in)
                timeline.at(moment + timedelta(minutes=5), self._missing.gather)
            if hour == _LAST_HOUR:
                timeline.at(moment + timedelta(minutes=50), self._reading.decide)
        settled = max(days.end - _SETTLED, days.start)
        for action in (self._reading.decide, self._missing.gather, self._missing.settle):
            timeline.at(settled, action)
        timeline.at(settled, self._reading.decide_proposals)
        timeline.at(settled + timedelta(minutes=1), self._helping.deliver)

    def _sign_in(self) -> None:
        day = self._world.timeline.clock().date()
        for person in self._staff:
            if self._world.chance("signs in", person.id, day).random() < 0.8:
                self._audit.note(person.id, "sign_in")

    def _add_staff(self) -> tuple[list[Person], tuple[MadeUpStaff, ...]]:
        people: list[Person] = []
        made: list[MadeUpStaff] = []
        for one in desk_words().staff:
            password = _password()
            person = self._people.add(one["name"], Role(one["role"]), password, one["reads"])
            if person.reads == ("en",):
                self._people.change(person.id, language="en")
            self._audit.note(people[0].id if people else None, "staff_added", person.name)
            people.append(person)
            made.append(MadeUpStaff(person.name, person.role, person.reads, password))
        return people, tuple(made)

    def _add_queues(self) -> None:
        queues = Queues(self._world.storage.database, self._world.timeline.clock)
        members = tuple(person.id for person in self._staff if person.role is Role.REVIEWER)
        for one in desk_words().queues:
            queues.add(QueueRules(**{**one, "kind": Kind(one["kind"]), "members": members}))
            self._audit.note(self._one(Role.LEAD).id, "queue_added", one["name"])

    def _one(self, role: Role) -> Person:
        return next(person for person in self._staff if person.role is role)


def _password() -> str:
    return secrets.token_urlsafe(12)
