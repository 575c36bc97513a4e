"""What a database holds, in numbers, and what becomes of its unsent messages when it is restored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import func, inspect, select, update

from bot.errors import StoreError
from bot.store import schema
from bot.store.tables import PENDING, conversations, metadata, outbox, tickets

if TYPE_CHECKING:
    from sqlalchemy import Connection

NOT_SENT = "not sent: the database was restored from a backup"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """The numbers by which an owner recognises a database."""

    revision: str
    conversations: int
    tickets: int
    unsent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What a restored database holds, and where the one before it was kept, if it held anything."""

    inventory: Inventory
    kept: Path | None


def take_inventory(connection: Connection) -> Inventory:
    """Count what the database on *connection* holds.

    Raises:
        StoreError: it is not a database of madoguchi.
    """
    revision = schema.current(connection)
    if not revision:
        raise StoreError("madoguchi のデータベースではないか、まだ空です")
    count = select(func.count())
    return Inventory(
        revision=revision,
        conversations=connection.scalar(count.select_from(conversations)) or 0,
        tickets=connection.scalar(count.select_from(tickets)) or 0,
        unsent=connection.scalar(count.select_from(outbox).where(PENDING)) or 0,
    )


def holds_rows(connection: Connection) -> bool:
    """Is there anything in any of our tables?"""
    there = set(inspect(connection).get_table_names())
    ours = [table for name, table in metadata.tables.items() if name in there]
    return any(connection.execute(select(1).select_from(table).limit(1)).first() for table in ours)


def discard_unsent_rows(connection: Connection) -> None:
    """Never send what had not been sent when the backup was made: it may have been sent since."""
    connection.execute(
        update(outbox).where(PENDING).values(dead_at=datetime.now(UTC), error=NOT_SENT, lease_owner="")
    )
