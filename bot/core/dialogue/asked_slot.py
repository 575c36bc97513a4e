"""An utterance read as the answer to the question for a provider, a program, a way, or an error's number."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.core.dialogue import short_answers as short
from bot.core.dialogue.acknowledgements import courtesy
from bot.core.dialogue.aspects import Aspect, asks_about, aspects, is_small_talk
from bot.core.dialogue.bare import bare, more_than_slots
from bot.core.dialogue.essence import essence
from bot.core.dialogue.reading import (
    ABOUT_UPDATES,
    SMALL_TALK,
    SYMPTOMS,
    VERY_SURE,
    Reading,
    asks_for_the_screen,
    clear_request,
    one_way,
)
from bot.core.dialogue.short_answers import Small
from bot.core.spelling import one_spelling

if TYPE_CHECKING:
    from bot.core.conversations import Question
    from bot.core.library import Library
    from bot.core.slots import Slots
    from bot.core.understanding import Understanding


def as_slot(understanding: Understanding, question: Question, library: Library) -> Reading | None:
    whole = understanding
    understanding = essence(understanding, question, library)
    if question.slot == "error_code" and understanding.slots.error_code:
        return Reading(act="answer", intent=question.intent)
    if said := courtesy(understanding.text, library):
        return Reading(act="heard", intent="resolved_thanks") if said == "heard" else None
    if not understanding.slots.told and short.tells_ssl(understanding.text, library) is not None:
        return (
            None
            if short.asks(understanding.text, library)
            else Reading(act="follow_up", intent=question.intent)
        )
    if question.slot in {"provider", "client"} and _tells_something_else(understanding, library):
        return Reading(act="beside", intent=question.intent)
    if _does_not_know(understanding, library):
        return Reading(act="unsure_answer", intent=question.intent)
    if question.slot == "error_code" and _has_no_code(understanding, library):
        return Reading(act="unsure_answer", intent=question.intent)
    if _names_something_unknown(understanding, question, library):
        return Reading(act="no_answer", intent=question.intent)
    if _own_request(understanding, question, library):
        return None
    return _filled(whole, question, library) if fills(question.slot, understanding.slots) else None


def _filled(understanding: Understanding, question: Question, library: Library) -> Reading:
    """The slot is told, and perhaps more closely what is wanted."""
    if question.slot == "client" and asks_for_the_screen(understanding, library):
        return Reading(act="request", intent="open_settings")
    if understanding.slots.provider and _asks_for_numbers(understanding.text, library):
        return Reading(act="request", intent="port_settings")
    if question.slot == "client" and understanding.slots.ports and short.asks(understanding.text, library):
        return Reading(act="request", intent="port_settings", also=("open_settings",))
    intent = _told_more_closely(understanding, question, library) or question.intent
    return Reading(act="answer", intent=intent, also=_besides(understanding, question))


def _has_no_code(understanding: Understanding, library: Library) -> bool:
    """「番号は書いてない」: asked for the code, and there is none."""
    text = understanding.text
    names_it = asks_about(text, Aspect.NUMBERS, library) or "コード" in text
    return (
        names_it
        and not understanding.slots.told
        and short.fails(text, library)
        and not short.asks(text, library)
    )


def _tells_something_else(understanding: Understanding, library: Library) -> bool:
    """「スマホでは見られるんですが」, 「昨日からです」: where it works, or since when it fails, is no answer to where it does."""
    text = understanding.text
    elsewhere = short.works_elsewhere(text, library) or short.says(Small.TELLS_WHEN, text, library)
    return elsewhere and not understanding.slots.told and not short.asks(text, library)


def _asks_for_numbers(text: str, library: Library) -> bool:
    return asks_about(text, Aspect.NUMBERS, library) and short.asks(text, library)


def _told_more_closely(understanding: Understanding, question: Question, library: Library) -> str:
    """The symptom, when the answer brings along which way it fails: 「OCNです。送信だけできません」."""
    told, intent = understanding.slots, understanding.intent
    if not {intent, question.intent} <= SYMPTOMS or not clear_request(understanding) or not told.direction:
        return ""
    sure = understanding.matches[0].score >= VERY_SURE and short.fails(understanding.text, library)
    return one_way(intent, told) if sure else ""


def _names_something_unknown(understanding: Understanding, question: Question, library: Library) -> bool:
    """「NTTです」, 「パソコンのメール」: meant as an answer, though no record knows it."""
    if understanding.slots.told or aspects(understanding.text, library):
        return False
    thanked = understanding.intent == "resolved_thanks" and understanding.verdict == "clear"
    if thanked or short.works_now(understanding.text, library):
        return False
    if not _looks_like_a_name(understanding.text, question.slot, library):
        return False
    harmless = understanding.intent in SYMPTOMS and not short.complains(understanding.text, library)
    return harmless or not clear_request(understanding)


def _does_not_know(understanding: Understanding, library: Library) -> bool:
    """「わかりません」 and little else: where to find the papers is another matter."""
    text = understanding.text
    papers = understanding.intent == "provider_docs" and short.speaks_of_papers(text, library)
    if understanding.slots.told or papers or not short.says_unsure(text, library):
        return False
    clauses = [clause for clause in re.split(r"[。、!?\s]", one_spelling(text)) if clause]
    unsure = any(
        len(clause) <= _SHORT_ANSWER + 4 and short.says_unsure(clause, library) for clause in clauses
    )
    at_last = short.says_unsure(one_spelling(text)[-_LAST_WORDS:], library)
    return not clear_request(understanding) or (unsure and (at_last or not short.asks(text, library)))


_LAST_WORDS = 6


def _own_request(understanding: Understanding, question: Question, library: Library) -> bool:
    """Whether the text asks for something of its own instead of answering *question*."""
    text, told, intent = understanding.text, understanding.slots, understanding.intent
    if not clear_request(understanding) or intent == question.intent:
        return False
    if short.denies_update(text, library) and intent in ABOUT_UPDATES:
        return False
    if not fills(question.slot, told):
        return not bare(text, told, library)
    asks = short.asks(text, library)
    if intent == "port_settings" or more_than_slots(text, told, library) < (
        _A_QUESTION if asks else _A_REQUEST
    ):
        return False
    return asks or (
        intent not in {*SYMPTOMS, "provider_docs", "migration"} and understanding.matches[0].score >= _SURE
    )


_SURE = 0.7
_A_QUESTION = 2
_A_REQUEST = 5
"""So many letters beside the answer may be a request."""


def _besides(understanding: Understanding, question: Question) -> tuple[str, ...]:
    return tuple(intent for intent in understanding.also if intent not in {question.intent, *SMALL_TALK})


def fills(slot: str, told: Slots) -> bool:
    if slot == "provider":
        return bool(told.provider or told.unknown_domain)
    return bool(getattr(told, slot, None))


def _looks_like_a_name(text: str, slot: str, library: Library) -> bool:
    """Whether *text* tries to name the provider or program asked for, though no record knows it."""
    words = one_spelling(text)
    if len(words) <= _SHORT_ANSWER and not short.asks(text, library):
        return bool(re.search(r"\w", words))
    if (
        len(words) <= _A_LINE
        and short.ends_in((Small.STATES,), words, library)
        and not short.asks(text, library)
    ):
        return True
    if len(words) <= _A_LINE and _ENDS_IN_A_NAME.search(text) and not is_small_talk(text, library):
        return True
    return slot in _NAMED_LIKE and short.says(_NAMED_LIKE[slot], text, library)


_SHORT_ANSWER = 8
_A_LINE = 20
_ENDS_IN_A_NAME = re.compile(r"[ァ-ヺーa-zA-Z]{2}[。.]?$")
"""「シャープのタブレット」"""
_NAMED_LIKE = {"provider": Small.LIKE_A_PROVIDER, "client": Small.LIKE_A_PROGRAM}
