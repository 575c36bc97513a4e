"""The hand-off between bot and people: a ticket opens, is taken, carries words both ways, and is closed again."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from bot.core import cards
from bot.core.cards import customer_name, talk_lines, ticket_card
from bot.core.contact import merged
from bot.core.conversations import Line, Mode
from bot.core.messages import (
    Attachment,
    Joined,
    Left,
    Pressed,
    Reply,
    Revise,
    Said,
    Say,
    Sticker,
    Text,
    Unsent,
)
from bot.core.outbox import made_id, to_customer, to_desk, to_speaker
from bot.core.outcome import Outcome
from bot.core.privacy import mask
from bot.core.slots import Slots
from bot.core.tickets import Contact, Ticket, TicketState
from bot.core.wording import Wording, known, said

if TYPE_CHECKING:
    from bot.core.conversations import Conversation
    from bot.core.decide import HandOff
    from bot.core.library import Library
    from bot.core.messages import Content, Send, Utterance
    from bot.core.outcome import Policy, Scene

_INTERNAL = re.compile(r"^\s*(//|／／|メモ|めも)")


def opened(
    utterance: Utterance, decision: HandOff, conversation: Conversation, library: Library, policy: Policy
) -> Ticket:
    """A new ticket with what is known so far. *conversation* already holds this turn's line."""
    ticket_id = made_id(utterance, "ticket")
    return Ticket(
        id=ticket_id,
        kind=decision.ticket,
        customer=conversation.address,
        opened_at=policy.now,
        customer_name=utterance.speaker.name,
        card_send_id=made_id(utterance, "card"),
        reason=_reason(decision, library),
        slots=conversation.slots,
        contact=decision.contact,
        talk=talk_lines(conversation.recent, library),
    )


def card_send(utterance: Utterance, ticket: Ticket, library: Library, policy: Policy) -> tuple[Send, ...]:
    """The card's first posting: nothing, when no desk is configured."""
    payload = Say(reply=Reply(parts=(ticket_card(ticket, library),)))
    return to_desk(utterance, ticket, payload, policy, purpose="card")


def with_contact(
    utterance: Utterance, ticket: Ticket, contact: Contact, library: Library, policy: Policy
) -> tuple[Ticket, tuple[Send, ...]]:
    """The open ticket with details left later, its card renewed."""
    newer = replace(ticket, contact=merged(ticket.contact, contact))
    return newer, _revised(utterance, newer, library, policy)


def words(decision: HandOff, ticket: Ticket | None, library: Library, policy: Policy) -> Reply:
    """What the customer is told of a hand-off, before being asked for more. *ticket* is the one open before this turn."""
    if not decision.opens:
        return Reply()
    facts = known(Slots(), library)
    told = []
    if decision.contact != Contact():
        told.append(
            said(library, Wording.CONTACT_SUMMARY, **facts, contact=contact_lines(decision.contact, library))
        )
    how = _how_opened(decision, ticket, policy)
    told.append(said(library, how, **facts))
    if how is Wording.HANDOFF_OPENED and library.shop.phone:
        told.append(said(library, Wording.HANDOFF_PHONE, **facts))
    return Reply(parts=(Text(text="\n\n".join(told)),))


def contact_lines(contact: Contact, library: Library) -> str:
    rows = (
        (Wording.CONTACT_NAME, contact.name),
        (Wording.CONTACT_PHONE, contact.phone),
        (Wording.CONTACT_TIME, contact.time),
    )
    return "\n".join(said(library, wording, value=value) for wording, value in rows if value)


def relayed(
    utterance: Utterance, text: str, ticket: Ticket, library: Library, policy: Policy
) -> tuple[Send, ...]:
    """What the customer said, into the ticket's thread. *text* is what was typed, masked."""
    line = _as_told_to_the_desk(utterance.content, text, ticket, library)
    if not line:
        return ()
    payload = Say(reply=Reply(parts=(Text(text=line),)))
    return to_desk(utterance, ticket, payload, policy, purpose="relay")


def cancelled(
    utterance: Utterance, ticket: Ticket, conversation: Conversation, library: Library, policy: Policy
) -> Outcome:
    """The customer no longer wants a person: the ticket closes."""
    closed = ticket.closed(policy.now)
    note = _note(utterance, closed, Wording.DESK_CUSTOMER_CANCELLED, library, policy)
    told = Reply(parts=(Text(text=said(library, Wording.HANDOFF_CANCELLED)),))
    return Outcome(
        conversations=(_back_to_the_bot(conversation),),
        ticket=closed,
        sends=(*to_speaker(utterance, told, policy), *note, *_revised(utterance, closed, library, policy)),
        intent="resolved_thanks",
    )


