"""The pages on which staff read: the list of what was asked, one conversation, and a section as it was and is."""

import csv
import hashlib
import hmac
import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from starlette.responses import JSONResponse, Response, StreamingResponse

from bot.answers import Outcome
from bot.console.evidence_view import of_turn
from bot.console.visits import Visit
from bot.desk.people import Refused, Role
from bot.desk.reviewing import Reason, Review, Verdict
from bot.desk.turn_filters import CONFIDENCES, RATINGS, REASONS, YES_NO, TurnFilter, filter_of
from bot.remembered import StoredTurn
from bot.transcripts import as_json
from indexer.search import Search
from indexer.sections import LANGUAGES, Section

_MOST_FOUND = 12
_COUNTED = 10_000


@dataclass(frozen=True)
class Line:
    """A turn in the list; `first_of_chat` where the turn above it is of another chat."""

    turn: StoredTurn
    who: str
    first_of_chat: bool
    reviews: tuple[Review, ...]


def conversations(visit: Visit) -> Response:
    """Show the turns that the address asks for, newest first."""
    wanted = wanted_of(visit)
    older, newer = _number_in(visit, "older"), _number_in(visit, "newer")
    page = visit.parts.conversations.page(wanted, older_than=older, newer_than=newer)
    given = visit.parts.reviews.of_turns(turn.id for turn in page.turns)
    lines = []
    for place, turn in enumerate(page.turns):
        first = place == 0 or page.turns[place - 1].chat_id != turn.chat_id
        lines.append(Line(turn, who(visit, turn), first, tuple(given.get(turn.id, ()))))
    return visit.page(
        "conversations.html",
        lines=lines,
        page=page,
        wanted=wanted,
        address=_address(wanted),
        choices=_choices(visit),
        count=visit.parts.conversations.count(wanted, _COUNTED),
        most_counted=_COUNTED,
        newest=page.turns[0].id if page.turns else None,
        oldest=page.turns[-1].id if page.turns else None,
    )


def conversation(visit: Visit) -> Response:
    """Show one conversation with the evidence of each answer, one turn of it open."""
    turn = visit.parts.conversations.turn(visit.number("turn"))
    if turn is None:
        raise Refused("turn_gone")
    wanted = wanted_of(visit)
    around = visit.parts.conversations.around(turn)
    given = visit.parts.reviews.of_turns(one.id for one in around)
    newer, older = visit.parts.conversations.neighbours(wanted, turn.id)
    tasks = [task for task in visit.parts.queues.tasks_of_turn(turn.id) if task.done_at is None]
    mine = next((task for task in tasks if task.staff_id == visit.person.id), None)
    own = next((review for review in given.get(turn.id, ()) if review.staff_id == visit.person.id), None)
    return visit.page(
        "conversation.html",
        turn=turn,
        turns=around,
        who=who(visit, turn),
        evidence_by_turn={one.id: _evidence_of(visit, one) for one in around},
        reviews={one.id: _shown_reviews(visit, given.get(one.id, []), one) for one in around},
        own=own,
        task=mine,
        verdicts=list(Verdict),
        reasons=list(Reason),
        proposals=visit.parts.proposals.of_turn(turn.id),
        handoff=visit.parts.handoffs.open_of_chat(turn.chat_id) if turn.chat_id else None,
        topics=visit.parts.generations.now().topics,
        filter_address=_address(wanted),
        newer=newer,
        older=older,
        may_be_final=visit.person.may(Role.LEAD),
    )


def export_csv(visit: Visit) -> Response:
    """Send all turns that the address asks for as a table for spreadsheets."""
    return _exported(visit, "csv", "text/csv", _csv)


def export_json_lines(visit: Visit) -> Response:
    """Send all turns that the address asks for as JSON lines."""
    return _exported(visit, "jsonl", "application/jsonl", _json_lines)


