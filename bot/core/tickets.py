"""A ticket: one customer's matter in the hands of people."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Literal

from bot.core.messages import Address
from bot.core.slots import Slots


class TicketState(StrEnum):
    WAITING = "waiting"
    TAKEN = "taken"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """How the shop reaches the customer, in the customer's own words; "" where not told."""

    name: str = ""
    phone: str = ""
    time: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """`card_send_id` is the outbox row that posted the card; `desk` the operators' thread, once the card stands there."""

    id: str
    kind: Literal["handoff", "migration"]
    customer: Address
    opened_at: datetime
    customer_name: str = ""
    state: TicketState = TicketState.WAITING
    taker_id: str = ""
    taker_name: str = ""
    desk: Address | None = None
    card_send_id: str = ""
    reason: str = ""
    slots: Slots = Slots()
    contact: Contact = Contact()
    talk: tuple[str, ...] = ()
    taken_at: datetime | None = None
    closed_at: datetime | None = None
    version: int = 0

    @property
    def open(self) -> bool:
        return self.state is not TicketState.CLOSED

    def taken_by(self, operator_id: str, name: str, at: datetime) -> Ticket:
        return replace(self, state=TicketState.TAKEN, taker_id=operator_id, taker_name=name, taken_at=at)

    def closed(self, at: datetime) -> Ticket:
        return replace(self, state=TicketState.CLOSED, closed_at=at)
