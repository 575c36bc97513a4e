"""decide(reading, conversation, library) -> Decision: what to do about an utterance, before any words are chosen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, assert_never

from bot.core.conversations import Question
from bot.core.dialogue.compare import reports_numbers
from bot.core.dialogue.contact import merged
from bot.core.dialogue.plan import plan
from bot.core.dialogue.reading import CONTACT_SLOTS, MOVING, ONE_WAY, SMALL_TALK, SYMPTOMS, one_way
from bot.core.dialogue.topic_questions import MORE_CHECKS, trouble_of
from bot.core.intents import Block
from bot.core.tickets import Contact
from bot.core.understanding import OUT_OF_SCOPE
from bot.core.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.conversations import Conversation
    from bot.core.dialogue.reading import Reading
    from bot.core.library import Library

TicketKind = Literal["handoff", "migration"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """Blocks of one intent to give now."""

    intent: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Serve these, then ask `question` if there is one. `repeats`: it had been asked before something came between."""

    servings: tuple[Serving, ...]
    question: Question | None = None
    repeats: bool = False
    kind: Literal["answer"] = "answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskSlot:
    """Ask the open question again, with the help `how`."""

    question: Question
    how: Wording
    kind: Literal["ask"] = "ask"


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm:
    """「どちらですか」"""

    candidates: tuple[str, ...]
    kind: Literal["confirm"] = "confirm"


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOff:
    """Bring in a person. `opens`: a ticket opens now, with what is known of `contact`; `asks` is the contact slot to ask for
    ("": none), `how` the words that ask for it.
    """

    ticket: TicketKind
    reason: str
    opens: bool
    contact: Contact = Contact()
    asks: str = ""
    how: Wording | None = None
    kind: Literal["handoff"] = "handoff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Say `how` and offer a person; "yes" will do."""

    how: Wording
    kind: Literal["offer"] = "offer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A short word and nothing else; the open question stays as it is."""

    how: Wording
    drops_question: bool = False
    kind: Literal["remark"] = "remark"


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """Not understood: say what the bot can do; `question`, if there is one, is asked again. `about` is the intent that
    the utterance was at least about ("": not even that).
    """

    question: Question | None = None
    about: str = ""
    kind: Literal["miss"] = "miss"


Decision = Answer | AskSlot | Confirm | HandOff | Offer | Remark | Miss

ASIDES = frozenset(
    {
        "what_is_port",
        "pop_or_imap",
        "update_safety",
        "provider_docs",
        "open_settings",
        "windows11_upgrade",
        "greeting",
        "port_settings",
        "after_windows_update",
        "mailbox_full",
        OUT_OF_SCOPE,
    }
)
"""What may come between a question and its answer: it is served, and the question asked again."""

_MOST_SERVINGS = 2
_MOST_ASKED = 2