def at_desk(utterance: Utterance, scene: Scene, library: Library, policy: Policy) -> Outcome:
    """An operator pressed a ticket's button, or spoke in its thread."""
    ticket, customer = scene.ticket, scene.customer
    assert ticket is not None
    assert customer is not None
    match utterance.content:
        case Pressed(action=action):
            return _pressed(action, utterance, ticket, customer, library, policy)
        case Said(text=text):
            return _spoken(text, utterance, ticket, customer, library, policy)
        case Attachment():
            return _only_for(utterance, Wording.DESK_NO_MEDIA, ticket, library, policy)
        case Sticker() | Joined() | Left() | Unsent():
            return Outcome()
    assert_never(utterance.content)


def _pressed(  # noqa: PLR0913, PLR0917 - one scene, spelled out
    action: str,
    utterance: Utterance,
    ticket: Ticket,
    customer: Conversation,
    library: Library,
    policy: Policy,
) -> Outcome:
    speaker = utterance.speaker
    if not ticket.open:
        return _only_for(utterance, Wording.DESK_ALREADY_CLOSED, ticket, library, policy)
    if action == cards.TICKET_TAKE:
        if ticket.state is TicketState.TAKEN:
            return _only_for(utterance, Wording.DESK_ALREADY_TAKEN, ticket, library, policy)
        taken = ticket.taken_by(speaker.id, speaker.name, policy.now)
        human = replace(customer, mode=Mode.HUMAN, ticket_id=ticket.id, question=None)
        return _moved(utterance, taken, human, (Wording.DESK_TAKEN, Wording.HANDOFF_TAKEN), library, policy)
    if action == cards.TICKET_CLOSE:
        told = (Wording.DESK_CLOSED, Wording.HANDOFF_CLOSED)
        return _moved(utterance, ticket.closed(policy.now), _back_to_the_bot(customer), told, library, policy)
    if ticket.taker_id != speaker.id:
        return _only_for(utterance, Wording.DESK_NOT_YOURS, ticket, library, policy)
    if action == cards.TICKET_RETURN:
        told = (Wording.DESK_RETURNED, Wording.HANDOFF_RETURNED)
        return _moved(utterance, ticket.closed(policy.now), _back_to_the_bot(customer), told, library, policy)
    if action in {cards.TICKET_RELEASE, cards.TICKET_TRANSFER}:
        free = replace(ticket, state=TicketState.WAITING, taker_id="", taker_name="", taken_at=None)
        told = (Wording.DESK_RELEASED, Wording.HANDOFF_RELEASED)
        return _moved(utterance, free, replace(customer, mode=Mode.WAITING), told, library, policy)
    return Outcome()


def _moved(  # noqa: PLR0913, PLR0917 - one scene, spelled out
    utterance: Utterance,
    ticket: Ticket,
    customer: Conversation,
    told: tuple[Wording, Wording],
    library: Library,
    policy: Policy,
) -> Outcome:
    """The ticket in its new state: the card renewed, the thread and the customer told."""
    desk_words, customer_words = told
    name = utterance.speaker.name
    sends = [
        *_revised(utterance, ticket, library, policy),
        *_note(utterance, ticket, desk_words, library, policy, who=name),
    ]
    if not customer.blocked:
        reply = Reply(parts=(Text(text=said(library, customer_words, **known(Slots(), library), who=name)),))
        sends.append(to_customer(utterance, ticket, Say(reply=reply), policy))
    return Outcome(conversations=(customer,), ticket=ticket, sends=tuple(sends), intent="handoff")


