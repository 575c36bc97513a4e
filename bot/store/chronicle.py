"""The chronicle: what happened to tickets, which messages belong together across them, and a few facts to remember."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, bindparam, func, or_, select, text

from bot.core.conversations import Line
from bot.core.tickets import Relayed, TicketEvent
from bot.store.shapes import TICKET
from bot.store.tables import facts, for_both, lines, message_map, ticket_events, tickets

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Row

    from bot.core.messages import Address
    from bot.core.tickets import Ticket, Visit

BOOKING_LOCK = 770_003
"""Any number, the same in every process: on PostgreSQL one at a time gives away the shop's visits."""

RELAYED = (
    select(message_map.c.send_id, message_map.c.origin, message_map.c.copy)
    .where(
        message_map.c.ticket_id == bindparam("ticket_id"),
        or_(
            message_map.c.origin == bindparam("message_id"),
            message_map.c.copy == bindparam("message_id"),
        ),
    )
    .order_by(message_map.c.copy)
)

LINE_OF = select(lines).where(lines.c.message_id == bindparam("message_id")).order_by(lines.c.id).limit(1)

LINES_OF = select(lines).where(lines.c.conversation == bindparam("conversation")).order_by(lines.c.id)

EVENTS_OF = (
    select(ticket_events)
    .where(ticket_events.c.ticket_id == bindparam("ticket_id"))
    .order_by(ticket_events.c.id)
)

EVENTS_SINCE = (
    select(ticket_events).where(ticket_events.c.at >= bindparam("since")).order_by(ticket_events.c.id)
)

ANSWERED_SINCE = (
    select(func.count()).select_from(lines).where(lines.c.who == "bot", lines.c.said_at >= bindparam("since"))
)

OPEN_TICKETS = select(tickets.c.body).where(tickets.c.state != "closed").order_by(tickets.c.opened_at)

TICKETS = select(tickets.c.body).order_by(tickets.c.opened_at.desc()).limit(bindparam("most"))

MIGRATIONS = (
    select(tickets.c.body)
    .where(tickets.c.kind == "migration")
    .order_by(tickets.c.opened_at.desc())
    .limit(500)
)

FACT = select(facts.c.value).where(facts.c.name == bindparam("of_name"))


def _remember(insert: Any) -> Any:
    new = insert(facts)
    return new.on_conflict_do_update(
        index_elements=[facts.c.name], set_={"value": new.excluded.value, "at": new.excluded.at}
    )


REMEMBER = for_both(_remember)


class SqlChronicle:
    """Fulfils `bot.desk.ports.ChronicleRecords` on one connection, inside its transaction."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._dialect = connection.dialect.name
        self._now = now

    def add(self, events: Sequence[TicketEvent]) -> None:
        if not events:
            return
        rows = [
            {
                "ticket_id": event.ticket_id,
                "kind": event.kind,
                "at": event.at,
                "who": event.who,
                "detail": event.detail,
            }
            for event in events
        ]
        self._connection.execute(ticket_events.insert(), rows)

    def events(self, ticket_id: str) -> Sequence[TicketEvent]:
        """All that happened to the ticket, in order."""
        return [_event(row) for row in self._connection.execute(EVENTS_OF, {"ticket_id": ticket_id})]

    def since(self, moment: datetime) -> Sequence[TicketEvent]:
        return [_event(row) for row in self._connection.execute(EVENTS_SINCE, {"since": moment})]

    def answered_since(self, moment: datetime) -> int:
        return self._connection.scalar(ANSWERED_SINCE, {"since": moment}) or 0

    def relayed(self, ticket_id: str, message_id: str) -> Relayed | None:
        rows = self._connection.execute(RELAYED, {"ticket_id": ticket_id, "message_id": message_id}).all()
        if not rows:
            return None
        first = rows[-1]
        copies = tuple(row.copy for row in rows if row.copy and row.send_id == first.send_id)
        return Relayed(send_id=first.send_id, origin=first.origin, copies=copies)

    def line(self, message_id: str) -> Line | None:
        row = self._connection.execute(LINE_OF, {"message_id": message_id}).one_or_none()
        return _line(row) if row else None

    def lines(self, address: Address) -> Sequence[Line]:
        """The whole transcript of *address*."""
        rows = self._connection.execute(LINES_OF, {"conversation": address.key})
        return [_line(row) for row in rows]

    def open_tickets(self) -> Sequence[Ticket]:
        return [TICKET.read(body) for body in self._connection.scalars(OPEN_TICKETS)]

    def tickets(self, most: int) -> Sequence[Ticket]:
        """The newest tickets, open or not."""
        return [TICKET.read(body) for body in self._connection.scalars(TICKETS, {"most": most})]

    def booked(self, now: datetime) -> Sequence[Visit]:
        if self._dialect == "postgresql":
            self._connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": BOOKING_LOCK})
        found = [TICKET.read(body) for body in self._connection.scalars(MIGRATIONS)]
        return [
            ticket.visit
            for ticket in found
            if ticket.visit and ticket.visit.start > now and ticket.ending != "cancelled"
        ]

    def fact(self, name: str) -> str:
        return self._connection.scalar(FACT, {"of_name": name}) or ""

    def remember(self, name: str, value: str) -> None:
        self._connection.execute(REMEMBER[self._dialect], {"name": name, "value": value, "at": self._now})


def _event(row: Row[*tuple[Any, ...]]) -> TicketEvent:
    return TicketEvent(
        ticket_id=row.ticket_id,
        kind=row.kind,
        at=row.at,
        who=row.who,
        detail=row.detail,
    )


def _line(row: Row[*tuple[Any, ...]]) -> Line:
    return Line(who=row.who, text=row.text, said_at=row.said_at, message_id=row.message_id)
