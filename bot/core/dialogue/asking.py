"""The open question was not answered: how to find what is asked for, why it is, or that it does not matter."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.conversations import Question
from bot.core.dialogue.contact import merged
from bot.core.dialogue.decisions import Answer, AskSlot, Decision, HandOff, Offer, Serving, TicketKind
from bot.core.dialogue.plan import plan
from bot.core.dialogue.reading import CONTACT_SLOTS
from bot.core.dialogue.serving import MOST_ASKED
from bot.core.intents import Block
from bot.core.wording import Wording

if TYPE_CHECKING:
    from bot.core.conversations import Conversation
    from bot.core.dialogue.reading import Reading
    from bot.core.library import Library


def helped(reading: Reading, conversation: Conversation, library: Library, *, staff: bool) -> Decision:
    """The customer does not know, or named something no record knows."""
    if reading.act == "line_only":
        company = Question(slot="provider", intent=reading.intent)
        return AskSlot(question=company, how=Wording.ASK_PROVIDER_AGAIN)
    question = conversation.question
    assert question is not None
    if reading.act == "beside":
        return _ask_again(question)
    if reading.act == "asks_back":
        return _why(question, reading, conversation)
    if question.slot == "client":
        made = plan(
            library.intents[question.intent], replace(reading.slots, client="?"), staff=staff, resume="client"
        )
        rest = tuple(block for block in made.blocks if block.kind not in {"steps", "client_dates"})
        client_help = Block(kind="steps", argument="unknown")
        return Answer(servings=(Serving(intent=question.intent, blocks=(client_help, *rest)),))
    if question.asked > MOST_ASKED:
        return Offer(how=Wording.NO_MATTER)
    how = _HOW_TO_FIND.get((question.slot, reading.act), _AGAIN.get(question.slot, Wording.STILL_ASKING))
    return AskSlot(question=replace(question, asked=question.asked + 1), how=how)


def _ask_again(question: Question) -> Decision:
    """What was told is taken note of, and the question asked again, once."""
    if question.asked > MOST_ASKED:
        return Offer(how=Wording.NO_MATTER)
    how = Wording.NOTED_ASK_CLIENT if question.slot == "client" else Wording.NOTED_ASK_PROVIDER
    return AskSlot(question=replace(question, asked=question.asked + 1), how=how)


def _why(question: Question, reading: Reading, conversation: Conversation) -> Decision:
    """Why the bot asks, in a few words; the question stays open."""
    if question.slot not in CONTACT_SLOTS:
        how = Wording.WHY_CLIENT if question.slot == "client" else Wording.WHY_PROVIDER
        return AskSlot(question=question, how=how)
    ticket: TicketKind = "migration" if reading.intent == "migration" else "handoff"
    how = Wording.WHY_CONTACT_MIGRATION if ticket == "migration" else Wording.WHY_CONTACT
    contact = merged(conversation.contact, reading.contact)
    return HandOff(ticket=ticket, reason="asked", opens=False, contact=contact, asks=question.slot, how=how)


_HOW_TO_FIND = {
    ("provider", "unsure_answer"): Wording.ASK_PROVIDER_HOW,
    ("provider", "no_answer"): Wording.ASK_PROVIDER_AGAIN,
}
_AGAIN = {
    "protocol": Wording.ASK_PROTOCOL_HOW,
    "direction": Wording.ASK_DIRECTION,
    "error_code": Wording.ASK_ERROR_CODE_HOW,
}
