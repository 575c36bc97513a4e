"""An utterance read as going on with what was just talked about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core import short_answers as short
from bot.core.bare import bare
from bot.core.compare import reports_numbers
from bot.core.reading import ABOUT_UPDATES, SMALL_TALK, SYMPTOMS, Act, Reading, clear_request, one_way
from bot.core.settings_card import IMAP_FIRST
from bot.core.slots import Slots

if TYPE_CHECKING:
    from bot.core.conversations import Conversation
    from bot.core.library import Library
    from bot.core.understanding import Understanding

_NEEDING_STEPS = frozenset(
    {*SYMPTOMS, "after_windows_update", "ssl_warning", "revert_settings", "open_settings"}
)
_MOVING = frozenset({"livemail_eol", "migration", "windows11_upgrade"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _FollowUp:
    """Words that, after one of `topics`, ask for one text of an intent, or with no `focus` for all of it."""

    topics: frozenset[str]
    words: re.Pattern[str]
    intent: str
    focus: str = ""
    act: Act = "focus"


_FOLLOW_UPS = (
    _FollowUp(
        topics=frozenset({"ssl_warning"}),
        words=re.compile(r"ぽーと(番号)?(で|を(変え|直))|番号(を|で)(変え|直)"),
        intent="ssl_warning",
        act="follow_up",
    ),
    _FollowUp(
        topics=frozenset({"windows11_upgrade"}),
        words=re.compile(r"(めーる|これ|それ)は(どう|使え)"),
        intent="windows11_upgrade",
        act="follow_up",
    ),
    _FollowUp(
        topics=frozenset({"error_code"}),
        words=re.compile(r"^(それ|これ)?(は|って|の)?(どういう|何の|なんの)(意味|こと)"),
        intent="error_code",
        act="follow_up",
    ),
    _FollowUp(
        topics=frozenset({"port_settings"}),
        words=re.compile(r"両方|(受信|送信)も(受信|送信)も|(受信|送信)と(受信|送信)|全部(教|見|まとめ)"),
        intent="port_settings",
        act="request",
    ),
    _FollowUp(
        topics=_MOVING,
        words=re.compile(
            r"代わり|どうすれば|どうしたら|どうしましょう|かわりに|後継|何を使|なにを使|何に(すれ|したら|変え)|どれ(に|が|を)|おすすめ|お勧め|ほかの?そふと|他の?そふと"
        ),
        intent="livemail_eol",
        focus="alternatives",
    ),
    _FollowUp(
        topics=_MOVING,
        words=re.compile(
            r"値段|料金|費用|いくら|代金|おいくら|予算|高い(です|の|ん)|お金|安く|まけて|割引|有料|無料|只|ただ(です|で)"
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
            r"|(直し|変え|入れ|設定の?し)方(が|は|を)?.{0,3}(わから|分から|教え|知り|どう)|どうやって(直|変|入れ|設定|開)|開き方|ssl.{0,6}(どこ|選|えら)"
        ),
        intent="open_settings",
        act="follow_up",
    ),
    _FollowUp(
        topics=frozenset(
            {*SYMPTOMS, "port_settings", "after_windows_update", "revert_settings", "open_settings"}
        ),
        words=re.compile(
            r"(さーばー?名|ゆーざー?名|あかうんと名|暗号化)(は|も|って)?(何|なに|どう|教え|おしえ|いくつ|\?|$)"
        ),
        intent="port_settings",
        act="follow_up",
    ),
)


def as_follow_up(
    understanding: Understanding, conversation: Conversation, library: Library, *, staff: bool
) -> Reading | None:
    """The reading, if the utterance leans on the talk before it."""
    text, told = understanding.text, understanding.slots
    if short.clears_update(text):
        return Reading(act="focus", intent="after_windows_update", focus="not_the_update")
    if short.asks_temporary(text):
        return Reading(act="request", intent="ssl_warning")
    if conversation.topic == "migration" and short.says_yes(text):
        return Reading(act="accept", intent="migration")
    if told != Slots() and bare(text, told, library):
        return _with_what_is_new(understanding, conversation, library, staff=staff)
    return (
        focused(text, conversation)
        or _one_of_the_served(understanding, conversation)
        or _reported(understanding, conversation)
        or _about_the_topic(understanding, conversation)
        or _without_the_update(understanding, conversation)
    )


def focused(text: str, conversation: Conversation) -> Reading | None:
    """One of `_FOLLOW_UPS`, if the text asks for it."""
    words = short.plain(text)
    talked_about = {conversation.topic, *conversation.served[-2:]}
    for follow_up in _FOLLOW_UPS:
        if talked_about & follow_up.topics and follow_up.words.search(words):
            return Reading(act=follow_up.act, intent=follow_up.intent, focus=follow_up.focus)
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
    if topic == "port_settings" and told.client in IMAP_FIRST:
        return Reading(act="follow_up", intent="port_settings", also=("open_settings",))
    if topic and _uses(topic, "client", library):
        return Reading(act="follow_up", intent=topic)
    if clear_request(understanding):
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


def _reported(understanding: Understanding, conversation: Conversation) -> Reading | None:
    """Numbers or encryption as they are on the customer's screen, and nothing that weighs more."""
    text, told = understanding.text, understanding.slots
    follow_up = Reading(act="follow_up", intent="port_settings")
    if conversation.slots.ports and not told.ports and short.tells_ssl(text) is not None:
        return follow_up
    if not told.ports or not conversation.topic:
        return None
    if understanding.intent == "not_resolved":
        return None if short.complains(text) else follow_up
    return None if understanding.intent in _MORE_THAN_NUMBERS else follow_up


_MORE_THAN_NUMBERS = frozenset(
    {"resolved_thanks", "ssl_warning", "revert_settings", "handoff", "what_is_port", "error_code"}
)


def _about_the_topic(understanding: Understanding, conversation: Conversation) -> Reading | None:
    """A short word about what was answered: again please, I see, I am lost."""
    text, topic = understanding.text, conversation.topic
    if not topic:
        return None
    if short.asks_again(text):
        return Reading(act="request", intent=topic)
    if understanding.intent not in {*SMALL_TALK, topic}:
        return None
    if short.acknowledges(text) or short.says_yes(text) or short.says_no(text):
        return Reading(act="heard", intent="resolved_thanks")
    return Reading(act="lost", intent=topic) if short.is_lost(text) else None


def _without_the_update(understanding: Understanding, conversation: Conversation) -> Reading | None:
    """「更新はしていないのに」: whatever it is, it is not the update."""
    if understanding.intent not in ABOUT_UPDATES or not short.denies_update(understanding.text):
        return None
    other = next(
        (match.intent for match in understanding.matches if match.intent in SYMPTOMS and match.score > 0), ""
    )
    if conversation.topic in SYMPTOMS:
        return Reading(act="follow_up", intent=conversation.topic)
    return Reading(act="request", intent=one_way(other or "mail_stopped", understanding.slots))
