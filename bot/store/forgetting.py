"""Forgets one person: what is theirs goes, what is left of their id elsewhere is struck out, and a search proves it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Table, Text, bindparam, delete, func, or_, select, update
from sqlalchemy.exc import SQLAlchemyError

from bot.core.messages import Address
from bot.core.slots import Slots
from bot.core.tickets import Contact, Ticket, TicketState
from bot.errors import StoreError
from bot.store.engine import transaction
from bot.store.misses import SqlMisses
from bot.store.shapes import TICKET
from bot.store.tables import (
    conversations,
    jobs,
    lines,
    message_map,
    metadata,
    misses,
    outbox,
    ticket_events,
    tickets,
)
from bot.store.vault import Sealed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Column, Engine

NOBODY = "forgotten"
"""Stands where the person's id stood, in what is kept."""

SLICE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """What was done, by table: `erased` rows, `struck` rows in which the id was replaced, and of `searched` rows those in
    which it was still `found`. `threads` are the desk's threads about the person: Slack keeps those itself.
    """

    erased: Mapping[str, int]
    struck: Mapping[str, int]
    searched: Mapping[str, int]
    found: Mapping[str, int]
    threads: Sequence[Address]

    @property
    def proven(self) -> bool:
        return not any(self.found.values())


def forget(engine: Engine, person: str) -> Forgotten:
    """Forget the LINE or Slack user *person* (or the place with this id), and look for what is left.

    Raises:
        StoreError: the database is away; what was already erased stays erased.
    """
    try:
        with transaction(engine) as connection:
            erased, threads = _erase(connection, person)
        struck = {table.name: _strike(engine, table, person) for table in metadata.sorted_tables}
        search = {table.name: _search(engine, table, person) for table in metadata.sorted_tables}
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or type(error).__name__).partition("\n")[0]
        raise StoreError(f"すべては消せませんでした。もう一度動かしてください（{reason}）") from error
    return Forgotten(
        erased=erased,
        struck=struck,
        searched={name: rows for name, (rows, _) in search.items()},
        found={name: found for name, (_, found) in search.items()},
        threads=threads,
    )


def _erase(connection: Connection, person: str) -> tuple[dict[str, int], list[Address]]:
    """Take out the person's conversations and everything that belongs to them. Tickets stay, as nobody's, for the counts."""
    places = select(conversations.c.key).where(
        or_(conversations.c.recipient == person, conversations.c.thread.in_([person, f"@{person}"]))
    )
    keys = list(connection.scalars(places))
    said = select(lines.c.message_id).where(lines.c.conversation.in_(keys), lines.c.message_id != "")
    message_ids = list(connection.scalars(said))
    of_messages = select(func.count()).select_from(misses).where(misses.c.message_id.in_(message_ids))
    missed = connection.scalar(of_messages) or 0
    asked = SqlMisses(connection).forget(message_ids)
    theirs = connection.execute(select(tickets).where(tickets.c.customer.in_(keys)).with_for_update()).all()
    ticket_ids = [row.id for row in theirs]
    erased = {
        "misses": missed,
        "outbox": _delete(
            connection,
            outbox,
            or_(
                outbox.c.lane.in_(keys),
                outbox.c.recipient == person,
                outbox.c.ticket_id.in_(ticket_ids),
                outbox.c.id.in_(asked),
            ),
        ),
        "message_map": _delete(connection, message_map, message_map.c.ticket_id.in_(ticket_ids)),
        "lines": _delete(connection, lines, lines.c.conversation.in_(keys)),
        "conversations": _delete(connection, conversations, conversations.c.key.in_(keys)),
        "jobs": _delete(connection, jobs, jobs.c.details.contains(person, autoescape=True)),
        "tickets": len(ticket_ids),
    }
    threads = [thread for row in theirs if (thread := _blank(connection, row))]
    without_details = update(ticket_events).where(ticket_events.c.ticket_id.in_(ticket_ids)).values(detail="")
    connection.execute(without_details)
    return erased, threads


