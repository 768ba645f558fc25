"""Proposals: what reviews say should change in the knowledge. A maintainer takes them over as a normal change.

`asked`: a question should have found a section. `section`: nobody has answered a question yet, and here is a draft.
A question that is nearly the same as that of an open proposal adds to its count instead of making another one.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Connection, Row, Select, delete, func, insert, select, update

from bot.database import Database, insert_into
from bot.desk.people import Refused, now
from bot.desk.tables import proposal_turns, proposals
from bot.remembered import StoredTurn
from bot.tables import turn_sections, turns
from bot.turns_log import storable
from indexer.clock import JAKARTA
from indexer.embedding import Vectors
from indexer.sections import Language

Encode = Callable[[Sequence[str]], Vectors]

# The cosine from which two questions are taken for the same. Of such pairs among made-up sellers 96 % belong together,
# of all pairs that do 22 % are such; among the ways of asking of the knowledge 93 % and 2 % (`python -m
# benchmarks.same_questions`).
SAME = 0.8
LONGEST_ANSWER = 3000
_NEAR_SECTIONS = 3
VERSION = 1


@dataclass(frozen=True)
class Draft:
    """What is known of a section that is to be written."""

    topic: str | None = None
    platform: str | None = None
    answer_id: str | None = None
    answer_en: str | None = None


@dataclass(frozen=True)
class Question:
    """A seller's question, masked, and the turn in which it was asked."""

    turn_id: int
    text: str
    language: Language


@dataclass(frozen=True)
class Proposal:
    """A proposal with its questions, the oldest first: that one stands for the others."""

    id: int
    kind: str
    section: str | None
    draft: Draft
    note: str | None
    state: str
    created_at: datetime
    questions: tuple[Question, ...]


class Proposals:
    """The proposals in the database. `encode` gives the vectors of questions, as the search makes them."""

    def __init__(self, database: Database, encode: Encode, clock: Callable[[], datetime] = now) -> None:
        self._database = database
        self._encode = encode
        self._clock = clock

    def for_section(self, turn: StoredTurn, section: str, note: str | None = None) -> int:
        """Propose that a turn's question should find a section; return the proposal's id.

        Raises:
            Refused: the turn is gone.
        """
        return self._add(turn, "asked", section, note, Draft())

    def for_new_section(self, turn: StoredTurn, draft: Draft | None = None, note: str | None = None) -> int:
        """Propose a section that answers a turn's question; return the proposal's id.

        Raises:
            Refused: the turn is gone, or an answer is too long.
        """
        return self._add(turn, "section", None, note, draft or Draft(topic=turn.topic))

    def of_gap(self, asked: Sequence[StoredTurn], draft: Draft) -> int:
        """Propose one section that answers all these turns' questions, the first of which stands for them."""
        proposal_id = self.for_new_section(asked[0], draft)
        with self._database.writing() as connection:
            for turn in asked[1:]:
                self._join(connection, proposal_id, turn.id)
        return proposal_id

    def all(self, state: str = "open", limit: int = 200) -> list[Proposal]:
        """Return proposals, those with most questions first."""
        with self._database.reading() as connection:
            found = _load(connection, select(proposals).where(proposals.c.state == state))
        found = [one for one in found if one.questions]
        return sorted(found, key=lambda one: (-len(one.questions), one.id))[:limit]

    def get(self, proposal_id: int) -> Proposal | None:
        """Return a proposal."""
        with self._database.reading() as connection:
            found = _load(connection, select(proposals).where(proposals.c.id == proposal_id))
        return found[0] if found else None

    def of_turn(self, turn_id: int) -> list[Proposal]:
        """Return the proposals that a turn stands in."""
        ids = select(proposal_turns.c.proposal_id).where(proposal_turns.c.turn_id == turn_id)
        with self._database.reading() as connection:
            return _load(connection, select(proposals).where(proposals.c.id.in_(ids)))

    def withdraw(self, turn_id: int) -> None:
        """Take a turn out of the open proposals, as when its review was changed."""
        is_open = select(proposals.c.id).where(proposals.c.state == "open")
        with self._database.writing() as connection:
            connection.execute(
                delete(proposal_turns).where(
                    proposal_turns.c.turn_id == turn_id, proposal_turns.c.proposal_id.in_(is_open)
                )
            )
            forget_empty(connection)

    def edit(self, proposal_id: int, draft: Draft, note: str | None) -> None:
        """Change what is known of a draft.

        Raises:
            Refused: the proposal is gone, or an answer is too long.
        """
        values = _values(draft, note)
        with self._database.writing() as connection:
            changed = connection.execute(update(proposals).where(proposals.c.id == proposal_id).values(**values))
            if not changed.rowcount:
                raise Refused("proposal_gone")

    def decide(self, proposal_id: int, state: str) -> None:
        """Set a proposal to `open`, `accepted` (for the maintainers), `taken` (by them) or `dismissed`.

        Raises:
            Refused: there is no such proposal.
        """
        closed_at = None if state == "open" else self._clock()
        with self._database.writing() as connection:
            statement = update(proposals).where(proposals.c.id == proposal_id).values(state=state, closed_at=closed_at)
            if not connection.execute(statement).rowcount:
                raise Refused("proposal_gone")

    def exported(self) -> dict[str, Any]:
        """Return the accepted proposals as `python -m indexer proposals` reads them."""
        with self._database.reading() as connection:
            accepted = _load(connection, select(proposals).where(proposals.c.state == "accepted"))
            return {"version": VERSION, "proposals": [_record(connection, one) for one in accepted if one.questions]}

    def write(self, path: Path) -> bool:
        """Write the accepted proposals into a file, whole or not at all; return whether it says something else now."""
        text = json.dumps(self.exported(), ensure_ascii=False, indent=2) + "\n"
        if path.exists() and path.read_text(encoding="utf-8") == text:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f"{path.name}.new")
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
        return True

    def _add(self, turn: StoredTurn, kind: str, section: str | None, note: str | None, draft: Draft) -> int:
        vector = self._encode([turn.asked])[0]
        same_kind = select(proposals).where(proposals.c.kind == kind, proposals.c.state == "open")
        alike = same_kind.where(proposals.c.section == section) if section else same_kind
        with self._database.reading() as connection:
            known = _load(connection, alike)
        near = self._nearest(vector, known)
        with self._database.writing() as connection:
            # Both may have been erased or decided meanwhile; from here on they are held.
            there = select(turns.c.id).where(turns.c.id == turn.id).with_for_update(key_share=True)
            if connection.execute(there).first() is None:
                raise Refused("turn_gone")
            still = alike.with_only_columns(proposals.c.id).where(proposals.c.id == near).with_for_update()
            proposal_id = connection.execute(still).scalar()
            if proposal_id is None:
                statement = insert(proposals).values(
                    kind=kind, section=section, state="open", created_at=self._clock(), **_values(draft, note)
                )
                proposal_id = int(connection.execute(statement.returning(proposals.c.id)).scalar_one())
            self._join(connection, proposal_id, turn.id)
        return proposal_id

    def _join(self, connection: Connection, proposal_id: int, turn_id: int) -> None:
        member = insert_into(connection, proposal_turns).values(
            proposal_id=proposal_id, turn_id=turn_id, at=self._clock()
        )
        connection.execute(member.on_conflict_do_nothing())

    def _nearest(self, vector: Any, known: Sequence[Proposal]) -> int | None:  # noqa: ANN401 - a row of vectors
        with_questions = [one for one in known if one.questions]
        if not with_questions:
            return None
        similarities = np.asarray(self._encode([one.questions[0].text for one in with_questions])) @ np.asarray(vector)
        best = int(np.argmax(similarities))
        return with_questions[best].id if similarities[best] >= SAME else None


