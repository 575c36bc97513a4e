"""What the courier carries, and where it goes: found out from what is on record when it leaves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.core.messages import Channel, Revise
from bot.desk.ports import Parcel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.messages import Send
    from bot.core.tickets import Ticket
    from bot.desk.ports import DueSend, Records


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """A parcel with what delivering it takes. `missing` says what is not there yet; `card` is the ticket whose card
    this is.
    """

    parcel: Parcel
    missing: str = ""
    card: str = ""

    @property
    def ids(self) -> Sequence[str]:
        return [send.id for send in self.parcel.sends]


def addressed(due: DueSend, companions: Sequence[Send], records: Records) -> Errand:
    """Find out where a row goes, and what it is about, from what is on record at this moment."""
    parcel = Parcel(sends=(due.send, *companions), key=due.key, attempt=due.attempt, target=due.send.address)
    errand = Errand(parcel=parcel)
    if due.send.ticket_id:
        errand = _at_the_ticket(errand, records.tickets.peek(due.send.ticket_id))
    if isinstance(due.send.payload, Revise):
        revised = records.outbox.message_ids(due.send.payload.send_id)
        missing = errand.missing or ("" if revised else "the message to revise is not posted yet")
        errand = replace(errand, parcel=replace(errand.parcel, revised=revised), missing=missing)
    return errand


def _at_the_ticket(errand: Errand, ticket: Ticket | None) -> Errand:
    """The thread of *ticket* as the target, for rows that mean it: those to Slack, without a thread of their own, that
    are not for the customer.
    """
    (send, *_) = errand.parcel.sends
    address = send.address
    if ticket is None or address.channel is not Channel.SLACK or address.thread or address == ticket.customer:
        return errand
    if ticket.card_send_id == send.id:
        return replace(errand, card=ticket.id)
    if ticket.desk is None:
        return replace(errand, missing="the ticket's card is not posted yet")
    return replace(errand, parcel=replace(errand.parcel, target=ticket.desk))
