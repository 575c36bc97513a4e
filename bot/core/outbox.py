"""Rows for the outbox: each with an id made from the event that caused it, so that the same event makes the same rows."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

from bot.core.messages import Address, Say, Send

if TYPE_CHECKING:
    from bot.core.messages import Payload, Reply, Utterance
    from bot.core.outcome import Policy
    from bot.core.tickets import Ticket


def made_id(utterance: Utterance, purpose: str) -> str:
    """An id for what *utterance* causes; *purpose* tells several of them apart.

    It has the shape of a UUID made from names (version 5), as LINE takes it, but is hashed with BLAKE2: SHA-1 costs five times
    as much, in every turn.
    """
    name = blake2b(f"{utterance.id}\n{purpose}".encode(), digest_size=16, person=b"madoguchi").hexdigest()
    return f"{name[:8]}-{name[8:12]}-5{name[13:16]}-8{name[17:20]}-{name[20:]}"


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