def section(visit: Visit) -> Response:
    """Show a section as it was in a generation beside how it is now."""
    name, generation = visit.path("section"), visit.query.get("generation", "")
    knowledge = visit.parts.generations
    now = knowledge.now().sections.get(name)
    book = knowledge.then(generation) if generation else None
    then = book.sections.get(name) if book else None
    if now is None and then is None:
        raise Refused("section_gone", section=name[:120])
    return visit.page(
        "section.html", name=name, now=now, then=then, generation=generation, generation_gone=generation and not book,
        published=knowledge.published, languages=LANGUAGES, changed=bool(now and then and _said(now) != _said(then)),
    )  # fmt: skip


def sections(visit: Visit) -> Response:
    """Find sections by words of their addresses, headings and ways of asking."""
    text = visit.query.get("text", "")[:200].strip()
    return visit.page("sections.html", text=text, found=find_sections(visit, text) if text else [])


def sections_as_json(visit: Visit) -> Response:
    """Find sections for the review form while somebody types."""
    text = visit.query.get("text", "")[:200].strip()
    found = find_sections(visit, text) if text else []
    return JSONResponse([{"section": one.id, "heading": one.text(visit.language).heading} for one in found])


def find_sections(visit: Visit, text: str) -> list[Section]:
    """Return the sections that words name best: by address, or as the search finds them."""
    knowledge = visit.parts.generations.now()
    if text in knowledge.sections:
        return [knowledge.sections[text]]
    words = text.lower().split()
    named = [one for one in knowledge.sections.values() if all(word in _words_of(one) for word in words)]
    if named:
        return named[:_MOST_FOUND]
    retriever = visit.parts.generations.retriever(visit.parts.generations.published)
    return [hit.section for hit in retriever.search(Search(text, visit.parts.today(), limit=_MOST_FOUND)).hits]


def wanted_of(visit: Visit) -> TurnFilter:
    """Return the filter in the address.

    Raises:
        BadFilter: a value that a filter cannot have.
    """
    return filter_of(visit.query, frozenset(visit.parts.generations.now().topics))


def who(visit: Visit, turn: StoredTurn) -> str:
    """Return what a seller is called here: the same name for the same chat, from which nobody learns the chat."""
    if turn.chat_id is None:
        return visit.say("list.terminal")
    of = turn.user_id or turn.chat_id
    digest = hmac.new(visit.parts.secret.encode(), f"seller:{of}".encode(), hashlib.sha256).hexdigest()
    key = "list.seller" if turn.chat_id > 0 else "list.seller_in_group"
    return visit.say(key, name=digest[:5].upper())


def _exported(
    visit: Visit, form: str, kind: str, written: Callable[[Visit, Iterator[StoredTurn]], Iterator[str]]
) -> Response:
    wanted = wanted_of(visit)
    names = ", ".join(wanted.as_query())  # their values may be words of sellers
    visit.note("export", f"{form}: {names}" if names else form)
    disposition = {"Content-Disposition": f'attachment; filename="conversations.{form}"'}
    lines = written(visit, visit.parts.conversations.all(wanted))
    return StreamingResponse(lines, media_type=f"{kind}; charset=utf-8", headers=disposition)


def _evidence_of(visit: Visit, turn: StoredTurn) -> object:
    knowledge = visit.parts.generations
    return of_turn(turn, knowledge.then(turn.generation), knowledge.now(), visit.language)


def _shown_reviews(visit: Visit, given: list[Review], turn: StoredTurn) -> list[Review]:
    """Return the reviews that somebody may see: of a turn that they are to review themselves, none before their own."""
    tasks = visit.parts.queues.tasks_of_turn(turn.id)
    waiting = any(task.staff_id == visit.person.id and task.done_at is None for task in tasks)
    blind = waiting and not visit.person.may(Role.LEAD)
    return [review for review in given if review.staff_id == visit.person.id] if blind else given


