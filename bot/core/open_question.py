"""An utterance read as the answer to the open question."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.core import short_answers as short
from bot.core.bare import bare, more_than_slots
from bot.core.contact import broken_phone, find_contact
from bot.core.follow_ups import focused
from bot.core.reading import ABOUT_UPDATES, CONTACT_SLOTS, SMALL_TALK, SYMPTOMS, Reading, clear_request
from bot.core.slots import Slots
from bot.core.tickets import Contact

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
        return _as_choice(understanding, question, library)
    if question.slot in CONTACT_SLOTS:
        return _as_contact(understanding, question)
    if question.slot == "offer":
        return _as_consent(understanding, question)
    if focused(understanding.text, conversation):
        return None
    return _as_slot(understanding, question, library)


def _as_slot(understanding: Understanding, question: Question, library: Library) -> Reading | None:
    if question.slot == "error_code" and understanding.slots.error_code:
        return Reading(act="answer", intent=question.intent)
    if short.acknowledges(understanding.text):
        return Reading(act="heard", intent="resolved_thanks")
    if _does_not_know(understanding):
        return Reading(act="unsure_answer", intent=question.intent)
    if _names_something_unknown(understanding, question):
        return Reading(act="no_answer", intent=question.intent)
    if _own_request(understanding, question, library):
        return None
    if _fills(question.slot, understanding.slots):
        return Reading(act="answer", intent=question.intent, also=_besides(understanding, question))
    return None


def _names_something_unknown(understanding: Understanding, question: Question) -> bool:
    """「NTTです」, 「パソコンのメール」: meant as an answer, though no record knows it."""
    if _fills(question.slot, understanding.slots) or not _looks_like_a_name(
        understanding.text, question.slot
    ):
        return False
    harmless = understanding.intent in SYMPTOMS and not short.complains(understanding.text)
    return harmless or not clear_request(understanding)


def _does_not_know(understanding: Understanding) -> bool:
    """「わかりません」 and little else: where to find the papers is another matter."""
    text = understanding.text
    if (
        understanding.slots != Slots()
        or understanding.intent == "provider_docs"
        or not short.says_unsure(text)
    ):
        return False
    clauses = [clause for clause in re.split(r"[。、!?\s]", short.plain(text)) if clause]
    unsure = any(len(clause) <= _SHORT_ANSWER + 4 and short.says_unsure(clause) for clause in clauses)
    return not clear_request(understanding) or (unsure and not short.asks(text))


def _as_choice(understanding: Understanding, question: Question, library: Library) -> Reading | None:
    text = short.plain(understanding.text)
    for intent_id in question.options:
        if text == short.plain(library.intents[intent_id].title):
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


def _as_contact(understanding: Understanding, question: Question) -> Reading | None:
    text = understanding.text
    if short.declines(text):
        return Reading(act="decline", intent=question.intent)
    contact = find_contact(text, asked=question.slot)
    if contact.phone or (contact != Contact() and not clear_request(understanding)):
        return Reading(act="contact", intent=question.intent, contact=contact)
    if clear_request(understanding) and understanding.intent not in {"handoff", question.intent}:
        return None
    if broken_phone(text):
        return Reading(act="broken_phone", intent=question.intent)
    if short.says_yes(text) or understanding.intent in {"handoff", question.intent}:
        return Reading(act="accept", intent=question.intent)
    return None


def _as_consent(understanding: Understanding, question: Question) -> Reading | None:
    text = understanding.text
    if short.says_yes(text):
        return Reading(act="accept", intent=question.intent)
    if short.declines(text):
        return Reading(act="decline", intent=question.intent)
    contact = find_contact(text)
    if contact.phone:
        return Reading(act="contact", intent=question.intent, contact=find_contact(text, asked="contact"))
    return None


def _own_request(understanding: Understanding, question: Question, library: Library) -> bool:
    """Whether the text asks for something of its own instead of answering *question*."""
    text, told, intent = understanding.text, understanding.slots, understanding.intent
    if not clear_request(understanding) or intent == question.intent:
        return False
    if short.denies_update(text) and intent in ABOUT_UPDATES:
        return False
    if not _fills(question.slot, told):
        return not bare(text, told, library)
    asks = short.asks(text)
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


def _fills(slot: str, told: Slots) -> bool:
    if slot == "provider":
        return bool(told.provider or told.unknown_domain)
    return bool(getattr(told, slot, None))


def _looks_like_a_name(text: str, slot: str) -> bool:
    """Whether *text* tries to name the provider or program asked for, though no record knows it."""
    words = short.plain(text)
    if len(words) <= _SHORT_ANSWER and not short.asks(text):
        return bool(re.search(r"\w", words))
    return bool(_NAME_LIKE.get(slot, _NEVER).search(words))


_SHORT_ANSWER = 8
_NEVER = re.compile(r"(?!)")
_NAME_LIKE = {
    "provider": re.compile(
        r"ぷろばいだ|光(でん|回線|こらぼ)?|ねっと|けーぶる|てれび|ntt|\.jp|\.com|@|契約|回線"
    ),
    "client": re.compile(
        r"そふと|あぷり|ぱそこん|すまほ|携帯|ういんどうず|windows|富士通|nec|でる|dell|封筒|あいこん|画面"
    ),
}
