"""Batches: which rows of the outbox leave in one call, under one retry key."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("outbox", sa.Column("batch", sa.Text, nullable=False, server_default=""))
