"""Hand-offs: a seller is with a person, and the bot keeps silent until the chat is given back."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, Row, Select, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.answers import Outcome
from bot.database import Database, insert_into
from bot.desk.outbox import Kind, NewLetter, put
from bot.desk.people import Person, Refused, Role, now
from bot.desk.tables import handoff_messages, handoffs, outbox, staff
from bot.masking import mask
from bot.remembered import StoredTurn
from bot.turns_log import storable
from indexer.sections import Language

LONGEST_MESSAGE = 3500  # with the line above it, it fits one message of Telegram


class Reason(StrEnum):
    """Why a seller is with a person: a closed list, so that it can be counted."""

    ASKED = "asked"  # the seller wants a person, whatever the bot said
    MISSING_KNOWLEDGE = "missing_knowledge"
    WRONG_ANSWER = "wrong_answer"
    OUTDATED = "outdated"
    OWN_CASE = "own_case"  # only somebody who sees the shop's account can help
    COMPLAINT = "complaint"
    STAFF = "staff"  # staff saw it and stepped in
    OTHER = "other"


class State(StrEnum):
    """How far a hand-off is."""

    WAITING = "waiting"
    TAKEN = "taken"
    CLOSED = "closed"


@dataclass(frozen=True)
class Handoff:
    """A seller with a person, or waiting for one. `taken_by` is None where somebody of the staff group took it."""

    id: int
    chat_id: int
    turn_id: int | None
    language: Language
    reason: Reason
    state: State
    asked_at: datetime
    taken_at: datetime | None
    taken_by: int | None
    taken_by_name: str | None
    closed_at: datetime | None
    closed_how: str | None
    thread_id: int | None


@dataclass(frozen=True)
class Message:
    """A message between a seller and a person. `name` is the staff's, `failed` why it did not reach the seller."""

    id: int
    sender: str
    name: str | None
    text: str
    at: datetime
    sent_at: datetime | None
    failed: str | None


