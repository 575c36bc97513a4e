"""Whether a text is hardly more than the slots it tells: 「OCNです」, 「じゃあ送信のほうは？」."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process

from bot.core.spelling import one_spelling

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.core.library import Library
    from bot.core.slots import Slots


def _ending_in(tail: str, heads: str) -> str:
    """Each of *heads* with *tail*, written out: what begins with a letter is looked for much faster than what begins with a choice."""
    return "|".join(head + tail for head in heads.split())


_CHANGED = "変更 直し なおし 書き換え 入れ替え 切り?替え 変えて 変わり 変わっ 乗り?換え"
_NAMES_AND_FILLERS = re.compile(
    "|".join(
        (
            r"pop3?|imap4?|smtp|ぽっぷ|あいまっぷ|受信|送信",
            _ending_in(r"[取と][るり]", "受け うけ"),
            _ending_in(r"[るす](?=ほう|方|の)", "送 おく 出 だ"),
            _ending_in(r"く(?=ほう|方|の)", "届 とど"),
            r"両方|えっと|ええと|えーと|あの[ー、]|あ[ー、。]|たぶん|多分|確か|たしか|おそらく|やっぱり?|それじゃあ?|じゃあ?|では|ちなみに|それから|だから",
            r"なのですが|なんですが|なんですけど|ですけども?|ですが|だけど|だとおもいます|だと思います|だったかな|かもしれません|かも|らしい|みたい|よう(?=です)|だと思う|と思います|かな|でしたら|だったら|やったら|んなら|ほんなら|ほな|でした|だった|です|だよ|だね|やけど|やで|やった|みたい",
            r"い(?<=^い)(?:え|や|いえ)(?=[、, ])",
            _ending_in(r"(?=使|つか|見)", "いま 今"),
            _ending_in(r"の?(?=は|が|も)", "私 わたし あたし 僕 ぼく 俺 おれ わし 自分"),
            _ending_in(r"い?るの(?=は|が)", "使って つかって 見て みて 開いて"),
            _ending_in(r"って(?:い?ます|い?る|おります|(?:い?る)?ん)", "使 つか"),
            r"使用(?:して|いたして|中)?(?:い?ます|い?る|おります)?",
            _ending_in(r"い?(?:ます|る)", "利用して 契約して 入って"),
            r"契約",
            _ending_in(r"(?:る|り|って|します|ります)", "に戻 戻"),
            _ending_in(r"(?:ました|ます|て|た)?", f"に{_CHANGED.replace(' ', ' に')} {_CHANGED}"),
            _ending_in(r"(?:あり|い)ます", "と書いて 書いて"),
            _ending_in(r"てある", "と書い とかいい 書い かいい"),
            r"になってい?(?:ます|る)|ぱそこん|後ろ|うしろ|すまほ|携帯|客|でございます|になります|まとめて|そうそう|ああ|ぷろばいだー?|めーる|そふと|あぷり|あどれす|会社|場合|ほう|方|側|名前",
            r"どう(?:なの|なん|でしょう|ですか|なりますか)?|何番(?:です|でした)?(?:か|っけ)?|なんばん|いくつ|どっち|どちら|同じ(?:です|なん)?",
            _ending_in(r"[はに]", "いま 今 現在 本当 ほんとう? 実 じつ 正しく 正確に"),
            r"よく[見み]たら",
            _ending_in(r"(?:てみ?)?たら", "見 み 調べ しらべ 確認し"),
            _ending_in(r"で?(?:い?い|ええ|よい)(?:です)?か", "でこれ でそれ はこれ はそれ これ それ"),
            _ending_in(r"[にのをと]?[はも]?", "通帳 請求書 明細 紙 書類 封筒 契約書 箱 画面 るーたー"),
            r"って(?:書いて|かいて)(?:あり|あっ|い)?(?:ます|る|た|ました)?|家の|うちの?|私の?|こちら|一応|いちおう|すぐ|のほう|どない(?:なん|やねん)?",
            r"もら(?:っても?(?:い?い|よろしい|ええ)|え(?:ます|ません))(?:です|でしょう)?か|いただけ(?:ます|ません)(?:か|でしょうか)|教えて|おしえて|お願いします|ください",
            _ending_in(r"(?:ました|て|です|でした)?", "間違[えい] まちが[えい]"),
            r"違(?:う|って|いました)|訂正|勘違い|じゃなくて|ではなく|じゃなくて|の$",
        )
    )
)
_ADDRESS = re.compile(r"[\w.+*＊-]*@[a-z0-9.-]+")
"""Whoever writes one may put their name in kanji before the mark."""
_BREAKS = re.compile(r"[、。,.!?・…\s「」()~\-:;/@]+")
_PARTICLES = r"(?:は|が|を|に|で|の|と|も|って|ね|よ|な|なん|へ|や|か|だ|から|まで|ー|それ|その|これ)"
_GLUE = re.compile(rf"^{_PARTICLES}+|{_PARTICLES}+$")


def bare(text: str, told: Slots, library: Library) -> bool:
    """Whether *text* is hardly more than the slots it tells: 「OCNです」, 「じゃあ送信のほうは？」."""
    return more_than_slots(text, told, library) <= 1


def more_than_slots(text: str, told: Slots, library: Library) -> int:
    """How many letters of *text* say more than the slots it tells."""
    words = one_spelling(text)
    rest = _ADDRESS.sub(" ", words) if "@" in words else words
    said = sorted(filter(None, names(told, library)), key=len, reverse=True)
    for name in said:
        rest = rest.replace(name, " ")
    left = [_GLUE.sub("", word) for word in _BREAKS.split(_NAMES_AND_FILLERS.sub(" ", rest))]
    return sum(len(word) for word in left if word and not _misspelt(word, said))


def _misspelt(word: str, names: Sequence[str]) -> bool:
    return process.extractOne(word, names, scorer=fuzz.ratio, score_cutoff=_LIKENESS) is not None


_LIKENESS = 60


@lru_cache(maxsize=1024)
def in_one_spelling(*written: str) -> tuple[str, ...]:
    """The names of one thing in one spelling: the same few, asked for again and again."""
    return tuple(dict.fromkeys(map(one_spelling, written)))


def names(told: Slots, library: Library) -> Iterable[str]:
    """Every name, in one spelling, of what the utterance names."""
    if provider := library.providers.get(told.provider or ""):
        yield from in_one_spelling(provider.id, provider.name, *provider.aliases, *provider.domains)
    if client := library.clients.get(told.client or ""):
        yield from in_one_spelling(client.id, client.name, *client.aliases)
    if told.unknown_domain:
        yield told.unknown_domain.lower()
    if told.error_code:
        yield from (told.error_code.lower(), told.error_code.lower().removeprefix("0x"))
    for port in told.ports:
        yield str(port.port)
