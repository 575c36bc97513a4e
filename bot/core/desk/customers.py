"""What a customer's event does to their open ticket: it is carried to the desk, and a person owes an answer."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from bot.core.desk import intake, promises
from bot.core.desk.cards import customer_name
from bot.core.desk.drafts import short
from bot.core.desk.handoff import with_contact
from bot.core.desk.states import Cancel, Refusal, moved
from bot.core.dialogue.contact import find_contact
from bot.core.messages import (
    Attachment,
    Channel,
    Edited,
    Joined,
    Lapsed,
    Left,
    Media,
    Pressed,
    Reply,
    Revise,
    Said,
    Say,
    Sticker,
    Text,
    Unsent,
)
from bot.core.outbox import to_desk, to_speaker
from bot.core.tickets import Contact
from bot.core.wording import Wording

if TYPE_CHECKING:
    from bot.core.desk.matter import Matter
    from bot.core.jobs import Job
    from bot.core.messages import Part, Send
    from bot.core.outcome import Outcome
    from bot.core.tickets import Relayed, Ticket


_NO_CALL = re.compile(
    r"(電話|でんわ|番号|連絡先|名前)[はもなどまでら、]{0,4}(結構|けっこう|大丈夫|だいじょうぶ|不要|いいです|いらな|いりませ|要りませ|必要(ない|あり)|なくて)"
)


def carried(matter: Matter, text: str) -> tuple[Send, ...]:
    """What the customer said, into the ticket's thread. *text* is what was typed, masked."""
    if isinstance(matter.utterance.content, Edited) and matter.scene.relayed:
        return _rewritten(matter, text, matter.scene.relayed)
    parts = _as_told_to_the_desk(matter, text)
    if not parts:
        return ()
    payload = Say(reply=Reply(parts=parts))
    sends = to_desk(matter.utterance, matter.ticket, payload, matter.policy, purpose="relay")
    message_id = matter.utterance.message_id
    return tuple(replace(send, origins=(message_id,) if message_id else ()) for send in sends)


def heard(matter: Matter) -> tuple[Ticket, tuple[Job, ...]]:
    """The ticket once its customer has spoken, and what the taker owes now. A telephone number goes onto the card."""
    content, before = matter.utterance.content, matter.ticket
    contact = find_contact(content.text) if isinstance(content, Said) else Contact()
    ticket = replace(
        with_contact(before, contact) if contact.phone else before,
        customer_said_at=matter.policy.now,
        unanswered_since=before.unanswered_since or matter.policy.now,
        silence_asked_at=None,
    )
    owed = () if before.unanswered_since else promises.owes_an_answer(ticket, matter.library)
    return ticket, owed


def cancelled(matter: Matter) -> Outcome | None:
    """The customer no longer wants a person: the ticket closes, and with it a visit that was booked. None: somebody is busy
    with it already, or that is not what was meant.
    """
    if not _is_meant(matter):
        return None
    ticket = moved(matter.ticket, Cancel(), matter.policy.now)
    if isinstance(ticket, Refusal):
        return None
    after = matter.now_at(replace(ticket, visit=None, confirmed=False, intake=""))
    visit = matter.ticket.visit
    when = promises.span(visit.start, visit.end, matter.library) if visit else ""
    words = Wording.VISIT_CANCELLED if visit else Wording.HANDOFF_CANCELLED
    noted = Wording.DESK_VISIT_CANCELLED if visit else Wording.DESK_CUSTOMER_CANCELLED
    told = Reply(parts=(Text(text=after.words(words, when=when)),))
    outcome = after.outcome(
        *to_speaker(matter.utterance, told, matter.policy),
        *after.note(noted, broadcast=visit is not None, when=when),
        *after.card(),
        events=(after.event("closed", ticket.ending),),
    )
    return replace(outcome, intent="resolved_thanks")


