"""The one door to the database: what is remembered of sellers, of turns, and of Telegram's updates."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Column, Connection, Row, select, update

from bot import erasing, subscriptions_log, turns_log, updates_log
from bot.answers import Answer
from bot.database import Database, insert_into
from bot.desk.retention import forget_words
from bot.erasing import Erased
from bot.masking import mask
from bot.remembered import Channel, Chat, NotTheirTurn, Seller, StoredTurn, Verdict
from bot.subscriptions_log import Notice
from bot.tables import person_requests, ratings, sellers, turns
from bot.turns_log import NewTurn, storable
from indexer.sections import Language, Platform

_BATCH = 200
_LONGEST_TAG = 35  # of a language, by its standard


def _now() -> datetime:
    return datetime.now(UTC)


class Storage:
    """Everything that is remembered. Usable from several threads; every method is one transaction."""

    def __init__(self, url: str, clock: Callable[[], datetime] = _now, durable: bool = True) -> None:
        """Open the database at an SQLAlchemy URL (SQLite file or PostgreSQL); see `Database` for `durable`.

        Raises StorageError where the URL is not one of a supported database.
        """
        self._database = Database(url, durable)
        self._clock = clock

    @property
    def database(self) -> Database:
        """The database, for what else is kept in it (`bot.desk`)."""
        return self._database

    def migrate(self) -> None:
        """Create the tables or bring them up to date.

        Raises StorageError where the database does not answer, or is of another version of this program.
        """
        self._database.migrate()

    def close(self) -> None:
        """Close all connections."""
        self._database.close()

    # Sellers

    def remember_seller(self, chat_id: int, language_hint: str | None = None) -> Seller:
        """Note that a seller wrote, and the language of their app as Telegram says it."""
        now = self._clock()
        language_hint = language_hint and language_hint[:_LONGEST_TAG]
        with self._database.writing() as connection:
            statement = insert_into(connection, sellers).values(
                chat_id=chat_id, app_language=language_hint, created_at=now, last_seen_at=now
            )
            seen = {"last_seen_at": now} | ({"app_language": language_hint} if language_hint else {})
            connection.execute(statement.on_conflict_do_update(index_elements=["chat_id"], set_=seen))
            return _seller(connection, chat_id)

    def seller(self, chat_id: int) -> Seller | None:
        """Return what is known of a seller."""
        with self._database.reading() as connection:
            row = connection.execute(select(sellers).where(sellers.c.chat_id == chat_id)).first()
            return None if row is None else _seller_of(row)

    def set_language(self, chat_id: int, language: Language | None) -> None:
        """Keep the language that a seller chose; None for the language of each message."""
        now = self._clock()
        with self._database.writing() as connection:
            statement = insert_into(connection, sellers).values(
                chat_id=chat_id, language=language, created_at=now, last_seen_at=now
            )
            chosen = {"language": language, "last_seen_at": now}
            connection.execute(statement.on_conflict_do_update(index_elements=["chat_id"], set_=chosen))

    def set_platform(self, chat_id: int, platform: Platform | None) -> None:
        """Keep the side that a seller sells on; None for both."""
        now = self._clock()
        with self._database.writing() as connection:
            statement = insert_into(connection, sellers).values(
                chat_id=chat_id, platform=platform, created_at=now, last_seen_at=now
            )
            chosen = {"platform": platform, "last_seen_at": now}
            connection.execute(statement.on_conflict_do_update(index_elements=["chat_id"], set_=chosen))

    def erase(self, person_id: int, keep_update: int | None = None) -> Erased:
        """Erase all that is stored of one person, and return how much that was."""
        with self._database.writing() as connection:
            erased = erasing.erase(connection, person_id, keep_update)
        forget_words(self._database)
        return erased

    def everything_of(self, person_id: int) -> dict[str, list[dict[str, Any]]]:
        """Return all that is stored of one person, by table."""
        with self._database.reading() as connection:
            return erasing.everything_of(connection, person_id)

    # Subscriptions

    def toggle_subscription(self, chat_id: int, topic: str) -> bool:
        """Subscribe a seller to a topic, or end that; return whether they are subscribed now."""
        with self._database.writing() as connection:
            return subscriptions_log.toggle(connection, chat_id, topic, self._clock())

    def end_subscriptions(self, chat_id: int) -> int:
        """End all subscriptions of a seller, and return how many there were."""
        with self._database.writing() as connection:
            return subscriptions_log.end(connection, chat_id)

    def subscribed_topics(self, chat_id: int) -> frozenset[str]:
        """Return the topics that a seller subscribed to."""
        with self._database.reading() as connection:
            return subscriptions_log.topics_of(connection, chat_id)

    def announce(self, generation: str, changed: Mapping[str, Sequence[str]]) -> int:
        """Note a notice for each subscriber of each changed topic (by its slug), and return how many are new."""
        with self._database.writing() as connection:
            return subscriptions_log.announce(connection, generation, changed, self._clock())

    def unsent_notices(self, limit: int = 100) -> list[Notice]:
        """Return the notices that are still to be sent, oldest first."""
        with self._database.reading() as connection:
            return subscriptions_log.unsent(connection, limit)

    def notice_sent(self, notice_id: int) -> None:
        """Note that a notice was sent."""
        with self._database.writing() as connection:
            subscriptions_log.sent(connection, notice_id, self._clock())

    # Turns

    def add_turn(  # noqa: PLR0913, PLR0917 - one turn has that many parts, and each is named at the call
        self,
        chat_id: int | None,
        channel: Channel,
        question_text: str,
        answer: Answer,
        asked_at: datetime,
        answered_at: datetime,
        update_id: int | None = None,
        understood: str | None = None,
        user_id: int | None = None,
        question_message_id: int | None = None,
    ) -> int:
        """Store a turn with personal data masked, before it is sent, and return its id.

        The same update gives the same id again: what was not sent yet is replaced, what was sent stays.
        """
        turn = NewTurn(
            chat_id, channel, question_text, answer, asked_at, answered_at, update_id, understood,
            user_id, question_message_id,
        )  # fmt: skip
        with self._database.writing() as connection:
            return turns_log.add(connection, turn)

    def set_message_id(self, turn_id: int, message_id: int) -> None:
        """Note the Telegram message in which a turn was sent."""
        with self._database.writing() as connection:
            _set_message_id(connection, turn_id, message_id)

    def complete_turn(self, turn_id: int, message_id: int) -> None:
        """Note the message in which a turn was sent and mark its update as done: both or neither."""
        with self._database.writing() as connection:
            update_id = _set_message_id(connection, turn_id, message_id)
            if update_id is not None:
                updates_log.finish(connection, update_id, self._clock())

    def turn(self, turn_id: int) -> StoredTurn | None:
        """Return a turn with its sections, ratings and options."""
        return self._one_turn(turns.c.id, turn_id)

    def newest_turn_of_message(self, chat_id: int, question_message_id: int) -> StoredTurn | None:
        """Return the turn that answers a seller's message, if nothing newer was answered in that chat."""
        newest = select(turns).where(turns.c.chat_id == chat_id).order_by(turns.c.id.desc()).limit(1)
        with self._database.reading() as connection:
            found = turns_log.load(connection, newest)
        return next((turn for turn in found if turn.question_message_id == question_message_id), None)

    def turn_of_update(self, update_id: int) -> StoredTurn | None:
        """Return the turn that answers an update, if it came that far."""
        return self._one_turn(turns.c.update_id, update_id)

    def earlier_messages(
        self,
        chat_id: int,
        limit: int = 3,
        within: timedelta = timedelta(minutes=30),
        before: datetime | None = None,
        user_id: int | None = None,
    ) -> tuple[str, ...]:
        """Return what a seller asked shortly before that time (now, if not given), masked, oldest first.

        In a group, `user_id` says who: each person there has a history of their own.
        """
        before = before or self._clock()
        query = (
            select(turns.c.asked)
            .where(turns.c.chat_id == chat_id, turns.c.asked_at >= before - within, turns.c.asked_at < before)
            .where(turns.c.user_id.is_(None) if user_id is None else turns.c.user_id == user_id)
            .order_by(turns.c.asked_at.desc(), turns.c.id.desc())
            .limit(limit)
        )
        with self._database.reading() as connection:
            return tuple(reversed(connection.execute(query).scalars().all()))

    def rate(self, turn_id: int, chat_id: int, rating: Verdict, reason: str | None = None) -> None:
        """Keep what a seller says about an answer, in place of what they said before.

        Raises NotTheirTurn where the turn is of another chat, or not there.
        """
        said = {"rating": rating, "reason": None if reason is None else storable(mask(reason)), "at": self._clock()}
        with self._database.writing() as connection:
            _check_owner(connection, turn_id, chat_id)
            statement = insert_into(connection, ratings).values(turn_id=turn_id, chat_id=chat_id, **said)
            connection.execute(statement.on_conflict_do_update(index_elements=["turn_id", "chat_id"], set_=said))

    def ask_for_person(self, turn_id: int, chat_id: int) -> bool:
        """Note that a seller wants a person; False where they had asked for one already.

        Raises NotTheirTurn where the turn is of another chat, or not there.
        """
        with self._database.writing() as connection:
            _check_owner(connection, turn_id, chat_id)
            statement = insert_into(connection, person_requests).values(
                turn_id=turn_id, chat_id=chat_id, at=self._clock()
            )
            new = statement.on_conflict_do_nothing().returning(person_requests.c.turn_id)
            return connection.execute(new).first() is not None

    # Conversations, for those who read them

    def chats(self, limit: int) -> list[Chat]:
        """Return the chats that were written in last, newest first."""
        with self._database.reading() as connection:
            return turns_log.chats(connection, limit)

    def turns_around(self, turn_id: int, count: int) -> list[StoredTurn]:
        """Return a turn with up to `count` turns of its chat before and after it, oldest first; nothing if unknown."""
        with self._database.reading() as connection:
            found = turns_log.load(connection, select(turns).where(turns.c.id == turn_id))
            return turns_log.around(connection, found[0], count) if found else []

    def turns_between(self, since: datetime, until: datetime) -> Iterator[StoredTurn]:
        """Yield the turns asked in that time, oldest first, reading a little at a time."""
        last: StoredTurn | None = None
        while True:
            with self._database.reading() as connection:
                batch = turns_log.between(connection, since, until, last, _BATCH)
            yield from batch
            if len(batch) < _BATCH:
                return
            last = batch[-1]

    # Telegram's updates

    def record_update(self, update_id: int, chat_id: int | None, payload: str) -> bool:
        """Keep an update as it came, before it is worked on; False where it is known already."""
        with self._database.writing() as connection:
            return updates_log.record(connection, update_id, chat_id, storable(payload), self._clock())

    def start_update(self, update_id: int) -> int:
        """Count an attempt and return which one it is, from 1; 0 where the update is settled or unknown."""
        with self._database.writing() as connection:
            return updates_log.start(connection, update_id)

    def finish_update(self, update_id: int) -> None:
        """Mark an update as done, and erase its payload."""
        with self._database.writing() as connection:
            updates_log.finish(connection, update_id, self._clock())

    def fail_update(self, update_id: int) -> bool:
        """Note that an attempt failed; True where it is still to be answered, False where it is given up and erased."""
        with self._database.writing() as connection:
            return updates_log.fail(connection, update_id, self._clock())

    def unfinished_updates(self, limit: int = 1000) -> list[tuple[int, str]]:
        """Return `(update_id, payload)` of what is still to be answered, in order."""
        with self._database.reading() as connection:
            return updates_log.unfinished(connection, limit)

    def forget_updates_before(self, when: datetime) -> int:
        """Delete settled updates that came before that time, and return how many; their turns stay."""
        with self._database.writing() as connection:
            return updates_log.forget_before(connection, when)

    def _one_turn(self, column: Column[int], value: int) -> StoredTurn | None:
        with self._database.reading() as connection:
            found = turns_log.load(connection, select(turns).where(column == value))
            return found[0] if found else None


def _seller(connection: Connection, chat_id: int) -> Seller:
    return _seller_of(connection.execute(select(sellers).where(sellers.c.chat_id == chat_id)).one())


def _seller_of(row: Row[Any]) -> Seller:
    values = row._asdict()
    return Seller(**{**values, "platform": Platform(row.platform) if row.platform else None})


def _set_message_id(connection: Connection, turn_id: int, message_id: int) -> int | None:
    """Note the message and return the turn's update."""
    statement = update(turns).where(turns.c.id == turn_id).values(message_id=message_id).returning(turns.c.update_id)
    return connection.execute(statement).scalar()


def _check_owner(connection: Connection, turn_id: int, chat_id: int) -> None:
    owned = select(turns.c.id).where(turns.c.id == turn_id, turns.c.chat_id == chat_id)
    if connection.execute(owned).first() is None:
        raise NotTheirTurn(turn_id)
