"""Reviews: what staff say of an answer, two of them on some, how far they agree, and the verdict that stands."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, delete, func, select, update

from bot import turns_log
from bot.database import Database, insert_into
from bot.desk.people import Person, Refused, Role, now
from bot.desk.tables import reviews, staff, tasks
from bot.remembered import StoredTurn
from bot.tables import turns
from bot.turns_log import storable

LONGEST_NOTE = 2000


class Verdict(StrEnum):
    """What an answer is found to be."""

    RIGHT = "right"
    WRONG = "wrong"
    INCOMPLETE = "incomplete"
    OUTDATED = "outdated"
    SHOULD_DECLINE = "should_decline"
    SHOULD_ANSWER = "should_answer"


class Reason(StrEnum):
    """Why an answer is not right: a closed list, so that reviews can be counted."""

    OTHER_SECTION = "other_section"  # the right section is there, another was found
    MISSING = "missing"  # nothing in the knowledge answers
    TEXT_WRONG = "text_wrong"  # the section was right to find, and says something wrong
    TEXT_UNCLEAR = "text_unclear"
    WRONG_DATE = "wrong_date"
    WRONG_SIDE = "wrong_side"  # Tokopedia instead of TikTok Shop, or the other way round
    MISREAD = "misread"  # a word, a slip or the earlier message was misunderstood
    LANGUAGE = "language"
    OTHER = "other"


@dataclass(frozen=True)
class Review:
    """What one person said of an answer. `section` is the one that should have been found."""

    turn_id: int
    staff_id: int
    name: str
    verdict: Verdict
    reason: Reason | None
    section: str | None
    note: str | None
    final: bool
    at: datetime


@dataclass(frozen=True)
class Judgement:
    """What somebody is about to say of an answer."""

    verdict: Verdict
    reason: Reason | None = None
    section: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class Agreement:
    """How far reviewers agree on turns that two or more of them read.

    `share` is the share of pairs with the same verdict. `alpha` is Krippendorff's alpha for nominal data (Krippendorff
    2011, "Computing Krippendorff's Alpha-Reliability"): 1 is full agreement, 0 what chance would give; None where
    there is nothing that could differ.
    """

    turns: int
    share: float | None
    alpha: float | None


class Reviews:
    """The reviews in the database. A turn has one final verdict at most, and only a lead gives it."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = now) -> None:
        self._database = database
        self._clock = clock

    def give(self, person: Person, turn_id: int, said: Judgement, final: bool = False) -> None:
        """Keep what a person says of a turn, in place of what they said before; their tasks on it are done.

        Raises:
            Refused: the turn is gone, a final verdict stands, or the person may not give one.
        """
        if final and not person.may(Role.LEAD):
            raise Refused("role")
        if said.verdict is Verdict.RIGHT and (said.reason or said.section):
            said = Judgement(said.verdict, note=said.note)
        values = {
            "verdict": said.verdict.value,
            "reason": said.reason.value if said.reason else None,
            "section": storable(said.section) if said.section else None,
            "note": storable(said.note[:LONGEST_NOTE]) if said.note else None,
            "final": final,
            "at": self._clock(),
        }
        with self._database.writing() as connection:
            # Held, so that two who decide the same turn at once go one after the other.
            there = select(turns.c.id).where(turns.c.id == turn_id).with_for_update(key_share=True)
            if connection.execute(there).first() is None:
                raise Refused("turn_gone")
            standing = _final(connection, turn_id)
            if standing is not None and not person.may(Role.LEAD):
                raise Refused("final_stands")
            if final:
                connection.execute(update(reviews).where(reviews.c.turn_id == turn_id).values(final=False))
            statement = insert_into(connection, reviews).values(turn_id=turn_id, staff_id=person.id, **values)
            connection.execute(statement.on_conflict_do_update(index_elements=["turn_id", "staff_id"], set_=values))
            own = (tasks.c.turn_id == turn_id, tasks.c.staff_id == person.id, tasks.c.done_at.is_(None))
            connection.execute(update(tasks).where(*own).values(done_at=self._clock(), skipped=False))

    def take_back(self, person: Person, turn_id: int) -> bool:
        """Take back what a person said of a turn; their tasks on it are open again."""
        own = (reviews.c.turn_id == turn_id, reviews.c.staff_id == person.id)
        with self._database.writing() as connection:
            gone = bool(connection.execute(delete(reviews).where(*own)).rowcount)
            if gone:
                mine = (tasks.c.turn_id == turn_id, tasks.c.staff_id == person.id, ~tasks.c.skipped)
                connection.execute(update(tasks).where(*mine).values(done_at=None))
        return gone

    def of_turns(self, turn_ids: Iterable[int]) -> dict[int, list[Review]]:
        """Return the reviews of each of these turns, the final one first."""
        found: dict[int, list[Review]] = defaultdict(list)
        with self._database.reading() as connection:
            for review in _load(connection, list(turn_ids)):
                found[review.turn_id].append(review)
        return found

    def disagreements(self, limit: int = 100) -> list[tuple[StoredTurn, list[Review]]]:
        """Return the turns whose reviewers differ and that no lead has decided, newest first, with their reviews."""
        differing = (
            select(reviews.c.turn_id)
            .group_by(reviews.c.turn_id)
            .having(func.count(func.distinct(reviews.c.verdict)) > 1)
            .where(reviews.c.turn_id.not_in(select(reviews.c.turn_id).where(reviews.c.final)))
            .order_by(reviews.c.turn_id.desc())
            .limit(limit)
        )
        with self._database.reading() as connection:
            ids = list(connection.execute(differing).scalars())
            found = {turn.id: turn for turn in turns_log.load(connection, select(turns).where(turns.c.id.in_(ids)))}
            said: dict[int, list[Review]] = defaultdict(list)
            for review in _load(connection, ids):
                said[review.turn_id].append(review)
        return [(found[turn_id], said[turn_id]) for turn_id in ids]

    def agreement(self, queue_id: int | None = None) -> Agreement:
        """Return how far reviewers agree, on all turns or on those of one queue; a lead's final verdict is no vote."""
        query = select(reviews.c.turn_id, reviews.c.verdict).where(~reviews.c.final)
        if queue_id is not None:
            query = query.where(reviews.c.turn_id.in_(select(tasks.c.turn_id).where(tasks.c.queue_id == queue_id)))
        by_turn: dict[int, list[str]] = defaultdict(list)
        with self._database.reading() as connection:
            for row in connection.execute(query):
                by_turn[row.turn_id].append(row.verdict)
        return agreement_of(list(by_turn.values()))


