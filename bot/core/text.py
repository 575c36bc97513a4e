"""One comparable spelling for everything people type: width, script, long vowels, small kana, blanks, emoji.

`plain` keeps the words and their punctuation; `fold` keeps letters and digits only.
It runs on every message several times, so all of it is `str.translate` and compiled patterns.
"""

from __future__ import annotations

import re
import unicodedata

# Marks typed apart from their kana (フ゜, ﾌ ﾟ) become the combining ones, which NFKC joins to the kana.
# It begins with the sign itself, and looks back from there, as the long vowels below do: so a search skips all else.
_STRAY_MARK = re.compile(
    r"[゛゜ \u3000](?<=[\u3041-\u3096\u30a1-\u30faｦ-ﾝ].)(?:(?<=[゛゜])|[゛゜ﾞﾟ\u3099\u309a])"
)
_INVISIBLE_RANGES = (
    (0x00, 0x08),
    (0x0B, 0x0C),
    (0x0E, 0x1F),
    (0x7F, 0x9F),
    (0xAD, 0xAD),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x206F),
    (0xFEFF, 0xFEFF),
)
_INVISIBLE = {code: None for first, last in _INVISIBLE_RANGES for code in range(first, last + 1)}
_DASHES = "-~〜―‐‑‒–—−─━"
_DASH_AS_LONG_VOWEL = re.compile(
    rf"[{_DASHES}](?<=[\u3041-\u3096\u30a1-\u30fa].)[{_DASHES}]*(?=[\u3041-\u3096\u30a1-\u30fa])"
)

_GAP_OR_REPEATED_SOUND = re.compile(r"[\W_]+|(?<=ー)ー+|(?<=[っッ])[っッ]+")

_KATAKANA = "".join(map(chr, range(0x30A1, 0x30F7)))
_HIRAGANA = "".join(map(chr, range(0x3041, 0x3097)))
_SAME_SOUND = str.maketrans("ぁぃぅぇぉっゃゅょゎゕゖゔぢづ", "あいうえおつやゆよわかけぶじず")
_SOUNDS = str.maketrans(_KATAKANA + _HIRAGANA, (_HIRAGANA * 2).translate(_SAME_SOUND))


def plain(text: str) -> str:
    """One width, lower case, split marks joined, nothing invisible; script, punctuation and line ends stay."""
    joined = _STRAY_MARK.sub(_combining, text)
    normal = unicodedata.normalize("NFKC", joined).lower()
    visible = normal if normal.isprintable() else normal.translate(_INVISIBLE)
    return _DASH_AS_LONG_VOWEL.sub("ー", visible)


def hiragana(text: str) -> str:
    """Katakana as hiragana, small kana as large, ぢ づ ヴ as they sound. The length stays."""
    return text.translate(_SOUNDS)


def fold(text: str) -> str:
    """The comparable spelling: letters and digits only."""
    return hiragana(_GAP_OR_REPEATED_SOUND.sub("", plain(text)))


def _combining(mark: re.Match[str]) -> str:
    return "\u3099" if mark[0][-1] in "゛ﾞ\u3099" else "\u309a"
