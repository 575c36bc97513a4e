"""One turn of talk between a person and the bot: words in, a reply and the conversation after it out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, assert_never

from bot.core.conversations import Conversation, Question
from bot.core.dialogue import short_answers as short
from bot.core.dialogue.answer import answer
from bot.core.dialogue.contact import merged
from bot.core.dialogue.context import read
from bot.core.dialogue.customers import about_them, afresh, begins_another
from bot.core.dialogue.decide import decide
from bot.core.dialogue.decisions import Answer, AskSlot, Confirm, Decision, HandOff, Miss, Offer, Remark
from bot.core.dialogue.essence import wanted_at_last, with_all_that_is_listed
from bot.core.dialogue.hearing import Heard, beyond_courtesy, hear
from bot.core.dialogue.reading import Reading, clear_request, names_its_subject
from bot.core.dialogue.serving import is_price_beside_the_topic
from bot.core.messages import Reply, Text
from bot.core.safety.signing_in import mask_in_talk
from bot.core.slots import Slots
from bot.core.understand import understand
from bot.core.understanding import OUT_OF_SCOPE, Understanding
from bot.core.wording import Wording, known, said

if TYPE_CHECKING:
    from bot.core.library import Library
    from bot.core.safety.privacy import Masked

_SERVED_KEPT = 8
_COURTESY = frozenset({"resolved_thanks", "greeting"})
_NO_TOPIC = frozenset({OUT_OF_SCOPE, "greeting", "handoff", "not_resolved"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What one utterance led to. The words of a hand-off are added by the desk's rules, see `handoff`."""

    text: str
    understanding: Understanding
    reading: Reading
    decision: Decision
    reply: Reply
    conversation: Conversation

    @property
    def intent(self) -> str:
        """The intent served."""
        return self.reading.intent

    @property
    def asks(self) -> str:
        """The slot asked for in this turn, "" if none."""
        match self.decision:
            case HandOff():
                return self.decision.asks
            case AskSlot() | Answer() | Miss():
                question = self.decision.question
                return question.slot if question and question.slot != "offer" else ""
            case Confirm():
                return "intent"
            case Offer() | Remark():
                return ""
        assert_never(self.decision)

    @property
    def handoff(self) -> bool:
        """Whether a ticket was opened or offered."""
        match self.decision:
            case HandOff():
                return self.decision.opens or self.decision.ticket == "handoff"
            case Offer() | Remark(how=Wording.HANDOFF_ALREADY):
                return True
            case Answer(question=Question(slot="offer", intent="handoff")):
                return True
            case _:
                return False


def talk(text: str, conversation: Conversation, library: Library, *, staff: bool) -> Turn:
    """Understand *text* in its scene, decide, answer. A password in it never gets past the first line."""
    return talk_masked(mask_in_talk(text, conversation, library), conversation, library, staff=staff)


def talk_masked(masked: Masked, conversation: Conversation, library: Library, *, staff: bool) -> Turn:
    """The same for a text that was masked in its talk already."""
    text = masked.text
    if staff:
        conversation = afresh(conversation) if begins_another(text, library) else conversation
        text = about_them(text, library)
    heard = hear(text, library)
    meant = _understood(heard, library)
    reading = read(meant, conversation, library, staff=staff)
    understanding = meant if meant.text == masked.text else replace(meant, text=masked.text)
    password = "password" in masked.found
    if password:
        reading = _about_the_password(reading, understanding)
    decision = decide(reading, conversation, library, staff=staff)
    reply = answer(decision, reading, library, staff=staff)
    if password:
        reply = _warned(reply, reading, library)
    return Turn(
        text=masked.text,
        understanding=understanding,
        reading=reading,
        decision=decision,
        reply=reply,
        conversation=_after(decision, reading, conversation, library),
    )


