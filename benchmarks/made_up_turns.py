"""Made-up turns by the million: as long as real ones, over a year, with ratings, reviews, requests and hand-offs."""

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Table, create_engine, insert

from bot.database import Database
from bot.desk.tables import handoffs, reviews, staff
from bot.tables import person_requests, ratings, turn_sections, turns

START = datetime(2025, 7, 1, tzinfo=UTC)
YEAR = timedelta(days=365)
RARE_TOPIC, RARE_REASON, RARE_SECTION = "closure", "outdated", "faqs/closure#date"
COMMON_WORD, RARE_WORD, NO_WORD = "komisi", "zamrud", "xilofon"
COMMON_SECTION = "faqs/fees#section-0"
_RARE = 50_000  # one turn in so many is of what is rare
_CHUNK = 5_000
_SECTIONS = 3
_VOCABULARY = 30_000
_TOPICS = ("fees", "payouts", "shipping", "returns", "tax", "account", "products", "promotion", "rules", "service")
_COMMON = (
    "komisi biaya berapa toko saya kak ongkir saldo cair kapan gimana cara produk barang pesanan kenapa tiktok shop "
    "tokopedia seller akun aturan pajak retur refund iklan voucher gratis kirim kurir paket sekarang bulan ini mulai "
    "the fee shop when how much order payout return seller account is my for and to of dari yang untuk dengan"
)


@dataclass(frozen=True)
class Filled:
    """How many turns there are, and whose they are."""

    turns: int
    reviewer: int


def fill(database: Database, count: int) -> Filled:
    """Put made-up turns and what hangs on them into an empty database."""
    drawing = random.Random(815)
    words = _Words(drawing)
    with database.writing() as connection:
        person = insert(staff).values(
            name="Ani", name_key="ani", role="lead", password_hash="-", language="id", reads=["id", "en"], active=True,
            created_at=START,
        )  # fmt: skip
        reviewer = int(connection.execute(person.returning(staff.c.id)).scalar_one())
    for first in range(1, count + 1, _CHUNK):
        ids = range(first, min(first + _CHUNK, count + 1))
        made = [_turn(drawing, words, turn_id, count) for turn_id in ids]
        rows: dict[Table, list[dict[str, Any]]] = {turns: made, turn_sections: []}
        for turn in made:
            rows[turn_sections] += _sections(drawing, turn)
        rows[ratings] = list(_ratings(drawing, made))
        rows[reviews] = [_review(drawing, turn, reviewer) for turn in made if drawing.random() < 0.01]
        rows[person_requests] = [_request(turn) for turn in made if drawing.random() < 0.01]
        rows[handoffs] = [_handoff(turn) for turn in made if drawing.random() < 0.005]
        with database.writing() as connection:
            for table, values in rows.items():
                if values:
                    connection.execute(insert(table), values)
    return Filled(count, reviewer)