class Handoffs:
    """The hand-offs in the database. `group` says whether there is a staff group that is told of everything."""

    def __init__(self, database: Database, group: bool, clock: Callable[[], datetime] = now) -> None:
        self._database = database
        self._group = group
        self._clock = clock

    # What the bot does

    def ask(self, chat_id: int, language: Language, turn: StoredTurn | None) -> tuple[Handoff, bool]:
        """Note that a seller asks for a person; return the hand-off, and whether it is new."""
        try:
            with self._database.writing() as connection:
                known = _open(connection, chat_id)
                if known:
                    return known, False
                handoff_id = self._insert(connection, chat_id, turn, language=language, reason=reason_for(turn).value)
                if self._group:
                    put(connection, self._clock(), NewLetter(Kind.REQUEST, handoff_id=handoff_id))
                return _get(connection, handoff_id), True
        except IntegrityError:  # staff stepped in in this very moment
            stepped_in = self.open_of_chat(chat_id)
            if stepped_in is None:
                raise
            return stepped_in, False

    def open_of_chat(self, chat_id: int) -> Handoff | None:
        """Return the hand-off that a chat is in."""
        with self._database.reading() as connection:
            return _open(connection, chat_id)

    def with_person(self, chat_id: int) -> Handoff | None:
        """Return the hand-off in which a person has taken the chat over."""
        handoff = self.open_of_chat(chat_id)
        return handoff if handoff and handoff.state is State.TAKEN else None

    def of_thread(self, thread_id: int) -> Handoff | None:
        """Return the newest hand-off of a topic of the staff group."""
        query = _handoffs().where(handoffs.c.thread_id == thread_id).order_by(handoffs.c.id.desc()).limit(1)
        with self._database.reading() as connection:
            row = connection.execute(query).first()
            return _handoff(row) if row else None

    def thread_of_chat(self, chat_id: int) -> int | None:
        """Return the topic in which an earlier hand-off of that chat stood."""
        query = select(handoffs.c.thread_id).where(handoffs.c.chat_id == chat_id, handoffs.c.thread_id.is_not(None))
        with self._database.reading() as connection:
            return connection.execute(query.order_by(handoffs.c.id.desc()).limit(1)).scalar()

    def threads_of_chat(self, chat_id: int) -> list[int]:
        """Return all topics of the staff group in which that chat's hand-offs stood."""
        query = select(handoffs.c.thread_id).where(handoffs.c.chat_id == chat_id, handoffs.c.thread_id.is_not(None))
        with self._database.reading() as connection:
            return list(connection.execute(query.distinct()).scalars())

    def set_thread(self, handoff_id: int, thread_id: int) -> None:
        """Note the topic of the staff group in which a hand-off stands."""
        with self._database.writing() as connection:
            connection.execute(update(handoffs).where(handoffs.c.id == handoff_id).values(thread_id=thread_id))

    def seller_wrote(self, handoff: Handoff, text: str, update_id: int, group_has_it: bool = False) -> bool:
        """Keep what a seller wrote to a person, masked; False where that update is known already.

        `group_has_it` says that the staff group saw it already, as the copy of a photo.

        Raises:
            Refused: the chat was given back to the bot in this very moment.
        """
        letters = () if group_has_it or not self._group else (NewLetter(Kind.SELLER_MESSAGE, handoff_id=handoff.id),)
        return self._wrote(handoff, "seller", storable(mask(text)), letters, update_id=update_id)

    def group_wrote(self, handoff: Handoff, text: str, update_id: int) -> bool:
        """Keep what somebody of the staff group wrote to a seller; who writes first takes the chat over.

        Raises:
            Refused: the chat was given back to the bot.
        """
        if handoff.state is State.WAITING:
            self._take(handoff, None)
        letters = (NewLetter(Kind.STAFF_MESSAGE, handoff.chat_id, handoff.id),)
        return self._wrote(handoff, "staff", storable(text), letters, update_id=update_id)

    def taken_in_group(self, handoff: Handoff) -> bool:
        """Take a chat over from the staff group; False where it is taken or closed already."""
        return self._take(handoff, None)

    def close(self, handoff_id: int, how: str) -> bool:
        """Give a chat back to the bot (`how`: `staff` or `seller`); False where it was closed already."""
        with self._database.writing() as connection:
            statement = (
                update(handoffs)
                .where(handoffs.c.id == handoff_id, handoffs.c.state != State.CLOSED.value)
                .values(state=State.CLOSED.value, closed_at=self._clock(), closed_how=how)
            )
            if not connection.execute(statement).rowcount:
                return False
            chat_id = _get(connection, handoff_id).chat_id
            put(connection, self._clock(), NewLetter(Kind.GIVEN_BACK, chat_id=chat_id, handoff_id=handoff_id))
            if self._group:
                put(connection, self._clock(), NewLetter(Kind.STATE, handoff_id=handoff_id))
        return True

    # What staff do in the console

    def take(self, person: Person, handoff_id: int) -> None:
        """Take a chat over; a lead also from somebody else.

        Raises:
            Refused: it is closed, or with somebody else.
        """
        handoff = self._theirs(person, handoff_id, also=None)
        if handoff.state is State.WAITING:
            self._take(handoff, person.id)
        elif handoff.taken_by != person.id:
            with self._database.writing() as connection:
                connection.execute(update(handoffs).where(handoffs.c.id == handoff.id).values(taken_by=person.id))
                if self._group:
                    put(connection, self._clock(), NewLetter(Kind.STATE, handoff_id=handoff.id))

    def step_in(self, person: Person, turn: StoredTurn) -> int:
        """Take over a chat whose seller did not ask for it; return the hand-off's id.

        Raises:
            Refused: the turn is not of a private chat on Telegram, or the chat is with somebody else.
        """
        if turn.chat_id is None or turn.chat_id < 0:
            raise Refused("no_chat")
        known = self.open_of_chat(turn.chat_id)
        if known is None:
            try:
                with self._database.writing() as connection:
                    handoff_id = self._insert(
                        connection, turn.chat_id, turn, language=turn.language, reason=Reason.STAFF.value
                    )
            except IntegrityError:  # the seller asked in this very moment
                known = self.open_of_chat(turn.chat_id)
        handoff_id = known.id if known else handoff_id
        self.take(person, handoff_id)
        return handoff_id

    def write(self, person: Person, handoff_id: int, text: str) -> None:
        """Send a seller what a person wrote.

        Raises:
            Refused: it is empty or too long, or the chat is not with this person.
        """
        text = text.strip()
        if not text or len(text) > LONGEST_MESSAGE:
            raise Refused("message", most=LONGEST_MESSAGE)
        handoff = self._theirs(person, handoff_id)
        letters = [NewLetter(Kind.STAFF_MESSAGE, handoff.chat_id, handoff.id)]
        if self._group:
            letters.append(NewLetter(Kind.CONSOLE_MESSAGE, handoff_id=handoff.id))
        self._wrote(handoff, "staff", storable(text), letters, staff_id=person.id)

    def give_back(self, person: Person, handoff_id: int) -> None:
        """Give a chat back to the bot.

        Raises:
            Refused: it is closed already, or not with this person.
        """
        self.close(self._theirs(person, handoff_id).id, "staff")

    def set_reason(self, person: Person, handoff_id: int, reason: Reason) -> None:
        """Correct why a seller is with a person.

        Raises:
            Refused: there is no such hand-off, or it is with somebody else.
        """
        handoff = self.get(handoff_id)
        if handoff is None:
            raise Refused("handoff_gone")
        if handoff.taken_by not in (None, person.id) and not person.may(Role.LEAD):
            raise Refused("not_yours")
        with self._database.writing() as connection:
            connection.execute(update(handoffs).where(handoffs.c.id == handoff_id).values(reason=reason.value))

    # For those who look

    def get(self, handoff_id: int) -> Handoff | None:
        """Return a hand-off."""
        with self._database.reading() as connection:
            row = connection.execute(_handoffs().where(handoffs.c.id == handoff_id)).first()
            return _handoff(row) if row else None

    def open(self) -> list[Handoff]:
        """Return who waits and who is with a person, those who wait longest first."""
        query = _handoffs().where(handoffs.c.state != State.CLOSED.value)
        with self._database.reading() as connection:
            return [_handoff(row) for row in connection.execute(query.order_by(handoffs.c.asked_at, handoffs.c.id))]

    def closed(self, limit: int = 50) -> list[Handoff]:
        """Return the hand-offs that were closed last."""
        query = _handoffs().where(handoffs.c.state == State.CLOSED.value).order_by(handoffs.c.closed_at.desc())
        with self._database.reading() as connection:
            return [_handoff(row) for row in connection.execute(query.limit(limit))]

    def waiting(self) -> int:
        """Return how many sellers wait."""
        query = select(func.count()).select_from(handoffs).where(handoffs.c.state == State.WAITING.value)
        with self._database.reading() as connection:
            return int(connection.execute(query).scalar_one())

    def place_in_queue(self, handoff: Handoff) -> int:
        """Return which place a waiting seller has in the queue, from 1."""
        earlier = (handoffs.c.asked_at < handoff.asked_at) | (
            (handoffs.c.asked_at == handoff.asked_at) & (handoffs.c.id < handoff.id)
        )
        query = select(func.count()).select_from(handoffs).where(handoffs.c.state == State.WAITING.value, earlier)
        with self._database.reading() as connection:
            return int(connection.execute(query).scalar_one()) + 1

    def messages(self, handoff_id: int) -> list[Message]:
        """Return what was written between a seller and a person, oldest first."""
        query = (
            select(
                handoff_messages.c.id, handoff_messages.c.sender, staff.c.name, handoff_messages.c.text,
                handoff_messages.c.at, outbox.c.sent_at, outbox.c.failed,
            )
            .outerjoin(staff, staff.c.id == handoff_messages.c.staff_id)
            .outerjoin(
                outbox,
                (outbox.c.message_id == handoff_messages.c.id) & (outbox.c.kind == Kind.STAFF_MESSAGE.value),
            )
            .where(handoff_messages.c.handoff_id == handoff_id)
            .order_by(handoff_messages.c.id)
        )  # fmt: skip
        with self._database.reading() as connection:
            return [Message(*row) for row in connection.execute(query)]

    def message(self, message_id: int) -> Message | None:
        """Return one message."""
        query = select(handoff_messages, staff.c.name).outerjoin(staff, staff.c.id == handoff_messages.c.staff_id)
        with self._database.reading() as connection:
            row = connection.execute(query.where(handoff_messages.c.id == message_id)).first()
        return Message(row.id, row.sender, row.name, row.text, row.at, None, None) if row else None

    def last_messages(self, handoff_ids: list[int]) -> Mapping[int, Message]:
        """Return the last message of each of these hand-offs."""
        newest = (
            select(func.max(handoff_messages.c.id))
            .where(handoff_messages.c.handoff_id.in_(handoff_ids))
            .group_by(handoff_messages.c.handoff_id)
        )
        query = select(handoff_messages).where(handoff_messages.c.id.in_(newest))
        with self._database.reading() as connection:
            return {
                row.handoff_id: Message(row.id, row.sender, None, row.text, row.at, None, None)
                for row in connection.execute(query)
            }

    def _insert(self, connection: Connection, chat_id: int, turn: StoredTurn | None, **values: object) -> int:
        statement = insert(handoffs).values(
            chat_id=chat_id, turn_id=turn.id if turn else None, state=State.WAITING.value, asked_at=self._clock(),
            **values,
        )  # fmt: skip
        return int(connection.execute(statement.returning(handoffs.c.id)).scalar_one())

    def _take(self, handoff: Handoff, staff_id: int | None) -> bool:
        """Take a waiting chat over, if nobody was quicker; the seller and the group are told."""
        with self._database.writing() as connection:
            statement = (
                update(handoffs)
                .where(handoffs.c.id == handoff.id, handoffs.c.state == State.WAITING.value)
                .values(state=State.TAKEN.value, taken_at=self._clock(), taken_by=staff_id)
            )
            if not connection.execute(statement).rowcount:
                return False
            put(connection, self._clock(), NewLetter(Kind.TAKEN, chat_id=handoff.chat_id, handoff_id=handoff.id))
            if self._group:
                put(connection, self._clock(), NewLetter(Kind.STATE, handoff_id=handoff.id))
        return True

    def _wrote(self, handoff: Handoff, sender: str, text: str, letters: Iterable[NewLetter], **of: int) -> bool:
        """Keep a message, and line it up for those who are to see it; False where its update is known already.

        `of` holds the `staff_id` of who wrote in the console, or the `update_id` of what came by Telegram.

        Raises:
            Refused: the hand-off is closed, so that nobody of the other side reads here any more.
        """
        with self._database.writing() as connection:
            statement = insert_into(connection, handoff_messages).values(
                handoff_id=handoff.id, sender=sender, text=text, at=self._clock(), **of
            )
            new = connection.execute(statement.on_conflict_do_nothing().returning(handoff_messages.c.id)).scalar()
            if new is None:
                return False
            state = select(handoffs.c.state).where(handoffs.c.id == handoff.id).with_for_update(key_share=True)
            if connection.execute(state).scalar() in (None, State.CLOSED.value):
                raise Refused("handoff_closed")  # and the message just kept is taken back with it
            for letter in letters:
                put(connection, self._clock(), replace(letter, message_id=new))
        return True

    def _theirs(self, person: Person, handoff_id: int, also: State | None = State.WAITING) -> Handoff:
        """Return an open hand-off that a person may act in; one in the state `also` is nobody's yet."""
        handoff = self.get(handoff_id)
        if handoff is None:
            raise Refused("handoff_gone")
        if handoff.state is State.CLOSED:
            raise Refused("handoff_closed")
        if handoff.state is also:
            raise Refused("take_first")
        in_group = handoff.state is State.TAKEN and handoff.taken_by is None
        if handoff.taken_by not in (None, person.id) and not person.may(Role.LEAD):
            raise Refused("not_yours")
        if in_group and also is not None and not person.may(Role.LEAD):
            raise Refused("take_first")
        return handoff


