"""The support desk: staff, reviews, queues, proposals, gaps, hand-offs; how questions were read; full-text search."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the columns, make the tables, and index the words of what was said before."""
    _turns()
    _staff()
    _reviews()
    _knowledge()
    _handoffs()
    if op.get_bind().dialect.name == "sqlite":
        _words_in_sqlite()
    else:
        _words_in_postgresql()


def _staff() -> None:
    op.create_table(
        "staff",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("name_key", sa.String(64), nullable=False),
        sa.Column("role", sa.String(8), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("reads", sa.JSON(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.CheckConstraint("language IN ('id', 'en')", name=op.f("ck_staff_language")),
        sa.CheckConstraint("role IN ('reviewer', 'lead', 'admin')", name=op.f("ck_staff_role")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("name_key", name=op.f("uq_staff_name_key")),
    )
    op.create_table(
        "staff_sessions",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("staff_id", _NUMBER, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("last_seen_at", _TIME, nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_staff_sessions_staff_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_staff_sessions")),
    )
    op.create_index(op.f("ix_staff_sessions_staff_id"), "staff_sessions", ["staff_id"])
    op.create_table(
        "sign_in_failures",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("name_key", sa.String(64), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failures")),
    )
    op.create_index(op.f("ix_sign_in_failures_at"), "sign_in_failures", ["at"])
    op.create_table(
        "audit",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("staff_id", _NUMBER),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(128), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_audit_staff_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_at_id"), "audit", ["at", "id"])


def _reviews() -> None:
    op.create_table(
        "reviews",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("turn_id", _NUMBER, nullable=False),
        sa.Column("staff_id", _NUMBER, nullable=False),
        sa.Column("verdict", sa.String(24), nullable=False),
        sa.Column("reason", sa.String(24)),
        sa.Column("section", sa.Text()),
        sa.Column("note", sa.Text()),
        sa.Column("final", sa.Boolean(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.CheckConstraint(
            "verdict IN ('right', 'wrong', 'incomplete', 'outdated', 'should_decline', 'should_answer')",
            name=op.f("ck_reviews_verdict"),
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_reviews_staff_id")),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name=op.f("fk_reviews_turn_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
        sa.UniqueConstraint("turn_id", "staff_id", name=op.f("uq_reviews_turn_id")),
    )
    op.create_index(op.f("ix_reviews_at"), "reviews", ["at"])
    op.create_index(
        "uq_reviews_final",
        "reviews",
        ["turn_id"],
        unique=True,
        sqlite_where=sa.text("final = 1"),
        postgresql_where=sa.text("final"),
    )
    op.create_table(
        "queues",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("below", sa.Float()),
        sa.Column("language", sa.String(2)),
        sa.Column("twice_percent", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("from_turn", _NUMBER, nullable=False),
        sa.CheckConstraint(
            "kind IN ('sample', 'not_right', 'declined', 'low_confidence')", name=op.f("ck_queues_kind")
        ),
        sa.CheckConstraint("percent BETWEEN 1 AND 100", name=op.f("ck_queues_percent")),
        sa.CheckConstraint("twice_percent BETWEEN 0 AND 100", name=op.f("ck_queues_twice_percent")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queues")),
    )
    op.create_table(
        "queue_members",
        sa.Column("queue_id", _NUMBER, autoincrement=False, nullable=False),
        sa.Column("staff_id", _NUMBER, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["queue_id"], ["queues.id"], name=op.f("fk_queue_members_queue_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_queue_members_staff_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("queue_id", "staff_id", name=op.f("pk_queue_members")),
    )
    op.create_table(
        "tasks",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("queue_id", _NUMBER, nullable=False),
        sa.Column("turn_id", _NUMBER, nullable=False),
        sa.Column("staff_id", _NUMBER),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("done_at", _TIME),
        sa.Column("skipped", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["queue_id"], ["queues.id"], name=op.f("fk_tasks_queue_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_tasks_staff_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name=op.f("fk_tasks_turn_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
        sa.UniqueConstraint("queue_id", "turn_id", "staff_id", name=op.f("uq_tasks_queue_id")),
    )
    op.create_index(op.f("ix_tasks_staff_id_done_at_id"), "tasks", ["staff_id", "done_at", "id"])
    op.create_index(op.f("ix_tasks_turn_id"), "tasks", ["turn_id"])


def _knowledge() -> None:
    op.create_table(
        "proposals",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("section", sa.Text()),
        sa.Column("topic", sa.String(64)),
        sa.Column("platform", sa.String(11)),
        sa.Column("answer_id", sa.Text()),
        sa.Column("answer_en", sa.Text()),
        sa.Column("note", sa.Text()),
        sa.Column("state", sa.String(9), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("closed_at", _TIME),
        sa.CheckConstraint("kind IN ('asked', 'section')", name=op.f("ck_proposals_kind")),
        sa.CheckConstraint("state IN ('open', 'accepted', 'taken', 'dismissed')", name=op.f("ck_proposals_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
    )
    op.create_table(
        "proposal_turns",
        sa.Column("proposal_id", _NUMBER, autoincrement=False, nullable=False),
        sa.Column("turn_id", _NUMBER, autoincrement=False, nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_proposal_turns_proposal_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name=op.f("fk_proposal_turns_turn_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("proposal_id", "turn_id", name=op.f("pk_proposal_turns")),
    )
    op.create_index(op.f("ix_proposal_turns_turn_id"), "proposal_turns", ["turn_id"])
    op.create_table(
        "gaps",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("state", sa.String(9), nullable=False),
        sa.Column("centre", sa.LargeBinary(), nullable=False),
        sa.Column("model", sa.String(64), nullable=False),
        sa.Column("answer_id", sa.Text()),
        sa.Column("answer_en", sa.Text()),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("closed_at", _TIME),
        sa.CheckConstraint("state IN ('open', 'answered', 'dismissed')", name=op.f("ck_gaps_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gaps")),
    )
    op.create_table(
        "gap_turns",
        sa.Column("turn_id", _NUMBER, autoincrement=False, nullable=False),
        sa.Column("gap_id", _NUMBER, nullable=False),
        sa.Column("why", sa.String(10), nullable=False),
        sa.Column("news", sa.String(9)),
        sa.CheckConstraint("news IN ('offered', 'wanted', 'refused')", name=op.f("ck_gap_turns_news")),
        sa.CheckConstraint("why IN ('declined', 'asked_back', 'wrong')", name=op.f("ck_gap_turns_why")),
        sa.ForeignKeyConstraint(["gap_id"], ["gaps.id"], name=op.f("fk_gap_turns_gap_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name=op.f("fk_gap_turns_turn_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("turn_id", name=op.f("pk_gap_turns")),
    )
    op.create_index(op.f("ix_gap_turns_gap_id"), "gap_turns", ["gap_id"])


def _handoffs() -> None:
    op.create_table(
        "handoffs",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("turn_id", _NUMBER),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("reason", sa.String(24), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("asked_at", _TIME, nullable=False),
        sa.Column("taken_at", _TIME),
        sa.Column("taken_by", _NUMBER),
        sa.Column("closed_at", _TIME),
        sa.Column("closed_how", sa.String(8)),
        sa.Column("thread_id", sa.BigInteger()),
        sa.CheckConstraint("closed_how IN ('staff', 'seller')", name=op.f("ck_handoffs_closed_how")),
        sa.CheckConstraint("state IN ('waiting', 'taken', 'closed')", name=op.f("ck_handoffs_state")),
        sa.ForeignKeyConstraint(["taken_by"], ["staff.id"], name=op.f("fk_handoffs_taken_by")),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name=op.f("fk_handoffs_turn_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handoffs")),
    )
    op.create_index(op.f("ix_handoffs_state_asked_at"), "handoffs", ["state", "asked_at"])
    op.create_index(op.f("ix_handoffs_thread_id"), "handoffs", ["thread_id"])
    op.create_index(op.f("ix_handoffs_turn_id"), "handoffs", ["turn_id"])
    op.create_index(
        "uq_handoffs_open",
        "handoffs",
        ["chat_id"],
        unique=True,
        sqlite_where=sa.text("state <> 'closed'"),
        postgresql_where=sa.text("state <> 'closed'"),
    )
    op.create_table(
        "handoff_messages",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("handoff_id", _NUMBER, nullable=False),
        sa.Column("sender", sa.String(6), nullable=False),
        sa.Column("staff_id", _NUMBER),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("update_id", sa.BigInteger()),
        sa.CheckConstraint("sender IN ('seller', 'staff')", name=op.f("ck_handoff_messages_sender")),
        sa.ForeignKeyConstraint(
            ["handoff_id"], ["handoffs.id"], name=op.f("fk_handoff_messages_handoff_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_handoff_messages_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handoff_messages")),
        sa.UniqueConstraint("update_id", name=op.f("uq_handoff_messages_update_id")),
    )
    op.create_index(op.f("ix_handoff_messages_handoff_id_id"), "handoff_messages", ["handoff_id", "id"])
    op.create_table(
        "outbox",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("chat_id", sa.BigInteger()),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("handoff_id", _NUMBER),
        sa.Column("message_id", _NUMBER),
        sa.Column("turn_id", _NUMBER),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("sent_at", _TIME),
        sa.Column("failed", sa.String(32)),
        sa.ForeignKeyConstraint(["handoff_id"], ["handoffs.id"], name=op.f("fk_outbox_handoff_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["message_id"], ["handoff_messages.id"], name=op.f("fk_outbox_message_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name=op.f("fk_outbox_turn_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    op.create_index(op.f("ix_outbox_message_id"), "outbox", ["message_id"])
    op.create_index(op.f("ix_outbox_sent_at_failed_id"), "outbox", ["sent_at", "failed", "id"])
    op.create_index(op.f("ix_outbox_turn_id"), "outbox", ["turn_id"])


def _turns() -> None:
    op.add_column("turns", sa.Column("topic", sa.String(64)))
    op.add_column("turns", sa.Column("reading", sa.JSON()))
    op.drop_index(op.f("ix_turns_asked_at_id"), "turns")
    op.create_index("ix_turns_in_order", "turns", ["asked_at", "id", "outcome", "confidence", "language", "topic"])
    op.create_index("ix_turns_by_outcome", "turns", ["outcome", "asked_at", "id", "confidence", "language", "topic"])
    op.create_index("ix_turns_by_topic", "turns", ["topic", "asked_at", "id", "outcome", "confidence", "language"])
    op.add_column("turn_sections", sa.Column("then", sa.JSON()))
    op.create_index(op.f("ix_turn_sections_section_cited_turn_id"), "turn_sections", ["section", "cited", "turn_id"])


def _words_in_sqlite() -> None:
    """Index the words of questions and answers; triggers keep the index as the turns are."""
    op.execute(
        "CREATE VIRTUAL TABLE turns_text USING fts5(asked, sent, content='turns', content_rowid='id', "
        'tokenize="unicode61 remove_diacritics 2")'
    )
    added = "INSERT INTO turns_text(rowid, asked, sent) VALUES (new.id, new.asked, new.sent);"
    gone = "INSERT INTO turns_text(turns_text, rowid, asked, sent) VALUES ('delete', old.id, old.asked, old.sent);"
    op.execute(f"CREATE TRIGGER turns_text_insert AFTER INSERT ON turns BEGIN {added} END")
    op.execute(f"CREATE TRIGGER turns_text_delete AFTER DELETE ON turns BEGIN {gone} END")
    op.execute(f"CREATE TRIGGER turns_text_update AFTER UPDATE OF asked, sent ON turns BEGIN {gone} {added} END")
    op.execute("INSERT INTO turns_text(turns_text) VALUES ('rebuild')")


def _words_in_postgresql() -> None:
    """Index the words as SQLite does: letters without marks, and any other sign between two words."""
    signs = r"[!-/:-@\[-`{-~\u00a0-\u00bf\u2000-\u2bff\u3000-\u303f\ufe00-\ufe0f\U0001f000-\U0001faff]+"
    plain = r"regexp_replace(lower(normalize(asked || ' ' || sent, NFKD)), '[\u0300-\u036f]+', '', 'g')"
    op.execute(
        "CREATE FUNCTION turn_words(asked text, sent text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS "
        f"$$ SELECT strip(to_tsvector('pg_catalog.simple', regexp_replace({plain}, '{signs}', ' ', 'g'))) $$"
    )
    # Kept, because to make the words of a turn takes a hundred times as long as to look for one in them.
    op.execute("ALTER TABLE turns ADD COLUMN words tsvector GENERATED ALWAYS AS (turn_words(asked, sent)) STORED")
    op.execute("CREATE INDEX ix_turns_text ON turns USING gin (words)")
