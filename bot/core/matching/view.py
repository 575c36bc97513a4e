"""How a text is looked at: spelling, sound, words and clauses, so that every way of writing one thing looks alike."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

from bot.core.text import hiragana, plain

if TYPE_CHECKING:
    from collections.abc import Sequence


Word = tuple[str, str, str]
"""A word of a text: as written, as it sounds (kanji read, all else as written), and its dictionary form."""


class Reader(Protocol):
    """Splits Japanese text into words and knows how they are read. Its words put together are the text."""

    def __call__(self, text: str) -> Sequence[Word]: ...


class Clause(NamedTuple):
    """A piece of a text between two ends of a thought: how it is spelled, and what it sounds like in hiragana."""

    spelled: str
    sound: str


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One text, seen several ways.

    `spelled`: width, case and kana folded; kanji, blanks and punctuation kept. `spelling`: without the latter.
    `clauses`: the same, cut where a thought ends (「…のに」「…けど」「、」「。」), with the sound of each piece.
    `sound`: that of all clauses. `lemmas`: dictionary forms of the words. `asks`: a question mark stands in it.
    """

    spelled: str
    spelling: str
    clauses: tuple[Clause, ...]
    sound: str
    lemmas: tuple[str, ...]
    asks: bool


_NOISE = re.compile(r"[\W_ー]+")
_GAP = re.compile(r"[\W_]+")
_KANJI = re.compile(r"[㐀-鿿々〆〇]")
_CLAUSE_END = re.compile(
    r"[。!?\n、,;]+"
    r"|けれども|けれど|けども|けんど|けど|ばって|ばってん|のやけど|やけど|だけんど|のに|ものの|んだが|のじゃが"
    r"|ですが|ますが|せんが|したが|が(?<=[るいただ]が)(?<!めーるが)(?<!めるが)(?=[^るっ])"
    r"|ので(?<=[たるい]ので)|ですし|ますし|ついでに|それと"
)
"""Looked for before katakana are folded, so that a メール does not look like a verb."""
_BROKEN = re.compile(r"[\ud800-\udfff]")
_HALF_WIDTH = re.compile(r"[ｦ-ﾟ]+")
_MARKS = str.maketrans(
    {"×": "ばつ", "✕": "ばつ", "✖": "ばつ", "○": "まる", "◯": "まる", "→": "から", "⇒": "から"}
)
_LONGEST_TEXT = 2000
"""Nobody describes a trouble beyond this; pasted logs would only cost time."""
_LONG_RUN = re.compile(r"(.)\1{2,}")


def look_at(text: str, read: Reader) -> View:
    """See *text* in all ways."""
    even = evened(text[:_LONGEST_TEXT])
    words = read(even)
    spelled = hiragana(even)
    clauses = _clauses(even, spelled, words)
    return View(
        spelled=spelled,
        spelling="".join([clause.spelled for clause in clauses]),
        clauses=clauses,
        sound="".join([clause.sound for clause in clauses]),
        lemmas=tuple([lemma for surface, _, lemma in words if surface.isalnum()]),
        asks="?" in even,
    )


def evened(text: str) -> str:
    """*text* in one width and case, marks as words; what was typed in half-width kana as hiragana, since it holds the particles."""
    if _BROKEN.search(text):
        text = _BROKEN.sub("", text)
    if _HALF_WIDTH.search(text):
        text = _HALF_WIDTH.sub(lambda run: _in_hiragana(unicodedata.normalize("NFKC", run[0])), text)
    return _LONG_RUN.sub(r"\1\1", plain(text)).translate(_MARKS)


def _in_hiragana(katakana: str) -> str:
    return "".join([chr(ord(sign) - 0x60) if "ァ" <= sign <= "ヶ" else sign for sign in katakana])


def _clauses(text: str, spelled: str, words: Sequence[Word]) -> tuple[Clause, ...]:
    """The clauses of *text*; *spelled* is the same in hiragana. A word across an end belongs to the clause it begins in."""
    ends = [end.end() for end in _CLAUSE_END.finditer(text)]
    if not ends:
        return (_clause(spelled, [sound for _, sound, _ in words]),)
    ends.append(len(text))
    clauses: list[Clause] = []
    number, position, begin = 0, 0, 0
    sounds: list[str] = []
    for surface, sound, _ in words:
        while position >= ends[number] and number < len(ends) - 1:
            clauses.append(_clause(spelled[begin : ends[number]], sounds))
            begin, sounds = ends[number], []
            number += 1
        sounds.append(sound)
        position += len(surface)
    clauses.append(_clause(spelled[begin:], sounds))
    return tuple([clause for clause in clauses if clause.spelled or clause.sound]) or (Clause("", ""),)


def _clause(spelled: str, sounds: Sequence[str]) -> Clause:
    return Clause(_GAP.sub("", spelled), _sound(sounds))


def _sound(sounds: Sequence[str]) -> str:
    return _NOISE.sub("", hiragana("".join(sounds)))


def spelling_of(text: str) -> str:
    """How *text* is spelled, folded like the clauses of a View."""
    return _GAP.sub("", hiragana(evened(text)))


def written_in_kanji(text: str) -> bool:
    """Whether it matters how *text* is spelled, and not only what it sounds like."""
    return bool(_KANJI.search(text))


def sound_of(text: str, read: Reader) -> str:
    """What *text* sounds like, folded like the clauses of a View."""
    return _sound([sound for _, sound, _ in read(evened(text))])