def _choices(visit: Visit) -> dict[str, list[tuple[str, str]]]:
    """Return what can be chosen in each filter: value and label."""
    t: Callable[..., str] = visit.say
    topics = visit.parts.generations.now().topics.values()
    return {
        "language": [(code, t(f"word.language_{code}")) for code in LANGUAGES],
        "outcome": [(one.value, t(f"word.outcome_{one.value}")) for one in Outcome],
        "rating": [(one, t(f"word.rating_{one}")) for one in RATINGS],
        "reason": [(one, t(f"word.seller_reason_{one}")) for one in REASONS],
        "topic": [(topic.slug, topic.names[visit.language]) for topic in topics],
        "confidence": [(one, t(f"word.confidence_{one}")) for one in CONFIDENCES],
        "reviewed": [(one, t(f"word.reviewed_{one}")) for one in YES_NO],
        "person": [(one, t(f"word.person_{one}")) for one in YES_NO],
        "queue": [(str(queue.id), queue.rules.name) for queue in visit.parts.queues.all()],
    }


def _address(wanted: TurnFilter) -> str:
    return urlencode(wanted.as_query())


def _number_in(visit: Visit, name: str) -> int | None:
    value = visit.query.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 16 else None


def _words_of(one: Section) -> str:
    return f"{one.id} {' '.join(text.heading for text in one.texts.values())}".lower()


def _said(one: Section) -> object:
    return replace(one, asked={}, details={}, see_also=(), replaced_by=None)


def _record(visit: Visit, turn: StoredTurn, given: Iterable[Review]) -> dict[str, object]:
    """Return a turn for an export: without the chat's number, which is nobody's business outside."""
    record = as_json(turn)
    for name in ("chat_id", "user_id", "message_id", "update_id", "question_message_id"):
        record.pop(name)
    for rating in record["ratings"]:
        rating.pop("chat_id")
    reviews = [
        {
            "by": one.name, "verdict": one.verdict.value, "reason": one.reason.value if one.reason else None,
            "section": one.section, "note": one.note, "final": one.final, "at": one.at.isoformat(),
        }
        for one in given
    ]  # fmt: skip
    return {"seller": who(visit, turn), **record, "reviews": reviews}


def _json_lines(visit: Visit, turns: Iterator[StoredTurn]) -> Iterator[str]:
    for turn in turns:
        given = visit.parts.reviews.of_turns([turn.id]).get(turn.id, [])
        yield json.dumps(_record(visit, turn, given), ensure_ascii=False) + "\n"


_COLUMNS = (
    "id", "asked_at", "seller", "channel", "language", "outcome", "confidence", "topic", "asked", "sent", "sections",
    "generation", "latency_ms", "rating", "reason", "person", "verdicts",
)  # fmt: skip


def _csv(visit: Visit, turns: Iterator[StoredTurn]) -> Iterator[str]:
    yield "\ufeff" + _csv_line(_COLUMNS)  # spreadsheets take it for UTF-8 by that sign
    for turn in turns:
        given = visit.parts.reviews.of_turns([turn.id]).get(turn.id, [])
        yield _csv_line(
            (
                turn.id, turn.asked_at.isoformat(), who(visit, turn), turn.channel, turn.language, turn.outcome.value,
                f"{turn.confidence:.3f}", turn.topic or "", turn.asked, turn.sent,
                " ".join(one.section for one in turn.sections if one.cited), turn.generation, turn.latency_ms,
                " ".join(one.rating for one in turn.ratings), " ".join(one.reason or "" for one in turn.ratings),
                turn.person_asked_at.isoformat() if turn.person_asked_at else "",
                " ".join(f"{one.name}: {one.verdict.value}{' (final)' if one.final else ''}" for one in given),
            )
        )  # fmt: skip


def _csv_line(values: Iterable[object]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow([_harmless(str(value)) for value in values])
    return line.getvalue()


def _harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula, whatever a seller wrote."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
