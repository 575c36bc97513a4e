"""A ticket's card, as operators see it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.desk.promises import minutes_left, moment, span
from bot.core.messages import Choice, Row, TicketCard
from bot.core.tickets import TicketState
from bot.core.wording import Wording, said

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bot.core.conversations import Line
    from bot.core.library import Library
    from bot.core.slots import Slots
    from bot.core.tickets import Ticket

TICKET_TAKE = "ticket_take"
TICKET_RELEASE = "ticket_release"
TICKET_TRANSFER = "ticket_transfer"
TICKET_RETURN = "ticket_return"
TICKET_CLOSE = "ticket_close"
TICKET_REOPEN = "ticket_reopen"
TICKET_DRAFT = "ticket_draft"
TICKET_DRAFT_SEND = "ticket_draft_send"
TICKET_DRAFT_EDIT = "ticket_draft_edit"
TICKET_DRAFT_DROP = "ticket_draft_drop"
TICKET_CANNED = "ticket_canned"

_STATES = {
    TicketState.WAITING: Wording.TICKET_STATE_WAITING,
    TicketState.TAKEN: Wording.TICKET_STATE_TAKEN,
    TicketState.CLOSED: Wording.TICKET_STATE_CLOSED,
}
_ENDINGS: dict[str, Wording] = {
    "solved": Wording.ENDING_SOLVED,
    "visit": Wording.ENDING_VISIT,
    "migration": Wording.ENDING_MIGRATION,
    "no_answer": Wording.ENDING_NO_ANSWER,
    "cancelled": Wording.ENDING_CANCELLED,
    "returned": Wording.ENDING_RETURNED,
    "silent": Wording.ENDING_SILENT,
}
_ACTIONS = {
    TicketState.WAITING: (TICKET_TAKE, TICKET_CLOSE),
    TicketState.TAKEN: (TICKET_DRAFT, TICKET_TRANSFER, TICKET_RELEASE, TICKET_RETURN, TICKET_CLOSE),
    TicketState.CLOSED: (),
}


def ticket_card(ticket: Ticket, library: Library, *, now: datetime) -> TicketCard:
    """The card of *ticket* as it stands at *now*; closed ones have no buttons."""
    title = Wording.TICKET_MIGRATION if ticket.kind == "migration" else Wording.TICKET_HANDOFF
    return TicketCard(
        ticket_id=ticket.id,
        title=said(library, title, customer=customer_called(ticket, library)),
        rows=tuple(_rows(ticket, library)),
        talk=ticket.talk,
        state="　".join(_state(ticket, library, now)),
        closed=not ticket.open,
        buttons=tuple(_button(action, ticket.id, library) for action in _ACTIONS[ticket.state]),
        picture=ticket.picture if ticket.open else "",
    )


def take_button(ticket: Ticket, library: Library) -> Choice:
    return _button(TICKET_TAKE, ticket.id, library)


def reopen_button(ticket: Ticket, library: Library) -> Choice:
    """For who finds that a ticket was closed too early."""
    return _button(TICKET_REOPEN, ticket.id, library)


def take_over_button(ticket: Ticket, library: Library) -> Choice:
    """For somebody else than the taker: the ticket becomes theirs."""
    return replace(
        _button(TICKET_TRANSFER, ticket.id, library), label=library.buttons["ticket_take_over"].label
    )


def _state(ticket: Ticket, library: Library, now: datetime) -> Iterable[str]:
    """The state in words, with since when, and what is left of the promise."""
    taker = ticket.taker_name or said(library, Wording.OPERATOR_UNNAMED)
    yield said(library, _STATES[ticket.state], taker=taker)
    if ticket.closed_at:
        yield moment(ticket.closed_at, library, now)
        if ticket.ending:
            yield said(library, _ENDINGS[ticket.ending])
    elif ticket.state is TicketState.WAITING:
        yield said(library, Wording.TICKET_SINCE, when=moment(ticket.called_at, library, now))
    if ticket.state is TicketState.WAITING and ticket.promised_at:
        yield _promise(ticket.promised_at, library, now)
    if ticket.customer_left:
        yield said(library, Wording.TICKET_LEFT)


def _promise(until: datetime, library: Library, now: datetime) -> str:
    when = moment(until, library, now)
    if until <= now:
        return said(library, Wording.TICKET_LATE, when=when)
    return said(
        library, Wording.TICKET_PROMISE, when=when, minutes=minutes_left(library.shop.opening, until, now)
    )


def customer_name(ticket: Ticket, library: Library) -> str:
    return _name(ticket) or said(library, Wording.TICKET_UNNAMED)


def customer_called(ticket: Ticket, library: Library) -> str:
    """The customer in a sentence: 「花子 さん」, or 「お客様」 while no name is known."""
    name = _name(ticket)
    return said(library, Wording.TICKET_NAMED, name=name) if name else said(library, Wording.TICKET_UNNAMED)


def _name(ticket: Ticket) -> str:
    return ticket.contact.name or ticket.customer_name


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
        (Wording.TICKET_ROW_COMPUTERS, ticket.computers),
        (Wording.TICKET_ROW_PROGRAM, ticket.program),
        (Wording.TICKET_ROW_VISIT, _visit(ticket, library)),
        (Wording.TICKET_ROW_TRIED, "、".join(ticket.tried)),
        (Wording.TICKET_ROW_NOTE, ticket.note),
        (Wording.TICKET_ROW_CSAT, str(ticket.csat or "")),
    )
    for label, value in values:
        if value:
            yield Row(label=said(library, label), value=value)


def _visit(ticket: Ticket, library: Library) -> str:
    if ticket.visit is None:
        return ""
    wording = Wording.VISIT_CONFIRMED if ticket.confirmed else Wording.VISIT_WISHED
    return said(library, wording, when=span(ticket.visit.start, ticket.visit.end, library))


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
