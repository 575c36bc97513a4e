"""A question about what was just talked about, read by its aspect: 「なんで？」, 「いつまで？」, 「他には？」, 「どうすりゃええの」."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.dialogue import short_answers as short
from bot.core.dialogue.aspects import Aspect, aspects
from bot.core.dialogue.reading import ENDED, MOVING, NO_MATTER, SYMPTOMS, Reading, one_way, uses

if TYPE_CHECKING:
    from bot.core.conversations import Conversation
    from bot.core.intents import Intent
    from bot.core.library import Library
    from bot.core.understanding import Understanding

MORE_CHECKS = Aspect.ELSE.value


def about_the_topic(
    understanding: Understanding, conversation: Conversation, library: Library
) -> Reading | None:
    """The reading, if *understanding*'s text asks something of the topic that can be answered."""
    if conversation.topic not in library.intents:
        return None
    if _found_all_right(understanding, conversation, library):
        return _other_checks(conversation, library)
    asked = aspects(understanding.text, library)
    readings = (_answer(aspect, understanding, conversation, library) for aspect in asked)
    return next((reading for reading in readings if reading), None)


def _found_all_right(understanding: Understanding, conversation: Conversation, library: Library) -> bool:
    """「全部合ってる」, 「日付は合うてる」: what was to be looked at is as it should be, and the trouble goes on."""
    text = understanding.text
    looked = conversation.topic in _WITH_SETTINGS and trouble_of(conversation, library) != ""
    told = understanding.slots.ports or short.asks(text, library)
    return looked and not told and short.says(short.Small.ALL_RIGHT, text, library)


def _answer(
    aspect: Aspect, understanding: Understanding, conversation: Conversation, library: Library
) -> Reading | None:
    """What is served for *aspect*: the topic's own text of that name, else what the aspect leads to."""
    topic = conversation.topic
    if aspect is Aspect.HOW:
        told = understanding.slots
        if told.direction and topic in _WITH_SETTINGS and one_way(topic, told) != topic:
            return Reading(act="follow_up", intent="port_settings")
        return _next_step(conversation, library)
    if aspect is Aspect.PAGE:
        return _page(conversation)
    if aspect is Aspect.CONFIRM and conversation.slots.ports and topic in _ABOUT_NUMBERS:
        return Reading(act="request", intent="port_settings")  # 「ほな合うとるんやな」
    if is_answered_by(library.intents[topic], aspect):
        return Reading(act="focus", intent=topic, focus=aspect.value)
    if aspect is Aspect.WHY and (reason := _reason(conversation, library)):
        return reason
    if aspect is Aspect.ELSE:
        return _other_checks(conversation, library)
    if led := _LEADS_TO.get(aspect):
        return _within(led, understanding, conversation, library)
    if aspect in _OF_ONE_WAY and short.names_one_way(understanding.text, library) and topic in _WITH_SETTINGS:
        return Reading(act="follow_up", intent="port_settings")
    return going_on(understanding, conversation, library)


def going_on(understanding: Understanding, conversation: Conversation, library: Library) -> Reading:
    """The topic again, or the numbers where a provider is told that the topic has no use for: 「うちもですか。OCNです」."""
    topic = conversation.topic
    of_numbers = topic in _WITH_SETTINGS and not uses(topic, "provider", library)
    wanted = "port_settings" if understanding.slots.provider and of_numbers else topic
    return Reading(act="follow_up", intent=wanted)


def is_answered_by(intent: Intent, aspect: Aspect) -> bool:
    """Whether *intent* has a text for *aspect*, or a block of that kind: 「いくら？」 after an intent that tells prices."""
    return aspect.value in intent.texts or any(block.kind == aspect.value for block in intent.reply)


