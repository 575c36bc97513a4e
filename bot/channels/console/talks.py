"""Conversations in memory: the pure core with nothing around it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.core.conversations import Conversation
from bot.core.library import Library
from bot.core.messages import Address, Channel, Reply, Say, Speaker, Utterance
from bot.core.outcome import Policy
from bot.core.respond import Outcome, Scene, respond
from bot.core.tickets import Ticket

if TYPE_CHECKING:
    from datetime import datetime

    from bot.core.messages import Content

DESK = Address(channel=Channel.SLACK, to="desk")
"""Where tickets would be posted: in the terminal somebody is taken to be there."""


@dataclass(kw_only=True, slots=True)
class Talks:
    """Every conversation by its address, as far as it has come."""

    library: Library
    _conversations: dict[Address, Conversation] = field(default_factory=dict)
    _tickets: dict[str, Ticket] = field(default_factory=dict)
    _heard: int = 0

    def hear(self, content: Content, *, at: Address, now: datetime) -> tuple[Outcome, tuple[Reply, ...]]:
        """What follows from *content*, said at *at*, and what is said back there."""
        self._heard += 1
        utterance = Utterance(
            id=f"console-{self._heard}",
            address=at,
            speaker=Speaker(id=at.to),
            content=content,
            said_at=now,
            message_id=f"line-{self._heard}",
        )
        conversation = self._conversations.get(at, Conversation(address=at))
        ticket = self._tickets.get(conversation.ticket_id)
        scene = Scene(conversation=conversation, ticket=ticket if ticket and ticket.open else None)
        outcome = respond(utterance, scene, self.library, Policy(now=now, desk=DESK))
        for changed in outcome.conversations:
            self._conversations[changed.address] = changed
        if outcome.ticket:
            self._tickets[outcome.ticket.id] = outcome.ticket
        said = (send.payload for send in outcome.sends if send.address == at)
        return outcome, tuple(payload.reply for payload in said if isinstance(payload, Say))