def _delete(connection: Connection, table: Table, which: Any) -> int:
    return connection.execute(delete(table).where(which)).rowcount


def _blank(connection: Connection, row: Any) -> Address | None:
    """The ticket without anything personal; the thread in which it was worked on."""
    ticket = TICKET.read(row.body)
    blank = Ticket(
        id=ticket.id,
        kind=ticket.kind,
        customer=Address(channel=ticket.customer.channel, to=NOBODY),
        opened_at=ticket.opened_at,
        closed_at=ticket.closed_at or ticket.opened_at,
        taken_at=ticket.taken_at,
        answered_at=ticket.answered_at,
        state=TicketState.CLOSED,
        ending=ticket.ending or "cancelled",
        taker_id=ticket.taker_id,
        taker_name=ticket.taker_name,
        reason=ticket.reason,
        slots=Slots(provider=ticket.slots.provider, client=ticket.slots.client),
        contact=Contact(),
        csat=ticket.csat,
        version=ticket.version + 1,
    )
    values = {
        "customer": blank.customer.key,
        "state": blank.state,
        "body": TICKET.write(blank),
        "version": blank.version,
        "desk_team": None,
        "desk_channel": None,
        "desk_thread": None,
    }
    connection.execute(update(tickets).where(tickets.c.id == row.id).values(values))
    if row.desk_thread is None:
        return None
    return replace(blank.customer, to=row.desk_channel, thread=row.desk_thread, team=row.desk_team)


def _strike(engine: Engine, table: Table, person: str) -> int:
    """Replace the id wherever it still stands; a row that is named by it goes."""
    keys = list(table.primary_key.columns)
    named = {column.name for column in keys}
    struck = 0
    for row in _holding(engine, table, person):
        theirs = {column.name: getattr(row, column.name) for column in keys}
        with transaction(engine) as connection:
            where = [column == theirs[column.name] for column in keys]
            fresh = connection.execute(select(table).where(*where).with_for_update()).one_or_none()
            if fresh is None:
                continue
            held = [column.name for column in _texts(table) if person in (getattr(fresh, column.name) or "")]
            if named.intersection(held):
                connection.execute(delete(table).where(*where))
            elif held:
                clean = {name: getattr(fresh, name).replace(person, NOBODY) for name in held}
                connection.execute(update(table).where(*where).values(clean))
            struck += bool(held)
    return struck


def _search(engine: Engine, table: Table, person: str) -> tuple[int, int]:
    """How many rows there are, and in how many of them the id stands."""
    with transaction(engine) as connection:
        rows = sum(1 for _ in connection.execute(select(*table.primary_key.columns)))
    return rows, sum(1 for _ in _holding(engine, table, person))


def _holding(engine: Engine, table: Table, person: str) -> Iterator[Any]:
    """The rows of *table* in which *person* stands in any text, sealed or not; a slice at a time, each quickly over."""
    keys = list(table.primary_key.columns)
    after: Any = None
    while True:
        page = select(table).order_by(*keys).limit(SLICE)
        if after is not None:
            page = page.where(_beyond(keys, after))
        with transaction(engine) as connection:
            rows = connection.execute(page).all()
        for row in rows:
            if any(person in (getattr(row, column.name) or "") for column in _texts(table)):
                yield row
        if len(rows) < SLICE:
            return
        after = [getattr(rows[-1], column.name) for column in keys]


def _beyond(keys: Sequence[Column[Any]], after: Sequence[Any]) -> Any:
    """Whether a row comes after *after* in the order of all *keys*."""
    first, *rest = keys
    bound = bindparam(f"after_{first.name}", after[0], type_=first.type)
    if not rest:
        return first > bound
    return or_(first > bound, (first == bound) & _beyond(rest, after[1:]))


def _texts(table: Table) -> list[Column[Any]]:
    return [column for column in table.columns if isinstance(column.type, Text | Sealed)]
