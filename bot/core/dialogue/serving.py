"""What is served of an intent: all of it, one text of it, or, when it did not help, what to check next."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.conversations import Question
from bot.core.dialogue.compare import reports_numbers
from bot.core.dialogue.decisions import Answer, Decision, HandOff, Serving
from bot.core.dialogue.plan import plan
from bot.core.dialogue.reading import MOVING, ONE_WAY, SMALL_TALK, SYMPTOMS, one_way
from bot.core.dialogue.topic_questions import MORE_CHECKS, trouble_of
from bot.core.intents import Block
from bot.core.understanding import OUT_OF_SCOPE
from bot.core.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.conversations import Conversation
    from bot.core.dialogue.reading import Reading
    from bot.core.library import Library

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
        "revert_settings",
        OUT_OF_SCOPE,
    }
)
"""What may come between a question and its answer: it is served, and the question asked again."""

_MOST_SERVINGS = 2
MOST_ASKED = 2
"""So often one thing is asked for, and no oftener."""


def serve(  # noqa: PLR0913 - keyword-only and all of one scene
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
    open_question = still_open(reading, conversation)
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


def focus(reading: Reading, conversation: Conversation, library: Library) -> Decision:
    """One text of an intent (or one block of it, when it is named after its kind), with the intent's offer if it has one."""
    intent = library.intents[reading.intent]
    kinds = {block.kind: block for block in intent.reply}
    offers = [kinds[kind] for kind in ("offer_migration", "offer_handoff") if kind in kinds]
    if is_price_beside_the_topic(reading, conversation):
        offers = []
    if reading.focus in intent.texts:
        with_values = reading.focus in _WITH_VALUES and reading.slots.provider and "settings" in kinds
        values = [kinds["settings"]] if with_values else []
        page = [Block(kind="provider_page")] if reading.focus in _WITH_PAGE and reading.slots.provider else []
        blocks = (Block(kind="text", argument=reading.focus), *values, *page, *offers)
    elif reading.focus == "provider_page":
        blocks = (Block(kind="provider_page"),)
    elif block := next((kinds[kind] for kind in kinds if kind == reading.focus), None):
        blocks = (block, *offers)
    else:
        return serve(reading, conversation, library, staff=False)
    besides = tuple(
        Serving(intent=also, blocks=plan(library.intents[also], reading.slots).blocks)
        for also in reading.also[:1]
    )
    servings = (Serving(intent=reading.intent, blocks=blocks), *besides)
    offered, left_open = _offered(servings), still_open(reading, conversation)
    return Answer(
        servings=servings, question=offered or left_open, repeats=not offered and left_open is not None
    )


def is_price_beside_the_topic(reading: Reading, conversation: Conversation) -> bool:
    """「いくら？」 in a talk about something else: answered, and the talk stays where it was."""
    goes_on = reading.intent != conversation.topic and (conversation.topic or conversation.ticket_id)
    return reading.focus == "price" and conversation.topic not in MOVING and bool(goes_on)


_WITH_VALUES = frozenset({"how_long"})
"""Texts that speak of values: they stand below, once the provider is known."""
_WITH_PAGE = frozenset({"new_password"})
"""Texts that send to the provider: its page stands below."""


def not_resolved(reading: Reading, conversation: Conversation, library: Library, *, staff: bool) -> Decision:
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
    if not reading.angry or staff:
        return Answer(servings=(*told, checks, rest))
    person = Serving(intent="not_resolved", blocks=(Block(kind="offer_handoff"),))
    return Answer(servings=(*told, checks, person), question=_offered((person,)))


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


def still_open(reading: Reading, conversation: Conversation) -> Question | None:
    question = conversation.question
    if not question or question.slot in {"intent", "offer", "contact", "name", "phone", "time"}:
        return None
    if (
        question.asked > MOST_ASKED
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
