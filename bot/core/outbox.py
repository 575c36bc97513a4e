"""Rows for the outbox: each with an id made from the event that caused it, so that the same event makes the same rows."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from bot.core.messages import Address, Say, Send

if TYPE_CHECKING:
    from bot.core.messages import Payload, Reply, Utterance
    from bot.core.outcome import Policy
    from bot.core.tickets import Ticket

_NAMESPACE = UUID("6c1d0f0e-4f5b-5a0e-9a55-6d61646f6775")


def made_id(utterance: Utterance, purpose: str) -> str:
    """An id for what *utterance* causes; *purpose* tells several of them apart."""
    return str(uuid5(_NAMESPACE, f"{utterance.id}\n{purpose}"))


def to_speaker(utterance: Utterance, reply: Reply, policy: Policy, *, only_for: str = "") -> tuple[Send, ...]:
    """The reply of a turn, by the one-time handle where there is one. Silence makes no row."""
    if not reply:
        return ()
    send = Send(
        id=made_id(utterance, "reply"),
        address=utterance.address,
        payload=Say(reply=reply, only_for=only_for),
        lane=utterance.address.key,
        due_at=policy.now,
        handle=utterance.handle,
    )
    return (send,)


def to_customer(
    utterance: Utterance, ticket: Ticket, say: Say, policy: Policy, *, purpose: str = "customer"
) -> Send:
    """Something for the customer of *ticket* that comes from the desk."""
    return Send(
        id=made_id(utterance, purpose),
        address=ticket.customer,
        payload=say,
        lane=ticket.customer.key,
        due_at=policy.now,
    )


def to_desk(
    utterance: Utterance, ticket: Ticket, payload: Payload, policy: Policy, *, purpose: str
) -> tuple[Send, ...]:
    """Something for the ticket's thread at the desk (or its card, which opens the thread); nothing without a desk."""
    desk = policy.desk
    if not desk:
        return ()
    send = Send(
        id=made_id(utterance, purpose),
        address=Address(channel=desk.channel, to=desk.to, team=desk.team),
        payload=payload,
        lane=f"desk:{ticket.id}",
        due_at=policy.now,
        ticket_id=ticket.id,
    )
    return (send,)
