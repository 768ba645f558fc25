"""Answers for tests of what is remembered."""

from datetime import UTC, date, datetime

from bot.answers import Answer, Candidate, Citation, Option, Outcome
from bot.remembered import Channel
from bot.storage import Storage
from indexer.sections import Platform, Status

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


def cite(section: str = "faqs/fees#commission") -> Citation:
    return Citation(
        section,
        "Komisi",
        "faqs",
        Status.IN_FORCE,
        Platform.BOTH,
        date(2026, 5, 18),
        None,
        date(2026, 6, 1),
        "TikTok",
        None,
    )


def answered(markup: str = "**Komisi** 4% per 18 Mei 2026.") -> Answer:
    return Answer(
        Outcome.ANSWERED,
        "id",
        markup,
        confidence=0.9,
        generation="20260601-1",
        citations=(cite(),),
        candidates=(
            Candidate("faqs/fees#commission", 0.91, {"dense": 0.8, "keywords": 1.0}),
            Candidate("faqs/fees#shipping", 0.42, {"dense": 0.5}),
        ),
    )


def asked_back() -> Answer:
    options = (Option("faqs/fees#commission", "Komisi"), Option("faqs/fees#shipping", "Ongkir"))
    return Answer(Outcome.CLARIFY, "id", "Yang mana?", confidence=0.4, generation="20260601-1", options=options)


def add(storage: Storage, chat_id: int | None = 7, text: str = "komisi brp?", at: datetime = NOON) -> int:
    channel: Channel = "terminal" if chat_id is None else "telegram"
    return storage.add_turn(chat_id, channel, text, answered(), asked_at=at, answered_at=at)
