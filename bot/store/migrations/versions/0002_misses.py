"""Misses: what was not understood, what operators said of it, and whether it was exported."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "misses",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("message_id", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("said_on", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("label", sa.Text, nullable=False, server_default=""),
        sa.Column("labelled_by", sa.Text, nullable=False, server_default=""),
        sa.Column("labelled_at", sa.BigInteger),
        sa.Column("question_id", sa.Text, nullable=False, server_default=""),
        sa.Column("asked_at", sa.BigInteger),
        sa.Column("exported_at", sa.BigInteger),
    )
    _partial_index("misses_waiting", ["said_on"], "label = ''")
    _partial_index("misses_message", ["message_id"], "message_id <> ''")
    _partial_index("misses_asked", ["asked_at"], "asked_at IS NOT NULL")
    op.create_index("misses_day", "misses", ["said_on"])


def _partial_index(name: str, columns: list[str], where: str) -> None:
    op.create_index(name, "misses", columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
