"""What an utterance does in its scene, as a value, and the groups of intents that talk is made of."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from bot.core.dialogue import short_answers as short
from bot.core.dialogue.aspects import Aspect, asks_about
from bot.core.slots import Role, Slots
from bot.core.tickets import Contact
from bot.core.understanding import OUT_OF_SCOPE

if TYPE_CHECKING:
    from bot.core.library import Library
    from bot.core.understanding import Understanding

Act = Literal[
    "request",  # a request of its own
    "answer",  # fills the slot that was asked for
    "unsure_answer",  # does not know what was asked
    "no_answer",  # was asked for a slot and said something else that is no request
    "follow_up",  # the topic again, with what is new
    "focus",  # the topic, one named text of it
    "confirm",  # may be one of `candidates`
    "accept",
    "decline",
    "contact",
    "broken_phone",
    "heard",  # わかりました、変更します
    "lost",  # does not understand what was answered
    "unclear",  # about the topic, but not what of it
    "asks_back",  # asks why the bot wants to know, or would rather not say
    "miss",
]

CONTACT_SLOTS = frozenset({"contact", "name", "phone", "time"})
SYMPTOMS = frozenset({"mail_stopped", "cannot_receive", "cannot_send"})
ABOUT_UPDATES = frozenset({"after_windows_update", "update_safety", "windows11_upgrade"})
SMALL_TALK = frozenset({OUT_OF_SCOPE, "greeting", "resolved_thanks"})
MOVING = frozenset({"livemail_eol", "migration", "windows11_upgrade"})
NO_MATTER = frozenset({*SMALL_TALK, "handoff", "not_resolved"})
"""What is talked, but not talked about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What an utterance does. `intent` is the one to serve, `also` further ones, `told` the slots of this utterance alone,
    `slots` those of the talk with it, `focus` the one text asked for.
    """

    act: Act
    intent: str = ""
    also: tuple[str, ...] = ()
    told: Slots = Slots()
    slots: Slots = Slots()
    contact: Contact = Contact()
    candidates: tuple[str, ...] = ()
    focus: str = ""
    corrects: bool = False
    angry: bool = False


def clear_request(understanding: Understanding) -> bool:
    """Whether the text alone asks for something, small talk apart."""
    return understanding.verdict == "clear" and understanding.intent not in SMALL_TALK


def certain(understanding: Understanding) -> bool:
    """Whether the text alone asks for one thing so plainly that no scene makes it another."""
    return (
        clear_request(understanding)
        and understanding.matches[0].score >= ALL_BUT_CERTAIN
        and names_its_subject(understanding.intent, understanding.text)
    )


def asks_for_the_screen(understanding: Understanding) -> bool:
    """Whether *understanding*'s text asks where something is done, whatever else it tells."""
    text = understanding.text
    wants = clear_request(understanding) and understanding.intent == "open_settings"
    return (wants and short.asks(text)) or asks_about(text, Aspect.WHERE)


def holds(understanding: Understanding, topic: str, *, staff: bool) -> bool:
    """Whether what a text alone seems to want is strong enough to leave *topic* for it."""
    if not clear_request(understanding):
        return False
    intent, text = understanding.intent, understanding.text
    score = understanding.matches[0].score
    certain = score >= _BEYOND_DOUBT and not short.supposes(text)
    if topic and not certain and not names_its_subject(intent, text):
        return False
    if intent in SYMPTOMS and (short.supposes(text) or not short.fails(text)):
        return False
    if intent in {"cannot_receive", "cannot_send"} and understanding.slots.direction is None:
        return short.complains_of_mail(text)
    if intent == "handoff":
        return short.names_a_person(text) or (not staff and short.asks_a_favour(text))
    return score >= (_LIKELY if near(intent, topic) or not topic else SURE)


def near(intent: str, topic: str) -> bool:
    """Whether talk moves easily from *topic* to *intent*."""
    return any({intent, topic} <= group for group in _NEIGHBOURS)


def names_its_subject(intent: str, text: str) -> bool:
    """Whether *text* has a word for what *intent* is about, as whoever leaves a topic for it must say."""
    if intent == "handoff":
        return short.names_a_person(text) or short.asks_a_favour(text)
    subject = _SUBJECTS.get(intent)
    return subject is None or bool(subject.search(short.plain(text)))


def weighed(understanding: Understanding, topic: str) -> Understanding:
    """*understanding* with the first match that names its subject in front, where the first of all does not."""
    first = understanding.matches[0] if understanding.matches else None
    text = understanding.text
    if first is None or first.intent == OUT_OF_SCOPE or first.score >= _BEYOND_DOUBT:
        return understanding
    if names_its_subject(first.intent, text):
        return understanding
    likely = (
        m
        for m in understanding.matches[1:4]
        if m.score >= (_OF_THE_TOPIC if m.intent == topic else _POSSIBLE)
    )
    better = next(
        (m for m in likely if m.intent not in SMALL_TALK and names_its_subject(m.intent, text)), None
    )
    if better is None:
        return understanding
    others = tuple(match for match in understanding.matches if match is not better)
    candidates = tuple(intent for intent in understanding.candidates if intent != first.intent)
    return replace(understanding, matches=(better, *others), verdict="clear", candidates=candidates)


def close_second(understanding: Understanding) -> tuple[str, ...]:
    """The second match where it is named as plainly as the first, and almost as likely: both are served."""
    pair = understanding.matches[:2]
    if len(pair) < 2 or pair[1].score < _CLOSE or SMALL_TALK & {match.intent for match in pair}:
        return ()
    if understanding.verdict != "clear" or {"not_resolved", "handoff"} & {match.intent for match in pair}:
        return ()
    named = all(names_its_subject(match.intent, understanding.text) for match in pair)
    return (pair[1].intent,) if named and not any({m.intent for m in pair} <= g for g in _ALIKE) else ()


