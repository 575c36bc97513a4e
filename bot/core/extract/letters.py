"""The letters of a text as names are compared with them: in one script and one sound, each with its place."""

from __future__ import annotations

import re
from functools import cached_property

from bot.core.text import hiragana


def _shifted(kana: str, by: int) -> str:
    return "".join(chr(ord(letter) + by) for letter in kana)


_TO_KATAKANA = ord("ア") - ord("あ")
_VOWEL_AFTER_ROW = (
    ("あ", "あかがさざただなはばぱまやらわゃ"),
    ("い", "いきぎしじちにひびぴみりぃ"),
    ("う", "うくぐすずつぬふぶぷむゆるぅゅ"),
    ("えいぃぇ", "えけげせぜてでねへべぺめれぇ"),
    ("おう", "おこごそぞとどのほぼぽもよろぉょ"),
)
_LONG_VOWELS = [
    (_shifted(vowels, script), _shifted(row, script))
    for script in (0, _TO_KATAKANA)
    for vowels, row in _VOWEL_AFTER_ROW
]
# The vowel first, then what stands before it: so a search skips all other letters.
_LONG_VOWEL = re.compile(
    f"[{''.join(vowels for vowels, _ in _LONG_VOWELS)}]"
    f"(?:{'|'.join(f'(?<=[{row}][{vowels}])' for vowels, row in _LONG_VOWELS)})"
)
_NO_LETTER = re.compile(r"[\W_]+")
# One sound, one letter: voicing marks stripped, and kanji and digits that look like the kana or letter meant.
_LOOSE = str.maketrans(
    "がぎぐげござじずぜぞだでどばびぶべぼぱぴぷぺぽ二口力夕工卜八一0",
    "かきくけこさしすせそたてとはひふへほはひふへほにろかたえとはーo",
)


class Letters:
    """Letters and digits of a text; letter k stands at `at[k]` of the plain text.

    `folded` is in one script; `loose` also takes は for ば and ぱ, えい for えー, and so on. All are of one length.
    """

    def __init__(self, text: str) -> None:
        """The letters of a plain text."""
        letters = _NO_LETTER.sub("", text)
        self.plain = text
        self.folded = hiragana(letters).replace("0", "o")
        self.loose = hiragana(_LONG_VOWEL.sub("ー", letters)).translate(_LOOSE)

    @cached_property
    def at(self) -> list[int]:
        """Where the letters stand; wanted only where a name may stand."""
        return [position for position, letter in enumerate(self.plain) if letter.isalnum()]

    def written(self, k: int) -> str:
        """Letter k as it stands in the plain text."""
        return self.plain[self.at[k]]

    def breaks_before(self, k: int) -> bool:
        """Whether letter k begins the text, or follows a blank or a sign."""
        return k in (0, len(self.at)) or self.at[k] - self.at[k - 1] > 1


def is_latin(letter: str) -> bool:
    return "a" <= letter <= "z"


def is_katakana(letter: str) -> bool:
    return "ァ" <= letter <= "ヺ" or letter == "ー"


def is_hiragana(letter: str) -> bool:
    return "ぁ" <= letter <= "ゖ"
