"""Writing and reading turns in the database."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, delete, func, insert, or_, select, tuple_, update

from bot.answers import Answer, Candidate, Option, Outcome, Reading
from bot.masking import mask, mask_echoes
from bot.remembered import Channel, Chat, Rating, StoredSection, StoredTurn
from bot.tables import person_requests, ratings, turn_sections, turns


@dataclass(frozen=True)
class NewTurn:
    """A turn on its way into the database, not masked yet."""

    chat_id: int | None
    channel: Channel
    question: str
    answer: Answer
    asked_at: datetime
    answered_at: datetime
    update_id: int | None = None
    understood: str | None = None
    user_id: int | None = None
    question_message_id: int | None = None


def add(connection: Connection, turn: NewTurn) -> int:
    """Store a turn and return its id.

    Where a crash came between storing and sending, the update is answered again: its turn keeps its id, because a
    button may carry it already.
    """
    known = _of_update(connection, turn.update_id)
    if known is not None and known.message_id is not None:
        return int(known.id)
    if known is None:
        turn_id = connection.execute(insert(turns).values(**_values(turn)).returning(turns.c.id)).scalar_one()
    else:
        turn_id = known.id
        connection.execute(update(turns).where(turns.c.id == turn_id).values(**_values(turn)))
        connection.execute(delete(turn_sections).where(turn_sections.c.turn_id == turn_id))
    if rows := section_rows(turn.answer):
        ranked = [{"turn_id": turn_id, "rank": rank, **row} for rank, row in enumerate(rows, 1)]
        connection.execute(insert(turn_sections), ranked)
    return int(turn_id)


def storable(text: str) -> str:
    """Return the text without what no database takes: NUL characters and halves of surrogate pairs."""
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def load(connection: Connection, query: Select[Any]) -> list[StoredTurn]:
    """Return the turns that a query over all columns of `turns` finds, with all that belongs to them."""
    rows = connection.execute(query).all()
    ids = [row.id for row in rows]
    sections, given, people = _sections(connection, ids), _ratings(connection, ids), _people(connection, ids)
    return [_stored(row, tuple(sections[row.id]), tuple(given[row.id]), people.get(row.id)) for row in rows]


def around(connection: Connection, turn: StoredTurn, count: int) -> list[StoredTurn]:
    """Return the turns of that turn's chat, at most `count` before and after it, oldest first."""
    place, here = tuple_(turns.c.asked_at, turns.c.id), tuple_(turn.asked_at, turn.id)
    in_chat = select(turns).where(_same_chat(turn.chat_id))
    before = in_chat.where(place < here).order_by(turns.c.asked_at.desc(), turns.c.id.desc()).limit(count)
    after = in_chat.where(place > here).order_by(turns.c.asked_at, turns.c.id).limit(count)
    return [*reversed(load(connection, before)), turn, *load(connection, after)]


def between(
    connection: Connection, since: datetime, until: datetime, last: StoredTurn | None, limit: int
) -> list[StoredTurn]:
    """Return the next turns of a time, oldest first, that come after the last one seen."""
    query = select(turns).where(turns.c.asked_at >= since, turns.c.asked_at < until)
    if last is not None:
        later = and_(turns.c.asked_at == last.asked_at, turns.c.id > last.id)
        query = query.where(or_(turns.c.asked_at > last.asked_at, later))
    return load(connection, query.order_by(turns.c.asked_at, turns.c.id).limit(limit))


def chats(connection: Connection, limit: int) -> list[Chat]:
    """Return the chats that were written in last, the terminal as one of them."""
    groups = connection.execute(
        select(
            turns.c.chat_id,
            func.count().label("turns"),
            func.min(turns.c.asked_at).label("first_at"),
            func.max(turns.c.asked_at).label("last_at"),
            func.max(turns.c.id).label("last_id"),
        )
        .group_by(turns.c.chat_id)
        .order_by(func.max(turns.c.asked_at).desc(), func.max(turns.c.id).desc())
        .limit(limit)
    ).all()
    newest = select(turns).where(turns.c.id.in_([group.last_id for group in groups]))
    last = {turn.id: turn for turn in load(connection, newest)}
    return [Chat(group.chat_id, group.turns, group.first_at, group.last_at, last[group.last_id]) for group in groups]


def _of_update(connection: Connection, update_id: int | None) -> Row[int, int | None] | None:
    if update_id is None:
        return None
    return connection.execute(select(turns.c.id, turns.c.message_id).where(turns.c.update_id == update_id)).first()