_CLOSE = 0.3
_ALIKE = (
    SYMPTOMS | {"error_code", "after_windows_update"},
    frozenset(
        {"port_settings", "open_settings", "what_is_port", "provider_docs", "revert_settings", "pop_or_imap"}
    ),
    MOVING,
    ABOUT_UPDATES,
)
"""Intents that are told apart by little, and are seldom meant together."""
_POSSIBLE, _OF_THE_TOPIC = 0.2, 0.05
_SUBJECTS = {
    "update_safety": re.compile(r"(止|と)め(ない|て|る)|更新|あっぷ|update|うぃんどうず|windows"),
    "after_windows_update": re.compile(r"更新|あっぷ|update|うぃんどうず|windows|再起動"),
    "windows11_upgrade": re.compile(r"11|10|いれぶん|うぃんどうず|windows|win"),
    "livemail_eol": re.compile(r"らいぶ|live|wlm|あぷり|終わ|おわ|終了|さぽーと|そふと|あうとるっく|outlook"),
    "migration": re.compile(
        r"移|うつ|あどれす帳|引(っ)?越|ひっこ|乗り換え|のりかえ|料金|値段|費用|いくら|申し込|申込|予約"
    ),
    "mailbox_full": re.compile(r"容量|いっぱい|一杯|満|あふれ|さいず|大き|箱|mb|めが|重"),
    "auth_failed": re.compile(
        r"ぱす|pass|pw|認証|ろぐいん|さいんいん|暗証|id|あかうんと|入れ(ない|ません)|弾|はじ"
    ),
    "ssl_warning": re.compile(r"証明|警告|ssl|せきゅり|ぷりんし|安全|信頼|一時|暫定"),
    "error_code": re.compile(
        r"えらー|0x|[0-9]{3}|英語|こーど|応答|拒否|切断|戻っ|返っ|出(る|た|ます|ました)"
    ),
    "provider_docs": re.compile(
        r"書類|紙|ぷろばいだ|会社|契約|請求|はがき|封筒|控え|なくし|無くし|忘れ|調べ|公式|ぺーじ|わから|分から|知ら"
    ),
    "what_is_port": re.compile(
        r"(ぽーと|番号|ip|あいぴー|995|465|110|587|ssl|smtp).*(何|なに|なん|とは|意味|どういう|って|わから|分から|なぜ)|(何|なに|なん|意味).*(ぽーと|番号)"
    ),
    "pop_or_imap": re.compile(r"pop|imap|ぽっぷ|あいまっぷ|方式"),
    "revert_settings": re.compile(r"戻|もど|元|もと|解除|やめ|いつまで|このまま"),
    "open_settings": re.compile(r"画面|開|ひら|どこ|場所|手順|めにゅー|設定|押|出し方|見方|入れ方|直し方"),
    "not_resolved": re.compile(
        r"まだ|だめ|駄目|あかん|同じ|変わら|かわら|直ら|なおら|治ら|ない|ません|へん|ん(です|の|わ|ね|よ|し|け|な|ば|$)|ねえ|ねぇ|ねぐ|ず|やっぱ|また|さっぱり|無理|×|ng|不|えらー|出る|出た|出ます|改善|再発"
    ),
    "resolved_thanks": re.compile(
        r"た|ありがと|おおきに|どうも|助か|たすか|解決|復旧|thx|thank|来|届|ok|おけ|よかった|良かった|了解|完了|close|くろーず"
    ),
    "greeting": re.compile(
        r"こんにち|こんばん|おはよ|はじめまし|初めまし|もしもし|よろしく|ごめん|失礼|お世話|すみません|すいません|ども|hi|hello|聞きたい|相談|あの"
    ),
    "port_settings": re.compile(
        r"番|ぽーと|設定|値|さーば|ほすと|ssl|tls|暗号|pop|imap|smtp|[0-9]{2,3}|受信|送信|名|合って|正し|受け|送る|おくる|うけ"
    ),
}
_BEYOND_DOUBT = 0.995
ALL_BUT_CERTAIN = 0.95
_LIKELY = 0.4
SURE = 0.5
VERY_SURE = 0.8
_NEIGHBOURS = (
    frozenset(
        {
            *SYMPTOMS,
            "after_windows_update",
            "error_code",
            "port_settings",
            "open_settings",
            "not_resolved",
            "auth_failed",
            "ssl_warning",
        }
    ),
    frozenset({"ssl_warning", "revert_settings", "port_settings"}),
    frozenset({"provider_docs", "port_settings", "pop_or_imap", "what_is_port"}),
    MOVING | {"update_safety"},
    ABOUT_UPDATES | SYMPTOMS,
)
"""Topics between which talk moves easily: a lower score will do."""


def uses(intent_id: str, slot: str, library: Library) -> bool:
    """Whether the reply of an intent depends on *slot* (provider or client)."""
    kinds = {
        "provider": {"settings", "provider_page", "compare", "temporary_measure"},
        "client": {"steps", "client_dates"},
    }
    intent = library.intents.get(intent_id)
    return intent is not None and any(block.kind in kinds[slot] for block in intent.reply)


ONE_WAY = {Role.INCOMING: "cannot_receive", Role.OUTGOING: "cannot_send"}


def one_way(symptom: str, told: Slots) -> str:
    """*symptom*, narrowed to the direction that was told."""
    return ONE_WAY[told.direction] if told.direction else symptom
