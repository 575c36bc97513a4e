"""The letters of a text as names are compared with them: in one script and one sound, each with its place."""

from __future__ import annotations

import re
from dataclasses import dataclass

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
# The vowel first, then what stands before it: so a search skips all other letters.
_LONG_VOWEL = re.compile(
    "|".join(
        f"[{_shifted(vowels, script)}](?<=[{_shifted(row, script)}][{_shifted(vowels, script)}])"
        for script in (0, _TO_KATAKANA)
        for vowels, row in _VOWEL_AFTER_ROW
    )
)
# One sound, one letter: voicing marks stripped, and kanji and digits that look like the kana or letter meant.
_LOOSE = str.maketrans(
    "がぎぐげござじずぜぞだでどばびぶべぼぱぴぷぺぽ二口力夕工卜八一0",
    "かきくけこさしすせそたてとはひふへほはひふへほにろかたえとはーo",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letters:
    """Letters and digits of a text; letter k stands at `at[k]` of the plain text.

    `folded` is in one script; `loose` also takes は for ば and ぱ, えい for えー, and so on. All are of one length.
    """

    plain: str
    folded: str
    loose: str
    at: list[int]

    @classmethod
    def of(cls, text: str) -> Letters:
        """The letters of a plain text."""
        at = [position for position, letter in enumerate(text) if letter.isalnum()]
        letters = "".join([text[position] for position in at])
        loose = hiragana(_LONG_VOWEL.sub("ー", letters)).translate(_LOOSE)
        return cls(plain=text, folded=hiragana(letters).replace("0", "o"), loose=loose, at=at)

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
