"""The audit trail: who did what, and when. It never holds a seller's words."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select

from bot.database import Database
from bot.desk.people import now
from bot.desk.tables import audit, staff
from bot.turns_log import storable

_LONGEST = 128


@dataclass(frozen=True)
class Entry:
    """Something that was done."""

    id: int
    at: datetime
    who: str | None
    action: str
    subject: str


class Audit:
    """The trail in the database."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = now) -> None:
        self._database = database
        self._clock = clock

    def note(self, staff_id: int | None, action: str, subject: str = "") -> None:
        """Note what somebody did."""
        with self._database.writing() as connection:
            connection.execute(
                insert(audit).values(
                    at=self._clock(), staff_id=staff_id, action=action, subject=storable(subject[:_LONGEST])
                )
            )

    def page(self, before: int | None = None, limit: int = 100) -> list[Entry]:
        """Return entries, newest first, those with a smaller id than `before`."""
        query = select(audit.c.id, audit.c.at, staff.c.name, audit.c.action, audit.c.subject)
        query = query.outerjoin(staff, staff.c.id == audit.c.staff_id).order_by(audit.c.id.desc()).limit(limit)
        if before is not None:
            query = query.where(audit.c.id < before)
        with self._database.reading() as connection:
            return [Entry(*row) for row in connection.execute(query)]
