"""Tickets, and the threads in which operators work on them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, bindparam, select, update

from bot.core.messages import Address, Channel
from bot.errors import StaleRowError
from bot.store.shapes import TICKET
from bot.store.tables import OPEN, for_both, tickets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Row

    from bot.core.tickets import Ticket

COLUMNS = (tickets.c.body, tickets.c.desk_team, tickets.c.desk_channel, tickets.c.desk_thread)

PEEK = select(*COLUMNS).where(tickets.c.id == bindparam("id"))

LOCK = PEEK.with_for_update()

AT_DESK = select(*COLUMNS).where(
    tickets.c.desk_channel == bindparam("desk_channel"),
    tickets.c.desk_thread == bindparam("desk_thread"),
    tickets.c.desk_team.in_(
        (bindparam("desk_team"), "")
    ),  # "" where the workspace was not known when it was posted
)

UNPLACED = select(*COLUMNS).where(OPEN, tickets.c.desk_thread.is_(None))

BIND = (
    update(tickets)
    .where(tickets.c.id == bindparam("of_id"))
    .values(desk_team=bindparam("team"), desk_channel=bindparam("channel"), desk_thread=bindparam("thread"))
)


def _save(insert: Any) -> Any:
    new = insert(tickets)
    changing = ("state", "desk_team", "desk_channel", "desk_thread", "body", "version")
    return new.on_conflict_do_update(
        index_elements=[tickets.c.id],
        set_={name: new.excluded[name] for name in changing},
        where=tickets.c.version == bindparam("version_before"),
    )


SAVE = for_both(_save)


class SqlTickets:
    """Fulfils `bot.desk.ports.TicketRecords` on one connection, inside its transaction.

    The desk's thread is read from its own columns: `bind` sets it without touching the rest of the ticket.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._dialect = connection.dialect.name

    def get(self, ticket_id: str) -> Ticket | None:
        return _found(self._connection.execute(LOCK, {"id": ticket_id}).one_or_none())

    def peek(self, ticket_id: str) -> Ticket | None:
        return _found(self._connection.execute(PEEK, {"id": ticket_id}).one_or_none())

    def at_desk(self, desk: Address) -> Ticket | None:
        found = self._connection.execute(
            AT_DESK, {"desk_team": desk.team, "desk_channel": desk.to, "desk_thread": desk.thread}
        )
        return _found(found.first())

    def unplaced(self) -> Sequence[Ticket]:
        return [_read(row) for row in self._connection.execute(UNPLACED)]

    def save(self, ticket: Ticket) -> None:
        desk = ticket.desk
        values = {
            "id": ticket.id,
            "customer": ticket.customer.key,
            "kind": ticket.kind,
            "state": ticket.state,
            "desk_team": desk and desk.team,
            "desk_channel": desk and desk.to,
            "desk_thread": desk and desk.thread,
            "body": TICKET.write(replace(ticket, version=ticket.version + 1)),
            "version": ticket.version + 1,
            "opened_at": ticket.opened_at,
            "version_before": ticket.version,
        }
        if self._connection.execute(SAVE[self._dialect], values).rowcount == 0:
            raise StaleRowError(f"ticket {ticket.id} is no longer at {ticket.version}")

    def bind(self, ticket_id: str, desk: Address) -> None:
        where = {"of_id": ticket_id, "team": desk.team, "channel": desk.to, "thread": desk.thread}
        self._connection.execute(BIND, where)


def _found(row: Row[*tuple[Any, ...]] | None) -> Ticket | None:
    return None if row is None else _read(row)


def _read(row: Row[*tuple[Any, ...]]) -> Ticket:
    ticket = TICKET.read(row.body)
    if row.desk_thread is None:
        return replace(ticket, desk=None)
    desk = Address(channel=Channel.SLACK, team=row.desk_team, to=row.desk_channel, thread=row.desk_thread)
    return replace(ticket, desk=desk)
