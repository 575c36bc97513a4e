"""One event about a ticket, with everything that may be posted about it: to its thread, to one person, to the customer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.core.conversations import Conversation
from bot.core.desk.cards import customer_called, customer_name, ticket_card
from bot.core.desk.states import in_step
from bot.core.library import Library
from bot.core.messages import Choices, React, Reply, Revise, Say, Text, Utterance
from bot.core.outbox import to_customer, to_desk, to_speaker
from bot.core.outcome import Outcome, Policy, Scene
from bot.core.tickets import Ticket, TicketEvent
from bot.core.wording import Wording, known, said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.conversations import Line
    from bot.core.jobs import Job
    from bot.core.messages import Choice, Send


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """`customer` is the conversation of the ticket's customer, who need not be the one who speaks."""

    utterance: Utterance
    scene: Scene
    ticket: Ticket
    customer: Conversation
    library: Library
    policy: Policy

    @property
    def speaker_name(self) -> str:
        return self.utterance.speaker.name or said(self.library, Wording.OPERATOR_UNNAMED)

    def now_at(self, ticket: Ticket) -> Matter:
        """The same event once *ticket* has changed; the customer's conversation goes with it."""
        return replace(self, ticket=ticket, customer=in_step(self.customer, ticket))

    def words(self, wording: Wording, /, **values: object) -> str:
        """The text called *wording*; it may name the shop's facts, the `customer` by `name` or politely, and the `taker`."""
        facts = known(self.ticket.slots, self.library)
        names = {
            "name": customer_name(self.ticket, self.library),
            "customer": customer_called(self.ticket, self.library),
            "taker": self.ticket.taker_name or said(self.library, Wording.OPERATOR_UNNAMED),
            "who": self.speaker_name,
        }
        return said(self.library, wording, **(facts | names | values))

    # --- at the desk

    def card(self) -> tuple[Send, ...]:
        """The card as it stands now, in its place."""
        card = ticket_card(self.ticket, self.library, now=self.policy.now)
        payload = Revise(send_id=self.ticket.card_send_id, reply=Reply(parts=(card,)))
        return to_desk(self.utterance, self.ticket, payload, self.policy, purpose="revise")

    def note(
        self,
        wording: Wording,
        *,
        mentions: Sequence[str] = (),
        broadcast: bool = False,
        buttons: Sequence[Choice] = (),
        **values: object,
    ) -> tuple[Send, ...]:
        """A line in the thread; a broadcast one is seen in the channel too."""
        text = Text(text=self.words(wording, **values), mentions=tuple(mentions))
        parts = (text, Choices(prompt="", options=tuple(buttons))) if buttons else (text,)
        say = Say(reply=Reply(parts=parts), broadcast=broadcast)
        return to_desk(self.utterance, self.ticket, say, self.policy, purpose=f"note:{wording}")

    def mark(self, emoji: str, message_id: str = "") -> tuple[Send, ...]:
        """A sign on a message of the thread, by default on the one just said."""
        on = message_id or self.utterance.message_id
        if not on:
            return ()
        payload = React(message_id=on, emoji=emoji)
        return to_desk(self.utterance, self.ticket, payload, self.policy, purpose=f"react:{emoji}:{on}")

    def aside(
        self, wording: Wording, *, buttons: Sequence[Choice] = (), **values: object
    ) -> tuple[Send, ...]:
        """Said to the speaker alone."""
        parts: tuple[Text | Choices, ...] = (Text(text=self.words(wording, **values)),)
        if buttons:
            parts = (*parts, Choices(prompt="", options=tuple(buttons)))
        reader = self.utterance.speaker.id
        if not reader:
            return ()
        return to_speaker(self.utterance, Reply(parts=parts), self.policy, only_for=reader)

    # --- to the customer

    def customer_hears(
        self,
        reply: Reply,
        *,
        purpose: str = "customer",
        sender: str = "",
        origins: Sequence[str] = (),
    ) -> tuple[Send, ...]:
        """Something for the customer, by the free way to answer that was left unused if there still is one."""
        if self.customer.blocked or not reply:
            return ()
        say = Say(reply=reply, sender=sender if self.library.shop.operator_names else "")
        send = to_customer(self.utterance, self.ticket, say, self.policy, purpose=purpose)
        handle = self.customer.handle
        free = handle if handle is not None and handle.expires_at > self.policy.now else None
        return (replace(send, handle=free, ticket_id=self.ticket.id, origins=tuple(origins)),)

    def customer_told(self, wording: Wording, **values: object) -> tuple[Send, ...]:
        return self.customer_hears(
            Reply(parts=(Text(text=self.words(wording, **values)),)), purpose=f"told:{wording}"
        )

    # --- all of it

    def event(self, kind: str, detail: str = "") -> TicketEvent:
        return TicketEvent(
            ticket_id=self.ticket.id,
            kind=kind,
            at=self.policy.now,
            who=self.utterance.speaker.name or self.utterance.speaker.id,
            detail=detail,
        )

    def outcome(
        self,
        *sends: Send,
        jobs: Sequence[Job] = (),
        lines: Sequence[Line] = (),
        events: Sequence[TicketEvent] = (),
        forget: Sequence[str] = (),
        withdrawn: Sequence[str] = (),
    ) -> Outcome:
        """Everything to be saved and sent; the ticket and the customer's conversation as they stand in this matter."""
        customer = self.customer
        if any(send.handle is not None and send.handle == customer.handle for send in sends):
            sends = _once(sends, customer)
            customer = replace(customer, handle=None)
        return Outcome(
            conversations=(customer,),
            ticket=self.ticket,
            sends=tuple(sends),
            jobs=tuple(jobs),
            lines=tuple((self.ticket.customer, line) for line in lines),
            events=tuple(events),
            forget=tuple(forget),
            withdrawn=tuple(withdrawn),
            intent="handoff",
        )


def _once(sends: Sequence[Send], customer: Conversation) -> tuple[Send, ...]:
    """A free way to answer works once: only the first of *sends* keeps it."""
    kept: list[Send] = []
    used = False
    for send in sends:
        if send.handle is not None and send.handle == customer.handle:
            kept.append(replace(send, handle=None) if used else send)
            used = True
        else:
            kept.append(send)
    return tuple(kept)
