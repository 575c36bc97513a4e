"""An utterance read as what leads to a ticket: consent, details to be called at, or a refusal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.core.conversations import Mode
from bot.core.dialogue import short_answers as short
from bot.core.dialogue.acknowledgements import acknowledges, courtesy
from bot.core.dialogue.asking_back import asks_back
from bot.core.dialogue.aspects import Aspect, asks_about
from bot.core.dialogue.contact import broken_phone, find_contact, may_hold_phone
from bot.core.dialogue.hearing import clauses
from bot.core.dialogue.reading import CONTACT_SLOTS, Act, Reading, clear_request
from bot.core.dialogue.short_answers import Small
from bot.core.spelling import one_spelling
from bot.core.tickets import Contact
from bot.core.understand import understand

if TYPE_CHECKING:
    from bot.core.conversations import Conversation, Question
    from bot.core.library import Library
    from bot.core.understanding import Understanding


def as_details(understanding: Understanding, conversation: Conversation, library: Library) -> Reading | None:
    """A phone number left though none was asked for, or, while a person is awaited, a name or a time."""
    question = conversation.question
    if question and question.slot in {*CONTACT_SLOTS, "offer"}:
        return None
    waits = conversation.mode is Mode.WAITING and not question
    if not (waits or may_hold_phone(understanding.text)):
        return None
    contact = _details(understanding.text, "contact", library)
    if contact.phone:
        left = _to_be_called(contact, understanding, library)
    else:
        says_else = understanding.verdict == "clear" or _is_no_detail(understanding, library)
        left = waits and _tells_more(contact, conversation.contact) and not says_else
    last = next((i for i in reversed(conversation.served) if i in {"handoff", "migration"}), "handoff")
    return Reading(act="contact", intent=last, contact=contact) if left else None


def _to_be_called(contact: Contact, understanding: Understanding, library: Library) -> bool:
    """Whether the number was left to be called at, and not only told of beside something else."""
    text = understanding.text
    if contact.phone.startswith(_TOLL_FREE):
        return False
    calls = short.says(Small.TO_BE_CALLED, text, library)
    if clear_request(understanding) and understanding.intent not in {"error_code", "handoff"}:
        return calls
    return calls or bool(contact.name or contact.time) or len(_BESIDE_DIGITS.sub("", text)) <= _A_FEW


def _tells_more(contact: Contact, known: Contact) -> bool:
    return bool((contact.name and not known.name) or (contact.time and not known.time))


_TOLL_FREE = ("0120", "0800", "0570")
"""Numbers of companies: nobody is called back there."""
_BESIDE_DIGITS = re.compile(r"[\d\W_]|です|まで")
_A_FEW = 3


def as_contact(
    understanding: Understanding, question: Question, conversation: Conversation, library: Library
) -> Reading | None:
    text = understanding.text
    if conversation.topic == "migration" and short.says(Small.APPLIES, text, library):
        return Reading(act="accept", intent="migration")
    if unwilling := _unwilling(understanding, question, conversation, library):
        return unwilling
    if short.says_yes(text, library):
        return Reading(act="accept", intent=question.intent)
    contact = Contact() if _asks_of_the_shop(text, library) else _details(text, question.slot, library)
    if not contact.phone and broken_phone(text):
        return Reading(act="broken_phone", intent=question.intent, contact=contact)
    if not contact.phone and _is_no_detail(understanding, library):
        return Reading(act="heard", intent="resolved_thanks") if acknowledges(text, library) else None
    told_when = question.slot == "time" and contact.time and not short.asks(text, library)
    elsewhere = clear_request(understanding) and understanding.intent not in {"handoff", question.intent}
    told = (contact.time and not elsewhere) or (contact != Contact() and not clear_request(understanding))
    if contact.phone or told_when or told:
        return Reading(act="contact", intent=question.intent, contact=contact)
    if elsewhere:
        return None
    if question.slot == "phone" and _DIGITS.search(one_spelling(text)):
        return Reading(act="broken_phone", intent=question.intent)
    wanted = understanding.intent in {"handoff", question.intent}
    return Reading(act="accept", intent=question.intent) if wanted else None


def _asks_of_the_shop(text: str, library: Library) -> bool:
    """「平日は何時まで」: a question, though it names a time."""
    hours = short.says(Small.SHOP_HOURS, text, library) and short.asks(text, library)
    return (hours or short.says(Small.OF_THE_SHOP, text, library)) and not find_contact(text).phone


def _unwilling(
    understanding: Understanding, question: Question, conversation: Conversation, library: Library
) -> Reading | None:
    """No call, or first a question why; what is asked or told beside it counts."""
    text = understanding.text
    if beside := asks_beside_declining(text, conversation, library):
        return beside
    if short.declines(text, library) or (
        _declines_the_call(text, library) and not clear_request(understanding)
    ):
        act: Act = "no_call" if _wants_no_call(text, library) else "decline"
        return Reading(act=act, intent=question.intent)
    if asks_back(text, question.slot, library):
        told = _details(" ".join(clauses(text)[1:]), question.slot, library)
        return Reading(act="asks_back", intent=question.intent, contact=told)
    return None


def _details(text: str, asked: str, library: Library) -> Contact:
    """What *text* tells of name, phone and time; a word that is said of anything is no name."""
    said = library.small_words.said
    return find_contact(text, asked=asked, words=[said[small] for small in _SAID_OF_ANYTHING])


_SAID_OF_ANYTHING = (short.Small.SAID_ANYWHERE, short.Small.TALKED_OF_HERE, short.Small.SMALL_TALK)


def _is_no_detail(understanding: Understanding, library: Library) -> bool:
    """「わかったわ」, 「おいくら？」, 「直りました」: short like a name, and none."""
    text = understanding.text
    courteous = courtesy(text, library) != ""
    return courteous or short.works_now(text, library) or asks_about(text, Aspect.PRICE, library)


def as_consent(understanding: Understanding, question: Question, library: Library) -> Reading | None:
    text = understanding.text
    if short.says_yes(text, library):
        return Reading(act="accept", intent=question.intent)
    if short.declines(text, library):
        return Reading(act="decline", intent="resolved_thanks")
    if _consents_at_last(text, library):
        return Reading(act="accept", intent=question.intent)
    contact = _details(text, "contact", library)
    if contact.phone or (contact.name and any(short.says_yes(clause, library) for clause in clauses(text))):
        return Reading(act="contact", intent=question.intent, contact=contact)
    return None


def _consents_at_last(text: str, library: Library) -> bool:
    """「やっぱり自分ではできません。お願いします」: yes, after what led to it."""
    *before, last = clauses(text) or ("",)
    return (
        bool(before)
        and not courtesy(text, library)
        and not short.asks(text, library)
        and short.says_yes(last, library)
    )


_DIGITS = re.compile(r"\d{3}")


def _wants_no_call(text: str, library: Library) -> bool:
    """「電話番号は言いたくないです」: no call, and not a word against what it was asked for."""
    pieces = clauses(text)
    no_call = any(short.says(Small.NO_CALL, piece, library) for piece in pieces)
    return no_call and not any(
        short.cancels(piece, library) and not short.says(Small.NO_CALL, piece, library) for piece in pieces
    )


def _declines_the_call(text: str, library: Library) -> bool:
    """「いえ、電話はいいです。夜にもう一度やってみます」"""
    pieces = clauses(text)
    return (
        any(short.declines(piece, library) for piece in pieces)
        and not find_contact(text).phone
        and len(pieces) > 1
    )


def asks_beside_declining(text: str, conversation: Conversation, library: Library) -> Reading | None:
    """「やっぱり電話はやめておきます。このままここで受信の直し方を教えてください」: the request that stays."""
    pieces = clauses(text)
    rest = "".join(_beside_cancelling(piece, library) for piece in pieces)
    wants = any(wanted(rest, library) for wanted in (short.asks, short.asks_a_favour, short.asks_again))
    if not rest or rest == "".join(pieces) or not wants:
        return None
    wanted = understand(rest, library)
    otherwise = "port_settings" if asks_about(rest, Aspect.NUMBERS, library) else conversation.topic
    intent = wanted.intent if clear_request(wanted) else otherwise
    return Reading(act="request", intent=intent) if intent in library.intents else None


def _beside_cancelling(clause: str, library: Library) -> str:
    """What *clause* goes on to say after it cancelled something: 「電話はいらないので、番号を」."""
    if not short.cancels(clause, library):
        return clause
    _, *rest = _AFTER_A_REASON.split(clause)
    return "" if short.cancels("".join(rest), library) else "".join(rest)


_AFTER_A_REASON = re.compile(r"(?<=ので)|(?<=から)|(?<=けど)")
