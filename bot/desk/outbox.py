"""What is to be sent by the bot: written by the console or the bot itself, sent by the bot when it is there.

It stands in the database until Telegram has taken it, so that nothing is lost when the bot, the console or the staff
group is away. As with answers, a crash between Telegram's yes and the note of it sends something twice and never not
at all.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, insert, select, update

from bot.database import Database
from bot.desk.people import now
from bot.desk.tables import outbox


class Kind(StrEnum):
    """What is sent."""

    STAFF_MESSAGE = "staff_message"  # to the seller: what staff wrote
    TAKEN = "taken"  # to the seller: a person is here now
    GIVEN_BACK = "given_back"  # to the seller: the bot answers again
    NEWS = "news"  # to the seller: there is an answer now, do you still want it?
    NEWS_ANSWER = "news_answer"  # to the seller: that answer
    REQUEST = "request"  # to the staff group: a seller asks for a person
    SELLER_MESSAGE = "seller_message"  # to the staff group: what the seller wrote
    CONSOLE_MESSAGE = "console_message"  # to the staff group: what was written in the console
    STATE = "state"  # to the staff group: taken or given back; with a message, that it did not reach the seller


@dataclass(frozen=True)
class Letter:
    """Something to be sent; to the staff group where `chat_id` is None."""

    id: int
    chat_id: int | None
    kind: Kind
    handoff_id: int | None
    message_id: int | None
    turn_id: int | None


@dataclass(frozen=True)
class NewLetter:
    """Something that is to be sent; to the staff group where `chat_id` is None."""

    kind: Kind
    chat_id: int | None = None
    handoff_id: int | None = None
    message_id: int | None = None
    turn_id: int | None = None


class Outbox:
    """The outbox in the database."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = now) -> None:
        self._database = database
        self._clock = clock

    def waiting(self, to_group: bool, limit: int = 50) -> list[Letter]:
        """Return what is to be sent to sellers, or to the staff group, oldest first."""
        place = outbox.c.chat_id.is_(None) if to_group else outbox.c.chat_id.is_not(None)
        query = select(outbox).where(outbox.c.sent_at.is_(None), outbox.c.failed.is_(None), place)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(outbox.c.id).limit(limit))
            return [
                Letter(row.id, row.chat_id, Kind(row.kind), row.handoff_id, row.message_id, row.turn_id) for row in rows
            ]

    def sent(self, letter_id: int) -> None:
        """Note that it was sent."""
        with self._database.writing() as connection:
            connection.execute(update(outbox).where(outbox.c.id == letter_id).values(sent_at=self._clock()))

    def failed(self, letter_id: int, why: str, tell: NewLetter | None = None) -> None:
        """Note that it can never be delivered, so that staff see it; `tell` is sent to say so, if that helps."""
        with self._database.writing() as connection:
            connection.execute(update(outbox).where(outbox.c.id == letter_id).values(failed=why[:32]))
            if tell:
                put(connection, self._clock(), tell)


def put(connection: Connection, at: datetime, letter: NewLetter) -> None:
    """Put something into the outbox, in the transaction in which it came about."""
    connection.execute(insert(outbox).values(created_at=at, **vars(letter)))
