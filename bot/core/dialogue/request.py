"""An utterance read as a request of its own, whatever was talked about before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.conversations import Mode
from bot.core.dialogue import short_answers as short
from bot.core.dialogue.aspects import Aspect, asks_about, is_elliptical, is_small_talk, names_no_thing
from bot.core.dialogue.bare import names
from bot.core.dialogue.hearing import clauses
from bot.core.dialogue.reading import (
    ABOUT_UPDATES,
    ENDED,
    NEW_PASSWORD,
    SHORT_LINE,
    SMALL_TALK,
    SYMPTOMS,
    Reading,
    clear_request,
    close_second,
    names_its_subject,
    one_way,
)
from bot.core.spelling import one_spelling
from bot.core.understand import understand
from bot.core.understanding import OUT_OF_SCOPE

if TYPE_CHECKING:
    from bot.core.conversations import Conversation
    from bot.core.library import Library
    from bot.core.understanding import Understanding


def as_request(
    understanding: Understanding, conversation: Conversation, library: Library, *, staff: bool
) -> Reading:
    if short.speaks_of_a_picture(understanding.text, library):
        return Reading(act="request", intent="error_code")
    if staff and (values := _values_in_short(understanding, library)):
        return values
    if not conversation.topic and short.cries_for_help(understanding.text, library):
        return Reading(act="request", intent="greeting")
    if understanding.only_denies and not conversation.topic:
        return Reading(act="miss", intent=OUT_OF_SCOPE)
    if call := _calls_someone(understanding, library):
        return call
    also = tuple(
        i for i in (*understanding.also, *close_second(understanding, library)) if i in library.intents
    )
    if symptom := _symptom(understanding, library):
        after_it = conversation.topic in ABOUT_UPDATES and short.says(
            short.Small.AFTER_IT, understanding.text, library
        )
        return Reading(act="request", intent="after_windows_update" if after_it else symptom, also=also)
    match understanding.verdict:
        case "clear":
            return _clearly(understanding, conversation, library, also=also, staff=staff)
        case "unsure":
            return _one_of_several(understanding, conversation, library)
        case "unknown":
            return _not_understood(understanding, conversation, library)


def _clearly(
    understanding: Understanding,
    conversation: Conversation,
    library: Library,
    *,
    also: tuple[str, ...],
    staff: bool,
) -> Reading:
    if _is_for_the_person(understanding, conversation, library):
        return Reading(act="miss", intent=OUT_OF_SCOPE)
    wanted, text = understanding.intent, understanding.text
    *_, last = clauses(text) or (text,)
    if wanted == "resolved_thanks" and short.asks(last, library) and conversation.topic in library.intents:
        return Reading(act="unclear", intent=conversation.topic)  # 「復旧できる？」
    if wanted == "provider_docs" and short.says(short.Small.PASSWORD, text, library) and not staff:
        return Reading(act="focus", intent="provider_docs", focus=NEW_PASSWORD)
    forgot = asks_about(text, Aspect.NUMBERS, library) and short.asks(text, library)
    if wanted == "not_resolved" and forgot and not short.complains(text, library):
        return Reading(act="request", intent="port_settings", also=also)  # 「この前の番号、何でしたっけ」
    if wanted in ABOUT_UPDATES and short.says(short.Small.MAY_STOP_UPDATES, text, library):
        return Reading(
            act="request", intent="update_safety", also=also
        )  # 「…おかしくなるから、切ってもいい？」
    if wanted == "what_is_port" and short.says(short.Small.WHICH_NUMBER, text, library):
        return Reading(act="request", intent="port_settings", also=also)  # 「SSLって何番ですか」
    if _asks_where(understanding, library):
        wanted = "open_settings"
    elif (
        wanted == "pop_or_imap" and understanding.slots.ports and not short.asks(understanding.text, library)
    ):
        wanted = "port_settings"  # 「POPです。受信995、送信587。OCNです」
    return Reading(act="request", intent=wanted, also=also)


def _asks_where(understanding: Understanding, library: Library) -> bool:
    """「送信サーバーの認証はどこでつけるの。アウトルックです」: values seem to be wanted, and the screen is asked for."""
    told, text = understanding.slots, understanding.text
    screen = bool(told.client) and asks_about(text, Aspect.WHERE, library) and short.asks(text, library)
    return screen and understanding.intent in {"port_settings", "auth_failed"} and not told.ports


def _is_for_the_person(understanding: Understanding, conversation: Conversation, library: Library) -> bool:
    """「何を用意しておけばいいですか」: while a person is awaited, what names no subject of its own is said to them."""
    waits = conversation.mode is Mode.WAITING
    return waits and not names_its_subject(understanding.intent, understanding.text, library)


def _not_understood(understanding: Understanding, conversation: Conversation, library: Library) -> Reading:
    """About the topic at least, or about nothing that is answered here."""
    if short.cries_for_help(understanding.text, library):
        return Reading(act="request", intent="greeting")
    if _asks_for_someone(understanding.text, library):
        return Reading(act="request", intent="handoff")
    text, told = understanding.text, understanding.slots
    if short.says(short.Small.ERROR, text, library) and names_no_thing(text, names(told, library), library):
        return Reading(act="request", intent="error_code")  # 「エラー出た」
    likely = any(match.intent in SYMPTOMS and match.score >= _A_HINT for match in understanding.matches[:4])
    if conversation.served and told.direction and likely and short.fails(text, library):
        return Reading(act="request", intent=one_way("mail_stopped", told))
    plainly = understanding.matches[0].score >= _PLAINLY_FOREIGN
    leans = is_elliptical if plainly else names_no_thing
    about_here = leans(text, names(understanding.slots, library), library)
    foreign = understanding.matches[0].score >= _FOREIGN and not about_here
    if conversation.topic in library.intents and not foreign and not is_small_talk(text, library):
        return Reading(act="unclear", intent=conversation.topic)
    return Reading(act="miss", intent=OUT_OF_SCOPE)


def _asks_for_someone(text: str, library: Library) -> bool:
    """「担当の人いるの？」: somebody is asked for, in words that no phrase has."""
    return (
        len(one_spelling(text)) <= SHORT_LINE
        and short.says(short.Small.STAFF, text, library)
        and (short.asks(text, library) or short.asks_a_favour(text, library))
    )


def _calls_someone(understanding: Understanding, library: Library) -> Reading | None:
    """「受信できません。電話で教えてもらえますか」: a person, and what for."""
    *before, last = clauses(understanding.text) or ("",)
    if not before or understanding.intent not in SYMPTOMS or not clear_request(understanding):
        return None
    if not short.names_a_person(last, library) or not short.asks_a_favour(last, library):
        return None
    wanted = understand(last, library)
    if wanted.intent != "handoff" or wanted.verdict != "clear":
        return None
    return Reading(
        act="request", intent="handoff", also=(one_way(understanding.intent, understanding.slots),)
    )


def _values_in_short(understanding: Understanding, library: Library) -> Reading | None:
    """「plala 受信」, 「ol2021 の ocn 設定」: what colleagues write when they want a provider's values."""
    text, provider = understanding.text, understanding.slots.provider
    protocol = understanding.slots.protocol
    if provider and protocol and understanding.intent == "pop_or_imap" and not short.asks(text, library):
        return Reading(act="request", intent="port_settings")
    if understanding.intent in SYMPTOMS and not short.fails(text, library):
        return Reading(act="request", intent="port_settings")
    if provider and understanding.intent == "open_settings" and not asks_about(text, Aspect.WHERE, library):
        return Reading(act="request", intent="port_settings", also=("open_settings",))
    if provider and understanding.verdict == "unknown" and len(one_spelling(text)) <= SHORT_LINE:
        return Reading(act="request", intent="port_settings")
    return None


