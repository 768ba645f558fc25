"""What the console's pages work with: the support desk's books, and the index."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from bot.console.generations import Generations
from bot.database import Database
from bot.desk.auditing import Audit
from bot.desk.conversations import Conversations
from bot.desk.gaps import Gaps
from bot.desk.handoffs import Handoffs
from bot.desk.numbers import NumberBook
from bot.desk.opening_hours import OpeningHours
from bot.desk.people import People, now
from bot.desk.proposals import Proposals
from bot.desk.queues import Queues
from bot.desk.reviewing import Reviews
from bot.desk.sessions import Sessions
from bot.settings import BotSettings
from bot.storage import Storage
from bot.telegram_errors import CannotRun
from indexer.clock import JAKARTA

_SHORTEST_SECRET = 32
_MAKE_ONE = "Make one with: python -c 'import secrets; print(secrets.token_urlsafe(32))' and set it in .env."


@dataclass(frozen=True)
class Parts:
    """The parts of a running console, each once. `notice` stands on every page, as that all of it is made up."""

    people: People
    sessions: Sessions
    audit: Audit
    conversations: Conversations
    reviews: Reviews
    queues: Queues
    proposals: Proposals
    gaps: Gaps
    handoffs: Handoffs
    numbers: NumberBook
    generations: Generations
    hours: OpeningHours
    proposals_file: Path
    secret: str
    clock: Callable[[], datetime] = now
    notice: str = ""

    def today(self) -> date:
        """Return the current day in Jakarta."""
        return self.clock().astimezone(JAKARTA).date()

    def export_proposals(self) -> None:
        """Write the accepted proposals to where `python -m indexer proposals` looks for them."""
        self.proposals.write(self.proposals_file)


def secret_of(settings: BotSettings) -> str:
    """Return the secret of the sessions.

    Raises:
        CannotRun: there is none, or it could be guessed.
    """
    secret = settings.console_secret.get_secret_value() if settings.console_secret else ""
    if not secret:
        raise CannotRun(f"CONSOLE_SECRET is not set. {_MAKE_ONE}")
    if len(secret) < _SHORTEST_SECRET or len(set(secret)) < 8:
        raise CannotRun(f"CONSOLE_SECRET could be guessed. {_MAKE_ONE}")
    return secret


def parts_of(
    settings: BotSettings, storage: Storage, generations: Generations,
    clock: Callable[[], datetime] = now, notice: str = "",
) -> Parts:  # fmt: skip
    """Return the parts for these settings, on an open storage.

    Raises:
        CannotRun: there is no secret, or it could be guessed.
    """
    secret = secret_of(settings)
    database: Database = storage.database
    people = People(database, clock)
    return Parts(
        people=people,
        sessions=Sessions(database, people, secret, clock),
        audit=Audit(database, clock),
        conversations=Conversations(database),
        reviews=Reviews(database, clock),
        queues=Queues(database, clock),
        proposals=Proposals(database, generations.encode, clock),
        gaps=Gaps(database, generations.encode, generations.model, clock),
        handoffs=Handoffs(database, settings.staff_chat_id is not None, clock),
        numbers=NumberBook(database, clock),
        generations=generations,
        hours=settings.opening_hours,
        proposals_file=settings.data_dir / "proposals.json",
        secret=secret,
        clock=clock,
        notice=notice,
    )
