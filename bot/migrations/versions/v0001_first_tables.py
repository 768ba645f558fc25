"""The first tables. Never edited: a change is a new file."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    _sellers()
    _updates()
    _turns()
    _of_turns()


def _sellers() -> None:
    op.create_table(
        "sellers",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("language", sa.String(2)),
        sa.Column("app_language", sa.String(35)),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("last_seen_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("chat_id", name=op.f("pk_sellers")),
        sa.CheckConstraint("language IN ('id', 'en')", name=op.f("ck_sellers_language")),
    )


def _updates() -> None:
    op.create_table(
        "updates",
        sa.Column("update_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("chat_id", sa.BigInteger()),
        sa.Column("payload", sa.Text()),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("received_at", _TIME, nullable=False),
        sa.Column("done_at", _TIME),
        sa.PrimaryKeyConstraint("update_id", name=op.f("pk_updates")),
        sa.CheckConstraint("state IN ('received', 'working', 'done', 'failed')", name=op.f("ck_updates_state")),
        sa.CheckConstraint("state <> 'done' OR payload IS NULL", name=op.f("ck_updates_done_without_words")),
    )
    op.create_index(op.f("ix_updates_state_update_id"), "updates", ["state", "update_id"])


def _turns() -> None:
    op.create_table(
        "turns",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("chat_id", sa.BigInteger()),
        sa.Column("channel", sa.String(8), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("understood", sa.Text()),
        sa.Column("sent", sa.Text(), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("generation", sa.Text(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("asked_at", _TIME, nullable=False),
        sa.Column("answered_at", _TIME, nullable=False),
        sa.Column("latency_ms", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger()),
        sa.Column("update_id", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turns")),
        sa.ForeignKeyConstraint(
            ["update_id"], ["updates.update_id"], name=op.f("fk_turns_update_id"), ondelete="SET NULL"
        ),
        sa.UniqueConstraint("update_id", name=op.f("uq_turns_update_id")),
        sa.CheckConstraint("channel IN ('telegram', 'terminal')", name=op.f("ck_turns_channel")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_turns_asked_at_id"), "turns", ["asked_at", "id"])
    op.create_index(op.f("ix_turns_chat_id_asked_at_id"), "turns", ["chat_id", "asked_at", "id"])


def _of_turns() -> None:
    op.create_table(
        "turn_sections",
        sa.Column("turn_id", _NUMBER, autoincrement=False, nullable=False),
        sa.Column("rank", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("section", sa.Text(), nullable=False),
        sa.Column("score", sa.Float()),
        sa.Column("methods", sa.JSON(), nullable=False),
        sa.Column("cited", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("turn_id", "rank", name=op.f("pk_turn_sections")),
        _turn_key("turn_sections"),
    )
    op.create_table(
        "ratings",
        sa.Column("turn_id", _NUMBER, autoincrement=False, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("rating", sa.String(9), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("turn_id", "chat_id", name=op.f("pk_ratings")),
        _turn_key("ratings"),
        sa.CheckConstraint("rating IN ('right', 'not_right')", name=op.f("ck_ratings_rating")),
    )
    op.create_table(
        "person_requests",
        sa.Column("turn_id", _NUMBER, autoincrement=False, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("turn_id", "chat_id", name=op.f("pk_person_requests")),
        _turn_key("person_requests"),
    )


def _turn_key(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name=op.f(f"fk_{table}_turn_id"), ondelete="CASCADE")
