"""Conversations for those who read them: a filtered list, page by page, and one conversation with all its turns."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Select, Tuple, func, select, tuple_

from bot import turns_log
from bot.database import Database
from bot.desk.turn_filters import TurnFilter, condition_of
from bot.remembered import StoredTurn
from bot.tables import turns

PAGE = 50
_BATCH = 500


@dataclass(frozen=True)
class Place:
    """A place in the list: the turn that stands there."""

    asked_at: datetime
    turn_id: int


@dataclass(frozen=True)
class Page:
    """A part of the list, newest first; `next` and `previous` say whether there is more on either side."""

    turns: tuple[StoredTurn, ...]
    next: bool
    previous: bool


class Conversations:
    """Reads what was said. A page costs the same wherever it lies: it is found by its place, not counted."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(
        self, wanted: TurnFilter, older_than: int | None = None, newer_than: int | None = None, limit: int = PAGE
    ) -> Page:
        """Return the turns that the filter wants, newest first, beside a turn if one is given by id."""
        with self._database.reading() as connection:
            if newer_than is not None and (place := _place(connection, newer_than)):
                ids = _newer(connection, wanted, place, limit + 1)
                return Page(_loaded(connection, ids[:limit][::-1]), next=True, previous=len(ids) > limit)
            place = _place(connection, older_than) if older_than is not None else None
            ids = _older(connection, wanted, place, limit + 1)
            return Page(_loaded(connection, ids[:limit]), next=len(ids) > limit, previous=place is not None)

    def neighbours(self, wanted: TurnFilter, turn_id: int) -> tuple[int | None, int | None]:
        """Return the ids of the newer and the older turn beside that one, among those that the filter wants."""
        with self._database.reading() as connection:
            place = _place(connection, turn_id)
            if place is None:
                return None, None
            newer, older = _newer(connection, wanted, place, 1), _older(connection, wanted, place, 1)
            return (newer[0] if newer else None), (older[0] if older else None)

    def all(self, wanted: TurnFilter) -> Iterator[StoredTurn]:
        """Yield all turns that the filter wants, newest first, reading some at a time."""
        place: Place | None = None
        while True:
            with self._database.reading() as connection:
                batch = _loaded(connection, _older(connection, wanted, place, _BATCH))
            yield from batch
            if len(batch) < _BATCH:
                return
            place = Place(batch[-1].asked_at, batch[-1].id)

    def turn(self, turn_id: int) -> StoredTurn | None:
        """Return a turn."""
        with self._database.reading() as connection:
            found = turns_log.load(connection, select(turns).where(turns.c.id == turn_id))
            return found[0] if found else None

    def asked(self, turn_ids: Sequence[int]) -> dict[int, str]:
        """Return what was asked in each of these turns."""
        query = select(turns.c.id, turns.c.asked).where(turns.c.id.in_(turn_ids))
        with self._database.reading() as connection:
            return {row.id: row.asked for row in connection.execute(query)}

    def around(self, turn: StoredTurn, count: int = 20) -> list[StoredTurn]:
        """Return the turns of that turn's chat around it, oldest first."""
        with self._database.reading() as connection:
            return turns_log.around(connection, turn, count)

    def count(self, wanted: TurnFilter, most: int = 10_000) -> int:
        """Return how many turns the filter wants, counted up to `most`."""
        with self._database.reading() as connection:
            some = _ids(connection, wanted).limit(most).subquery()
            return int(connection.execute(select(func.count()).select_from(some)).scalar_one())


def _ids(connection: Connection, wanted: TurnFilter) -> Select[int]:
    # Only ids, so that what is looked through stands in an index; whole turns are read when it is known which.
    return select(turns.c.id).where(*condition_of(wanted, connection))


def _older(connection: Connection, wanted: TurnFilter, place: Place | None, limit: int) -> list[int]:
    """Return the ids of what is wanted, newest first, after that place in the list."""
    query = _ids(connection, wanted).order_by(turns.c.asked_at.desc(), turns.c.id.desc()).limit(limit)
    if place:
        query = query.where(_place_of_turn() < tuple_(place.asked_at, place.turn_id))
    return list(connection.execute(query).scalars())


def _newer(connection: Connection, wanted: TurnFilter, place: Place, limit: int) -> list[int]:
    """Return the ids of what is wanted, oldest first, before that place in the list."""
    query = _ids(connection, wanted).where(_place_of_turn() > tuple_(place.asked_at, place.turn_id))
    return list(connection.execute(query.order_by(turns.c.asked_at, turns.c.id).limit(limit)).scalars())


def _place_of_turn() -> Tuple:
    # Compared as one, the database begins to read at the place itself.
    return tuple_(turns.c.asked_at, turns.c.id)


def _loaded(connection: Connection, ids: Sequence[int]) -> tuple[StoredTurn, ...]:
    """Return these turns in this order."""
    found = {turn.id: turn for turn in turns_log.load(connection, select(turns).where(turns.c.id.in_(ids)))}
    return tuple(found[turn_id] for turn_id in ids)


def _place(connection: Connection, turn_id: int) -> Place | None:
    row = connection.execute(select(turns.c.asked_at, turns.c.id).where(turns.c.id == turn_id)).first()
    return Place(row.asked_at, row.id) if row else None