def settle(url: str) -> None:
    """Let PostgreSQL do what it does by itself in the course of an hour: sweep, and count what there is."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")
    engine.dispose()


class _Words:
    """Draws words as people use them: each about as often as the one before it in the list, divided by its place."""

    def __init__(self, drawing: random.Random) -> None:
        syllables = [f"{first}{second}" for first in "bcdghjklmnprstwy" for second in "aeiou"]
        made = ("".join(drawing.choices(syllables, k=drawing.randrange(2, 6))) for _ in range(_VOCABULARY))
        self._drawing = drawing
        self._words = [*_COMMON.split(), *made]
        self._weights = list(itertools.accumulate(1 / place for place in range(1, len(self._words) + 1)))

    def some(self, count: int) -> str:
        return " ".join(self._drawing.choices(self._words, cum_weights=self._weights, k=count))


def _turn(drawing: random.Random, words: "_Words", turn_id: int, count: int) -> dict[str, Any]:
    at = START + YEAR * (turn_id / count) + timedelta(seconds=drawing.uniform(-30, 30))
    outcome = drawing.choices(("answered", "clarify", "declined", "smalltalk"), (70, 10, 12, 8))[0]
    confidence = {"answered": (0.5, 1.0), "clarify": (0.2, 0.7)}.get(outcome, (0.0, 0.6))
    asked = words.some(9)
    topic = drawing.choices(_TOPICS, range(len(_TOPICS), 0, -1))[0]
    if turn_id % _RARE == 7:
        asked, topic = f"{asked} {RARE_WORD}", RARE_TOPIC
    searched = [asked, asked.upper()]
    figures = {name: 0.1234 for name in ("score", "margin", "margin_to_third", "over_outside", "information", "words")}
    return {
        "id": turn_id,
        "chat_id": drawing.randrange(1, 50_000),
        "channel": "telegram",
        "asked": asked,
        "sent": words.some(80),
        "language": "id" if drawing.random() < 0.8 else "en",
        "outcome": outcome,
        "confidence": drawing.uniform(*confidence),
        "generation": "20260601-1",
        "options": [],
        "asked_at": at,
        "answered_at": at + timedelta(milliseconds=40),
        "latency_ms": drawing.randrange(5, 400),
        "topic": topic if outcome != "smalltalk" else None,
        "reading": {
            "decision": "first", "searched": searched, "earlier": None, "today": at.date().isoformat(), "period": None,
            "side": None, "probabilities": {"answer": 0.9, "either": 0.95, "vague": 0.01}, "measures": figures,
            "timings": {"encode": 3.1, "dense": 1.2, "keywords": 0.4}, "withheld": [],
        },
    }  # fmt: skip


def _sections(drawing: random.Random, turn: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for rank in range(1, _SECTIONS + 1):
        number = int(drawing.paretovariate(0.5)) - 1  # a few sections answer most questions
        rare = rank == 1 and turn["topic"] == RARE_TOPIC
        yield {
            "turn_id": turn["id"],
            "rank": rank,
            "section": RARE_SECTION if rare else f"faqs/fees#section-{min(number, 600)}",
            "score": 0.9 / rank,
            "methods": {"dense": 0.8, "keywords": 0.5},
            "cited": rank == 1 and turn["outcome"] == "answered",
            "then": {"role": "current", "status": "in_force", "platform": "both", "checked": "2026-05-18"},
        }


def _ratings(drawing: random.Random, made: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    reasons = ("incorrect", "incomplete", "misunderstood", "something_else", None)
    for turn in made:
        rare = turn["id"] % _RARE == 9
        if rare or drawing.random() < 0.03:
            right = not rare and drawing.random() < 0.8
            reason = None if right else RARE_REASON if rare else drawing.choice(reasons)
            rating = "right" if right else "not_right"
            at = turn["asked_at"] + timedelta(minutes=1)
            yield {"turn_id": turn["id"], "chat_id": turn["chat_id"], "rating": rating, "reason": reason, "at": at}


def _review(drawing: random.Random, turn: dict[str, Any], reviewer: int) -> dict[str, Any]:
    verdict = drawing.choices(("right", "wrong", "incomplete", "outdated"), (80, 10, 7, 3))[0]
    return {
        "turn_id": turn["id"], "staff_id": reviewer, "verdict": verdict, "final": drawing.random() < 0.1,
        "at": turn["asked_at"] + timedelta(days=1),
    }  # fmt: skip


def _request(turn: dict[str, Any]) -> dict[str, Any]:
    return {"turn_id": turn["id"], "chat_id": turn["chat_id"], "at": turn["asked_at"]}


def _handoff(turn: dict[str, Any]) -> dict[str, Any]:
    at = turn["asked_at"]
    return {
        "chat_id": turn["chat_id"], "turn_id": turn["id"], "language": turn["language"], "reason": "asked",
        "state": "closed", "asked_at": at, "taken_at": at + timedelta(minutes=9),
        "closed_at": at + timedelta(minutes=30), "closed_how": "staff",
    }  # fmt: skip
