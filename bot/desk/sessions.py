"""Signing in: sessions that end, and a brake on guessing."""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, insert, select, update

from bot.database import Database
from bot.desk.people import People, Person, Refused, key_of, now
from bot.desk.tables import sign_in_failures, staff_sessions

LONGEST_SESSION = timedelta(hours=12)
LONGEST_IDLE = timedelta(hours=2)
_SEEN_EVERY = timedelta(minutes=1)
_WINDOW = timedelta(minutes=15)
_FAILURES_OF_NAME = 5
_FAILURES_OF_ADDRESS = 20
_KEPT = timedelta(days=1)


class Sessions:
    """Sessions in the database: a stolen copy of it signs nobody in, as it holds only keyed hashes of the tokens."""

    def __init__(self, database: Database, people: People, secret: str, clock: Callable[[], datetime] = now) -> None:
        self._database = database
        self._people = people
        self._secret = secret.encode()
        self._clock = clock

    def sign_in(self, name: str, password: str, address: str) -> tuple[str, Person]:
        """Return the token of a new session, and whose it is.

        Raises:
            Refused: name or password are wrong, or there were too many tries.
        """
        moment, key, address = self._clock(), key_of(name), address[:64]
        if self._too_many(key, address, moment):
            raise Refused("too_many_tries", minutes=int(_WINDOW.total_seconds() // 60))
        person = self._people.verified(name, password)
        if person is None:
            with self._database.writing() as connection:
                connection.execute(insert(sign_in_failures).values(name_key=key, address=address, at=moment))
            raise Refused("sign_in")
        token = secrets.token_urlsafe(32)
        with self._database.writing() as connection:
            connection.execute(delete(sign_in_failures).where(sign_in_failures.c.at < moment - _KEPT))
            connection.execute(delete(sign_in_failures).where(sign_in_failures.c.name_key == key))
            connection.execute(delete(staff_sessions).where(staff_sessions.c.expires_at < moment))
            connection.execute(
                insert(staff_sessions).values(
                    token_hash=self._hash(token), staff_id=person.id, created_at=moment, last_seen_at=moment,
                    expires_at=moment + LONGEST_SESSION,
                )
            )  # fmt: skip
        return token, person

    def person(self, token: str) -> Person | None:
        """Return whose session that is, while it lasts."""
        moment, hashed = self._clock(), self._hash(token)
        with self._database.reading() as connection:
            row = connection.execute(select(staff_sessions).where(staff_sessions.c.token_hash == hashed)).first()
        if row is None or row.expires_at <= moment or row.last_seen_at <= moment - LONGEST_IDLE:
            return None
        if row.last_seen_at <= moment - _SEEN_EVERY:
            with self._database.writing() as connection:
                connection.execute(
                    update(staff_sessions).where(staff_sessions.c.token_hash == hashed).values(last_seen_at=moment)
                )
        person = self._people.get(row.staff_id)
        return person if person and person.active else None

    def end(self, token: str) -> None:
        """End a session."""
        with self._database.writing() as connection:
            connection.execute(delete(staff_sessions).where(staff_sessions.c.token_hash == self._hash(token)))

    def end_all(self, person_id: int, keep: str | None = None) -> int:
        """End all sessions of a person, but for one if its token is given; return how many were ended."""
        ended = delete(staff_sessions).where(staff_sessions.c.staff_id == person_id)
        if keep:
            ended = ended.where(staff_sessions.c.token_hash != self._hash(keep))
        with self._database.writing() as connection:
            return int(connection.execute(ended).rowcount)

    def form_token(self, token: str) -> str:
        """Return what the forms of a session carry, so that no other page can send them."""
        return hmac.new(self._secret, b"form:" + token.encode(), hashlib.sha256).hexdigest()

    def _hash(self, token: str) -> str:
        return hmac.new(self._secret, b"session:" + token.encode(), hashlib.sha256).hexdigest()

    def _too_many(self, key: str, address: str, moment: datetime) -> bool:
        with self._database.reading() as connection:

            def failures(condition: ColumnElement[bool]) -> int:
                query = select(func.count()).select_from(sign_in_failures)
                recent = sign_in_failures.c.at > moment - _WINDOW
                return int(connection.execute(query.where(recent, condition)).scalar_one())

            of_name = failures(sign_in_failures.c.name_key == key)
            of_address = failures(sign_in_failures.c.address == address)
        return of_name >= _FAILURES_OF_NAME or of_address >= _FAILURES_OF_ADDRESS
