"""Takes a message's text out of what was made from it: talk on tickets, and posts to the operators."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import Connection, bindparam, select, update

from bot.core.messages import Part, Payload, React, Reply, Text, TicketCard
from bot.store.shapes import PAYLOAD, TICKET
from bot.store.tables import outbox, tickets

if TYPE_CHECKING:
    from collections.abc import Sequence

ERASED = "…"

TICKETS_OF = (
    select(tickets.c.id, tickets.c.body).where(tickets.c.customer == bindparam("customer")).with_for_update()
)
NEW_BODY = update(tickets).where(tickets.c.id == bindparam("of_id")).values(body=bindparam("new_body"))

PAYLOADS_OF = (
    select(outbox.c.seq, outbox.c.payload)
    .where(outbox.c.ticket_id.in_(bindparam("ticket_ids", expanding=True)))
    .with_for_update()
)
NEW_PAYLOAD = (
    update(outbox).where(outbox.c.seq == bindparam("of_seq")).values(payload=bindparam("new_payload"))
)


def erase_from_tickets(connection: Connection, customer: str, text: str) -> Sequence[str]:
    """Erase *text* from the tickets of the conversation *customer*, and return the ids of these tickets."""
    found = connection.execute(TICKETS_OF, {"customer": customer}).all()
    for row in found:
        ticket = TICKET.read(row.body)
        talk = tuple(without(said, text) for said in ticket.talk)
        if talk != ticket.talk:
            connection.execute(
                NEW_BODY, {"of_id": row.id, "new_body": TICKET.write(replace(ticket, talk=talk))}
            )
    return [row.id for row in found]


def erase_from_outbox(connection: Connection, ticket_ids: Sequence[str], text: str) -> None:
    """Erase *text* from what was, or will be, posted about these tickets."""
    if not ticket_ids:
        return
    for row in connection.execute(PAYLOADS_OF, {"ticket_ids": ticket_ids}).all():
        before = PAYLOAD.read(row.payload)
        after = _payload_without(before, text)
        if after != before:
            connection.execute(NEW_PAYLOAD, {"of_seq": row.seq, "new_payload": PAYLOAD.write(after)})


def without(said: str, text: str) -> str:
    """*said*, freed of *text* where that ends a line: after a name, as operators see it, or alone.

    Only there, because a short message such as はい is part of many other words.
    """
    if not text.strip():
        return said
    return f"{said}\n".replace(f"{text}\n", f"{ERASED}\n")[:-1]


def _payload_without(payload: Payload, text: str) -> Payload:
    if isinstance(payload, React):
        return payload
    return replace(
        payload, reply=Reply(parts=tuple(_part_without(part, text) for part in payload.reply.parts))
    )


def _part_without(part: Part, text: str) -> Part:
    match part:
        case Text():
            return replace(part, text=without(part.text, text))
        case TicketCard():
            return replace(part, talk=tuple(without(said, text) for said in part.talk))
        case _:
            return part