def decide(reading: Reading, conversation: Conversation, library: Library, *, staff: bool) -> Decision:
    match reading.act:
        case "answer":
            return _serve(
                reading, conversation, library, staff=staff, resume=_answered(reading, conversation)
            )
        case "follow_up":
            return _serve(
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
            return _focus(reading, conversation, library)
        case "confirm":
            return Confirm(candidates=reading.candidates)
        case "unsure_answer" | "no_answer" | "asks_back" | "beside" | "line_only":
            return _help(reading, conversation, library, staff=staff)
        case "accept" | "contact" | "broken_phone" | "decline":
            return _contact(reading, conversation)
        case "lost" | "heard" | "announces" | "unclear" | "miss":
            return _small(reading, conversation)
    assert_never(reading.act)


def _small(reading: Reading, conversation: Conversation) -> Decision:
    match reading.act:
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
        return _not_resolved(reading, conversation, library, staff=staff)
    if reading.intent == OUT_OF_SCOPE:
        return _miss(reading, conversation)
    return _serve(reading, conversation, library, staff=staff)


def _serve(  # noqa: PLR0913 - keyword-only and all of one scene
    reading: Reading,
    conversation: Conversation,
    library: Library,
    *,
    staff: bool,
    resume: str = "",
    again: bool = False,
) -> Decision:
    """Serve the intent and what was asked beside it; then ask for what is missing, or again what is still open."""
    if _unknown_code(reading, library):
        passed_on = (Block(kind="error_code"), Block(kind="offer_handoff"))
        serving = Serving(intent="error_code", blocks=passed_on)
        return Answer(servings=(serving,), question=Question(slot="offer", intent="handoff"))
    again = again or _asked_about_already(reading, conversation)
    wanted = [reading.intent, *(also for also in reading.also if also not in {reading.intent, *SMALL_TALK})]
    servings: list[Serving] = []
    question: Question | None = None
    for intent_id in wanted[:_MOST_SERVINGS]:
        first = not servings
        made = plan(
            library.intents[intent_id],
            reading.slots,
            staff=staff,
            resume=resume if first else "",
            again=again and first,
            compares=_compares(reading),
        )
        given = {block.kind for serving in servings for block in serving.blocks} & _ONCE_A_REPLY
        blocks = tuple(block for block in made.blocks if block.kind not in given)
        servings.append(Serving(intent=intent_id, blocks=blocks))
        if made.missing and not question:
            question = Question(slot=made.missing, intent=intent_id)
    question = question or _offered(servings)
    if question:
        return Answer(servings=tuple(servings), question=question)
    open_question = _still_open(reading, conversation)
    return Answer(servings=tuple(servings), question=open_question, repeats=open_question is not None)


_ONCE_A_REPLY = frozenset({"settings", "compare", "steps"})
"""Cards that are long enough to be shown but once, even where two things are answered."""


def _compares(reading: Reading) -> bool:
    """Whether numbers told earlier are compared again: not when only one way, or a name, is asked for now."""
    told = reading.told
    way = next((role for role, symptom in ONE_WAY.items() if symptom == reading.intent), told.direction)
    if reports_numbers(told):
        return True
    if way and reading.slots.ports and not any(port.role is way for port in reading.slots.ports):
        return False
    return reading.act != "follow_up" or bool(told.provider)


def _asked_about_already(reading: Reading, conversation: Conversation) -> bool:
    """The customer goes on about what the bot has just asked a question for."""
    return conversation.question is not None and conversation.question.intent == reading.intent


def _unknown_code(reading: Reading, library: Library) -> bool:
    code = reading.slots.error_code
    return reading.intent == "error_code" and code is not None and code not in library.error_codes


def _focus(reading: Reading, conversation: Conversation, library: Library) -> Decision:
    """One text of an intent (or one block of it, when it is named after its kind), with the intent's offer if it has one."""
    intent = library.intents[reading.intent]
    kinds = {block.kind: block for block in intent.reply}
    offers = [kinds[kind] for kind in ("offer_migration", "offer_handoff") if kind in kinds]
    if is_price_beside_the_topic(reading, conversation):
        offers = []
    if reading.focus in intent.texts:
        with_values = reading.focus in _WITH_VALUES and reading.slots.provider and "settings" in kinds
        values = [kinds["settings"]] if with_values else []
        blocks = (Block(kind="text", argument=reading.focus), *values, *offers)
    elif reading.focus == "provider_page":
        blocks = (Block(kind="provider_page"),)
    elif block := next((kinds[kind] for kind in kinds if kind == reading.focus), None):
        blocks = (block, *offers)
    else:
        return _serve(reading, conversation, library, staff=False)
    besides = tuple(
        Serving(intent=also, blocks=plan(library.intents[also], reading.slots).blocks)
        for also in reading.also[:1]
    )
    servings = (Serving(intent=reading.intent, blocks=blocks), *besides)
    offered, still_open = _offered(servings), _still_open(reading, conversation)
    return Answer(
        servings=servings, question=offered or still_open, repeats=not offered and still_open is not None
    )


def is_price_beside_the_topic(reading: Reading, conversation: Conversation) -> bool:
    """「いくら？」 in a talk about something else: answered, and the talk stays where it was."""
    goes_on = reading.intent != conversation.topic and (conversation.topic or conversation.ticket_id)
    return reading.focus == "price" and conversation.topic not in MOVING and bool(goes_on)


_WITH_VALUES = frozenset({"how_long"})
"""Texts that speak of values: they stand below, once the provider is known."""


def _not_resolved(reading: Reading, conversation: Conversation, library: Library, *, staff: bool) -> Decision:
    """The first time further checks for the trouble at hand, the second time a person."""
    if conversation.failures >= 1:
        return HandOff(
            ticket="handoff", reason="not_resolved", opens=False, asks="contact", how=Wording.ASK_CONTACT
        )
    trouble = _narrowed(trouble_of(conversation, library), reading)
    texts = library.intents[trouble or "not_resolved"].texts
    checks = Serving(
        intent=trouble if trouble and MORE_CHECKS in texts else "not_resolved",
        blocks=(Block(kind="text", argument=MORE_CHECKS),),
    )
    told = _what_is_told_now(reading, library, staff=staff) or _of_what_is_left(
        reading, trouble, conversation
    )
    general = plan(library.intents["not_resolved"], reading.slots, staff=staff, again=True)
    rest = Serving(
        intent="not_resolved",
        blocks=tuple(
            block for block in general.blocks if (block.kind, block.argument) != ("text", MORE_CHECKS)
        ),
    )
    return Answer(servings=(*told, checks, rest))


def _narrowed(trouble: str, reading: Reading) -> str:
    """「受信はできた、送信がまだや」: of a trouble both ways, the one that is left."""
    return one_way(trouble, reading.told) if trouble in {*SYMPTOMS, "port_settings"} else trouble


def _what_is_told_now(reading: Reading, library: Library, *, staff: bool) -> tuple[Serving, ...]:
    """An error code or numbers that came with 「まだだめです」 are not passed over."""
    told = reading.told
    if told.error_code:
        blocks: tuple[Block, ...] = (Block(kind="error_code"),)
        return (Serving(intent="error_code", blocks=blocks),)
    if told.ports and reading.slots.provider:
        return (Serving(intent="port_settings", blocks=(Block(kind="compare"),)),)
    if told.provider:
        return (
            Serving(
                intent="port_settings",
                blocks=plan(library.intents["port_settings"], reading.slots, staff=staff, again=True).blocks[
                    :1
                ],
            ),
        )
    return ()


def _of_what_is_left(reading: Reading, trouble: str, conversation: Conversation) -> tuple[Serving, ...]:
    """The settings of the one way that still fails, where another answer had been given before."""
    way = reading.told.direction
    if (
        not way
        or not reading.slots.provider
        or way is conversation.slots.direction
        or trouble in conversation.served
    ):
        return ()
    return (Serving(intent="port_settings", blocks=(Block(kind="settings", argument=way.value),)),)


def _help(reading: Reading, conversation: Conversation, library: Library, *, staff: bool) -> Decision:
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
    if question.asked > _MOST_ASKED:
        return Offer(how=Wording.NO_MATTER)
    how = _HOW_TO_FIND.get((question.slot, reading.act), _AGAIN.get(question.slot, Wording.STILL_ASKING))
    return AskSlot(question=replace(question, asked=question.asked + 1), how=how)


def _ask_again(question: Question) -> Decision:
    """What was told is taken note of, and the question asked again, once."""
    if question.asked > _MOST_ASKED:
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


def _contact(reading: Reading, conversation: Conversation) -> Decision:
    """On the way to a ticket: details left, consent given or refused."""
    ticket: TicketKind = "migration" if reading.intent == "migration" else "handoff"
    question = conversation.question
    asked_for_details = bool(question and question.slot in {"contact", "name", "phone", "time"})
    reason = "migration" if ticket == "migration" else ("not_resolved" if conversation.failures else "asked")
    match reading.act:
        case "decline":
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
                asked_for_details and question and question.asked >= _MOST_ASKED
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


def _miss(reading: Reading, conversation: Conversation) -> Decision:
    if reading.angry or conversation.misses >= 1:
        return Offer(how=Wording.SORRY if reading.angry else Wording.MISS_AGAIN)
    if reading.act == "unclear":
        question = conversation.question
        asks = question if question and question.slot in {"provider", "client", "error_code"} else None
        return Miss(question=asks, about=reading.intent)
    return Miss(question=_still_open(reading, conversation))


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


def _still_open(reading: Reading, conversation: Conversation) -> Question | None:
    question = conversation.question
    if not question or question.slot in {"intent", "offer", "contact", "name", "phone", "time"}:
        return None
    if (
        question.asked > _MOST_ASKED
        or reading.intent not in ASIDES
        or getattr(reading.slots, question.slot, None)
    ):
        return None
    return replace(question, asked=question.asked + 1)


def _offered(servings: Sequence[Serving]) -> Question | None:
    kinds = [block.kind for serving in servings for block in serving.blocks]
    if "offer_migration" in kinds:
        return Question(slot="offer", intent="migration")
    if "offer_handoff" in kinds:
        return Question(slot="offer", intent="handoff")
    return None
