"""The log of Telegram's updates: each is recorded before it is worked on, so that a crash loses and repeats nothing."""

from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from bot.database import insert_into
from bot.tables import updates

MOST_ATTEMPTS = 5
_OPEN = ("received", "working", "failed")


def record(connection: Connection, update_id: int, chat_id: int | None, payload: str, at: datetime) -> bool:
    """Keep an update as it came; False where it is known already."""
    row = {"update_id": update_id, "chat_id": chat_id, "payload": payload, "state": "received"}
    statement = insert_into(connection, updates).values(**row, attempts=0, received_at=at)
    new = statement.on_conflict_do_nothing(index_elements=["update_id"]).returning(updates.c.update_id)
    return connection.execute(new).first() is not None


def start(connection: Connection, update_id: int) -> int:
    """Count an attempt and return which one it is; 0 where there is nothing left to do."""
    statement = (
        update(updates)
        .where(updates.c.update_id == update_id, updates.c.payload.is_not(None))
        .values(state="working", attempts=updates.c.attempts + 1)
        .returning(updates.c.attempts)
    )
    return connection.execute(statement).scalar() or 0


def finish(connection: Connection, update_id: int, at: datetime) -> None:
    """Mark an update as done, and erase its words."""
    statement = update(updates).where(updates.c.update_id == update_id)
    connection.execute(statement.values(state="done", payload=None, done_at=at))


def fail(connection: Connection, update_id: int, at: datetime) -> bool:
    """Note that an attempt failed; True where there is another, False where it is given up and its words erased."""
    failing = update(updates).where(updates.c.update_id == update_id, updates.c.payload.is_not(None))
    connection.execute(failing.values(state="failed"))
    given_up = failing.where(updates.c.attempts >= MOST_ATTEMPTS).values(payload=None, done_at=at)
    if connection.execute(given_up).rowcount:
        return False
    query = select(updates.c.update_id).where(updates.c.update_id == update_id, updates.c.payload.is_not(None))
    return connection.execute(query).first() is not None


def unfinished(connection: Connection, limit: int) -> list[tuple[int, str]]:
    """Return the updates that are still to be answered, oldest first."""
    query = (
        select(updates.c.update_id, updates.c.payload)
        .where(updates.c.state.in_(_OPEN), updates.c.payload.is_not(None))
        .order_by(updates.c.update_id)
        .limit(limit)
    )
    return [(row.update_id, row.payload) for row in connection.execute(query)]


def forget_before(connection: Connection, when: datetime) -> int:
    """Delete the settled updates that came before that time, and return how many; open ones stay."""
    settled = delete(updates).where(updates.c.payload.is_(None), updates.c.received_at < when)
    return connection.execute(settled).rowcount
