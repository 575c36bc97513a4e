"""The way into people's hands: a ticket opens, or the last one opens again, and the customer is told what to expect."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.desk import promises
from bot.core.desk.cards import talk_lines, ticket_card
from bot.core.desk.phone import written
from bot.core.desk.states import Refusal, Reopen, moved
from bot.core.dialogue.contact import merged
from bot.core.jobs import Job
from bot.core.messages import Channel, Reply, Say, Text
from bot.core.outbox import made_id, to_customer, to_desk
from bot.core.slots import Slots
from bot.core.tickets import Contact, Ticket
from bot.core.wording import Wording, known, said

if TYPE_CHECKING:
    from bot.core.conversations import Conversation, Line
    from bot.core.desk.matter import Matter
    from bot.core.dialogue.decisions import HandOff
    from bot.core.library import Library
    from bot.core.messages import Send, Utterance
    from bot.core.outcome import Policy

PROFILE = "profile"
"""The job that asks the platform for the customer's name and picture."""

_LINES_KEPT = 12


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
        contact=_checked(decision.contact),
        talk=talk_lines(conversation.recent, library),
        tried=_tried(conversation, library),
        customer_said_at=policy.now,
    )


def reopened(
    past: Ticket, decision: HandOff, conversation: Conversation, library: Library, policy: Policy
) -> Ticket:
    """The ticket *past* again, with what has been said since."""
    again = moved(past, Reopen(), policy.now)
    assert not isinstance(again, Refusal)
    return replace(
        again,
        reason=_reason(decision, library),
        slots=past.slots.merged(conversation.slots),
        contact=merged(past.contact, _checked(decision.contact)),
        talk=talk_lines(conversation.recent, library),
        tried=_tried(conversation, library),
        customer_said_at=policy.now,
        unanswered_since=None,
    )


def card_send(utterance: Utterance, ticket: Ticket, library: Library, policy: Policy) -> tuple[Send, ...]:
    """The card's first posting: nothing, when no desk is configured."""
    payload = Say(reply=Reply(parts=(ticket_card(ticket, library, now=policy.now),)))
    card = to_desk(utterance, ticket, payload, policy, purpose="card")
    return (*card, *_where_to_talk(utterance, ticket, library, policy))


def back_again(matter: Matter) -> tuple[Send, ...]:
    """The old card as it stands now, and a call into its thread that is seen in the channel too."""
    last = (matter.ticket.last_taker_id,) if matter.ticket.last_taker_id else ()
    return (
        *matter.card(),
        *matter.note(Wording.DESK_REOPENED, mentions=last, broadcast=True),
        *_where_to_talk(matter.utterance, matter.ticket, matter.library, matter.policy),
    )


def _where_to_talk(
    utterance: Utterance, ticket: Ticket, library: Library, policy: Policy
) -> tuple[Send, ...]:
    """Who asked by a command, and was answered there and then, finds the talk with people in the direct messages."""
    elsewhere = utterance.handle is not None and not ticket.customer.thread
    if ticket.customer.channel is not Channel.SLACK or not elsewhere or policy.desk is None:
        return ()
    say = Say(reply=Reply(parts=(Text(text=said(library, Wording.HANDOFF_HERE)),)))
    return (to_customer(utterance, ticket, say, policy, purpose="here"),)


def with_contact(ticket: Ticket, contact: Contact) -> Ticket:
    """The open ticket with details left later."""
    return replace(ticket, contact=merged(ticket.contact, _checked(contact)))


def profile_job(ticket: Ticket, policy: Policy) -> tuple[Job, ...]:
    """Who the customer is, asked of LINE: slow work, so not done while they wait."""
    person = ticket.customer.channel is Channel.LINE and ticket.customer.to.startswith("U")
    if not person or policy.desk is None:
        return ()
    details = {"ticket": ticket.id, "channel": ticket.customer.channel, "to": ticket.customer.to}
    return (Job(id=f"{ticket.id}:{PROFILE}", kind=PROFILE, due_at=policy.now, details=details),)


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
    opening = how in {Wording.HANDOFF_OPENED, Wording.MIGRATION_OPENED}
    if opening and promises.is_closed_now(library, policy.now):
        told.append(_after_hours(library, policy, facts))
    elif how is Wording.HANDOFF_OPENED and library.shop.phone:
        told.append(said(library, Wording.HANDOFF_PHONE, **facts))
    return Reply(parts=(Text(text="\n\n".join(told)),))


def contact_lines(contact: Contact, library: Library) -> str:
    rows = (
        (Wording.CONTACT_NAME, contact.name),
        (Wording.CONTACT_PHONE, contact.phone),
        (Wording.CONTACT_TIME, contact.time),
    )
    return "\n".join(said(library, wording, value=value) for wording, value in rows if value)


def kept(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """As many of the last lines as a conversation remembers."""
    return lines[-_LINES_KEPT:]


def without(ticket: Ticket, lines: tuple[Line, ...], library: Library) -> Ticket:
    """The ticket without *lines* in its talk: they were taken back."""
    gone = set(talk_lines(lines, library))
    return replace(ticket, talk=tuple(line for line in ticket.talk if line not in gone))


def _checked(contact: Contact) -> Contact:
    """*contact* with its number as Japan writes it."""
    return replace(contact, phone=written(contact.phone) or contact.phone)


def _after_hours(library: Library, policy: Policy, facts: dict[str, str]) -> str:
    when = promises.opens_at(library, policy.now)
    if not when:
        return said(library, Wording.AFTER_HOURS_UNKNOWN, **facts)
    return said(library, Wording.AFTER_HOURS, **facts, when=when)


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


def _tried(conversation: Conversation, library: Library) -> tuple[str, ...]:
    """What the bot has answered already, by the names of the intents; that it called people is no answer."""
    served = (
        library.intents[name].title
        for name in conversation.served
        if name in library.intents and name != "handoff"
    )
    return tuple(dict.fromkeys(served))
