"""There is an answer now to what a seller asked: telling them, and whether they still want it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, or_, select, update

from bot.database import Database
from bot.desk.outbox import Kind, NewLetter, put
from bot.desk.people import now
from bot.desk.tables import gap_turns, gaps
from bot.tables import turns
from indexer.sections import Language

_OFFERED, _WANTED, _REFUSED = "offered", "wanted", "refused"


@dataclass(frozen=True)
class GapOffer:
    """What a seller asked, masked, and the answer that there is now, in light Markdown."""

    turn_id: int
    chat_id: int
    language: Language
    question: str
    answer: str


class GapNews:
    """The answers to gaps, as the sellers who asked get them."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = now) -> None:
        self._database = database
        self._clock = clock

    def offered(self, turn_id: int) -> GapOffer | None:
        """Return what can be offered to the seller of a turn; None where there is no answer, or not any more."""
        with self._database.reading() as connection:
            return _offer(connection, turn_id)

    def answered(self, turn_id: int, chat_id: int, wanted: bool) -> GapOffer | None:
        """Keep whether a seller still wants the answer, and line it up to be sent; None where it is not their turn.

        It is sent once, however often they say yes; who got it cannot refuse it any more.
        """
        with self._database.writing() as connection:
            offer = _offer(connection, turn_id)
            if offer is None or offer.chat_id != chat_id:
                return None
            before = (_OFFERED, _REFUSED) if wanted else (_OFFERED,)
            changed = connection.execute(
                update(gap_turns)
                .where(gap_turns.c.turn_id == turn_id, or_(gap_turns.c.news.is_(None), gap_turns.c.news.in_(before)))
                .values(news=_WANTED if wanted else _REFUSED)
            )
            if wanted and changed.rowcount:
                put(connection, self._clock(), NewLetter(Kind.NEWS_ANSWER, chat_id=chat_id, turn_id=turn_id))
            return offer


def _offer(connection: Connection, turn_id: int) -> GapOffer | None:
    query = (
        select(turns.c.chat_id, turns.c.language, turns.c.asked, gaps.c.answer_id, gaps.c.answer_en)
        .join(gap_turns, gap_turns.c.turn_id == turns.c.id)
        .join(gaps, gaps.c.id == gap_turns.c.gap_id)
        .where(turns.c.id == turn_id, turns.c.chat_id.is_not(None))
    )
    row = connection.execute(query).first()
    if row is None:
        return None
    own, other = (row.answer_id, row.answer_en) if row.language == "id" else (row.answer_en, row.answer_id)
    answer = own or other
    return GapOffer(turn_id, row.chat_id, row.language, row.asked, answer) if answer else None