def _spoken(  # noqa: PLR0913, PLR0917 - one scene, spelled out
    text: str, utterance: Utterance, ticket: Ticket, customer: Conversation, library: Library, policy: Policy
) -> Outcome:
    """Only the taker's words reach the customer; other people's, and notes, stay in the thread."""
    if _INTERNAL.match(text) or not text.strip():
        return Outcome()
    if ticket.state is TicketState.WAITING:
        return _only_for(utterance, Wording.DESK_NOT_TAKEN_YET, ticket, library, policy)
    if ticket.state is TicketState.CLOSED:
        return _only_for(utterance, Wording.DESK_ALREADY_CLOSED, ticket, library, policy)
    if utterance.speaker.id != ticket.taker_id:
        return Outcome()
    if customer.blocked:
        return _only_for(utterance, Wording.DESK_CUSTOMER_LEFT, ticket, library, policy)
    line = Line(
        who="operator", text=mask(text).text, said_at=utterance.said_at, message_id=utterance.message_id
    )
    reply = Reply(parts=(Text(text=text),))
    send = to_customer(utterance, ticket, Say(reply=reply, sender=ticket.taker_name), policy)
    return Outcome(
        conversations=(replace(customer, recent=kept((*customer.recent, line))),),
        sends=(send,),
        lines=((ticket.customer, line),),
        intent="handoff",
    )


def kept(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """As many of the last lines as a conversation remembers."""
    return lines[-_LINES_KEPT:]


_LINES_KEPT = 12


def without(ticket: Ticket, lines: tuple[Line, ...], library: Library) -> Ticket:
    """The ticket without *lines* in its talk: they were taken back."""
    gone = set(talk_lines(lines, library))
    return replace(ticket, talk=tuple(line for line in ticket.talk if line not in gone))


def renewed(
    utterance: Utterance, ticket: Ticket, wording: Wording, library: Library, policy: Policy
) -> tuple[Send, ...]:
    """The card as it is now, and a note in the thread about what changed."""
    note = _note(utterance, ticket, wording, library, policy)
    return (*_revised(utterance, ticket, library, policy), *note)


def _back_to_the_bot(conversation: Conversation) -> Conversation:
    return replace(conversation, mode=Mode.BOT, ticket_id="", question=None, failures=0, misses=0)


def _revised(utterance: Utterance, ticket: Ticket, library: Library, policy: Policy) -> tuple[Send, ...]:
    payload = Revise(send_id=ticket.card_send_id, reply=Reply(parts=(ticket_card(ticket, library),)))
    return to_desk(utterance, ticket, payload, policy, purpose="revise")


def _note(  # noqa: PLR0913, PLR0917 - one scene, spelled out
    utterance: Utterance, ticket: Ticket, wording: Wording, library: Library, policy: Policy, who: str = ""
) -> tuple[Send, ...]:
    text = said(library, wording, who=who, name=customer_name(ticket, library))
    payload = Say(reply=Reply(parts=(Text(text=text),)))
    return to_desk(utterance, ticket, payload, policy, purpose="note")


def _only_for(
    utterance: Utterance, wording: Wording, ticket: Ticket, library: Library, policy: Policy
) -> Outcome:
    text = said(library, wording, taker=ticket.taker_name, name=customer_name(ticket, library))
    reply = Reply(parts=(Text(text=text),))
    return Outcome(sends=to_speaker(utterance, reply, policy, only_for=utterance.speaker.id))


def _how_opened(decision: HandOff, ticket: Ticket | None, policy: Policy) -> Wording:
    if ticket and decision.contact != Contact():
        return Wording.CONTACT_ADDED
    if ticket and policy.desk:
        return Wording.HANDOFF_ALREADY
    if decision.ticket == "migration":
        return Wording.MIGRATION_OPENED if policy.desk else Wording.MIGRATION_NOTED
    return Wording.HANDOFF_OPENED if policy.desk else Wording.HANDOFF_NOTED


def _reason(decision: HandOff, library: Library) -> str:
    reasons = {
        "asked": Wording.REASON_ASKED,
        "not_resolved": Wording.REASON_NOT_RESOLVED,
        "migration": Wording.REASON_MIGRATION,
    }
    return said(library, reasons[decision.reason])


def _as_told_to_the_desk(content: Content, text: str, ticket: Ticket, library: Library) -> str:
    name = customer_name(ticket, library)
    match content:
        case Said() | Pressed():
            return said(library, Wording.DESK_CUSTOMER_SAYS, name=name, text=text)
        case Sticker():
            return said(
                library, Wording.DESK_CUSTOMER_STICKER, name=name, text="・".join(content.keywords[:3])
            )
        case Attachment():
            return said(library, Wording.DESK_CUSTOMER_MEDIA, name=name, text=content.name)
        case Left():
            return said(library, Wording.DESK_CUSTOMER_LEFT, name=name, taker=ticket.taker_name)
        case Joined() | Unsent():
            return ""
    assert_never(content)
