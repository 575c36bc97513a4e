"""How an utterance is read in its scene: as an answer, a follow-up, a correction, or a request of its own.

`understand` looks at one text alone; here the open question and the topic give 「はい」, 「OCNです」, 「送信のほうは？」 and
「じゃあお願いします」 their meaning.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from rapidfuzz import fuzz

from bot.core import short_answers as short
from bot.core.compare import reports_numbers
from bot.core.contact import broken_phone, find_contact
from bot.core.slots import Role, Slots
from bot.core.tickets import Contact
from bot.core.understanding import OUT_OF_SCOPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.core.conversations import Conversation, Question
    from bot.core.library import Library
    from bot.core.slots import Port
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
    "miss",
]

CONTACT_SLOTS = frozenset({"contact", "name", "phone", "time"})
SYMPTOMS = frozenset({"mail_stopped", "cannot_receive", "cannot_send"})
ABOUT_UPDATES = frozenset({"after_windows_update", "update_safety", "windows11_upgrade"})
SMALL_TALK = frozenset({OUT_OF_SCOPE, "greeting", "resolved_thanks"})
_NEEDING_STEPS = frozenset(
    {*SYMPTOMS, "after_windows_update", "ssl_warning", "revert_settings", "open_settings"}
)
_MOVING = frozenset({"livemail_eol", "migration", "windows11_upgrade"})


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _FollowUp:
    """Words that, after one of `topics`, ask for one text of an intent, or with no `focus` for all of it."""

    topics: frozenset[str]
    words: re.Pattern[str]
    intent: str
    focus: str


_FOLLOW_UPS = (
    _FollowUp(
        topics=_MOVING,
        words=re.compile(
            r"代わり|かわりに|後継|何を使|なにを使|何に(すれ|したら|変え)|どれ(に|が|を)|おすすめ|お勧め|ほかの?そふと|他の?そふと"
        ),
        intent="livemail_eol",
        focus="alternatives",
    ),
    _FollowUp(
        topics=_MOVING,
        words=re.compile(
            r"値段|料金|費用|いくら|代金|おいくら|予算|高い(です|の|ん)|お金|有料|無料|只|ただ(です|で)"
        ),
        intent="migration",
        focus="price",
    ),
    _FollowUp(
        topics=frozenset({"auth_failed"}),
        words=re.compile(r"消せ|消し|けせ|けし|削除|取り消|取消|送っちゃ|送ってしま|おくってしま|見られ"),
        intent="auth_failed",
        focus="password_sent",
    ),
    _FollowUp(
        topics=frozenset({"ssl_warning", "revert_settings"}),
        words=re.compile(r"いつまで|どのくらい|どれくらい|ずっと|このまま"),
        intent="revert_settings",
        focus="how_long",
    ),
    _FollowUp(
        topics=frozenset({"ssl_warning"}),
        words=re.compile(r"送信.*ssl|ssl.*送信|465.*ssl|ssl.*465"),
        intent="ssl_warning",
        focus="outgoing_ssl",
    ),
    _FollowUp(
        topics=frozenset({"ssl_warning"}),
        words=re.compile(r"危な|危険|安全|大丈夫(です|なん|かな|\?)|盗ま|ういるす|のっとら|乗っ取"),
        intent="ssl_warning",
        focus="is_it_safe",
    ),
    _FollowUp(
        topics=frozenset(
            {*SYMPTOMS, "port_settings", "after_windows_update", "revert_settings", "error_code"}
        ),
        words=re.compile(
            r"(数字|番号|これ|それ|設定).{0,4}どこ(に|で)(入れ|いれ|書|打|入力|直|変|見)|どこ(に|で)(入れ|いれ|打|入力|直|変え)|画面(が|は|を)?.{0,4}(わから|分から|出し|開|ひら|どこ)"
            r"|(直し|変え|入れ|設定の?し)方(が|は|を)?.{0,3}(わから|分から|教え|知り|どう)|どうやって(直|変|入れ|設定|開)|開き方"
        ),
        intent="open_settings",
        focus="",
    ),
)

_NAMES_AND_FILLERS = re.compile(
    r"[\w.+*＊-]*@[\w.-]+|pop3?|imap4?|smtp|ぽっぷ|あいまっぷ|受信|送信|両方|えっと|ええと|えーと|あの[ー、]|あ[ー、。]|たぶん|多分|確か|たしか|おそらく|やっぱり?|それじゃあ?|じゃあ?|では|ちなみに|それから|だから"
    r"|なのですが|なんですが|なんですけど|ですけども?|ですが|だけど|だとおもいます|だと思います|だったかな|かもしれません|かも|だと思う|と思います|かな|でしたら|だったら|でした|だった|です|だよ|だね|やけど|やで|やった|みたい"
    r"|使って(い?ます|い?る)|つかって(い?ます|い?る)|使用して(い?ます|い?る)|使用|利用して(い?ます|い?る)|契約して(い?ます|い?る)|契約|入って(い?ます|い?る)|に?戻(る|って|します)|ぷろばいだー?|めーる|そふと|あぷり|あどれす|会社|場合|ほう|方|側|名前"
    r"|どう(なの|でしょう|ですか|なりますか)?|教えて|おしえて|お願いします|ください|間違え(ました|て)?|まちがえ(ました|て)?|違(う|って|いました)|訂正|勘違い|じゃなくて|ではなく|じゃなくて|の$"
)
_BREAKS = re.compile(r"[、。,.!?・…\s「」()~\-:;/@]+")
_PARTICLES = r"(?:は|が|を|に|で|の|と|も|って|ね|よ|な|なん|へ|や|か|だ|から|まで|ー|それ|その|これ)"
_GLUE = re.compile(rf"^{_PARTICLES}+|{_PARTICLES}+$")


def read(
    understanding: Understanding, conversation: Conversation, library: Library, *, staff: bool
) -> Reading:
    """What the utterance does in this conversation."""
    understanding = replace(understanding, slots=_with_named_client(understanding, conversation, library))
    told = understanding.slots
    reading = (
        _as_answer(understanding, conversation, library)
        or _as_follow_up(understanding, conversation, library, staff=staff)
        or _as_request(understanding, conversation, library)
    )
    corrects = bool(told.provider) and short.corrects(understanding.text)
    return replace(
        reading,
        told=told,
        slots=remembered(conversation.slots, told, reading, corrects=corrects, staff=staff),
        corrects=corrects,
        angry=short.is_angry(understanding.text),
    )


def _with_named_client(understanding: Understanding, conversation: Conversation, library: Library) -> Slots:
    """A bare 「iPhone」 names the mail program when that was asked for, or when it is all that is said."""
    told, words = understanding.slots, short.plain(understanding.text)
    question = conversation.question
    asked = question is not None and question.slot == "client"
    if told.client or not (asked or len(words) <= _SHORT_NAME):
        return told
    named = {
        short.plain(alias): client.id
        for client in library.clients.values()
        for alias in (client.name, *client.aliases)
    }
    found = max((name for name in named if len(name) >= _NAME_LENGTH and name in words), key=len, default="")
    return replace(told, client=named[found]) if found else told


_SHORT_NAME = 12
_NAME_LENGTH = 3


def remembered(known: Slots, told: Slots, reading: Reading, *, corrects: bool, staff: bool) -> Slots:
    """The slots of the talk after this utterance.

    Another provider makes the numbers reported for the first one meaningless, unless it corrects a slip; for staff, who
    jump from case to case, it makes everything so. What fails or is asked for belongs to one request only.
    """
    base = known
    if told.provider and known.provider and told.provider != known.provider:
        if staff:
            base = Slots(direction=known.direction if reading.act == "follow_up" else None)
        elif not corrects:
            base = replace(base, ports=(), hosts=(), username=None)
    if told.provider or told.unknown_domain:
        base = replace(base, unknown_domain=None, provider=None)
    if reading.act == "request":
        base = replace(base, direction=None, error_code=None)
    newer = replace(told, ports=_ports_by_role(base.ports, told.ports))
    return base.merged(newer)


def bare(text: str, told: Slots, library: Library) -> bool:
    """Whether *text* is hardly more than the slots it tells: 「OCNです」, 「じゃあ送信のほうは？」."""
    rest = short.plain(text)
    names = sorted(filter(None, _names(told, library)), key=len, reverse=True)
    for name in names:
        rest = rest.replace(name, " ")
    words = [_GLUE.sub("", word) for word in _BREAKS.split(_NAMES_AND_FILLERS.sub(" ", rest))]
    return sum(len(word) for word in words if not _misspelt(word, names)) <= 1


def _misspelt(word: str, names: Sequence[str]) -> bool:
    return any(fuzz.ratio(word, name) >= _LIKENESS for name in names)


_LIKENESS = 60


def _as_answer(understanding: Understanding, conversation: Conversation, library: Library) -> Reading | None:
    question = conversation.question
    if not question:
        return None
    if question.slot == "intent":
        return _as_choice(understanding, question, library)
    if question.slot in CONTACT_SLOTS:
        return _as_contact(understanding, question)
    if question.slot == "offer":
        return _as_consent(understanding, question)
    if question.slot == "error_code" and understanding.slots.error_code:
        return Reading(act="answer", intent=question.intent)
    if _own_request(understanding, question, library) or _focused(understanding.text, conversation):
        return None
    if _fills(question.slot, understanding.slots):
        return Reading(act="answer", intent=question.intent, also=_besides(understanding, question))
    if short.says_unsure(understanding.text) and understanding.intent not in {
        "provider_docs",
        "not_resolved",
    }:
        return Reading(act="unsure_answer", intent=question.intent)
    if not _clear_request(understanding) and _looks_like_a_name(understanding.text, question.slot):
        return Reading(act="no_answer", intent=question.intent)
    return None


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
    if contact.phone or (contact != Contact() and not _clear_request(understanding)):
        return Reading(act="contact", intent=question.intent, contact=contact)
    if _clear_request(understanding) and understanding.intent not in {"handoff", question.intent}:
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
    intent = understanding.intent
    if not _clear_request(understanding) or intent == question.intent:
        return False
    if short.denies_update(understanding.text) and intent in ABOUT_UPDATES:
        return False
    if bare(understanding.text, understanding.slots, library):
        return False
    if _fills(question.slot, understanding.slots):
        return intent != "port_settings" and (short.asks(understanding.text) or intent not in SYMPTOMS)
    return True


def _besides(understanding: Understanding, question: Question) -> tuple[str, ...]:
    return tuple(intent for intent in understanding.also if intent not in {question.intent, *SMALL_TALK})


def _as_follow_up(
    understanding: Understanding, conversation: Conversation, library: Library, *, staff: bool
) -> Reading | None:
    text, told, topic = understanding.text, understanding.slots, conversation.topic
    if focus := _focused(text, conversation):
        return focus
    if short.clears_update(text):
        return Reading(act="focus", intent="after_windows_update", focus="not_the_update")
    if topic == "migration" and short.says_yes(text):
        return Reading(act="accept", intent="migration")
    if bare(text, told, library) and _tells(told):
        return _with_what_is_new(understanding, conversation, library, staff=staff)
    if again := _one_of_the_served(understanding, conversation):
        return again
    if _reports(understanding, conversation):
        return Reading(act="follow_up", intent="port_settings")
    if topic and understanding.intent in {*SMALL_TALK, topic} and short.acknowledges(text):
        return Reading(act="heard", intent="resolved_thanks")
    if short.denies_update(text) and understanding.intent in ABOUT_UPDATES:
        return _without_the_update(understanding, conversation)
    return None


def _focused(text: str, conversation: Conversation) -> Reading | None:
    words = short.plain(text)
    talked_about = {conversation.topic, *conversation.served[-2:]}
    for follow_up in _FOLLOW_UPS:
        if talked_about & follow_up.topics and follow_up.words.search(words):
            act: Act = "focus" if follow_up.focus else "request"
            return Reading(act=act, intent=follow_up.intent, focus=follow_up.focus)
    return None


def _with_what_is_new(
    understanding: Understanding, conversation: Conversation, library: Library, *, staff: bool
) -> Reading:
    told, topic = understanding.slots, conversation.topic
    if reports_numbers(told):
        return Reading(act="follow_up", intent="port_settings")
    if told.error_code:
        return Reading(act="request", intent="error_code")
    one_way = told.direction or told.protocol
    if (staff and (told.provider or one_way)) or (one_way and not told.client):
        return Reading(act="follow_up", intent="port_settings")
    if told.provider or told.unknown_domain:
        uses = topic and _uses(topic, "provider", library)
        return Reading(act="follow_up", intent=topic if uses else "port_settings")
    if told.client == "livemail" and topic and topic not in _NEEDING_STEPS:
        return Reading(act="request", intent="livemail_eol")
    if topic and _uses(topic, "client", library):
        return Reading(act="follow_up", intent=topic)
    if _clear_request(understanding):
        return Reading(act="request", intent=understanding.intent)
    return Reading(act="request", intent="open_settings")


def _uses(intent_id: str, slot: str, library: Library) -> bool:
    kinds = {
        "provider": {"settings", "provider_page", "compare", "temporary_measure"},
        "client": {"steps", "client_dates"},
    }
    intent = library.intents.get(intent_id)
    return bool(intent) and any(block.kind in kinds[slot] for block in intent.reply)  # type: ignore[union-attr]  # bool() guards


def _one_of_the_served(understanding: Understanding, conversation: Conversation) -> Reading | None:
    """「更新のほうの答えは？」: which of the things just talked about is meant."""
    if not re.search(
        r"(の|な)?(ほう|方|件|話|答え|こたえ)(の(答え|件|話))?(は|も|って)", short.plain(understanding.text)
    ):
        return None
    recent = {*conversation.served[-4:], *conversation.pending}
    best = next((match.intent for match in understanding.matches if match.intent in recent - SMALL_TALK), "")
    if not best or (understanding.verdict == "clear" and understanding.intent not in recent):
        return None
    return Reading(act="follow_up", intent=best)


def _reports(understanding: Understanding, conversation: Conversation) -> bool:
    """Whether the text only reports numbers for the topic at hand."""
    if not understanding.slots.ports or not conversation.topic:
        return False
    if understanding.intent == "not_resolved":
        return not short.complains(understanding.text)
    return understanding.intent not in _MORE_THAN_NUMBERS


_MORE_THAN_NUMBERS = frozenset(
    {"resolved_thanks", "ssl_warning", "revert_settings", "handoff", "what_is_port", "error_code"}
)


def _without_the_update(understanding: Understanding, conversation: Conversation) -> Reading:
    other = next(
        (match.intent for match in understanding.matches if match.intent in SYMPTOMS and match.score > 0), ""
    )
    if conversation.topic in SYMPTOMS:
        return Reading(act="follow_up", intent=conversation.topic)
    return Reading(act="request", intent=_one_way(other or "mail_stopped", understanding.slots))


def _as_request(understanding: Understanding, conversation: Conversation, library: Library) -> Reading:
    also = tuple(intent for intent in understanding.also if intent in library.intents)
    if symptom := _symptom(understanding):
        return Reading(act="request", intent=symptom, also=also)
    match understanding.verdict:
        case "clear":
            return Reading(act="request", intent=understanding.intent, also=also)
        case "unsure":
            candidates = tuple(intent for intent in understanding.candidates if intent in library.intents)
            if conversation.topic in candidates and _tells(understanding.slots):
                return Reading(act="follow_up", intent=conversation.topic)
            return Reading(act="confirm", intent=understanding.intent, candidates=candidates)
        case "unknown":
            return Reading(act="miss", intent=OUT_OF_SCOPE)


def _symptom(understanding: Understanding) -> str:
    """Which way the mail fails, where the text says so outright: 「受信も送信も」, or one direction and nothing but symptoms."""
    if understanding.verdict == "unknown" or understanding.intent not in SYMPTOMS:
        return ""
    if short.says_both_ways(understanding.text):
        return "mail_stopped"
    if SYMPTOMS.issuperset(understanding.candidates):
        return _one_way(understanding.intent, understanding.slots)
    return ""


def _one_way(symptom: str, told: Slots) -> str:
    return {Role.INCOMING: "cannot_receive", Role.OUTGOING: "cannot_send", None: symptom}[told.direction]


def _clear_request(understanding: Understanding) -> bool:
    return understanding.verdict == "clear" and understanding.intent not in SMALL_TALK


def _fills(slot: str, told: Slots) -> bool:
    if slot == "provider":
        return bool(told.provider or told.unknown_domain)
    return bool(getattr(told, slot, None))


def _tells(told: Slots) -> bool:
    return told != Slots()


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


def _ports_by_role(known: Sequence[Port], told: Sequence[Port]) -> tuple[Port, ...]:
    by_role = {port.role: port for port in known}
    for port in told:
        earlier = by_role.get(port.role)
        same = earlier is not None and earlier.port == port.port and port.ssl is None
        by_role[port.role] = earlier if earlier and same else port
    return tuple(by_role.values())


def _names(told: Slots, library: Library) -> Iterable[str]:
    """Every name, in one spelling, of what the utterance names."""
    if provider := library.providers.get(told.provider or ""):
        yield from map(short.plain, (provider.id, provider.name, *provider.aliases, *provider.domains))
    if client := library.clients.get(told.client or ""):
        yield from map(short.plain, (client.id, client.name, *client.aliases))
    if told.unknown_domain:
        yield told.unknown_domain.lower()
    if told.error_code:
        yield from (told.error_code.lower(), told.error_code.lower().removeprefix("0x"))
    for port in told.ports:
        yield str(port.port)