def _same_chat(chat_id: int | None) -> ColumnElement[bool]:
    return turns.c.chat_id.is_(None) if chat_id is None else turns.c.chat_id == chat_id


def _values(turn: NewTurn) -> dict[str, Any]:
    answer = turn.answer
    return {
        "chat_id": turn.chat_id,
        "channel": turn.channel,
        "asked": storable(mask(turn.question)),
        "understood": None if turn.understood is None else storable(mask(turn.understood)),
        "sent": storable(mask_echoes(answer.text, turn.question)),
        "language": answer.language,
        "outcome": answer.outcome.value,
        "confidence": float(answer.confidence),
        "generation": answer.generation,
        "options": [{"section": option.section, "title": option.title} for option in answer.options],
        "asked_at": turn.asked_at,
        "answered_at": turn.answered_at,
        "latency_ms": round((turn.answered_at - turn.asked_at).total_seconds() * 1000),
        "update_id": turn.update_id,
        "user_id": turn.user_id,
        "question_message_id": turn.question_message_id,
        "topic": answer.topic,
        "reading": reading_as_json(answer.reading, answer.timings),
    }


def reading_as_json(reading: Reading | None, timings: Mapping[str, float]) -> dict[str, Any] | None:
    """Return how a question was read as values that JSON takes, the seller's words in it masked."""
    if reading is None:
        return None
    return {
        "decision": reading.decision.value,
        "searched": [storable(mask(form)) for form in reading.searched],
        "earlier": None if reading.earlier is None else storable(mask(reading.earlier)),
        "today": reading.today.isoformat(),
        "period": [day.isoformat() for day in reading.period] if reading.period else None,
        "side": reading.side.value if reading.side else None,
        "probabilities": _rounded(reading.probabilities),
        "measures": _rounded(reading.measures),
        "timings": _rounded(timings),
        "withheld": [
            {"section": one.section, "score": round(float(one.score), 4), **one.then} for one in reading.withheld
        ],
    }


def _rounded(figures: Mapping[str, float]) -> dict[str, float]:
    return {name: round(float(value), 4) for name, value in figures.items()}


def section_rows(answer: Answer) -> list[dict[str, Any]]:
    """Return the candidates of an answer as they are stored, best first, then what was cited without being one."""
    cited = [citation.section for citation in answer.citations]
    considered = {candidate.section for candidate in answer.candidates}
    rows = [_section_row(candidate, candidate.section in cited) for candidate in answer.candidates]
    unsearched = (section for section in dict.fromkeys(cited) if section not in considered)
    rows += [{"section": section, "score": None, "methods": {}, "cited": True, "then": {}} for section in unsearched]
    return rows


def _section_row(candidate: Candidate, cited: bool) -> dict[str, Any]:
    # Scores may come as NumPy's numbers, which no driver takes.
    methods = {method: float(score) for method, score in candidate.methods.items()}
    return {
        "section": candidate.section,
        "score": float(candidate.score),
        "methods": methods,
        "cited": cited,
        "then": dict(candidate.then),
    }


def _sections(connection: Connection, ids: Sequence[int]) -> defaultdict[int, list[StoredSection]]:
    found = defaultdict(list)
    query = select(turn_sections).where(turn_sections.c.turn_id.in_(ids)).order_by(turn_sections.c.rank)
    for row in connection.execute(query):
        found[row.turn_id].append(StoredSection(row.section, row.score, row.cited, row.methods, row.then or {}))
    return found


def _ratings(connection: Connection, ids: Sequence[int]) -> defaultdict[int, list[Rating]]:
    found = defaultdict(list)
    for row in connection.execute(select(ratings).where(ratings.c.turn_id.in_(ids)).order_by(ratings.c.at)):
        found[row.turn_id].append(Rating(row.chat_id, row.rating, row.reason, row.at))
    return found


def _people(connection: Connection, ids: Sequence[int]) -> dict[int, datetime]:
    query = select(person_requests.c.turn_id, person_requests.c.at).where(person_requests.c.turn_id.in_(ids))
    return {row.turn_id: row.at for row in connection.execute(query)}


def _stored(
    row: Row[Any], sections: tuple[StoredSection, ...], given: tuple[Rating, ...], person_asked_at: datetime | None
) -> StoredTurn:
    values = row._asdict()
    values["outcome"] = Outcome(row.outcome)
    values["options"] = tuple(Option(**option) for option in row.options)
    return StoredTurn(**values, sections=sections, ratings=given, person_asked_at=person_asked_at)
