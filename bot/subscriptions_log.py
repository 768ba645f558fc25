"""Writing and reading what sellers subscribed to, and the notices that go to them, in the database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from bot.database import insert_into
from bot.tables import notices, subscriptions


@dataclass(frozen=True)
class Notice:
    """News for one seller: the sections of a topic that are new or changed in a generation."""

    id: int
    chat_id: int
    topic: str
    sections: tuple[str, ...]


def toggle(connection: Connection, chat_id: int, topic: str, at: datetime) -> bool:
    """Subscribe a seller to a topic, or end that; return whether they are subscribed now."""
    here = (subscriptions.c.chat_id == chat_id, subscriptions.c.topic == topic)
    if connection.execute(delete(subscriptions).where(*here)).rowcount:
        return False
    connection.execute(insert_into(connection, subscriptions).values(chat_id=chat_id, topic=topic, created_at=at))
    return True


def end(connection: Connection, chat_id: int) -> int:
    """End all subscriptions of a seller, drop what would still be sent, and return how many there were."""
    connection.execute(delete(notices).where(notices.c.chat_id == chat_id, notices.c.sent_at.is_(None)))
    return connection.execute(delete(subscriptions).where(subscriptions.c.chat_id == chat_id)).rowcount


def topics_of(connection: Connection, chat_id: int) -> frozenset[str]:
    """Return the topics that a seller subscribed to."""
    query = select(subscriptions.c.topic).where(subscriptions.c.chat_id == chat_id)
    return frozenset(connection.execute(query).scalars())


def announce(connection: Connection, generation: str, changed: Mapping[str, Sequence[str]], at: datetime) -> int:
    """Note a notice for each subscriber of each changed topic; one that is noted already stays one."""
    count = 0
    for topic, sections in changed.items():
        query = select(subscriptions.c.chat_id).where(subscriptions.c.topic == topic)
        for chat_id in connection.execute(query).scalars().all():
            statement = insert_into(connection, notices).values(
                chat_id=chat_id, generation=generation, topic=topic, sections=list(sections), created_at=at
            )
            new = statement.on_conflict_do_nothing().returning(notices.c.id)
            count += connection.execute(new).first() is not None
    return count


def unsent(connection: Connection, limit: int) -> list[Notice]:
    """Return the notices that are still to be sent, oldest first."""
    query = select(notices).where(notices.c.sent_at.is_(None)).order_by(notices.c.id).limit(limit)
    return [Notice(row.id, row.chat_id, row.topic, tuple(row.sections)) for row in connection.execute(query)]


def sent(connection: Connection, notice_id: int, at: datetime) -> None:
    """Note that a notice was sent."""
    connection.execute(update(notices).where(notices.c.id == notice_id).values(sent_at=at))
