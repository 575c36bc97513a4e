"""What of a message is meant: without excuses, and without what it says is not so.

「ライブメールじゃなくてアウトルックでした」 is about Outlook; 「更新もしていません。ビッグローブです」 tells the provider. What is
denied is kept apart, so that the talk can forget it. The patterns are folding tables, not text for people.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import dropwhile
from typing import TYPE_CHECKING

from bot.core.dialogue import short_answers as short
from bot.core.dialogue.acknowledgements import courtesy
from bot.core.text import plain as one_width

if TYPE_CHECKING:
    from bot.core.library import Library

_CLAUSE_END = re.compile(r"(?<=[。!?！？\n、，])|[\s　](?<=(?:です|ます|した).)[\s　]*", re.DOTALL)
_EXCUSE = re.compile(
    r"(?:(?:あ+っ?|ああ|え+っ?と?|いや+|いえ|うーん|その|あの)?[、,…\s]*"
    r"(?:すみません|すいません|すんません|ごめん(?:なさい|ね)?|申し訳(?:ない|ありません)(?:です|が)?|失礼(?:しました|、)?"
    r"|(?:見|打ち|言い|聞き|押し|書き|読み)?(?:ま|間)(?:ちが|違)(?:い|え)(?:てた|てました|て(?:い)?ました|ました|た|です|でした)?"
    r"|(?:違|ちが)(?:う|った|いました|います|うわ|うんです)(?:って|よ|ね|ん(?:です|だ))?|訂正(?:します|です)?|勘違い(?:です|でした|してました)?))+[、,。!！\s…]*"
)
_GREETING = re.compile(
    r"(?:いつも)?(?:お世話(?:になって|に成って)?(?:い|お)?(?:になり|り)?ます|お世話さま(?:です)?|こんにち[はわ]|こんばん[はわ]|おはよう(?:ございます)?|(?:はじ|初)めまして|夜分(?:に|遅くに)*(?:すみません|失礼します)?|もしもし)"
    r"[、。,!！\s　]+"
)
_SOFTLY = r"(?:です|でし(?:た|て)|だ|よ|って(?:ば|言って(?:る|ます))?|し|んです(?:けど|が)?|のです(?:が)?|けれど?も?|けど|が|ので|から|ね|わ|のに)*"
_BUT = r"(?:じゃなくて?|ではなくて?|でなくて|じゃのうて|やなくて|ちゃうくて|ちゃうて|じゃねえ?くて)"
_BEFORE = re.compile("前|まえ|昔|むかし|元|もと")
_DENIALS = (
    (
        re.compile("じゃ|なく|ちゃう"),
        re.compile(rf"(?P<x>[^。、，!?！？\n]{{1,30}}?){_BUT}[、，,\s]*(?=[^。\s])"),
    ),
    (
        re.compile("じゃ|では|でも"),
        re.compile(
            rf"(?P<x>[^。、，!?！？\n]{{1,30}}?)(?<![たるいうくすだてん])(?:では|じゃ|でも)(?:な(?:い|かった)|ありません(?:でした)?|ねえ){_SOFTLY}(?:[。、，!！\s]+|$)"
            r"(?!か)"
        ),
    ),
    (
        re.compile("ない|ません|なか|へん"),
        re.compile(
            r"(?P<x>(?:windows|ウィンドウズ|ういんどうず)?の?(?:更新|アップデート|あっぷでーと|update|パスワード|警告|証明書|エラー|えらー|メッセージ|設定|番号|送信|受信)"
            r"[^。、，!?！？\n]{0,6}?(?:は|も|とか|なんて|なんか))(?:何も|なにも|とくに|特に|別に|べつに|まだ|一度も)?"
            r"(?:して|やって|聞かれて|求められて|出て|表示されて|変えて|いじって|触って|さわって|使って|かけて|されて)"
            rf"(?:は|も)?い?(?:ない|ません|なかった|ませんでした|へん){_SOFTLY}(?:[。、，!！\s]+|$)"
        ),
    ),
    (
        _BEFORE,
        re.compile(
            r"(?P<x>[^。、，!?！？\n]{1,25}?)(?:は|って)(?:前|まえ|以前|昔|むかし|元|もと)の?(?:会社|プロバイダ|ところ|とこ|やつ|ほう|方|契約|話|アドレス|家|いえ|うち|頃|ころ|回線)?"
            r"(?:なので|なんで|ので|で|でして|(?:だった|じゃった|やった|でした)(?:けど|が|けん|んですが|んじゃが|んやけど)?)[、，。\s]*(?=今|いま|現在|こっち|本当|ほんと)"
        ),
    ),
    (
        _BEFORE,
        re.compile(
            r"(?P<x>(?:前|まえ|以前|昔|むかし|元々?|もともと)は[^。、，!?！？\n]{1,20}?)"
            r"(?:で|でしたが|でしたけど|だったけど|だったんですが|使って(?:い)?(?:た|ました)(?:けど|が|んですが))[、，。\s]*(?=今|いま|現在)"
        ),
    ),
)
"""The words of which a denial has one, and how it is put."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """`text` as it was said, `meant` of it what holds, `denied` what it says is not so."""

    text: str
    meant: str
    denied: str = ""

    @property
    def greets(self) -> bool:
        """Whether it begins with a greeting: 「こんにちは。今日は冷えますねえ」."""
        return bool(_GREETING.match(self.text))

    @property
    def only_denies(self) -> bool:
        return bool(self.denied) and self.meant == self.text


def hear(text: str, library: Library) -> Heard:
    """Set apart what *text* denies, and the greetings and excuses around it. A text that only denies is left as it is."""
    rest, denied = text, []
    for signs, pattern in _DENIALS:
        if not signs.search(text):
            continue
        for found in list(pattern.finditer(rest)):
            denied.append(found["x"])
            rest = rest.replace(found.group(), " ", 1)
    rest = _the_point(without_excuses(_without_greeting(rest)), library)
    meant = rest if rest is text or _says_something(rest) else text
    return Heard(text=text, meant=meant.strip(), denied="、".join(denied))


def beyond_courtesy(text: str, library: Library) -> str:
    """What *text* says after the thanks and good news that it begins with; "" where it does not, or says no more."""
    pieces = clauses(text)
    rest = tuple(dropwhile(lambda piece: _is_news(piece, library), pieces))
    return "".join(rest) if len(rest) < len(pieces) and len("".join(rest)) >= _A_REQUEST else ""


_A_REQUEST = 6


def _the_point(text: str, library: Library) -> str:
    """The question or complaint at the end of *text*, when all before it is good news, thanks, or what was done."""
    *before, last = clauses(text) or ("",)
    if not before or not _says_something(last) or any(short.complains(piece, library) for piece in before):
        return text
    if short.complains(last, library):
        done = all(_is_news(piece, library) or _DID.search(piece) for piece in before)
        numbers = any(re.search(r"\d", piece) for piece in before)
        if done and short.still(last, library) and not numbers:
            return last
        news = any(short.works_now(piece, library) for piece in before)
        return last if news and done else text
    return last if short.asks(last, library) and all(_is_news(piece, library) for piece in before) else text


def _is_news(piece: str, library: Library) -> bool:
    return short.works_now(piece, library) or courtesy(piece, library) != ""


_DID = re.compile(r"(た|ました)[。、!！]?$")


def _without_greeting(text: str) -> str:
    """*text* without 「お世話になります。」 before what is meant."""
    found = _GREETING.match(text)
    rest = text[found.end() :] if found else text
    return rest if len(rest) >= _MORE_THAN_A_GREETING else text


_MORE_THAN_A_GREETING = 8


def without_excuses(text: str) -> str:
    """*text* without 「すみません、間違えました」 before what is meant."""
    found = _EXCUSE.match(text)
    if not found:
        return text
    rest = text[found.end() :]
    return rest if _says_something(rest) and not rest.startswith(("が", "けど", "ので", "て", "の")) else text


def clauses(text: str) -> tuple[str, ...]:
    """*text* cut where a thought ends, marks and all."""
    return tuple(clause for piece in _CLAUSE_END.split(text) if (clause := piece.strip(" \u3000、，")))


def sentences(text: str) -> tuple[str, ...]:
    """*text* cut where a sentence ends."""
    return tuple(said for piece in _SENTENCE_END.split(text) if (said := piece.strip()))


_SENTENCE_END = re.compile(r"(?<=[。!?！？\n])")


def _says_something(text: str) -> bool:
    return bool(re.search(r"\w{2}", _WEIGHTLESS.sub("", one_width(text))))


_WEIGHTLESS = re.compile(r"やっぱり?|だから|とにかく|もう|まだ|でも|それで|ですが|だけど|けど")
