"""Turns, moments and vectors for tests of the support desk."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import numpy as np

from bot.answers import Answer, Candidate, Decision, Outcome, Reading
from bot.desk.people import Person
from bot.remembered import StoredTurn
from bot.storage import Storage
from indexer.embedding import Vectors
from indexer.sections import Language
from tests.answers_given import NOON, cite

PASSWORD = "kuda-laut-17-biru"


class Clock:
    """A clock that tests set."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **time: float) -> None:
        self.now += timedelta(**time)


Join = Callable[..., Person]


@dataclass(frozen=True)
class Said:
    """A turn as tests describe it; see `say`."""

    asked: str = "komisi brp?"
    sent: str = "Komisi 4% per 18 Mei 2026."
    chat_id: int | None = 7
    language: Language = "id"
    outcome: Outcome = Outcome.ANSWERED
    confidence: float = 0.9
    at: datetime = NOON
    topic: str | None = "fees"
    decision: Decision | None = Decision.FIRST
    earlier: str | None = None
    sections: Sequence[str] = ("faqs/fees#commission", "faqs/fees#shipping")
    cited: Sequence[str] | None = None
    took: timedelta = timedelta(milliseconds=40)
    more: Mapping[str, int] = field(default_factory=dict)


def say(storage: Storage, **values: object) -> int:
    """Store a turn and return its id."""
    said = Said(**values)  # type: ignore[arg-type]
    reading = Reading(said.decision, (said.asked,), date(2026, 6, 1), earlier=said.earlier) if said.decision else None
    cited = said.sections[:1] if said.cited is None else said.cited
    answer = Answer(
        said.outcome,
        said.language,
        said.sent,
        said.confidence,
        "20260601-1",
        citations=tuple(map(cite, cited if said.outcome is Outcome.ANSWERED else ())),
        candidates=tuple(Candidate(name, 0.9 - 0.1 * place) for place, name in enumerate(said.sections)),
        topic=said.topic,
        reading=reading,
    )
    return storage.add_turn(
        said.chat_id,
        "terminal" if said.chat_id is None else "telegram",
        said.asked,
        answer,
        said.at,
        said.at + said.took,
        **said.more,  # type: ignore[arg-type]
    )


def turn_of(storage: Storage, turn_id: int) -> StoredTurn:
    turn = storage.turn(turn_id)
    assert turn is not None
    return turn


def jakarta(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """Return a moment of June 2026, by Jakarta's clock."""
    return datetime(2026, 6, day, hour, minute, second, tzinfo=UTC) - timedelta(hours=7)


def by_first_word(texts: Sequence[str]) -> Vectors:
    """Return vectors by which texts are the same in meaning if they begin with the same word, half so by their second.

    Words are told apart by their first letter.
    """
    vectors = np.zeros((len(texts), 52), dtype=np.float32)
    for row, text in enumerate(texts):
        for place, word in enumerate(text.lower().split()[:2]):
            vectors[row, 26 * place + ord(word[0]) % 26] = 0.9 if place == 0 else 0.1
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)
