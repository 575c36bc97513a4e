"""Erases what is older than the shop wants to keep, one slice of one table at a time: no transaction of it takes long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Table,
    and_,
    bindparam,
    case,
    delete,
    exists,
    or_,
    select,
)

from bot.core.hours import JAPAN
from bot.core.tickets import TicketState
from bot.store.tables import (
    Instant,
    conversations,
    heard,
    jobs,
    lines,
    message_map,
    misses,
    outbox,
    ticket_events,
    tickets,
)

if TYPE_CHECKING:
    from datetime import datetime


SLICE = 500
HEARD_LONGER = timedelta(days=31)
"""More than `bot.desk.reception.STALE`."""

_BEFORE = bindparam("before", type_=Instant)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sweep:
    """How one table is gone through by its `key`, and which rows are `old`. `in_order`: older rows have lower keys."""

    table: Table
    key: Column[Any]
    old: ColumnElement[bool]
    in_order: bool = False


_SWEEPS = {
    sweep.table.name: sweep
    for sweep in (
        _Sweep(table=heard, key=heard.c.utterance_id, old=heard.c.at < _BEFORE),
        _Sweep(table=lines, key=lines.c.id, old=lines.c.said_at < _BEFORE, in_order=True),
        _Sweep(
            table=outbox,
            key=outbox.c.seq,
            old=and_(
                outbox.c.due_at < _BEFORE,
                or_(outbox.c.sent_at.is_not(None), outbox.c.dead_at.is_not(None)),
            ),
            in_order=True,
        ),
        _Sweep(
            table=jobs,
            key=jobs.c.id,
            old=and_(jobs.c.due_at < _BEFORE, or_(jobs.c.done_at.is_not(None), jobs.c.dead_at.is_not(None))),
        ),
        # What operators labelled and nobody has exported yet is their work: it is nobody's words any more, and stays.
        _Sweep(
            table=misses,
            key=misses.c.id,
            old=and_(
                misses.c.said_on < bindparam("before_day"),
                or_(misses.c.label == "", misses.c.exported_at.is_not(None)),
            ),
        ),
        _Sweep(
            table=tickets,
            key=tickets.c.id,
            old=and_(tickets.c.opened_at < _BEFORE, tickets.c.state == TicketState.CLOSED),
        ),
        _Sweep(
            table=conversations,
            key=conversations.c.key,
            old=and_(
                conversations.c.updated_at < _BEFORE,
                ~exists().where(
                    tickets.c.customer == conversations.c.key, tickets.c.state != TicketState.CLOSED
                ),
            ),
        ),
    )
}


def prune(connection: Connection, before: datetime, place: str) -> tuple[str, int]:
    """Erase one slice of what is older than *before*, from *place* on ("": from the start).

    Returns the place to go on from ("": all done), and how many rows went.
    """
    name, _, after = (place or f"{next(iter(_SWEEPS))}:").partition(":")
    sweep = _SWEEPS[name]
    values = {"before": before, "before_day": before.astimezone(JAPAN).date().isoformat()}
    rows = connection.execute(_slice(sweep, after), _needed(sweep, values)).all()
    gone = [row[0] for row in rows if row[1]]
    if gone:
        _erase(connection, sweep, gone, _needed(sweep, values))
    if len(rows) == SLICE and not (sweep.in_order and not gone):
        return f"{name}:{rows[-1][0]}", len(gone)
    names = [*_SWEEPS, ""]
    following = names[names.index(name) + 1]
    return f"{following}:" if following else "", len(gone)


def _slice(sweep: _Sweep, after: str) -> Any:
    found = select(sweep.key, case((sweep.old, 1), else_=0)).order_by(sweep.key).limit(SLICE)
    if not after:
        return found
    return found.where(sweep.key > (int(after) if sweep.key.type.python_type is int else after))


def _needed(sweep: _Sweep, values: dict[str, Any]) -> dict[str, Any]:
    """The values that the statement names. What was heard is known for longer, so that it cannot be replayed."""
    if sweep.table is misses:
        return {"before_day": values["before_day"]}
    return {"before": values["before"] - (HEARD_LONGER if sweep.table is heard else timedelta())}


def _erase(connection: Connection, sweep: _Sweep, keys: list[Any], values: dict[str, Any]) -> None:
    """Erase the rows, if they are still old: on PostgreSQL somebody may have spoken since they were read."""
    if sweep.table is tickets:
        for belonging in (ticket_events, message_map):
            connection.execute(delete(belonging).where(belonging.c.ticket_id.in_(keys)))
    connection.execute(delete(sweep.table).where(sweep.key.in_(keys), sweep.old), values)
