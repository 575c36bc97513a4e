"""decide(reading, conversation, library) -> Decision: what to do about an utterance, before any words are chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from bot.core.dialogue.asking import helped
from bot.core.dialogue.contact import merged
from bot.core.dialogue.decisions import Confirm, Decision, HandOff, Miss, Offer, Remark
from bot.core.dialogue.handing_off import with_contact
from bot.core.dialogue.serving import focus, not_resolved, serve, still_open
from bot.core.understanding import OUT_OF_SCOPE
from bot.core.wording import Wording

if TYPE_CHECKING:
    from bot.core.conversations import Conversation
    from bot.core.dialogue.reading import Reading
    from bot.core.library import Library


def decide(reading: Reading, conversation: Conversation, library: Library, *, staff: bool) -> Decision:
    match reading.act:
        case "answer":
            return serve(reading, conversation, library, staff=staff, resume=_answered(reading, conversation))
        case "follow_up":
            return serve(
                reading,
                conversation,
                library,
                staff=staff,
                resume=_what_is_new(reading, conversation),
                again=True,
            )
        case "request":
            return _request(reading, conversation, library, staff=staff)
        case "focus":
            return focus(reading, conversation, library)
        case "confirm":
            return Confirm(candidates=reading.candidates)
        case "unsure_answer" | "no_answer" | "asks_back" | "beside" | "line_only":
            return helped(reading, conversation, library, staff=staff)
        case "accept" | "contact" | "broken_phone" | "decline" | "no_call":
            return with_contact(reading, conversation)
        case "hours" | "lost" | "heard" | "announces" | "unclear" | "miss":
            return _small(reading, conversation)
    assert_never(reading.act)


def _small(reading: Reading, conversation: Conversation) -> Decision:
    match reading.act:
        case "hours":
            return Remark(how=Wording.SHOP_HOURS)
        case "lost":
            return Offer(how=Wording.NO_MATTER)
        case "heard":
            return Remark(how=Wording.ACKNOWLEDGED)
        case "announces":
            return Remark(how=Wording.AWAITED)
        case _:
            return _miss(reading, conversation)


def _request(reading: Reading, conversation: Conversation, library: Library, *, staff: bool) -> Decision:
    if reading.intent == "handoff":
        contact = merged(conversation.contact, reading.contact)
        known = (staff and not reading.for_a_customer) or contact.phone
        asks, how = ("", None) if known else ("contact", Wording.ASK_CONTACT_OPTIONAL)
        return HandOff(ticket="handoff", reason="asked", opens=True, contact=contact, asks=asks, how=how)
    if reading.intent == "not_resolved":
        return not_resolved(reading, conversation, library, staff=staff)
    if reading.intent == OUT_OF_SCOPE:
        return _miss(reading, conversation)
    return serve(reading, conversation, library, staff=staff)


def _miss(reading: Reading, conversation: Conversation) -> Decision:
    if reading.angry or conversation.misses >= 1:
        return Offer(how=Wording.SORRY if reading.angry else Wording.MISS_AGAIN)
    if reading.act == "unclear":
        question = conversation.question
        asks = question if question and question.slot in {"provider", "client", "error_code"} else None
        return Miss(question=asks, about=reading.intent)
    return Miss(question=still_open(reading, conversation))


def _answered(reading: Reading, conversation: Conversation) -> str:
    """The slot just answered: the reply goes on from there, unless the provider changed under it."""
    question = conversation.question
    assert question is not None
    changed = reading.told.provider and conversation.slots.provider not in {None, reading.told.provider}
    return "" if changed else question.slot


def _what_is_new(reading: Reading, conversation: Conversation) -> str:
    """The slot from which the topic is taken up again: what was said before it still holds, unless it rested on a slip."""
    told = reading.told
    if reading.corrects and not told.provider:
        return ""
    if told.provider or told.unknown_domain:
        return "provider"
    question = conversation.question
    if question and question.intent == reading.intent and not getattr(reading.slots, question.slot, None):
        return question.slot
    return "client" if told.client else ""
