"""The first tables: heard, conversations, lines, tickets, outbox, jobs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "heard",
        sa.Column("utterance_id", sa.Text, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "conversations",
        sa.Column("key", sa.Text, primary_key=True),
        *_address(),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "lines",
        sa.Column("id", COUNTER, primary_key=True),
        sa.Column("conversation", sa.Text, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("said_at", sa.BigInteger, nullable=False),
        sa.Column("message_id", sa.Text, nullable=False),
    )
    op.create_index("lines_conversation", "lines", ["conversation", "id"])
    _partial_index("lines_message", "lines", ["message_id"], "message_id <> ''")
    op.create_table(
        "tickets",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("customer", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("desk_team", sa.Text),
        sa.Column("desk_channel", sa.Text),
        sa.Column("desk_thread", sa.Text),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("opened_at", sa.BigInteger, nullable=False),
    )
    op.create_index("tickets_desk", "tickets", ["desk_channel", "desk_thread", "desk_team"], unique=True)
    _partial_index("tickets_open", "tickets", ["customer"], "state <> 'closed'")
    op.create_table(
        "outbox",
        sa.Column("seq", COUNTER, primary_key=True),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("lane", sa.Text, nullable=False),
        *_address(),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("handle_token", sa.Text),
        sa.Column("handle_expires_at", sa.BigInteger),
        sa.Column("ticket_id", sa.Text, nullable=False),
        *_lease(),
        sa.Column("sent_at", sa.BigInteger),
        sa.Column("message_ids", sa.Text, nullable=False, server_default="[]"),
    )
    pending = "sent_at IS NULL AND dead_at IS NULL"
    _partial_index("outbox_lane", "outbox", ["lane", "seq"], pending)
    _partial_index("outbox_due", "outbox", ["due_at", "seq"], pending)
    _partial_index("outbox_ticket", "outbox", ["ticket_id"], "ticket_id <> ''")
    op.create_table(
        "jobs",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("details", sa.Text, nullable=False),
        *_lease(),
        sa.Column("done_at", sa.BigInteger),
    )
    _partial_index("jobs_due", "jobs", ["due_at"], "done_at IS NULL AND dead_at IS NULL")


def _address() -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in ("channel", "team", "recipient", "thread")]


def _lease() -> list[sa.Column[object]]:
    return [
        sa.Column("due_at", sa.BigInteger, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("lease_owner", sa.Text, nullable=False, server_default=""),
        sa.Column("lease_until", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("error", sa.Text, nullable=False, server_default=""),
        sa.Column("dead_at", sa.BigInteger),
    ]


def _partial_index(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