def agreement_of(verdicts: Sequence[Sequence[str]]) -> Agreement:
    """Return the agreement in verdicts per turn; turns with one verdict say nothing about it."""
    several = [said for said in verdicts if len(said) > 1]
    if not several:
        return Agreement(0, None, None)
    pairs = [one == other for said in several for place, one in enumerate(said) for other in said[place + 1 :]]
    return Agreement(len(several), sum(pairs) / len(pairs), _alpha(several))


def _alpha(several: Sequence[Sequence[str]]) -> float | None:
    """Return Krippendorff's alpha: one less the disagreement seen over the disagreement expected by chance."""
    total = Counter(verdict for said in several for verdict in said)
    count = sum(total.values())
    expected = count * count - sum(number * number for number in total.values())
    if expected == 0:
        return None
    seen = sum(
        (len(said) ** 2 - sum(number * number for number in Counter(said).values())) / (len(said) - 1)
        for said in several
    )
    return 1 - (count - 1) * seen / expected


def _final(connection: Connection, turn_id: int) -> int | None:
    query = select(reviews.c.staff_id).where(reviews.c.turn_id == turn_id, reviews.c.final)
    return connection.execute(query).scalar()


def _load(connection: Connection, turn_ids: list[int]) -> list[Review]:
    query = (
        select(
            reviews.c.turn_id, reviews.c.staff_id, staff.c.name, reviews.c.verdict, reviews.c.reason,
            reviews.c.section, reviews.c.note, reviews.c.final, reviews.c.at,
        )
        .join(staff, staff.c.id == reviews.c.staff_id)
        .where(reviews.c.turn_id.in_(turn_ids))
        .order_by(reviews.c.final.desc(), reviews.c.at)
    )  # fmt: skip
    return [
        Review(
            row.turn_id, row.staff_id, row.name, Verdict(row.verdict), Reason(row.reason) if row.reason else None,
            row.section, row.note, bool(row.final), row.at,
        )
        for row in connection.execute(query)
    ]  # fmt: skip
