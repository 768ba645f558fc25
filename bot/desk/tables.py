"""The tables of the support desk: staff, reviews, queues, proposals, gaps, hand-offs. See `bot/tables.py` for the rest.

What hangs on a turn goes with it: a seller who has everything erased takes the reviews and the test cases along.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from bot.tables import NUMBER, UtcTime, metadata

staff = Table(
    "staff",
    metadata,
    Column("id", NUMBER, primary_key=True),
    Column("name", String(64), nullable=False),
    Column("name_key", String(64), nullable=False, unique=True),  # the name, without its capitals
    Column("role", String(8), nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("language", String(2), nullable=False),  # in which the console speaks
    Column("reads", JSON, nullable=False),  # the languages of the conversations that are given to them
    Column("active", Boolean, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    CheckConstraint("role IN ('reviewer', 'lead', 'admin')", name="role"),
    CheckConstraint("language IN ('id', 'en')", name="language"),
)

staff_sessions = Table(
    "staff_sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),  # the token itself is only in the cookie
    Column("staff_id", NUMBER, ForeignKey("staff.id", ondelete="CASCADE"), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("last_seen_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Index(None, "staff_id"),
)

sign_in_failures = Table(
    "sign_in_failures",
    metadata,
    Column("id", NUMBER, primary_key=True),
    Column("name_key", String(64), nullable=False),
    Column("address", String(64), nullable=False),
    Column("at", UtcTime, nullable=False),
    Index(None, "at"),
)

audit = Table(
    "audit",
    metadata,
    Column("id", NUMBER, primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("staff_id", NUMBER, ForeignKey("staff.id", ondelete="SET NULL")),
    Column("action", String(32), nullable=False),
    Column("subject", String(128), nullable=False),  # what was acted on, never a seller's words
    Index(None, "at", "id"),
)

reviews = Table(
    "reviews",
    metadata,
    Column("id", NUMBER, primary_key=True),
    Column("turn_id", NUMBER, ForeignKey("turns.id", ondelete="CASCADE"), nullable=False),
    Column("staff_id", NUMBER, ForeignKey("staff.id"), nullable=False),
    Column("verdict", String(24), nullable=False),
    Column("reason", String(24)),
    Column("section", Text),  # the one that should have been found
    Column("note", Text),
    Column("final", Boolean, nullable=False),
    Column("at", UtcTime, nullable=False),
    UniqueConstraint("turn_id", "staff_id"),
    CheckConstraint(
        "verdict IN ('right', 'wrong', 'incomplete', 'outdated', 'should_decline', 'should_answer')", name="verdict"
    ),
    # One turn has one final verdict, whoever writes it.
    Index("uq_reviews_final", "turn_id", unique=True, sqlite_where=text("final = 1"), postgresql_where=text("final")),
    Index(None, "at"),
)

queues = Table(
    "queues",
    metadata,
    Column("id", NUMBER, primary_key=True),
    Column("name", String(80), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("percent", Integer, nullable=False),  # of the turns that the kind names
    Column("below", Float),  # the confidence under which a turn comes into a queue of low confidence
    Column("language", String(2)),
    Column("twice_percent", Integer, nullable=False),  # of its turns, how many two people read
    Column("active", Boolean, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("from_turn", NUMBER, nullable=False),  # turns up to this one have been looked at
    CheckConstraint("kind IN ('sample', 'not_right', 'declined', 'low_confidence')", name="kind"),
    CheckConstraint("percent BETWEEN 1 AND 100", name="percent"),
    CheckConstraint("twice_percent BETWEEN 0 AND 100", name="twice_percent"),
)

queue_members = Table(
    "queue_members",
    metadata,
    Column("queue_id", NUMBER, ForeignKey("queues.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("staff_id", NUMBER, ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
)

tasks = Table(
    "tasks",
    metadata,
    Column("id", NUMBER, primary_key=True),
    Column("queue_id", NUMBER, ForeignKey("queues.id", ondelete="CASCADE"), nullable=False),
    Column("turn_id", NUMBER, ForeignKey("turns.id", ondelete="CASCADE"), nullable=False),
    Column("staff_id", NUMBER, ForeignKey("staff.id", ondelete="SET NULL")),  # none where nobody reads the language
    Column("created_at", UtcTime, nullable=False),
    Column("done_at", UtcTime),
    Column("skipped", Boolean, nullable=False),
    UniqueConstraint("queue_id", "turn_id", "staff_id"),
    Index(None, "staff_id", "done_at", "id"),
    Index(None, "turn_id"),
)

proposals = Table(
    "proposals",
    metadata,
    Column("id", NUMBER, primary_key=True),
    Column("kind", String(8), nullable=False),
    Column("section", Text),
    Column("topic", String(64)),
    Column("platform", String(11)),
    Column("answer_id", Text),
    Column("answer_en", Text),
    Column("note", Text),
    Column("state", String(9), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("closed_at", UtcTime),
    CheckConstraint("kind IN ('asked', 'section')", name="kind"),
    CheckConstraint("state IN ('open', 'accepted', 'taken', 'dismissed')", name="state"),
)

proposal_turns = Table(
    "proposal_turns",
    metadata,
    Column(
        "proposal_id", NUMBER, ForeignKey("proposals.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    ),
    Column("turn_id", NUMBER, ForeignKey("turns.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False),
    Index(None, "turn_id"),
)

gaps = Table(
    "gaps",
    metadata,
    Column("id", NUMBER, primary_key=True),
    Column("state", String(9), nullable=False),
    Column("centre", LargeBinary, nullable=False),  # the mean of its questions' vectors, float32, of length 1
    Column("model", String(64), nullable=False),  # the fingerprint of the model that made the vectors
    Column("answer_id", Text),
    Column("answer_en", Text),
    Column("created_at", UtcTime, nullable=False),
    Column("closed_at", UtcTime),
    CheckConstraint("state IN ('open', 'answered', 'dismissed')", name="state"),
)

gap_turns = Table(
    "gap_turns",
    metadata,
    Column("turn_id", NUMBER, ForeignKey("turns.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("gap_id", NUMBER, ForeignKey("gaps.id", ondelete="CASCADE"), nullable=False),
    Column("why", String(10), nullable=False),
    Column("news", String(9)),  # what became of telling the seller that there is an answer now
    CheckConstraint("why IN ('declined', 'asked_back', 'wrong')", name="why"),
    CheckConstraint("news IN ('offered', 'wanted', 'refused')", name="news"),
    Index(None, "gap_id"),
)

handoffs = Table(
    "handoffs",
    metadata,
    Column("id", NUMBER, primary_key=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("turn_id", NUMBER, ForeignKey("turns.id", ondelete="SET NULL")),
    Column("language", String(2), nullable=False),
    Column("reason", String(24), nullable=False),
    Column("state", String(8), nullable=False),
    Column("asked_at", UtcTime, nullable=False),
    Column("taken_at", UtcTime),
    Column("taken_by", NUMBER, ForeignKey("staff.id")),  # none where it was taken in the group
    Column("closed_at", UtcTime),
    Column("closed_how", String(8)),
    Column("thread_id", BigInteger),  # the seller's topic in the staff group
    CheckConstraint("state IN ('waiting', 'taken', 'closed')", name="state"),
    CheckConstraint("closed_how IN ('staff', 'seller')", name="closed_how"),
    # A chat is with a person or with the bot, never with two.
    Index(
        "uq_handoffs_open", "chat_id", unique=True,
        sqlite_where=text("state <> 'closed'"), postgresql_where=text("state <> 'closed'"),
    ),
    Index(None, "state", "asked_at"),
    Index(None, "thread_id"),
    Index(None, "turn_id"),
)  # fmt: skip

handoff_messages = Table(
    "handoff_messages",
    metadata,
    Column("id", NUMBER, primary_key=True),
    Column("handoff_id", NUMBER, ForeignKey("handoffs.id", ondelete="CASCADE"), nullable=False),
    Column("sender", String(6), nullable=False),
    Column("staff_id", NUMBER, ForeignKey("staff.id")),
    Column("text", Text, nullable=False),  # a seller's is masked
    Column("at", UtcTime, nullable=False),
    Column("update_id", BigInteger, unique=True),  # so that an update that comes again is taken once
    CheckConstraint("sender IN ('seller', 'staff')", name="sender"),
    Index(None, "handoff_id", "id"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", NUMBER, primary_key=True),
    Column("chat_id", BigInteger),  # none: to the staff group
    Column("kind", String(16), nullable=False),
    Column("handoff_id", NUMBER, ForeignKey("handoffs.id", ondelete="CASCADE")),
    Column("message_id", NUMBER, ForeignKey("handoff_messages.id", ondelete="CASCADE")),
    Column("turn_id", NUMBER, ForeignKey("turns.id", ondelete="CASCADE")),
    Column("created_at", UtcTime, nullable=False),
    Column("sent_at", UtcTime),
    Column("failed", String(32)),  # why it can never be delivered
    Index(None, "sent_at", "failed", "id"),
    Index(None, "message_id"),
    Index(None, "turn_id"),
)
