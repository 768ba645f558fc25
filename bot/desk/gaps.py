"""Gaps: questions that the bot could not answer, grouped by meaning; answered once, delivered to all who asked."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Connection, Row, and_, delete, func, insert, or_, select, text, update

from bot.answers import Decision, Outcome
from bot.database import Database
from bot.desk.grouping import Grouping, Vector, unit
from bot.desk.outbox import Kind, NewLetter, put
from bot.desk.people import Refused, now
from bot.desk.proposals import LONGEST_ANSWER, Encode
from bot.desk.tables import gap_turns, gaps, outbox, reviews
from bot.tables import ratings, turns
from bot.turns_log import storable
from indexer.sections import Language

# The cosine to a group's mean from which a question joins it. Of the pairs that it puts together among made-up sellers
# 92 % belong together, and it finds 57 % of those that do; among the ways of asking of the knowledge, which are meant
# to differ, 80 % and 16 % (`python -m benchmarks.same_questions`). A lead reads the whole group before answering it,
# can take questions out, and is offered the nearest groups to merge.
JOINS = 0.72
LOOKED_BACK = timedelta(days=90)
WEEK = timedelta(days=7)
_BATCH = 500
_DECISION = turns.c.reading["decision"].as_string()
_OUTSIDE = func.coalesce(_DECISION, "") == Decision.OUTSIDE.value
_QUESTIONS = select(turns.c.asked, turns.c.reading).join(gap_turns, gap_turns.c.turn_id == turns.c.id)


@dataclass(frozen=True)
class Asked:
    """One question of a gap: why it is one, and what became of telling the seller that there is an answer now."""

    turn_id: int
    text: str
    language: Language
    why: str
    at: datetime
    private: bool
    news: str | None
    delivered_at: datetime | None
    failed: str | None


@dataclass(frozen=True)
class Gap:
    """A group of questions with one meaning, the newest first; the one nearest to all others stands for them."""

    id: int
    state: str
    title: str
    questions: tuple[Asked, ...]
    answer_id: str | None
    answer_en: str | None
    this_week: int
    last_week: int

    @property
    def why(self) -> Counter[str]:
        """How many of its questions were declined, asked back or wrong."""
        return Counter(question.why for question in self.questions)

    @property
    def other_words(self) -> list[str]:
        """The other words in which it was asked, each once, the newest first."""
        return [text for text in dict.fromkeys(question.text for question in self.questions) if text != self.title]

    @property
    def to_tell(self) -> int:
        """How many questions whose seller could be told of the answer and was not asked yet."""
        return sum(question.private and question.news is None for question in self.questions)


class Gaps:
    """The gaps in the database. `encode` gives the vectors of questions, `model` the fingerprint of what makes them."""

    def __init__(
        self, database: Database, encode: Encode, model: str, clock: Callable[[], datetime] = now
    ) -> None:  # fmt: skip
        self._database = database
        self._encode = encode
        self._model = model[:64]
        self._clock = clock

    def gather(self) -> int:
        """Put questions that came since the last time into their groups, and return how many."""
        self._renew()
        with self._database.reading() as connection:
            new = connection.execute(_not_gathered(self._clock() - LOOKED_BACK).limit(_BATCH)).all()
        if not new:
            return 0
        vectors = np.asarray(self._encode([_question_of(row) for row in new]), dtype=np.float32)
        with self._database.writing() as connection:
            still = _still_to_gather(connection, [row.id for row in new])
            groups = _Groups(connection, self._model, self._clock())
            for row, vector in zip(new, vectors, strict=True):
                if row.id in still:
                    groups.add(row.id, _why(row), vector)
            groups.save()
        return len(still)

    def all(self, state: str = "open", limit: int = 100) -> list[Gap]:
        """Return the gaps, those that were asked most in the last week first."""
        with self._database.reading() as connection:
            rows = connection.execute(select(gaps).where(gaps.c.state == state)).all()
            found = self._loaded(connection, rows)
        return sorted(found, key=lambda gap: (-gap.this_week, -len(gap.questions), -gap.id))[:limit]

    def get(self, gap_id: int) -> Gap | None:
        """Return a gap."""
        with self._database.reading() as connection:
            rows = connection.execute(select(gaps).where(gaps.c.id == gap_id)).all()
            found = self._loaded(connection, rows)
        return found[0] if found else None

    def nearest(self, gap_id: int, limit: int = 20) -> list[Gap]:
        """Return other open gaps, those nearest in meaning first: what may be the same question in other words."""
        with self._database.reading() as connection:
            rows = connection.execute(
                select(gaps).where(gaps.c.model == self._model, or_(gaps.c.state == "open", gaps.c.id == gap_id))
            ).all()
            own = next((row for row in rows if row.id == gap_id), None)
            if own is None:
                return []
            others = [row for row in rows if row.id != gap_id]
            centre = np.frombuffer(own.centre, dtype=np.float32)
            others.sort(key=lambda row: -float(np.frombuffer(row.centre, dtype=np.float32) @ centre))
            found = {gap.id: gap for gap in self._loaded(connection, others[:limit])}
        return [found[row.id] for row in others[:limit] if row.id in found]

    def answer(self, gap_id: int, answer_id: str, answer_en: str) -> int:
        """Answer a gap in both languages and ask its sellers whether they still want to know; return how many.

        Raises:
            Refused: an answer is missing or too long, or the gap is gone.
        """
        answers = (answer_id.strip(), answer_en.strip())
        if not all(answers) or max(map(len, answers)) > LONGEST_ANSWER:
            raise Refused("both_answers", most=LONGEST_ANSWER)
        values = {"answer_id": storable(answers[0]), "answer_en": storable(answers[1])}
        with self._database.writing() as connection:
            statement = update(gaps).where(gaps.c.id == gap_id)
            changed = connection.execute(statement.values(state="answered", closed_at=self._clock(), **values))
            if not changed.rowcount:
                raise Refused("gap_gone")
            return self._tell(connection, gap_id)

    def tell(self, gap_id: int) -> int:
        """Ask those who came to an answered gap later; return how many."""
        with self._database.writing() as connection:
            return self._tell(connection, gap_id)

    def set_state(self, gap_id: int, state: str) -> None:
        """Dismiss a gap, or open it again.

        Raises:
            Refused: there is no such gap.
        """
        closed_at = None if state == "open" else self._clock()
        with self._database.writing() as connection:
            statement = update(gaps).where(gaps.c.id == gap_id).values(state=state, closed_at=closed_at)
            if not connection.execute(statement).rowcount:
                raise Refused("gap_gone")

    def merge(self, gap_id: int, into: int) -> None:
        """Put the questions of a gap into another one.

        Raises:
            Refused: one of them is not there, or both are the same.
        """
        with self._database.writing() as connection:
            there = set(connection.execute(select(gaps.c.id).where(gaps.c.id.in_([gap_id, into]))).scalars())
            if there != {gap_id, into} or gap_id == into:
                raise Refused("gap_gone")
            connection.execute(update(gap_turns).where(gap_turns.c.gap_id == gap_id).values(gap_id=into))
            connection.execute(delete(gaps).where(gaps.c.id == gap_id))
            self._recentre(connection, into)

    def take_out(self, gap_id: int, turn_id: int) -> None:
        """Take a question out of a gap; it becomes one of its own.

        Raises:
            Refused: it does not stand there.
        """
        with self._database.writing() as connection:
            there = (gap_turns.c.gap_id == gap_id, gap_turns.c.turn_id == turn_id)
            row = connection.execute(_QUESTIONS.where(*there)).first()
            if row is None:
                raise Refused("gap_gone")
            centre = np.asarray(self._encode([_question_of(row)])[0], dtype=np.float32).tobytes()
            new = insert(gaps).values(state="open", centre=centre, model=self._model, created_at=self._clock())
            own = connection.execute(new.returning(gaps.c.id)).scalar_one()
            connection.execute(update(gap_turns).where(*there).values(gap_id=own))
            forget_empty(connection)
            self._recentre(connection, gap_id)

    def _tell(self, connection: Connection, gap_id: int) -> int:
        """Line up the question whether they still want to know for each seller, by their newest question."""
        newest = (
            select(func.max(turns.c.id))
            .join(gap_turns, gap_turns.c.turn_id == turns.c.id)
            .where(gap_turns.c.gap_id == gap_id, gap_turns.c.news.is_(None), turns.c.chat_id > 0)
            .group_by(turns.c.chat_id)
        )
        told = select(turns.c.chat_id).join(gap_turns, gap_turns.c.turn_id == turns.c.id)
        told = told.where(gap_turns.c.gap_id == gap_id, gap_turns.c.news.is_not(None))
        wanted = select(turns.c.id, turns.c.chat_id).where(turns.c.id.in_(newest), turns.c.chat_id.not_in(told))
        rows = connection.execute(wanted).all()
        for row in rows:
            put(connection, self._clock(), NewLetter(Kind.NEWS, chat_id=row.chat_id, turn_id=row.id))
            connection.execute(update(gap_turns).where(gap_turns.c.turn_id == row.id).values(news="offered"))
        return len(rows)

    def _loaded(self, connection: Connection, rows: Sequence[Row[Any]]) -> list[Gap]:
        asked: dict[int, list[Asked]] = {row.id: [] for row in rows}
        query = (
            select(
                gap_turns.c.gap_id, turns.c.id, turns.c.asked, turns.c.language, gap_turns.c.why, turns.c.asked_at,
                turns.c.chat_id, gap_turns.c.news, outbox.c.sent_at, outbox.c.failed,
            )
            .join(turns, turns.c.id == gap_turns.c.turn_id)
            .outerjoin(outbox, and_(outbox.c.turn_id == turns.c.id, outbox.c.kind == Kind.NEWS.value))
            .where(gap_turns.c.gap_id.in_(list(asked)))
            .order_by(turns.c.asked_at.desc(), turns.c.id.desc())
        )  # fmt: skip
        found = connection.execute(query).all()
        told = {(row.gap_id, row.chat_id): row for row in found if row.news}
        for row in found:
            # A seller who asked it more than once is told once, by the newest question.
            news = told.get((row.gap_id, row.chat_id), row)
            one = Asked(
                row.id, row.asked, row.language, row.why, row.asked_at, (row.chat_id or 0) > 0, news.news, news.sent_at,
                news.failed,
            )  # fmt: skip
            asked[row.gap_id].append(one)
        return [self._gap(row, tuple(asked[row.id])) for row in rows if asked[row.id]]

    def _gap(self, row: Row[Any], questions: tuple[Asked, ...]) -> Gap:
        moment = self._clock()
        this_week = sum(question.at > moment - WEEK for question in questions)
        before = sum(moment - 2 * WEEK < question.at <= moment - WEEK for question in questions)
        title = min(questions, key=lambda question: (len(question.text) < 12, len(question.text), question.turn_id))
        return Gap(row.id, row.state, title.text, questions, row.answer_id, row.answer_en, this_week, before)

    def _renew(self) -> None:
        """Make the means anew where another model made them."""
        with self._database.writing() as connection:
            for gap_id in connection.execute(select(gaps.c.id).where(gaps.c.model != self._model)).scalars().all():
                self._recentre(connection, gap_id)

    def _recentre(self, connection: Connection, gap_id: int) -> None:
        newest = _QUESTIONS.where(gap_turns.c.gap_id == gap_id).order_by(turns.c.id.desc()).limit(_BATCH)
        asked = [_question_of(row) for row in connection.execute(newest)]
        if asked:
            centre = unit(np.asarray(self._encode(asked), dtype=np.float32).mean(axis=0))
            values = {"centre": centre.tobytes(), "model": self._model}
            connection.execute(update(gaps).where(gaps.c.id == gap_id).values(**values))


class _Groups:
    """The groups in the database while questions are added."""

    def __init__(self, connection: Connection, model: str, at: datetime) -> None:
        self._connection = connection
        self._model = model
        self._at = at
        rows = connection.execute(select(gaps.c.id, gaps.c.centre).where(gaps.c.model == model)).all()
        self._ids = [row.id for row in rows]
        count = select(gap_turns.c.gap_id, func.count()).group_by(gap_turns.c.gap_id)
        sizes: dict[int, int] = dict(connection.execute(count).all())
        known = [(np.frombuffer(row.centre, dtype=np.float32), sizes.get(row.id, 0)) for row in rows]
        self._grouping = Grouping(JOINS, known)
        self._changed: set[int] = set()

    def add(self, turn_id: int, why: str, vector: Vector) -> None:
        place = self._grouping.add(vector)
        if place == len(self._ids):
            new = insert(gaps).values(state="open", centre=vector.tobytes(), model=self._model, created_at=self._at)
            self._ids.append(int(self._connection.execute(new.returning(gaps.c.id)).scalar_one()))
        else:
            self._changed.add(place)
        self._connection.execute(insert(gap_turns).values(turn_id=turn_id, gap_id=self._ids[place], why=why))

    def save(self) -> None:
        for place in self._changed:
            centre = self._grouping.centre(place).tobytes()
            self._connection.execute(update(gaps).where(gaps.c.id == self._ids[place]).values(centre=centre))


def forget_empty(connection: Connection) -> int:
    """Delete gaps of which no question is left, and return how many."""
    return int(connection.execute(delete(gaps).where(gaps.c.id.not_in(select(gap_turns.c.gap_id)))).rowcount)


def _not_gathered(since: datetime) -> Any:  # noqa: ANN401 - SQLAlchemy's type of it names each column
    query = select(turns.c.id, turns.c.asked, turns.c.outcome, turns.c.reading, _said_wrong().label("wrong"))
    unanswered = and_(
        turns.c.outcome.in_([Outcome.DECLINED.value, Outcome.CLARIFY.value]),
        turns.c.topic.is_not(None) | _DECISION.is_not(None),
        ~_OUTSIDE,
    )
    known = select(gap_turns.c.turn_id)
    return query.where(turns.c.asked_at >= since, turns.c.id.not_in(known), or_(unanswered, _said_wrong())).order_by(
        turns.c.id
    )


def _said_wrong() -> ColumnElement[bool]:
    """Return the condition that a seller or a reviewer says that the answer is wrong.

    What is declined because we do not cover it is no gap, unless a reviewer says so.
    """
    rated = select(ratings.c.turn_id).where(ratings.c.rating == "not_right")
    found_wrong = select(reviews.c.turn_id).where(reviews.c.verdict.in_(["wrong", "outdated", "should_answer"]))
    return or_(and_(turns.c.id.in_(rated), ~_OUTSIDE), turns.c.id.in_(found_wrong))


def _still_to_gather(connection: Connection, ids: list[int]) -> set[int]:
    """Return which of these turns were neither erased nor gathered meanwhile, and hold them until the transaction ends.

    Two who gather at once do so one after the other.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE gap_turns IN SHARE ROW EXCLUSIVE MODE"))
    query = select(turns.c.id).where(turns.c.id.in_(ids), turns.c.id.not_in(select(gap_turns.c.turn_id)))
    return set(connection.execute(query.with_for_update(read=True, key_share=True)).scalars())


def _question_of(row: Any) -> str:  # noqa: ANN401 - rows of several queries
    """Return the question, after the one before where it goes on from that."""
    earlier = (row.reading or {}).get("earlier")
    return f"{earlier} {row.asked}" if earlier else str(row.asked)


def _why(row: Row[Any]) -> str:
    if row.wrong:
        return "wrong"
    return "asked_back" if row.outcome == Outcome.CLARIFY.value else "declined"
