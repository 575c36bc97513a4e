"""An utterance read as the answer to the open question."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.conversations import Mode
from bot.core.dialogue import short_answers as short
from bot.core.dialogue.acknowledgements import acknowledges, courtesy
from bot.core.dialogue.aspects import Aspect, asks_about, aspects
from bot.core.dialogue.bare import bare, more_than_slots
from bot.core.dialogue.contact import broken_phone, find_contact, may_hold_phone
from bot.core.dialogue.essence import essence
from bot.core.dialogue.focus import focused
from bot.core.dialogue.hearing import clauses
from bot.core.dialogue.reading import (
    ABOUT_UPDATES,
    CONTACT_SLOTS,
    SMALL_TALK,
    SYMPTOMS,
    VERY_SURE,
    Reading,
    asks_for_the_screen,
    clear_request,
    one_way,
)
from bot.core.spelling import one_spelling
from bot.core.tickets import Contact
from bot.core.understand import understand

if TYPE_CHECKING:
    from bot.core.conversations import Conversation, Question
    from bot.core.library import Library
    from bot.core.slots import Slots
    from bot.core.understanding import Understanding


def as_answer(understanding: Understanding, conversation: Conversation, library: Library) -> Reading | None:
    """The reading, if there is an open question and the utterance has to do with it."""
    question = conversation.question
    if not question:
        return None
    if question.slot == "intent":
        return None if courtesy(understanding.text, library) else _as_choice(understanding, question, library)
    if question.slot in CONTACT_SLOTS:
        return _as_contact(understanding, question, conversation, library)
    if question.slot == "offer":
        return _as_consent(understanding, question, library)
    if is_announced(understanding, library):
        return Reading(act="announces", intent=question.intent)
    if asks_back(understanding.text, question.slot) and understanding.intent not in {
        "handoff",
        "provider_docs",
    }:
        return Reading(act="asks_back", intent=question.intent)
    told_where = asks_about(understanding.text, Aspect.WHERE, library) or not _fills(
        question.slot, understanding.slots
    )
    if told_where and focused(understanding.text, conversation, library):
        return None
    return _as_slot(understanding, question, library)


def is_announced(understanding: Understanding, library: Library) -> bool:
    """「写真を送りますね」: an answer is on its way, and is not told yet."""
    told = replace(understanding.slots, direction=None).told
    return not told and short.announces(understanding.text, library)


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
        left = _to_be_called(contact, understanding)
    else:
        says_else = understanding.verdict == "clear" or _is_no_detail(understanding, library)
        left = waits and _tells_more(contact, conversation.contact) and not says_else
    last = next((i for i in reversed(conversation.served) if i in {"handoff", "migration"}), "handoff")
    return Reading(act="contact", intent=last, contact=contact) if left else None


def _details(text: str, asked: str, library: Library) -> Contact:
    """What *text* tells of name, phone and time; a word that is said of anything is no name."""
    said = library.small_words.said
    return find_contact(text, asked=asked, words=[said[small] for small in _SAID_OF_ANYTHING])


_SAID_OF_ANYTHING = (short.Small.SAID_ANYWHERE, short.Small.TALKED_OF_HERE, short.Small.SMALL_TALK)


def _to_be_called(contact: Contact, understanding: Understanding) -> bool:
    """Whether the number was left to be called at, and not only told of beside something else."""
    text = understanding.text
    if contact.phone.startswith(_TOLL_FREE):
        return False
    calls = _CALLS.search(one_spelling(text)) is not None
    if clear_request(understanding) and understanding.intent not in {"error_code", "handoff"}:
        return calls
    return calls or bool(contact.name or contact.time) or len(_BESIDE_DIGITS.sub("", text)) <= _A_FEW


def _tells_more(contact: Contact, known: Contact) -> bool:
    return bool((contact.name and not known.name) or (contact.time and not known.time))


_TOLL_FREE = ("0120", "0800", "0570")
"""Numbers of companies: nobody is called back there."""
_CALLS = re.compile(r"電話(?!会社)|携帯|連絡|(に|へ|まで)(かけ|お願い|ください|くれ)")
_BESIDE_DIGITS = re.compile(r"[\d\W_]|です|まで")
_A_FEW = 3


def _as_slot(understanding: Understanding, question: Question, library: Library) -> Reading | None:
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
    return _filled(whole, question, library) if _fills(question.slot, understanding.slots) else None


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
    """「スマホでは見られるんですが」: where it works is no answer to where it fails."""
    text = understanding.text
    return short.works_elsewhere(text, library) and not short.asks(text, library)


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


def _as_contact(
    understanding: Understanding, question: Question, conversation: Conversation, library: Library
) -> Reading | None:
    text = understanding.text
    if conversation.topic == "migration" and _APPLIES.search(one_spelling(text)):
        return Reading(act="accept", intent="migration")
    if unwilling := _unwilling(understanding, question, conversation, library):
        return unwilling
    if short.says_yes(text, library):
        return Reading(act="accept", intent=question.intent)
    contact = _details(text, question.slot, library)
    if not contact.phone and broken_phone(text):
        return Reading(act="broken_phone", intent=question.intent, contact=contact)
    if not contact.phone and _is_no_detail(understanding, library):
        return Reading(act="heard", intent="resolved_thanks") if acknowledges(text, library) else None
    told_when = question.slot == "time" and contact.time and not short.asks(text, library)
    if contact.phone or told_when or (contact != Contact() and not clear_request(understanding)):
        return Reading(act="contact", intent=question.intent, contact=contact)
    if clear_request(understanding) and understanding.intent not in {"handoff", question.intent}:
        return None
    if question.slot == "phone" and _DIGITS.search(one_spelling(text)):
        return Reading(act="broken_phone", intent=question.intent)
    wanted = understanding.intent in {"handoff", question.intent}
    return Reading(act="accept", intent=question.intent) if wanted else None


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
        return Reading(act="decline", intent=question.intent)
    if asks_back(text, question.slot):
        told = _details(" ".join(clauses(text)[1:]), question.slot, library)
        return Reading(act="asks_back", intent=question.intent, contact=told)
    return None


def _is_no_detail(understanding: Understanding, library: Library) -> bool:
    """「わかったわ」, 「おいくら？」, 「直りました」: short like a name, and none."""
    text = understanding.text
    courteous = courtesy(text, library) != ""
    return courteous or short.works_now(text, library) or asks_about(text, Aspect.PRICE, library)


def _as_consent(understanding: Understanding, question: Question, library: Library) -> Reading | None:
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
_APPLIES = re.compile(r"(申し?込み|申込)(ます|たい|む|をお願い|をした)")


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
    rest = "".join(piece for piece in pieces if not short.cancels(piece, library))
    wants = short.asks(rest, library) or short.asks_a_favour(rest, library)
    if not rest or rest == "".join(pieces) or not wants:
        return None
    wanted = understand(rest, library)
    otherwise = "port_settings" if asks_about(rest, Aspect.NUMBERS, library) else conversation.topic
    intent = wanted.intent if clear_request(wanted) else otherwise
    return Reading(act="request", intent=intent) if intent in library.intents else None


def asks_back(text: str, slot: str) -> bool:
    """Whether *text* asks why *slot* is wanted, whether it has to be told, or would rather not tell it."""
    words = one_spelling(text)
    return bool(_RATHER_NOT.search(words) or (_WANTED[slot].search(words) and _HAS_TO.search(words)))


_DETAILS = re.compile(
    r"名前|苗字|名字|姓|匿名|携帯|自宅|電話|番号|連絡先|住所|個人情報|時間|これ|それ|全部|書か|言わ|教え"
)
_WANTED = {
    "provider": re.compile(r"ぷろばいだ|会社|あどれす|それ|これ|なん|何|どうし|なぜ|言わ|教え"),
    "client": re.compile(r"そふと|あぷり|それ|これ|なん|何|どうし|なぜ|言わ|教え"),
    **dict.fromkeys(("contact", "name", "phone", "time"), _DETAILS),
    **dict.fromkeys(("protocol", "direction", "error_code"), re.compile(r"それ|これ|言わ|教え")),
}
_HAS_TO = re.compile(
    r"(ないと|なきゃ|なくちゃ|なくては|なければ|ねば|んと|へんと).{0,3}(だめ|駄目|いけ|なら|あかん|進)|なくて(も|は)(いい|ええ|よい|だめ|大丈夫|かま)|(必要|要)(です|なん|ある|あり|なの)|いる(の|ん)(です)?か?|必須|関係(ある|あり)"
    r"|(なん|何|なに|どうし|なぜ).{0,12}(聞く|きく|聞か|いる|要る|必要)|(聞い|きい)て(どう|何)|(だけ|でも|じゃ|では)(でも|で|も)?(い?い|よい|ええ|大丈夫|かまい|構い)"
)
_RATHER_NOT = re.compile(
    r"(教え|おしえ|言い|いい|書き|出し|知らせ|伝え)(たく(は)?(ない|ありません)|とうない|とない)|教えられ(ない|ません)|個人情報"
    r"|(教え|おしえ|言|書|出|知らせ|伝え)(る|う|く|す)(の|こと)(は|が|に)?(いや|嫌|怖|こわ|抵抗|不安|ちょっと|困)"
)


def _own_request(understanding: Understanding, question: Question, library: Library) -> bool:
    """Whether the text asks for something of its own instead of answering *question*."""
    text, told, intent = understanding.text, understanding.slots, understanding.intent
    if not clear_request(understanding) or intent == question.intent:
        return False
    if short.denies_update(text, library) and intent in ABOUT_UPDATES:
        return False
    if not _fills(question.slot, told):
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


def _fills(slot: str, told: Slots) -> bool:
    if slot == "provider":
        return bool(told.provider or told.unknown_domain)
    return bool(getattr(told, slot, None))


def _looks_like_a_name(text: str, slot: str, library: Library) -> bool:
    """Whether *text* tries to name the provider or program asked for, though no record knows it."""
    words = one_spelling(text)
    if len(words) <= _SHORT_ANSWER and not short.asks(text, library):
        return bool(re.search(r"\w", words))
    if len(words) <= _A_LINE and _STATES.search(words) and not short.asks(text, library):
        return True
    return bool(_NAME_LIKE.get(slot, _NEVER).search(words))


_SHORT_ANSWER = 8
_A_LINE = 20
_STATES = re.compile(r"(です|でした|だ|だと思います|だったかな|かもしれません|のはず)$")
_NEVER = re.compile(r"(?!)")
_NAME_LIKE = {
    "provider": re.compile(
        r"ぷろばいだ|光(でん|回線|こらぼ)?|ねっと|けーぶる|てれび|ntt|\.jp|\.com|@|契約|回線"
    ),
    "client": re.compile(
        r"そふと|あぷり|ぱそこん|すまほ|携帯|ういんどうず|windows|富士通|nec|でる|dell|封筒|あいこん|画面"
    ),
}
