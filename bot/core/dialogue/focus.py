"""Words that, after a topic, ask for one text of an intent, or for all of it: 「いつまで？」 after a certificate warning."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.dialogue import short_answers as short
from bot.core.dialogue.reading import ABOUT_UPDATES, MOVING, SYMPTOMS, Act, Reading, certain

if TYPE_CHECKING:
    from bot.core.conversations import Conversation
    from bot.core.understanding import Understanding


def focused(text: str, conversation: Conversation) -> Reading | None:
    """One of `_FOLLOW_UPS`, if the text asks for it."""
    words = short.plain(text)
    talked_about = {conversation.topic, *conversation.served[-2:]}
    for follow_up in _FOLLOW_UPS:
        if talked_about & follow_up.topics and follow_up.words.search(words):
            return Reading(act=follow_up.act, intent=follow_up.intent, focus=follow_up.focus)
    return None


def focused_unless_certain(understanding: Understanding, conversation: Conversation) -> Reading | None:
    """One of `_FOLLOW_UPS`, unless the text on its own asks for something else and leaves no doubt of it."""
    reading = focused(understanding.text, conversation)
    sure = certain(understanding) and understanding.intent not in {"handoff", conversation.topic}
    return None if reading and sure and understanding.intent != reading.intent else reading


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
        topics=frozenset({"port_settings", "provider_docs", *SYMPTOMS}),
        words=re.compile(
            r"(なん|何|どうし|なぜ).{0,10}(くれ|もらえ|教え|おしえ|言え|言わ|出せ|出さ|出)(ない|ません|へん|ん)"
        ),
        intent="port_settings",
        act="follow_up",
    ),
    _FollowUp(
        topics=frozenset({"port_settings", "open_settings", "after_windows_update", *SYMPTOMS}),
        words=short.EMPTY_FIELD,
        intent="port_settings",
        act="follow_up",
    ),
    _FollowUp(
        topics=frozenset({"port_settings", "provider_docs", *SYMPTOMS}),
        words=re.compile(
            r"(と|も)(同じ|一緒|いっしょ)(の)?(番号|設定|数字|もの|値)?(じゃ|では|で)?(だめ|駄目|い?い|ええ|です|か|\?)"
        ),
        intent="port_settings",
        act="follow_up",
    ),
    _FollowUp(
        topics=frozenset({"open_settings", "port_settings", "livemail_eol", *SYMPTOMS}),
        words=re.compile(
            r"(これ|それ|20(16|19|21)|あうとるっく).{0,10}(終わ|おわ|さぽーと|使えなく|つかえなく)(る|り|った|が|は|な)"
        ),
        intent="livemail_eol",
        focus="alternatives",
    ),
    _FollowUp(
        topics=frozenset({"open_settings", "port_settings", *SYMPTOMS}),
        words=re.compile(r"(これ|ここ|それ|そこ)(です|で(いい|よい|ええ)(です)?|で合ってます)?(か|の|\?)+$"),
        intent="port_settings",
        act="follow_up",
    ),
    _FollowUp(
        topics=ABOUT_UPDATES,
        words=re.compile(r"(windows|うぃんどうず|うぃん|win) ?(10|てん)(?!から)"),
        intent="windows11_upgrade",
        act="request",
    ),
    _FollowUp(
        topics=frozenset({"ssl_warning"}),
        words=re.compile(
            r"ぽーと(番号)?で|(ぽーと(番号)?|番号|値|数字)(を|で|に|は)?(変え|直|すれ|する|すん)"
        ),
        intent="ssl_warning",
        act="follow_up",
    ),
    _FollowUp(
        topics=frozenset({"ssl_warning"}),
        words=re.compile(r"急い|急ぎ|急ぐ|とりあえず|すぐ(に)?(使|見|読|送)"),
        intent="ssl_warning",
        act="request",
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
        topics=MOVING,
        words=re.compile(
            r"代わり|どうすれば|どうしたら|どうしましょう|かわりに|後継|何を使|なにを使|何に(すれ|したら|変え)|どれ(に|が|を)|おすすめ|お勧め|ほかの?そふと|他の?そふと"
        ),
        intent="livemail_eol",
        focus="alternatives",
    ),
    _FollowUp(
        topics=MOVING,
        words=re.compile(
            r"(自分|ひとり|一人|うち)(で|では|じゃ|だけ).{0,8}(無理|でき(な|そう(に|も)な|ん|ま)|自信|難し|むずかし|不安)|(頼|お願い)(む|んだ|した|する)(ほう|方)"
        ),
        intent="migration",
        act="request",
    ),
    _FollowUp(
        topics=MOVING,
        words=re.compile(
            r"値段|料金|費用|(訪問|出張|作業|設定)(費|代|料)|いくら|代金|おいくら|予算|高い(です|の|ん)|お金|安く|まけて|割引|有料|無料|只|ただ(です|で)"
        ),
        intent="migration",
        focus="price",
    ),
    _FollowUp(
        topics=frozenset({"auth_failed"}),
        words=re.compile(
            r"消せ|消し|けせ|けし|削除|取り消|取消|送っちゃ|なかったこと|忘れて(くだ|ね|ほし)|送ってしま|おくってしま|見られ"
        ),
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
