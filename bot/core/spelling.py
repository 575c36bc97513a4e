"""One spelling for short words: however a text is written, the lists of words are compared with it as it reads here."""

from __future__ import annotations

import re
from functools import lru_cache

from bot.core.text import plain

_TO_HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}


@lru_cache(maxsize=4096)
def one_spelling(text: str) -> str:
    """*text* in one spelling for lists of words: one width, lower case, hiragana, no marks at its end, and in kanji what
    the lists write in kanji.
    """
    folded = " ".join(plain(text).translate(_TO_HIRAGANA).split())
    together = _BLANK_IN_KANA.sub("", folded)
    return _IN_KANA.sub(_in_kanji, together).rstrip(_AT_THE_END)


_BLANK_IN_KANA = re.compile(r" (?<=[ぁ-んー] )(?=[ぁ-んー])")
_AT_THE_END = "。!.、~〜♪ "
_KANJI_OF = {
    "じゅしん": "受信",
    "そうしん": "送信",
    "せってい": "設定",
    "ばんごう": "番号",
    "なんばん": "何番",
    "すうじ": "数字",
    "がめん": "画面",
    "けいこく": "警告",
    "しょうめいしょ": "証明書",
    "こうしん": "更新",
    "たんとう": "担当",
    "でんわ": "電話",
    "りょうきん": "料金",
    "ねだん": "値段",
    "かいしゃ": "会社",
    "けいやく": "契約",
    "しょるい": "書類",
    "おねがい": "お願い",
    "えすえすえる": "ssl",
    "とど": "届",
    "おく": "送",
    "なお": "直",
    "もど": "戻",
    "ひら": "開",
}
"""Words that many write in kana throughout; verbs only before an ending of theirs."""
_IN_KANA = re.compile(
    "|".join(word for word in _KANJI_OF if len(word) > 2)
    + r"|とど(?=[かきくけい])|おく(?<![てんに]おく)(?=[らりるれっ])|なお(?!さら)(?=[さしすせっらりる])|もど(?=[さしすせそらりるれろっ])|ひら(?=[いかきくけ])"
)


def _in_kanji(word: re.Match[str]) -> str:
    return _KANJI_OF[word[0]]
