"""The desk: what happened to tickets, which messages belong together, what the quota holds back, and a few facts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("outbox", sa.Column("origins", sa.Text, nullable=False, server_default="[]"))
    op.add_column("outbox", sa.Column("held", sa.Integer, nullable=False, server_default="0"))
    _partial_index("outbox_held", "outbox", ["lane", "seq"], "held = 1")
    op.create_table(
        "message_map",
        sa.Column("send_id", sa.Text, primary_key=True),
        sa.Column("origin", sa.Text, primary_key=True),
        sa.Column("copy", sa.Text, primary_key=True),
        sa.Column("ticket_id", sa.Text, nullable=False),
    )
    op.create_index("message_map_origin", "message_map", ["ticket_id", "origin"])
    op.create_index("message_map_copy", "message_map", ["ticket_id", "copy"])
    op.create_table(
        "ticket_events",
        sa.Column("id", COUNTER, primary_key=True),
        sa.Column("ticket_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
    )
    op.create_index("ticket_events_ticket", "ticket_events", ["ticket_id", "id"])
    op.create_index("ticket_events_at", "ticket_events", ["at"])
    op.create_table(
        "facts",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )


def _partial_index(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