_OF_ONE_WAY = frozenset({Aspect.WHICH, Aspect.WILL_IT_HELP, Aspect.CONFIRM})
_WITH_SETTINGS = frozenset(
    {
        *SYMPTOMS,
        "port_settings",
        "after_windows_update",
        "revert_settings",
        "error_code",
        "what_is_port",
        "pop_or_imap",
        "provider_docs",
        "ssl_warning",
        "open_settings",
        "not_resolved",
    }
)
_ABOUT_NUMBERS = frozenset({"what_is_port", "pop_or_imap"})
"""What numbers that were told are explained by, before it is asked whether they are right."""
_LEADS_TO = {
    Aspect.PRICE: Reading(act="focus", intent="migration", focus="price"),
    Aspect.HOW_LONG: Reading(act="focus", intent="revert_settings", focus="how_long"),
    Aspect.ALTERNATIVES: Reading(act="focus", intent="livemail_eol", focus="alternatives"),
    Aspect.WHERE: Reading(act="follow_up", intent="open_settings"),
    Aspect.NUMBERS: Reading(act="follow_up", intent="port_settings"),
}
_AFTER = {
    Aspect.PRICE: MOVING,
    Aspect.HOW_LONG: frozenset({"ssl_warning", "revert_settings"}),
    Aspect.ALTERNATIVES: MOVING,
    Aspect.WHERE: _WITH_SETTINGS - {"provider_docs"},
    Aspect.NUMBERS: _WITH_SETTINGS,
}
"""The topics after which an aspect is taken to mean what it leads to; elsewhere it is a question about the topic."""


def _page(conversation: Conversation) -> Reading:
    if conversation.slots.provider:
        return Reading(act="focus", intent="port_settings", focus="provider_page")
    return Reading(act="request", intent="provider_docs")


def _within(
    led: Reading, understanding: Understanding, conversation: Conversation, library: Library
) -> Reading | None:
    topic, aspect = (
        conversation.topic,
        next(aspect for aspect, reading in _LEADS_TO.items() if reading is led),
    )
    leaves_it = aspect is Aspect.ALTERNATIVES and conversation.slots.client in ENDED
    of_a_program = aspect is Aspect.WHERE and understanding.slots.client is not None
    if topic in _AFTER[aspect] or leaves_it or of_a_program:
        return led
    if aspect is Aspect.WHERE and "lost" in library.intents[topic].texts:
        return Reading(act="focus", intent=topic, focus="lost")
    if aspect is Aspect.PRICE:
        return led
    return None if aspect is Aspect.ALTERNATIVES else Reading(act="follow_up", intent=topic)


def _reason(conversation: Conversation, library: Library) -> Reading | None:
    """Why the trouble came that was spoken of before the topic: the screen, the numbers and codes have no reasons of their own."""
    if conversation.topic not in {"port_settings", "open_settings"}:
        return None
    served = (i for i in reversed(conversation.served) if i in library.intents)
    told = (i for i in served if Aspect.WHY.value in library.intents[i].texts)
    return Reading(act="focus", intent=next(told, "port_settings"), focus=Aspect.WHY.value)


def _other_checks(conversation: Conversation, library: Library) -> Reading:
    trouble = trouble_of(conversation, library)
    if not trouble:
        return Reading(act="follow_up", intent=conversation.topic)
    return Reading(act="focus", intent=trouble, focus=MORE_CHECKS)


def _next_step(conversation: Conversation, library: Library) -> Reading:
    """「どうすればいいの」: on with the trouble that was being solved."""
    topic, question = conversation.topic, conversation.question
    if question and question.slot in {"provider", "client"}:
        return Reading(act="follow_up", intent=question.intent)
    if topic in MOVING or conversation.slots.client in ENDED:
        return Reading(act="focus", intent="livemail_eol", focus="alternatives")
    if topic == "port_settings":
        provider = library.providers.get(conversation.slots.provider or "")
        if provider and not provider.answer_with_values:
            return Reading(act="request", intent="provider_docs")
        return Reading(act="follow_up", intent="open_settings")
    if topic == "error_code":
        return Reading(act="focus", intent=topic, focus="error_code")
    trouble = trouble_of(conversation, library)
    if not trouble or topic in {"open_settings", "auth_failed", "mailbox_full", "ssl_warning"}:
        return Reading(act="follow_up", intent=topic)
    if topic == trouble and trouble in SYMPTOMS:
        return Reading(act="focus", intent=trouble, focus=MORE_CHECKS)
    return Reading(act="follow_up", intent=trouble)


def trouble_of(conversation: Conversation, library: Library) -> str:
    """The last thing talked about that can fail to be solved; numbers and screens only where nothing else was."""
    served = (conversation.topic, *reversed(conversation.served))
    can_fail = [
        intent
        for intent in served
        if intent in library.intents
        and MORE_CHECKS in library.intents[intent].texts
        and intent not in NO_MATTER
    ]
    troubles = (intent for intent in can_fail if intent not in _MEANS)
    return next(troubles, next(iter(can_fail), ""))


_MEANS = frozenset({"port_settings", "open_settings"})
"""What is looked at to solve a trouble, and is none itself."""
