"""An utterance read as the answer to the open question."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.dialogue import short_answers as short
from bot.core.dialogue.acknowledgements import courtesy
from bot.core.dialogue.asked_contact import as_consent, as_contact
from bot.core.dialogue.asked_slot import as_slot, fills
from bot.core.dialogue.asking_back import asks_back
from bot.core.dialogue.aspects import Aspect, asks_about
from bot.core.dialogue.focus import focused
from bot.core.dialogue.reading import CONTACT_SLOTS, Reading
from bot.core.spelling import one_spelling

if TYPE_CHECKING:
    from bot.core.conversations import Conversation, Question
    from bot.core.library import Library
    from bot.core.understanding import Understanding


def as_answer(understanding: Understanding, conversation: Conversation, library: Library) -> Reading | None:
    """The reading, if there is an open question and the utterance has to do with it."""
    question = conversation.question
    if not question:
        return None
    if question.slot == "intent":
        return None if courtesy(understanding.text, library) else _as_choice(understanding, question, library)
    if question.slot in CONTACT_SLOTS:
        return as_contact(understanding, question, conversation, library)
    if question.slot == "offer":
        return as_consent(understanding, question, library)
    if is_announced(understanding, library):
        return Reading(act="announces", intent=question.intent)
    if _asks_why(understanding, question, library):
        return Reading(act="asks_back", intent=question.intent)
    told_where = asks_about(understanding.text, Aspect.WHERE, library) or not fills(
        question.slot, understanding.slots
    )
    if told_where and focused(understanding.text, conversation, library):
        return None
    return as_slot(understanding, question, library)


def _asks_why(understanding: Understanding, question: Question, library: Library) -> bool:
    """Whether the question itself is asked about: not where it is written down, nor what the numbers are for."""
    text = understanding.text
    if understanding.intent in {"handoff", "provider_docs"} or asks_about(text, Aspect.NUMBERS, library):
        return False
    return asks_back(text, question.slot, library)


def is_announced(understanding: Understanding, library: Library) -> bool:
    """「写真を送りますね」: an answer is on its way, and is not told yet."""
    if not short.announces(understanding.text, library):
        return False
    return not replace(understanding.slots, direction=None).told


def _as_choice(understanding: Understanding, question: Question, library: Library) -> Reading | None:
    text = one_spelling(understanding.text)
    for intent_id in question.options:
        if text == one_spelling(library.intents[intent_id].title):
            return Reading(act="request", intent=intent_id)
    places = {"1": 0, "一番": 0, "最初": 0, "上": 0, "2": 1, "二番": 1, "次": 1, "下": -1, "3": 2, "最後": -1}
    for word, place in places.items():
        if re.fullmatch(rf"{word}(番目?|つ目|の)?(のほう|の方|です)*", text) and place < len(
            question.options
        ):
            return Reading(act="request", intent=question.options[place])
    if understanding.intent in question.options:
        return Reading(act="request", intent=understanding.intent)
    return None