def reason_for(turn: StoredTurn | None) -> Reason:
    """Return the likely reason why a seller asks for a person after that turn; staff may correct it."""
    if turn is None:
        return Reason.ASKED
    rating = turn.ratings[-1] if turn.ratings else None
    if rating and rating.rating == "not_right":
        return Reason.OUTDATED if rating.reason == "outdated" else Reason.WRONG_ANSWER
    missing = turn.outcome is Outcome.DECLINED and (turn.reading or {}).get("decision") == "nothing"
    return Reason.MISSING_KNOWLEDGE if missing else Reason.ASKED


def _handoffs() -> Select[tuple[object, ...]]:
    return select(
        handoffs.c.id, handoffs.c.chat_id, handoffs.c.turn_id, handoffs.c.language, handoffs.c.reason,
        handoffs.c.state, handoffs.c.asked_at, handoffs.c.taken_at, handoffs.c.taken_by, staff.c.name,
        handoffs.c.closed_at, handoffs.c.closed_how, handoffs.c.thread_id,
    ).outerjoin(staff, staff.c.id == handoffs.c.taken_by)  # fmt: skip


def _open(connection: Connection, chat_id: int) -> Handoff | None:
    query = _handoffs().where(handoffs.c.chat_id == chat_id, handoffs.c.state != State.CLOSED.value)
    row = connection.execute(query).first()
    return _handoff(row) if row else None


def _get(connection: Connection, handoff_id: int) -> Handoff:
    return _handoff(connection.execute(_handoffs().where(handoffs.c.id == handoff_id)).one())


def _handoff(row: Row[tuple[object, ...]]) -> Handoff:
    values = row._asdict()
    return Handoff(
        values["id"], values["chat_id"], values["turn_id"], values["language"], Reason(values["reason"]),
        State(values["state"]), values["asked_at"], values["taken_at"], values["taken_by"], values["name"],
        values["closed_at"], values["closed_how"], values["thread_id"],
    )  # fmt: skip
