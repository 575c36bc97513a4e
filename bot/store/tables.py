"""The tables. Times are whole microseconds since 1970 in UTC, JSON is text: one meaning on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, Table, Text, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import TypeDecorator

from bot.core.messages import Address, Channel
from bot.store.vault import Sealed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Executable, Row
    from sqlalchemy.engine import Dialect

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

PENDING = text("sent_at IS NULL AND dead_at IS NULL")
UNDONE = text("done_at IS NULL AND dead_at IS NULL")
OPEN = text("state <> 'closed'")
NAMED = text("message_id <> ''")
HELD = text("held = 1")
DEAD = text("dead_at IS NOT NULL")
UNLABELLED = text("label = ''")
ASKED = text("asked_at IS NOT NULL")
CLOSED = text("plain_closed = 1")

metadata = MetaData()


class Instant(TypeDecorator[datetime]):
    """An aware datetime, stored as microseconds since 1970."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else (value - EPOCH) // MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else EPOCH + timedelta(microseconds=value)


def for_both(build: Callable[[Callable[[Table], Any]], Executable]) -> Mapping[str, Executable]:
    """A statement by name of the database, because INSERT … ON CONFLICT is a construct of each dialect. Its result knows
    how many rows were written.
    """
    return {
        name: build(insert).execution_options(preserve_rowcount=True)
        for name, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
    }


ADDRESS = ("channel", "team", "recipient", "thread")
"""The columns that an address is stored in."""


def address_values(address: Address) -> dict[str, str]:
    """*address* as the columns it is stored in."""
    return {
        "channel": address.channel,
        "team": address.team,
        "recipient": address.to,
        "thread": address.thread,
    }


def read_address(row: Row[*tuple[Any, ...]]) -> Address:
    """The address in the four columns of *row*."""
    return Address(channel=Channel(row.channel), team=row.team, to=row.recipient, thread=row.thread)


def _address() -> tuple[Column[str], ...]:
    return tuple(Column(name, Text, nullable=False) for name in ADDRESS)


def _lease() -> tuple[Column[datetime] | Column[int] | Column[str], ...]:
    return (
        Column("due_at", Instant, nullable=False),
        Column("attempts", Integer, nullable=False, server_default="0"),
        Column("lease_owner", Text, nullable=False, server_default=""),
        Column("lease_until", Instant, nullable=False, server_default="0"),
        Column("error", Text, nullable=False, server_default=""),
        Column("dead_at", Instant),
    )


heard = Table(
    "heard",
    metadata,
    Column("utterance_id", Text, primary_key=True),
    Column("at", Instant, nullable=False),
)

conversations = Table(
    "conversations",
    metadata,
    Column("key", Text, primary_key=True),
    *_address(),
    Column("state", Sealed, nullable=False),
    Column("version", Integer, nullable=False),
    Column("updated_at", Instant, nullable=False),
)

lines = Table(
    "lines",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("conversation", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("text", Sealed, nullable=False),
    Column("said_at", Instant, nullable=False),
    Column("message_id", Text, nullable=False),
    Index("lines_conversation", "conversation", "id"),
    Index("lines_message", "message_id", sqlite_where=NAMED, postgresql_where=NAMED),
)

tickets = Table(
    "tickets",
    metadata,
    Column("id", Text, primary_key=True),
    Column("customer", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("desk_team", Text),
    Column("desk_channel", Text),
    Column("desk_thread", Text),
    Column("body", Sealed, nullable=False),
    Column("version", Integer, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Index("tickets_desk", "desk_channel", "desk_thread", "desk_team", unique=True),
    Index("tickets_open", "customer", sqlite_where=OPEN, postgresql_where=OPEN),
)

outbox = Table(
    "outbox",
    metadata,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("lane", Text, nullable=False),
    *_address(),
    Column("payload", Sealed, nullable=False),
    Column("handle_token", Text),
    Column("handle_expires_at", Instant),
    Column("ticket_id", Text, nullable=False),
    *_lease(),
    Column("sent_at", Instant),
    Column("message_ids", Text, nullable=False, server_default="[]"),
    Column("origins", Text, nullable=False, server_default="[]"),
    Column("held", Integer, nullable=False, server_default="0"),
    Column("cause", Text, nullable=False, server_default=""),
    Column("batch", Text, nullable=False, server_default=""),
    Index("outbox_lane", "lane", "seq", sqlite_where=PENDING, postgresql_where=PENDING),
    Index("outbox_held", "lane", "seq", sqlite_where=HELD, postgresql_where=HELD),
    Index("outbox_dead", "dead_at", sqlite_where=DEAD, postgresql_where=DEAD),
    Index("outbox_due", "due_at", "seq", sqlite_where=PENDING, postgresql_where=PENDING),
    Index(
        "outbox_ticket",
        "ticket_id",
        sqlite_where=text("ticket_id <> ''"),
        postgresql_where=text("ticket_id <> ''"),
    ),
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("details", Text, nullable=False),
    *_lease(),
    Column("done_at", Instant),
    Index("jobs_due", "due_at", sqlite_where=UNDONE, postgresql_where=UNDONE),
    Index("jobs_dead", "dead_at", sqlite_where=DEAD, postgresql_where=DEAD),
)

misses = Table(
    "misses",
    metadata,
    Column("id", Text, primary_key=True),
    Column("message_id", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("said_on", Text, nullable=False),
    Column("body", Sealed, nullable=False),
    Column("label", Text, nullable=False, server_default=""),
    Column("labelled_by", Text, nullable=False, server_default=""),
    Column("labelled_at", Instant),
    Column("question_id", Text, nullable=False, server_default=""),
    Column("asked_at", Instant),
    Column("exported_at", Instant),
    Index("misses_waiting", "said_on", sqlite_where=UNLABELLED, postgresql_where=UNLABELLED),
    Index("misses_message", "message_id", sqlite_where=NAMED, postgresql_where=NAMED),
    Index("misses_day", "said_on"),
    Index("misses_asked", "asked_at", sqlite_where=ASKED, postgresql_where=ASKED),
)

message_map = Table(
    "message_map",
    metadata,
    Column("send_id", Text, primary_key=True),
    Column("origin", Text, primary_key=True),
    Column("copy", Text, primary_key=True),
    Column("ticket_id", Text, nullable=False),
    Index("message_map_origin", "ticket_id", "origin"),
    Index("message_map_copy", "ticket_id", "copy"),
)

ticket_events = Table(
    "ticket_events",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("ticket_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("who", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Index("ticket_events_ticket", "ticket_id", "id"),
    Index("ticket_events_at", "at"),
)

facts = Table(
    "facts",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

server_looks = Table(
    "server_looks",
    metadata,
    Column("provider", Text, primary_key=True),
    Column("looked_at", Instant, nullable=False, server_default="0"),
    Column("claimed_until", Instant, nullable=False, server_default="0"),
    Column("plain_closed", Integer, nullable=False, server_default="0"),
    Column("body", Text, nullable=False, server_default="[]"),
    Index("server_looks_closed", "provider", sqlite_where=CLOSED, postgresql_where=CLOSED),
)

reports = Table(
    "reports",
    metadata,
    Column("provider", Text, primary_key=True),
    Column("at", Instant, primary_key=True),
    Column("who", Text, primary_key=True),
)

episodes = Table(
    "episodes",
    metadata,
    Column("provider", Text, primary_key=True),
    Column("body", Text, nullable=False),
    Column("told_until", Instant, nullable=False, server_default="0"),
)
