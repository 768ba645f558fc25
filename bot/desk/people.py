"""The staff: who they are, what they may do, and their passwords."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, Row, select, update

from bot.database import Database, insert_into
from bot.desk.tables import staff
from bot.turns_log import storable
from indexer.sections import LANGUAGES, Language

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
LONGEST_NAME = 64


class Role(StrEnum):
    """What somebody may do; each role may do what the one before may."""

    REVIEWER = "reviewer"
    LEAD = "lead"
    ADMIN = "admin"

    def covers(self, other: "Role") -> bool:
        """Tell whether this role may do what the other may."""
        order = list(Role)
        return order.index(self) >= order.index(other)


@dataclass(frozen=True)
class Person:
    """A member of the staff. `reads` are the languages of the conversations that are given to them."""

    id: int
    name: str
    role: Role
    language: Language
    reads: tuple[Language, ...]
    active: bool
    created_at: datetime

    def may(self, role: Role) -> bool:
        """Tell whether this person may do what a role may."""
        return self.active and self.role.covers(role)


class Refused(Exception):
    """Something that staff asked for cannot be done. `key` names the sentence that says why (`refused.…`)."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


def now() -> datetime:
    """Return the current moment."""
    return datetime.now(UTC)


class People:
    """The staff in the database."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = now) -> None:
        self._database = database
        self._clock = clock

    def add(self, name: str, role: Role, password: str, reads: Sequence[Language] = LANGUAGES) -> Person:
        """Add somebody.

        Raises:
            Refused: the name is taken or empty, or the password too short.
        """
        name = _written(name)
        if not name or len(name) > LONGEST_NAME:
            raise Refused("name", most=LONGEST_NAME)
        hashed = hash_password(password, name)
        with self._database.writing() as connection:
            statement = insert_into(connection, staff).values(
                name=name, name_key=key_of(name), role=role.value, password_hash=hashed, language="id",
                reads=list(reads), active=True, created_at=self._clock(),
            )  # fmt: skip
            row = connection.execute(statement.on_conflict_do_nothing().returning(staff)).first()
            if row is None:
                raise Refused("name_taken", name=name)
            return _person(row)

    def all(self) -> list[Person]:
        """Return everybody, by name."""
        with self._database.reading() as connection:
            return [_person(row) for row in connection.execute(select(staff).order_by(staff.c.name_key))]

    def get(self, person_id: int) -> Person | None:
        """Return a person by id."""
        with self._database.reading() as connection:
            row = connection.execute(select(staff).where(staff.c.id == person_id)).first()
            return _person(row) if row else None

    def named(self, name: str) -> Person | None:
        """Return a person by name; capitals do not count."""
        with self._database.reading() as connection:
            row = connection.execute(select(staff).where(staff.c.name_key == key_of(name))).first()
            return _person(row) if row else None

    def any_active(self) -> bool:
        """Tell whether there is anybody who could answer a seller."""
        with self._database.reading() as connection:
            return connection.execute(select(staff.c.id).where(staff.c.active).limit(1)).first() is not None

    def verified(self, name: str, password: str) -> Person | None:
        """Return the active person with that name and password.

        An unknown name takes as long as a known one, so that nobody learns which names there are.
        """
        with self._database.reading() as connection:
            row = connection.execute(select(staff).where(staff.c.name_key == key_of(name))).first()
        fits = _fits(row.password_hash if row else _nobody(), password)
        return _person(row) if row and row.active and fits else None

    def set_password(self, person_id: int, password: str) -> None:
        """Give a person another password.

        Raises:
            Refused: it is too short or too long.
        """
        with self._database.writing() as connection:
            name = connection.execute(select(staff.c.name).where(staff.c.id == person_id)).scalar_one()
            hashed = hash_password(password, name)
            connection.execute(update(staff).where(staff.c.id == person_id).values(password_hash=hashed))

    def change(
        self, person_id: int, role: Role | None = None, reads: Sequence[Language] | None = None,
        active: bool | None = None, language: Language | None = None,
    ) -> None:  # fmt: skip
        """Change what is given.

        Raises:
            Refused: nobody could manage the staff after that.
        """
        values = {
            "role": role.value if role else None,
            "reads": list(reads) if reads is not None else None,
            "active": active,
            "language": language,
        }
        given = {name: value for name, value in values.items() if value is not None}
        with self._database.writing() as connection:
            _lock_admins(connection)
            if given:
                connection.execute(update(staff).where(staff.c.id == person_id).values(**given))
            if ("role" in given or "active" in given) and not connection.execute(_ADMINS).first():
                raise Refused("last_admin")


def key_of(name: str) -> str:
    """Return the name as it is looked up."""
    return _written(name).casefold()[:LONGEST_NAME]


def hash_password(password: str, name: str = "") -> str:
    """Return the argon2id hash of a password.

    Raises:
        Refused: it is too short, too long, or just the name.
    """
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise Refused("password", least=SHORTEST_PASSWORD, most=LONGEST_PASSWORD)
    if len(set(password)) < 4 or password.casefold() == name.casefold():
        raise Refused("password_weak")
    return PasswordHasher().hash(storable(password))


def _fits(hashed: str, password: str) -> bool:
    try:
        return PasswordHasher().verify(hashed, storable(password[: LONGEST_PASSWORD + 1]))
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    return PasswordHasher().hash("the password of nobody")


def _written(name: str) -> str:
    return " ".join(storable(name).split())


_ADMINS = select(staff.c.id).where(staff.c.role == Role.ADMIN.value, staff.c.active)


def _lock_admins(connection: Connection) -> None:
    """Let two who take each other's rights go one after the other: PostgreSQL would not let either see the other."""
    connection.execute(_ADMINS.order_by(staff.c.id).with_for_update())


def _person(row: Row[tuple[object, ...]]) -> Person:
    values = row._asdict()
    return Person(
        values["id"], values["name"], Role(values["role"]), values["language"], tuple(values["reads"]),
        bool(values["active"]), values["created_at"],
    )  # fmt: skip
