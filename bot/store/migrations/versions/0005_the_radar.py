"""The radar: looks at servers, reports of trouble with a provider, and what operators know of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "server_looks",
        sa.Column("provider", sa.Text, primary_key=True),
        sa.Column("looked_at", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("claimed_until", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("plain_closed", sa.Integer, nullable=False, server_default="0"),
        sa.Column("body", sa.Text, nullable=False, server_default="[]"),
    )
    closed = sa.text("plain_closed = 1")
    op.create_index(
        "server_looks_closed", "server_looks", ["provider"], sqlite_where=closed, postgresql_where=closed
    )
    op.create_table(
        "reports",
        sa.Column("provider", sa.Text, primary_key=True),
        sa.Column("at", sa.BigInteger, primary_key=True),
        sa.Column("who", sa.Text, primary_key=True),
    )
    op.create_table(
        "episodes",
        sa.Column("provider", sa.Text, primary_key=True),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("told_until", sa.BigInteger, nullable=False, server_default="0"),
    )
