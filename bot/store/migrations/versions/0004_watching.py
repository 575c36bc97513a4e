"""Watching and forgetting: which event caused a send, and quick ways to dead letters and old conversations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("outbox", sa.Column("cause", sa.Text, nullable=False, server_default=""))
    dead = sa.text("dead_at IS NOT NULL")
    for table in ("outbox", "jobs"):
        op.create_index(f"{table}_dead", table, ["dead_at"], sqlite_where=dead, postgresql_where=dead)