def _is_meant(matter: Matter) -> bool:
    """Who declines only a call wants a person still; and 「もう大丈夫です」 after a booking is agreement."""
    content = matter.utterance.content
    text = content.text if isinstance(content, Said) else ""
    if _NO_CALL.search(text):
        return False
    return not matter.ticket.confirmed or intake.calls_off(text)


def left(matter: Matter) -> tuple[Ticket, tuple[Send, ...]]:
    """The customer blocked the bot: nothing can be sent, but the telephone may still reach them."""
    after = replace(matter, ticket=replace(matter.ticket, customer_left=True))
    return after.ticket, (*after.card(), *after.note(Wording.DESK_CUSTOMER_LEFT))


def came_back(matter: Matter) -> tuple[Ticket, tuple[Send, ...]]:
    after = replace(matter, ticket=replace(matter.ticket, customer_left=False))
    return after.ticket, (*after.card(), *after.note(Wording.DESK_CUSTOMER_BACK))


def took_back(matter: Matter) -> tuple[Send, ...]:
    """A message was unsent: its copy at the desk is blanked, and everybody there knows."""
    note = matter.note(Wording.DESK_CUSTOMER_UNSENT)
    relayed = matter.scene.relayed
    if relayed is None:
        return (*matter.card(), *note)
    return (*matter.card(), *_copy_reads(matter, matter.words(Wording.DESK_UNSENT_HERE), relayed), *note)


def _rewritten(matter: Matter, text: str, relayed: Relayed) -> tuple[Send, ...]:
    """The copy at the desk reads as the message does now, so that nothing of it is left there should it be taken back."""
    copy = _copy_reads(matter, matter.words(Wording.DESK_CUSTOMER_SAYS, text=text), relayed)
    return (*copy, *matter.note(Wording.DESK_CUSTOMER_REWROTE))


def _copy_reads(matter: Matter, text: str, relayed: Relayed) -> tuple[Send, ...]:
    payload = Revise(send_id=relayed.send_id, reply=Reply(parts=(Text(text=text),)))
    return to_desk(matter.utterance, matter.ticket, payload, matter.policy, purpose="copy")


def _as_told_to_the_desk(matter: Matter, text: str) -> tuple[Part, ...]:
    content = matter.utterance.content
    match content:
        case Said() | Pressed():
            return (Text(text=_quoting(matter, matter.words(Wording.DESK_CUSTOMER_SAYS, text=text))),)
        case Sticker():
            meaning = "・".join(content.keywords[:3]) or f"{content.package_id}/{content.sticker_id}"
            return (Text(text=_quoting(matter, matter.words(Wording.DESK_CUSTOMER_STICKER, text=meaning))),)
        case Attachment():
            told = Text(text=_quoting(matter, matter.words(Wording.DESK_CUSTOMER_MEDIA, text=content.name)))
            if content.media == "location":
                return (told,)
            return (told, _media(content, matter.ticket))
        case Left():
            return (Text(text=matter.words(Wording.DESK_CUSTOMER_LEFT)),)
        case Joined() | Unsent() | Lapsed():
            return ()
        case Edited():
            return (Text(text=matter.words(Wording.DESK_CUSTOMER_EDITED, text=text)),)
    assert_never(content)


def _media(attachment: Attachment, ticket: Ticket) -> Media:
    return Media(
        media=attachment.media,
        source=Channel(ticket.customer.channel),
        content_id=attachment.content_id,
        name=attachment.name,
    )


def _quoting(matter: Matter, told: str) -> str:
    """*told* under the message that it answers to, as LINE shows it."""
    if not matter.utterance.quoted_id:
        return told
    line = matter.scene.line
    quote = short(line.text) if line and line.text else matter.words(Wording.DESK_QUOTE_UNKNOWN)
    who = customer_name(matter.ticket, matter.library) if line and line.who == "customer" else ""
    return f"{matter.words(Wording.DESK_QUOTE, quote=quote, whose=who)}\n{told}"
