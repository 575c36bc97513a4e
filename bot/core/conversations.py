"""A conversation: what the bot remembers between two utterances of one place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from bot.core.limits import Pace
from bot.core.messages import Address, Handle
from bot.core.slots import Slots
from bot.core.tickets import Contact


class Mode(StrEnum):
    """Who answers: the bot; nobody yet, a person is awaited; a person."""

    BOT = "bot"
    WAITING = "waiting"
    HUMAN = "human"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the bot asked last and is waiting for.

    `slot`: provider, client, protocol, direction, contact, phone, time, or intent (which of these did you mean).
    `intent` is the one to serve once it is answered; `options` the answers offered.
    """

    slot: str
    intent: str
    options: tuple[str, ...] = ()
    asked: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the talk so far, masked. `who` is customer, bot or operator."""

    who: Literal["customer", "bot", "operator"]
    text: str
    said_at: datetime
    message_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """`topic` is the intent served last, `pending` requests still to be served, `failures` how often the customer said
    it still does not work, `misses` how often in a row the bot did not understand, `recent` the last lines (≤ 12).
    `last_ticket_id` is the newest ticket, closed or not; `handle` a free way to answer that the bot left unused.
    """

    address: Address
    mode: Mode = Mode.BOT
    topic: str = ""
    question: Question | None = None
    slots: Slots = Slots()
    pending: tuple[str, ...] = ()
    served: tuple[str, ...] = ()
    contact: Contact = Contact()
    failures: int = 0
    misses: int = 0
    ticket_id: str = ""
    recent: tuple[Line, ...] = ()
    blocked: bool = False
    last_said_at: datetime | None = None
    version: int = 0
    last_ticket_id: str = ""
    handle: Handle | None = None
    pace: Pace = Pace()


def rested(conversation: Conversation, now: datetime) -> Conversation:
    """The conversation as it is picked up at *now*: after half a day nobody answers an old question, and a new trouble is
    not the old one failing again. What the customer uses is still known.
    """
    last = conversation.last_said_at
    if last is None or now - last < _A_REST:
        return conversation
    slots = Slots(provider=conversation.slots.provider, client=conversation.slots.client)
    return replace(conversation, question=None, topic="", served=(), slots=slots, failures=0, misses=0)


_A_REST = timedelta(hours=12)
