"""Erasing what is stored of one seller, and giving them a copy of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, Table, delete, func, or_, select

from bot.desk import gaps as gap_book
from bot.desk import proposals as proposal_book
from bot.desk.tables import handoff_messages, handoffs, outbox, proposal_turns, reviews
from bot.tables import notices, person_requests, ratings, sellers, subscriptions, turn_sections, turns, updates


@dataclass(frozen=True)
class Erased:
    """How many of each were erased."""

    turns: int
    ratings: int
    person_requests: int
    subscriptions: int
    handoffs: int
    reviews: int
    proposals: int


def erase(connection: Connection, person_id: int, keep_update: int | None) -> Erased:
    """Erase everything of one person; the update that asks for it stays until it is settled, with no words in it."""
    own = or_(turns.c.chat_id == person_id, turns.c.user_id == person_id)
    ids = select(turns.c.id).where(own)
    counted = Erased(
        _count(connection, select(func.count()).select_from(turns).where(own)),
        _deleted(connection, ratings, ids),
        _deleted(connection, person_requests, ids),
        connection.execute(delete(subscriptions).where(subscriptions.c.chat_id == person_id)).rowcount,
        # A hand-off takes its messages and letters along, a turn all that staff made of it.
        connection.execute(delete(handoffs).where(handoffs.c.chat_id == person_id)).rowcount,
        _deleted(connection, reviews, ids),
        _deleted(connection, proposal_turns, ids),
    )
    _deleted(connection, turn_sections, ids)
    connection.execute(delete(outbox).where(outbox.c.chat_id == person_id))
    connection.execute(delete(turns).where(own))
    proposal_book.forget_empty(connection)
    gap_book.forget_empty(connection)
    connection.execute(delete(notices).where(notices.c.chat_id == person_id))
    settled = (updates.c.chat_id == person_id, updates.c.payload.is_(None))
    connection.execute(delete(updates).where(*settled, updates.c.update_id != (keep_update or 0)))
    connection.execute(delete(sellers).where(sellers.c.chat_id == person_id))
    return counted


def everything_of(connection: Connection, person_id: int) -> dict[str, list[dict[str, Any]]]:
    """Return all rows that are stored of one person, by table, ready for JSON."""
    own = or_(turns.c.chat_id == person_id, turns.c.user_id == person_id)
    ids = select(turns.c.id).where(own)
    own_handoffs = select(handoffs.c.id).where(handoffs.c.chat_id == person_id)
    said = select(handoff_messages).where(handoff_messages.c.handoff_id.in_(own_handoffs))
    queries: Mapping[str, Select[Any]] = {
        "seller": select(sellers).where(sellers.c.chat_id == person_id),
        "turns": select(turns).where(own).order_by(turns.c.id),
        "ratings": select(ratings).where(ratings.c.turn_id.in_(ids)),
        "person_requests": select(person_requests).where(person_requests.c.turn_id.in_(ids)),
        "subscriptions": select(subscriptions).where(subscriptions.c.chat_id == person_id),
        "notices": select(notices).where(notices.c.chat_id == person_id),
        "handoffs": select(handoffs).where(handoffs.c.chat_id == person_id).order_by(handoffs.c.id),
        "handoff_messages": said.order_by(handoff_messages.c.id),
    }
    return {name: [row._asdict() for row in connection.execute(query)] for name, query in queries.items()}


def _deleted(connection: Connection, table: Table, ids: Select[Any]) -> int:
    return connection.execute(delete(table).where(table.c.turn_id.in_(ids))).rowcount


def _count(connection: Connection, query: Select[Any]) -> int:
    return int(connection.execute(query).scalar_one())
