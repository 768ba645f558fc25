"""What is remembered, as plain values: sellers, turns with their sections and ratings, chats."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from bot.answers import Option, Outcome
from indexer.sections import Language, Platform

Channel = Literal["telegram", "terminal"]
Verdict = Literal["right", "not_right"]


class StorageError(Exception):
    """The database cannot be used; its text says what was found and what to do."""


class NotTheirTurn(StorageError):
    """Somebody wanted to act on a turn that is not of their chat, or not there."""

    def __init__(self, turn_id: int) -> None:
        super().__init__(f"Turn {turn_id} is not in this chat; nothing was changed.")


@dataclass(frozen=True)
class Seller:
    """Somebody who wrote to the bot.

    `language` is the one they chose, `app_language` the one of their app, `platform` the side that they sell on.
    """

    chat_id: int
    language: Language | None
    app_language: str | None
    created_at: datetime
    last_seen_at: datetime
    platform: Platform | None = None


@dataclass(frozen=True)
class StoredSection:
    """A section that was considered for a turn, best first; `cited` where the answer rests on it.

    `then` is what it was on that day; see `bot.answers.Candidate`.
    """

    section: str
    score: float | None
    cited: bool
    methods: Mapping[str, float] = field(default_factory=dict)
    then: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Rating:
    """What a seller said about an answer."""

    chat_id: int
    rating: Verdict
    reason: str | None
    at: datetime


@dataclass(frozen=True)
class StoredTurn:
    """A question and its answer, personal data masked. `message_id` is missing until the reply was sent."""

    id: int
    chat_id: int | None
    channel: Channel
    asked: str
    understood: str | None
    sent: str
    language: Language
    outcome: Outcome
    confidence: float
    generation: str
    asked_at: datetime
    answered_at: datetime
    latency_ms: int
    options: tuple[Option, ...] = ()
    message_id: int | None = None
    update_id: int | None = None
    user_id: int | None = None
    question_message_id: int | None = None
    topic: str | None = None
    reading: Mapping[str, Any] | None = None
    sections: tuple[StoredSection, ...] = ()
    ratings: tuple[Rating, ...] = ()
    person_asked_at: datetime | None = None


@dataclass(frozen=True)
class Chat:
    """A conversation in short: all turns of one chat, or of the terminal."""

    chat_id: int | None
    turns: int
    first_at: datetime
    last_at: datetime
    last: StoredTurn