_A_HINT = 0.02
_PLAINLY_FOREIGN, _FOREIGN = 0.99, 0.9
"""Below, the words may well go on about the topic, though nothing in them says so."""


def _one_of_several(understanding: Understanding, conversation: Conversation, library: Library) -> Reading:
    """Which of the candidates, when the scene or the distance between them tells; else that is asked."""
    intent, candidates = (
        understanding.intent,
        tuple(i for i in understanding.candidates if i in library.intents),
    )
    if conversation.topic in candidates and understanding.slots.told:
        return Reading(act="follow_up", intent=conversation.topic)
    if {conversation.topic, intent} <= SYMPTOMS and not short.fails(understanding.text, library):
        return Reading(act="follow_up", intent=conversation.topic)  # 「昨日までは送れていたんですけど」
    if understanding.slots.provider and intent == "port_settings":
        both = tuple(candidate for candidate in candidates[1:2] if candidate == "open_settings")
        return Reading(act="request", intent="port_settings", also=both)
    if _stands_out(understanding, library):
        also = tuple(i for i in understanding.also if i in library.intents)
        return Reading(act="request", intent=intent, also=also)
    return Reading(act="confirm", intent=intent, candidates=candidates)


def _stands_out(understanding: Understanding, library: Library) -> bool:
    """Whether the first match is so far ahead of any that is named that asking would only be a bother."""
    first, *others = understanding.matches
    if (
        first.intent in SMALL_TALK
        or first.score < _HALF
        or not names_its_subject(first.intent, understanding.text, library)
    ):
        return False
    named = (match.score for match in others if names_its_subject(match.intent, understanding.text, library))
    return first.score >= _AHEAD * next(named, 0.0)


_AHEAD, _HALF = 2.5, 0.4


def _symptom(understanding: Understanding, library: Library) -> str:
    """Which way the mail fails, where the text says so outright: 「受信も送信も」, or one direction and nothing but symptoms."""
    told = understanding.slots
    if understanding.intent == "provider_docs" and told.provider and told.direction:
        return one_way("mail_stopped", told)  # 「プロバイダは知らないけどアドレスは…」
    if told.client in ENDED and understanding.intent in SYMPTOMS and short.fails(understanding.text, library):
        return "livemail_eol"
    if _reports_a_failure(understanding, library):
        return one_way("mail_stopped", told)  # 「OCNを使ってます。受信が止まりました」
    if understanding.verdict == "unknown" or understanding.intent not in SYMPTOMS:
        return ""
    if short.says_both_ways(understanding.text, library):
        return "mail_stopped"
    plainly = told.direction and not told.error_code and short.fails(understanding.text, library)
    if plainly or SYMPTOMS.issuperset(understanding.candidates):
        return one_way(understanding.intent, understanding.slots)
    return ""


def _reports_a_failure(understanding: Understanding, library: Library) -> bool:
    """Whether values seem to be wanted where the text only says which way fails."""
    text, told = understanding.text, understanding.slots
    if understanding.intent != "port_settings" or not told.direction or told.ports or told.error_code:
        return False
    likely = any(
        match.intent in SYMPTOMS and match.score >= _POSSIBLE for match in understanding.matches[1:3]
    )
    return likely and short.fails(text, library) and not short.asks(text, library)


_POSSIBLE = 0.15
