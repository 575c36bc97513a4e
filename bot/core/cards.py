"""A ticket's card, as operators see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.messages import Choice, Row, TicketCard
from bot.core.tickets import TicketState
from bot.core.wording import Wording, said

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.core.conversations import Line
    from bot.core.library import Library
    from bot.core.slots import Slots
    from bot.core.tickets import Ticket

TICKET_TAKE = "ticket_take"
TICKET_RELEASE = "ticket_release"
TICKET_TRANSFER = "ticket_transfer"
TICKET_RETURN = "ticket_return"
TICKET_CLOSE = "ticket_close"

_STATES = {
    TicketState.WAITING: Wording.TICKET_STATE_WAITING,
    TicketState.TAKEN: Wording.TICKET_STATE_TAKEN,
    TicketState.CLOSED: Wording.TICKET_STATE_CLOSED,
}
_ACTIONS = {
    TicketState.WAITING: (TICKET_TAKE, TICKET_CLOSE),
    TicketState.TAKEN: (TICKET_CLOSE, TICKET_RELEASE, TICKET_RETURN),
    TicketState.CLOSED: (),
}


def ticket_card(ticket: Ticket, library: Library) -> TicketCard:
    """The card of *ticket* as it stands; closed ones have no buttons."""
    title = Wording.TICKET_MIGRATION if ticket.kind == "migration" else Wording.TICKET_HANDOFF
    return TicketCard(
        ticket_id=ticket.id,
        title=said(library, title, name=customer_name(ticket, library)),
        rows=tuple(_rows(ticket, library)),
        talk=ticket.talk,
        state=said(library, _STATES[ticket.state], taker=ticket.taker_name),
        closed=not ticket.open,
        buttons=tuple(_button(action, ticket.id, library) for action in _ACTIONS[ticket.state]),
    )


def customer_name(ticket: Ticket, library: Library) -> str:
    return ticket.contact.name or ticket.customer_name or said(library, Wording.TICKET_UNNAMED)


def talk_lines(lines: Iterable[Line], library: Library) -> tuple[str, ...]:
    """The talk so far, one line each, with who said it."""
    who = {
        "customer": Wording.TICKET_LINE_CUSTOMER,
        "bot": Wording.TICKET_LINE_BOT,
        "operator": Wording.TICKET_LINE_OPERATOR,
    }
    return tuple(said(library, who[line.who], text=line.text) for line in lines if line.text)


def _button(action: str, ticket_id: str, library: Library) -> Choice:
    button = library.buttons[action]
    return Choice(label=button.label, action=action, value=ticket_id, style=button.style)


def _rows(ticket: Ticket, library: Library) -> Iterable[Row]:
    slots = ticket.slots
    provider = library.providers.get(slots.provider or "")
    client = library.clients.get(slots.client or "")
    values = (
        (Wording.TICKET_ROW_CUSTOMER, customer_name(ticket, library)),
        (Wording.TICKET_ROW_REASON, ticket.reason),
        (Wording.TICKET_ROW_PROVIDER, provider.name if provider else slots.unknown_domain or ""),
        (Wording.TICKET_ROW_CLIENT, client.name if client else ""),
        (Wording.TICKET_ROW_CODE, slots.error_code or ""),
        (Wording.TICKET_ROW_NUMBERS, _numbers(slots, library)),
        (Wording.TICKET_ROW_CONTACT, ticket.contact.phone),
        (Wording.TICKET_ROW_TIME, ticket.contact.time),
    )
    for label, value in values:
        if value:
            yield Row(label=said(library, label), value=value)


def _numbers(slots: Slots, library: Library) -> str:
    ssl = {True: Wording.SECURITY_SSL, False: Wording.SECURITY_NONE}
    return "、".join(
        " ".join(
            filter(
                None,
                (
                    said(
                        library,
                        Wording.COMPARE_INCOMING if port.role == "incoming" else Wording.COMPARE_OUTGOING,
                    ),
                    str(port.port),
                    said(library, ssl[port.ssl]) if port.ssl is not None else "",
                ),
            )
        )
        for port in slots.ports
    )
