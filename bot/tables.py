"""The tables of what is remembered. A change here needs a new file in `bot/migrations/versions/`."""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)


class UtcTime(TypeDecorator[datetime]):
    """A moment, aware and in UTC on the way in and out; SQLite itself keeps no zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a time without a zone: nobody could say later when that was."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone; pass an aware time.")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)
NUMBER = BigInteger().with_variant(Integer(), "sqlite")  # in SQLite only INTEGER counts up by itself

sellers = Table(
    "sellers",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("language", String(2)),  # the one the seller chose
    Column("app_language", String(35)),  # the one of the seller's app, as Telegram says it
    Column("created_at", UtcTime, nullable=False),
    Column("last_seen_at", UtcTime, nullable=False),
    Column("platform", String(11)),  # the side that the seller sells on; none for both
    CheckConstraint("language IN ('id', 'en')", name="language"),
)

updates = Table(
    "updates",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("chat_id", BigInteger),
    Column("payload", Text),  # the only place with unmasked words: erased when the update is settled
    Column("state", String(8), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("received_at", UtcTime, nullable=False),
    Column("done_at", UtcTime),
    CheckConstraint("state IN ('received', 'working', 'done', 'failed')", name="state"),
    CheckConstraint("state <> 'done' OR payload IS NULL", name="done_without_words"),
    Index(None, "state", "update_id"),
)

turns = Table(
    "turns",
    metadata,
    Column("id", NUMBER, primary_key=True),
    Column("chat_id", BigInteger),  # none in the terminal
    Column("channel", String(8), nullable=False),
    Column("asked", Text, nullable=False),
    Column("understood", Text),
    Column("sent", Text, nullable=False),
    Column("language", String(2), nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("confidence", Float, nullable=False),
    Column("generation", Text, nullable=False),
    Column("options", JSON, nullable=False),
    Column("asked_at", UtcTime, nullable=False),
    Column("answered_at", UtcTime, nullable=False),
    Column("latency_ms", BigInteger, nullable=False),
    Column("message_id", BigInteger),  # of the reply, once it was sent
    Column("update_id", BigInteger, ForeignKey("updates.update_id", ondelete="SET NULL"), unique=True),
    Column("user_id", BigInteger),  # who asked, where the chat is a group
    Column("question_message_id", BigInteger),  # of the seller's message, so that it may be edited
    Column("topic", String(64)),  # of the section that was cited, else of the nearest one
    Column("reading", JSON(none_as_null=True)),  # how the question was understood; see `bot.answers.Reading`
    CheckConstraint("channel IN ('telegram', 'terminal')", name="channel"),
    Index(None, "chat_id", "asked_at", "id"),
    # The console's lists go through these; with what is filtered by in them, the turns themselves need not be read.
    Index("ix_turns_in_order", "asked_at", "id", "outcome", "confidence", "language", "topic"),
    Index("ix_turns_by_outcome", "outcome", "asked_at", "id", "confidence", "language", "topic"),
    Index("ix_turns_by_topic", "topic", "asked_at", "id", "outcome", "confidence", "language"),
    sqlite_autoincrement=True,  # an id in a button is never given again
)

turn_sections = Table(
    "turn_sections",
    metadata,
    Column("turn_id", NUMBER, ForeignKey("turns.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("rank", Integer, primary_key=True, autoincrement=False),
    Column("section", Text, nullable=False),
    Column("score", Float),  # none where a section was cited without having been searched for
    Column("methods", JSON, nullable=False),
    Column("cited", Boolean, nullable=False),
    Column(
        "then", JSON(none_as_null=True)
    ),  # the section's dates, side and status on that day; see `bot.answers.Candidate`
    Index(None, "section", "cited", "turn_id"),
)

ratings = Table(
    "ratings",
    metadata,
    Column("turn_id", NUMBER, ForeignKey("turns.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("rating", String(9), nullable=False),
    Column("reason", Text),
    Column("at", UtcTime, nullable=False),
    CheckConstraint("rating IN ('right', 'not_right')", name="rating"),
)

person_requests = Table(
    "person_requests",
    metadata,
    Column("turn_id", NUMBER, ForeignKey("turns.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("topic", String(64), primary_key=True),
    Column("created_at", UtcTime, nullable=False),
)

notices = Table(
    "notices",
    metadata,
    Column("id", NUMBER, primary_key=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("generation", String(64), nullable=False),
    Column("topic", String(64), nullable=False),
    Column("sections", JSON, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("sent_at", UtcTime),
    UniqueConstraint("chat_id", "generation", "topic"),
)