def _values(draft: Draft, note: str | None) -> dict[str, str | None]:
    """Return a draft and its note as they are kept.

    Raises:
        Refused: an answer is too long.
    """
    if any(len(answer or "") > LONGEST_ANSWER for answer in (draft.answer_id, draft.answer_en)):
        raise Refused("message", most=LONGEST_ANSWER)
    return {name: storable(value) if value else None for name, value in {**vars(draft), "note": note}.items()}


def forget_empty(connection: Connection) -> int:
    """Delete proposals of which no question is left, and return how many."""
    left = select(proposal_turns.c.proposal_id)
    return int(connection.execute(delete(proposals).where(proposals.c.id.not_in(left))).rowcount)


def _load(connection: Connection, query: Select[tuple[Any, ...]]) -> list[Proposal]:
    rows = connection.execute(query.order_by(proposals.c.id)).all()
    members = (
        select(proposal_turns.c.proposal_id, turns.c.id, turns.c.asked, turns.c.language)
        .join(turns, turns.c.id == proposal_turns.c.turn_id)
        .where(proposal_turns.c.proposal_id.in_([row.id for row in rows]))
        .order_by(proposal_turns.c.at, turns.c.id)
    )
    questions: dict[int, list[Question]] = {row.id: [] for row in rows}
    for member in connection.execute(members):
        questions[member.proposal_id].append(Question(member.id, member.asked, member.language))
    return [_proposal(row, tuple(questions[row.id])) for row in rows]


def _proposal(row: Row[tuple[Any, ...]], questions: tuple[Question, ...]) -> Proposal:
    draft = Draft(row.topic, row.platform, row.answer_id, row.answer_en)
    return Proposal(row.id, row.kind, row.section, draft, row.note, row.state, row.created_at, questions)


def _record(connection: Connection, proposal: Proposal) -> dict[str, Any]:
    record: dict[str, Any] = {
        "id": proposal.id,
        "kind": proposal.kind,
        "questions": [{"text": one.text, "language": one.language} for one in proposal.questions],
        "count": len(proposal.questions),
        "note": proposal.note,
        "proposed_on": proposal.created_at.astimezone(JAKARTA).date().isoformat(),
    }
    if proposal.kind == "asked":
        return {**record, "section": proposal.section}
    draft = proposal.draft
    return {
        **record,
        "topic": draft.topic,
        "platform": draft.platform,
        "answers": {"id": draft.answer_id, "en": draft.answer_en},
        "near": _near_sections(connection, proposal),
    }


def _near_sections(connection: Connection, proposal: Proposal) -> list[str]:
    """Return the sections that were nearest to the questions, to be looked at when the new one is written."""
    query = (
        select(turn_sections.c.section)
        .where(turn_sections.c.turn_id.in_([one.turn_id for one in proposal.questions]))
        .group_by(turn_sections.c.section)
        .order_by(func.count().desc(), func.min(turn_sections.c.rank), turn_sections.c.section)
        .limit(_NEAR_SECTIONS)
    )
    return list(connection.execute(query).scalars())
