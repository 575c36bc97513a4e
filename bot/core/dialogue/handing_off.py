"""On the way to a ticket: consent, name, phone number and time, each asked for but once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.dialogue.contact import merged
from bot.core.dialogue.decisions import Decision, HandOff, Remark, TicketKind
from bot.core.dialogue.reading import CONTACT_SLOTS
from bot.core.dialogue.serving import MOST_ASKED
from bot.core.tickets import Contact
from bot.core.wording import Wording

if TYPE_CHECKING:
    from bot.core.conversations import Conversation
    from bot.core.dialogue.reading import Reading


def with_contact(reading: Reading, conversation: Conversation) -> Decision:
    """On the way to a ticket: details left, consent given or refused."""
    ticket: TicketKind = "migration" if reading.intent == "migration" else "handoff"
    question = conversation.question
    asked_for_details = bool(question and question.slot in {"contact", "name", "phone", "time"})
    reason = "migration" if ticket == "migration" else ("not_resolved" if conversation.failures else "asked")
    match reading.act:
        case "no_call" if ticket == "migration":
            return HandOff(ticket=ticket, reason=reason, opens=True, contact=conversation.contact)
        case "decline" | "no_call":
            return Remark(
                how=Wording.CONTACT_DECLINED if conversation.ticket_id else Wording.OFFER_DECLINED,
                drops_question=True,
            )
        case "broken_phone":
            known = merged(conversation.contact, reading.contact)
            how = Wording.PHONE_BROKEN
            return HandOff(ticket=ticket, reason=reason, opens=False, contact=known, asks="phone", how=how)
        case "contact":
            return _with_details(merged(conversation.contact, reading.contact), ticket, reason, conversation)
        case _:
            if ticket == "migration" and not (
                asked_for_details and question and question.asked >= MOST_ASKED
            ):
                return _with_details(conversation.contact, ticket, reason, conversation)
            if conversation.ticket_id and question and asked_for_details:
                how = Wording.HANDOFF_ALREADY_CONTACT
                return HandOff(ticket=ticket, reason=reason, opens=False, asks=question.slot, how=how)
            if conversation.ticket_id:
                return Remark(how=Wording.HANDOFF_ALREADY)
            return HandOff(
                ticket=ticket,
                reason=reason,
                opens=True,
                contact=conversation.contact,
                asks="" if asked_for_details else "contact",
                how=None if asked_for_details else Wording.ASK_CONTACT_OPTIONAL,
            )


def _with_details(contact: Contact, ticket: TicketKind, reason: str, conversation: Conversation) -> Decision:
    if ticket == "handoff":
        asks, how = _nice_to_know(contact, conversation)
        return HandOff(ticket=ticket, reason=reason, opens=True, contact=contact, asks=asks, how=how)
    if contact == Contact():
        return HandOff(
            ticket=ticket, reason=reason, opens=False, asks="contact", how=Wording.ASK_CONTACT_MIGRATION
        )
    for slot, value, how in (
        ("name", contact.name, Wording.ASK_NAME),
        ("phone", contact.phone, Wording.ASK_PHONE),
        ("time", contact.time, Wording.ASK_TIME),
    ):
        if not value:
            return HandOff(ticket=ticket, reason=reason, opens=False, contact=contact, asks=slot, how=how)
    return HandOff(ticket=ticket, reason=reason, opens=True, contact=contact)


def _nice_to_know(contact: Contact, conversation: Conversation) -> tuple[str, Wording | None]:
    """What to ask for next, each but once: whoever leaves out what was asked for is not asked again."""
    question = conversation.question
    asked = question.slot if question and question.slot in CONTACT_SLOTS else ""
    corrected = conversation.contact.phone not in {"", contact.phone}
    if not contact.phone:
        return ("", None) if asked in {"name", "phone", "time"} else ("phone", Wording.ASK_PHONE_OPTIONAL)
    if not contact.name and asked not in {"name", "time"}:
        return "name", Wording.ASK_NAME
    if not contact.time and (asked != "time" or corrected):
        return "time", Wording.ASK_TIME
    return "", None
