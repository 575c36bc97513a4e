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
class Visit:
    """A time at which a technician comes, or the customer does."""

    start: datetime
    end: datetime


Ending = Literal["", "solved", "visit", "migration", "no_answer", "cancelled", "returned", "silent"]
"""How a ticket ended: as its taker says, or by the customer's word, the bot's turn or silence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relayed:
    """A message that was carried between a customer and the desk: by which send, under which id it was said, and under
    which ids the other side has it (none: it is still on its way).
    """

    send_id: str
    origin: str
    copies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketEvent:
    """Something that happened to a ticket: a row of its history. `who` is an operator's name, "" for nobody's."""

    ticket_id: str
    kind: str
    at: datetime
    who: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """`card_send_id` is the outbox row that posted the card; `desk` the operators' thread, once the card stands there.

    `step` counts the moves, so that a timer knows whether it still means the present state. `called_again_at` is when the
    customer of a closed ticket wanted people once more, `promised_at` when somebody should have taken it,
    `unanswered_since` when the customer began to wait for the taker's words, `answered_at` when a person first answered.
    `customer_left`: the customer blocked the bot. `intake` is what the form of a migration asks next; `confirmed` whether
    the customer agreed to its summary.
    """

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
    tried: tuple[str, ...] = ()
    taken_at: datetime | None = None
    closed_at: datetime | None = None
    version: int = 0
    step: int = 0
    ending: Ending = ""
    note: str = ""
    picture: str = ""
    reopened: int = 0
    called_again_at: datetime | None = None
    last_taker_id: str = ""
    last_taker_name: str = ""
    promised_at: datetime | None = None
    unanswered_since: datetime | None = None
    answered_at: datetime | None = None
    operator_said_at: datetime | None = None
    customer_said_at: datetime | None = None
    silence_asked_at: datetime | None = None
    customer_left: bool = False
    computers: str = ""
    program: str = ""
    visit: Visit | None = None
    confirmed: bool = False
    intake: str = ""
    csat: int | None = None

    @property
    def open(self) -> bool:
        return self.state is not TicketState.CLOSED

    @property
    def called_at(self) -> datetime:
        """Since when the customer has been with people, or waits for them."""
        return self.called_again_at or self.opened_at

    def closed(self, at: datetime) -> Ticket:
        return replace(self, state=TicketState.CLOSED, closed_at=at)