def _understood(heard: Heard, library: Library) -> Understanding:
    """What is meant, as its own text; what is denied only as slots to forget."""
    understanding = wanted_at_last(understand(heard.meant, library), library)
    understanding = with_all_that_is_listed(understanding, library)
    if heard.greets and (
        understanding.verdict == "unknown"
        or not names_its_subject(understanding.intent, heard.meant, library)
    ):
        return replace(understand(heard.text, library), text=heard.text)
    if understanding.intent in _COURTESY and (rest := beyond_courtesy(heard.meant, library)):
        beyond = understand(rest, library)
        understanding = beyond if clear_request(beyond) else understanding
    if not heard.denied and not short.corrects(heard.text, library):
        return understanding
    denied = library.slot_finder.find(heard.denied) if heard.denied else Slots()
    return replace(understanding, denied=denied, corrects=True, only_denies=heard.only_denies)


def _about_the_password(reading: Reading, understanding: Understanding) -> Reading:
    """A password was typed: that comes first, unless it came with details to be called at; a request of its own beside it
    is served too.
    """
    if reading.act == "contact" and reading.contact.phone:
        return reading
    own = understanding.verdict == "clear" and understanding.intent not in {
        *_NO_TOPIC,
        "resolved_thanks",
        "auth_failed",
    }
    return replace(
        reading,
        act="focus",
        intent="auth_failed",
        focus="password_typed",
        also=(understanding.intent,) if own else (),
    )


def _warned(reply: Reply, reading: Reading, library: Library) -> Reply:
    warning = Text(text=said(library, Wording.PASSWORD_SEEN, **known(reading.slots, library)))
    return Reply(parts=(warning, *reply.parts))


def _after(
    decision: Decision, reading: Reading, conversation: Conversation, library: Library
) -> Conversation:
    """The conversation once the reply is out."""
    solved = reading.intent == "resolved_thanks" and reading.act == "request"
    served = () if is_price_beside_the_topic(reading, conversation) else _served(decision, reading)
    return replace(
        conversation,
        topic=_topic(served, conversation, library),
        served=(*conversation.served, *served)[-_SERVED_KEPT:],
        question=_question(decision, conversation),
        slots=reading.slots,
        contact=merged(conversation.contact, decision.contact)
        if isinstance(decision, HandOff)
        else conversation.contact,
        failures=_failures(decision, reading, conversation, solved=solved),
        misses=_misses(decision, conversation),
    )


def _served(decision: Decision, reading: Reading) -> tuple[str, ...]:
    if isinstance(decision, Answer):
        wanted = [serving.intent for serving in decision.servings if serving.intent != reading.intent]
        return (reading.intent, *wanted)
    if isinstance(decision, HandOff):
        return (decision.ticket, *reading.also)
    return ()


def _topic(served: tuple[str, ...], conversation: Conversation, library: Library) -> str:
    """The first thing served that is worth coming back to; thanks and small talk leave the topic as it is."""
    return next(
        (i for i in served if i in library.intents and i not in _NO_TOPIC and i != "resolved_thanks"),
        conversation.topic,
    )


def _question(decision: Decision, conversation: Conversation) -> Question | None:
    before = conversation.question
    match decision:
        case Answer() | AskSlot():
            return decision.question
        case Confirm():
            return Question(slot="intent", intent=decision.candidates[0], options=decision.candidates)
        case Offer():
            return Question(slot="offer", intent="handoff")
        case HandOff() if decision.asks:
            again = before and before.intent == decision.ticket and before.slot != "offer"
            return Question(
                slot=decision.asks, intent=decision.ticket, asked=before.asked + 1 if before and again else 1
            )
        case HandOff():
            return None
        case Remark():
            return None if decision.drops_question else before
        case Miss():
            return decision.question or before
    assert_never(decision)


def _failures(decision: Decision, reading: Reading, conversation: Conversation, *, solved: bool) -> int:
    if solved or (isinstance(decision, HandOff) and decision.opens):
        return 0
    return conversation.failures + (reading.intent == "not_resolved" and reading.act == "request")


def _misses(decision: Decision, conversation: Conversation) -> int:
    """How often in a row the bot did not understand; a short word in between does not count."""
    if isinstance(decision, Miss):
        return conversation.misses + 1
    return conversation.misses if isinstance(decision, Remark) else 0
