"""Transcripts for those who read them: the last conversations, one of them, and all turns of a time as JSON.

A conversation is a chat: all turns of one seller, or of the terminal. It is named by the id of any of its turns, as
that is what stands in the logs and in the notes to staff; nobody has to handle a seller's chat id.
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from bot.remembered import Chat, StoredSection, StoredTurn
from bot.storage import Storage
from indexer.clock import JAKARTA

_SHOWN = 70  # characters of a question in the list


def latest(storage: Storage, limit: int = 20) -> list[Chat]:
    """Return the conversations that were held last, newest first."""
    return storage.chats(limit)


def conversation(storage: Storage, turn_id: int, around: int = 50) -> list[StoredTurn]:
    """Return the conversation in which a turn stands, oldest first: it and up to `around` turns before and after it."""
    return storage.turns_around(turn_id, around)


def export(storage: Storage, since: datetime, until: datetime) -> Iterator[dict[str, Any]]:
    """Yield the turns asked from `since` up to before `until`, oldest first, as values that JSON takes."""
    return (as_json(turn) for turn in storage.turns_between(since, until))


def as_json(turn: StoredTurn) -> dict[str, Any]:
    """Return a turn as values that JSON takes; times in UTC."""
    return {key: _plain(value) for key, value in asdict(turn).items()}


def list_as_text(chats: Iterable[Chat]) -> str:
    """Return conversations as a table, one a line, each with the id of its last turn."""
    lines = [_chat_line(chat) for chat in chats]
    if not lines:
        return "No conversations yet."
    return "\n".join([f"{'turn':>7}  {'last, Jakarta':16}  {'turns':>5}  {'outcome':9}  last question", *lines])


def conversation_as_text(turns: Iterable[StoredTurn]) -> str:
    """Return a conversation as it is read: what was asked, what was sent, and why."""
    return "\n\n".join(_turn_text(turn) for turn in turns)


def _chat_line(chat: Chat) -> str:
    asked = " ".join(chat.last.asked.split())
    shown = asked if len(asked) <= _SHOWN else f"{asked[: _SHOWN - 1]}…"
    return f"{chat.last.id:7}  {_time(chat.last_at)}  {chat.turns:5}  {chat.last.outcome:9}  {shown}"


def _turn_text(turn: StoredTurn) -> str:
    head = (
        f"#{turn.id}  {_time(turn.asked_at)}  {turn.channel}  {turn.language}  {turn.outcome}"
        f"  confidence {turn.confidence:.2f}  {turn.latency_ms} ms  generation {turn.generation}"
    )
    lines = [head, *_quoted("asked", turn.asked)]
    if turn.understood is not None:
        lines += _quoted("read as", turn.understood)
    lines += _quoted("sent", turn.sent)
    lines += [f"  option   {option.title} ({option.section})" for option in turn.options]
    lines += [_section_line(section) for section in turn.sections]
    lines += [f"  rated    {rating.rating}{f': {rating.reason}' if rating.reason else ''}" for rating in turn.ratings]
    if turn.person_asked_at is not None:
        lines.append(f"  wanted a person at {_time(turn.person_asked_at)}")
    if turn.channel == "telegram" and turn.message_id is None:
        lines.append("  not known to have been sent")
    return "\n".join(lines)


def _quoted(title: str, text: str) -> list[str]:
    first, *rest = text.splitlines() or [""]
    return [f"  {title:7}  {first}", *(f"           {line}" for line in rest)]


def _section_line(section: StoredSection) -> str:
    score = "  -  " if section.score is None else f"{section.score:.3f}"
    methods = ", ".join(f"{method} {value:.3f}" for method, value in section.methods.items())
    mark = "cited" if section.cited else "near"
    return f"  {mark:7}  {score}  {section.section}{f'  ({methods})' if methods else ''}"


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(JAKARTA):%Y-%m-%d %H:%M}"


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever stands in a turn
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value
