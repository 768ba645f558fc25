"""Retention: what is older than it may be is erased, with everything that was made from it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, exists, select, text

from bot.database import Database
from bot.desk import gaps as gap_book
from bot.desk import proposals as proposal_book
from bot.desk.people import now
from bot.desk.tables import audit, handoffs, outbox, sign_in_failures, staff_sessions
from bot.tables import notices, sellers, subscriptions, turns, updates

_BATCH = 1000
_PAGES = 1000
_CHANGES = text("SELECT total_changes()")


@dataclass(frozen=True)
class Purged:
    """How many of each were erased."""

    turns: int
    handoffs: int
    sellers: int
    audit: int


class Retention:
    """Erases in small transactions, so that a running bot does not wait for it."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = now) -> None:
        self._database = database
        self._clock = clock

    def purge(self, days: int) -> Purged:
        """Erase what was said more than that many days ago, and return how much that was."""
        before = self._clock() - timedelta(days=days)
        count = 0
        while erased := self._some_turns(before):
            count += erased
        with self._database.writing() as connection:
            closed = (handoffs.c.state == "closed", handoffs.c.closed_at < before)
            gone = connection.execute(delete(handoffs).where(*closed)).rowcount
            connection.execute(delete(outbox).where(outbox.c.created_at < before))
            connection.execute(delete(notices).where(notices.c.created_at < before))
            connection.execute(delete(updates).where(updates.c.received_at < before, updates.c.payload.is_(None)))
            connection.execute(delete(sign_in_failures).where(sign_in_failures.c.at < before))
            connection.execute(delete(staff_sessions).where(staff_sessions.c.expires_at < self._clock()))
            notes = connection.execute(delete(audit).where(audit.c.at < before)).rowcount
            forgotten = _silent_sellers(connection, before)
            proposal_book.forget_empty(connection)
            gap_book.forget_empty(connection)
        forget_words(self._database)
        return Purged(count, gone, forgotten, notes)

    def _some_turns(self, before: datetime) -> int:
        old = select(turns.c.id).where(turns.c.asked_at < before).order_by(turns.c.asked_at).limit(_BATCH)
        with self._database.writing() as connection:
            ids = list(connection.execute(old).scalars())
            connection.execute(delete(turns).where(turns.c.id.in_(ids)))
        return len(ids)


def forget_words(database: Database) -> None:
    """Take what was erased out of SQLite's full-text index for good, which keeps it in old pieces until these merge.

    It merges a few pages at a time: all at once would keep a bot with a million turns from writing for ten seconds.
    """
    pages = -_PAGES  # the first time, to merge everything; then, to go on with that
    while _merged(database, pages):
        pages = _PAGES


def _merged(database: Database, pages: int) -> bool:
    with database.writing() as connection:
        if connection.dialect.name != "sqlite":
            return False
        before = connection.execute(_CHANGES).scalar_one()
        connection.execute(text("INSERT INTO turns_text(turns_text, rank) VALUES ('merge', :pages)"), {"pages": pages})
        # The statement itself counts as one change.
        return int(connection.execute(_CHANGES).scalar_one() - before) > 1


def _silent_sellers(connection: Connection, before: datetime) -> int:
    """Forget sellers who have not written since, of whom nothing else is kept."""
    statement = delete(sellers).where(
        sellers.c.last_seen_at < before,
        ~exists(select(turns.c.id).where(turns.c.chat_id == sellers.c.chat_id)),
        ~exists(select(subscriptions.c.topic).where(subscriptions.c.chat_id == sellers.c.chat_id)),
        ~exists(select(handoffs.c.id).where(handoffs.c.chat_id == sellers.c.chat_id)),
    )
    return int(connection.execute(statement).rowcount)
