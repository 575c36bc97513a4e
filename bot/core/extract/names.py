"""Finds names of providers and mail programs in a text, in whatever script and spelling they are written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product
from operator import add
from typing import TYPE_CHECKING, Literal

from bot.core.extract.letters import Letters, is_hiragana, is_katakana, is_latin
from bot.core.text import hiragana, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

NameKind = Literal["provider", "client"]

# Names that are also everyday words count only where mail is spoken of right after them.
_EVERYDAY = frozenset(
    "さくら わくわく まほろば えきさいと ちきちき くりお じやにす ざつく にゆーろ jet hal janis clio cek".split()  # noqa: SIM905
)
_EVERYDAY_IN_HIRAGANA = frozenset({"どこも", "このは", "かごや"})
_MAIL_FOLLOWS = re.compile(
    r"[のはでにからを、 　]{0,3}(?:めーる|めある|光|ひかり|いんたーねつと|ねつと|れんたる|さーば|あどれす|どめいん|独自|"
    r"pop|imap|smtp|受信|送信|ぽーと|設定|契約|けいやく|つな|使つて|箱|証明書|りようきん)"
)
_ASKED_FOR = re.compile(r"(?:ぷろばいだー?|契約|会社)(?:先|名)?\s?[はが:]\s?$")
_STATED = re.compile(
    r"(?:です(?:けど|が|ね|よ)?|だよ|だと(?:思います|おもいます)|でした|かな)?[。、!\s]*(?=$|[^\w])"
)
# What names share with one another and with other words.
_SHARED = re.compile(
    "いんたーねつと|ねつと|めーる|(?<=..)mail|(?<=..)net|ひかり|光|さーはー?|windows|microsoft|あかうんと|の|れんたる"
)
_PARTICLES = frozenset("はがのをおにへとでもやよ")
_LETTER_SOUNDS = {
    "a": "エー", "b": "ビー", "c": "シー", "d": "ディー", "e": "イー", "f": "エフ", "g": "ジー", "h": "エイチ エッチ",
    "i": "アイ", "j": "ジェー", "k": "ケー", "l": "エル", "m": "エム", "n": "エヌ エン", "o": "オー 王", "p": "ピー",
    "q": "キュー", "r": "アール", "s": "エス", "t": "ティー テー", "u": "ユー", "v": "ブイ", "w": "ダブリュー",
    "x": "エックス", "y": "ワイ", "z": "ゼット",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A name found: whose it is, and where it stands in the plain text."""

    kind: NameKind
    id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """One spelling of a provider or program; `core` is the length of the part that is its own (ライブ of ライブメール)."""

    kind: NameKind
    id: str
    spelling: str
    loose: str
    core: int

    @property
    def everyday(self) -> bool:
        """Whether it is also a word without any thought of mail."""
        return self.spelling in _EVERYDAY

    @property
    def begins_everyday(self) -> bool:
        """Whether it begins with such a word, so that nearly anything after the word would look like it."""
        return self.spelling.startswith(tuple(_EVERYDAY))

    def mention(self, letters: Letters, start: int, end: int) -> Mention:
        """This name, found from letter *start* up to *end*."""
        return Mention(kind=self.kind, id=self.id, start=letters.at[start], end=letters.at[end - 1] + 1)


def names_of(spellings: Mapping[tuple[NameKind, str], Iterable[str]]) -> tuple[Name, ...]:
    """Every way to write the names of each (kind, id), the longest first."""
    names = {
        _name(kind, name_id, variant)
        for (kind, name_id), written in spellings.items()
        for spelling in written
        for variant in _variants(plain(spelling))
    }
    usable = (name for name in names if len(name.loose) > 1)
    return tuple(sorted(usable, key=lambda name: (-len(name.loose), name.kind, name.id, name.spelling)))


class NameIndex:
    """Finds names in one pass over a text, by their first two letters."""

    def __init__(self, names: Sequence[Name]) -> None:
        by_start: dict[str, list[Name]] = {}
        for name in names:
            by_start.setdefault(name.loose[:2], []).append(name)
        self._by_start = {start: tuple(group) for start, group in by_start.items()}

    def find(self, letters: Letters) -> tuple[Mention, ...]:
        """The names that stand in the text; of overlapping ones the longest."""
        return longest(self._all(letters))

    def _all(self, letters: Letters) -> Iterator[Mention]:
        loose = letters.loose
        for start, group in enumerate(map(self._by_start.get, map(add, loose, loose[1:]))):
            for name in group or ():
                if loose.startswith(name.loose, start) and _stands_free(name, letters, start):
                    yield name.mention(letters, start, start + len(name.loose))
                    break


def longest(mentions: Iterable[Mention]) -> tuple[Mention, ...]:
    """Of overlapping mentions the longest, the earlier one where equal."""
    kept: list[Mention] = []
    for mention in sorted(mentions, key=lambda each: (each.start - each.end, each.start)):
        if not overlaps(mention, kept):
            kept.append(mention)
    return tuple(kept)


def overlaps(mention: Mention, others: Sequence[Mention]) -> bool:
    return any(mention.start < other.end and other.start < mention.end for other in others)


def _variants(spelling: str) -> Iterator[str]:
    """The spelling, and for initials (OCN) the ways to say them, wholly or at first (おーしーえぬ, オーCN)."""
    yield spelling
    if re.fullmatch("[a-z]{3,4}", spelling) and spelling not in _EVERYDAY:
        sounds = [_LETTER_SOUNDS[letter].split() for letter in spelling]
        yield from map("".join, product(*sounds))
        yield from (first + spelling[1:] for first in sounds[0])


def _name(kind: NameKind, name_id: str, spelling: str) -> Name:
    letters = Letters(spelling)
    core = len(_SHARED.sub("", letters.loose))
    return Name(kind=kind, id=name_id, spelling=letters.folded, loose=letters.loose, core=core)


def _stands_free(name: Name, letters: Letters, start: int) -> bool:
    """Whether the name at *start* is a word of its own and not a piece of another one."""
    end = start + len(name.loose)
    spelled_so = letters.folded.startswith(name.spelling, start)
    if not spelled_so and (len(name.loose) < 4 or name.core < 3):
        return False
    if not _free_start(letters, start, end, sure=spelled_so and name.core > 2):
        return False
    return _free_end(name, letters, start, end) and _meant_as_name(name, letters, start, end)


def _free_start(letters: Letters, start: int, end: int, *, sure: bool) -> bool:
    if letters.breaks_before(start):
        return True
    first, before = letters.written(start), letters.written(start - 1)
    if is_latin(first):
        return not (is_latin(before) or (before.isdecimal() and end - start < 3))
    if is_katakana(first) and is_katakana(before):
        return end - start > 5 or hiragana(before) in _PARTICLES
    if is_hiragana(first) and is_katakana(letters.written(start + 1)):
        return False
    if is_hiragana(first) and is_hiragana(before):
        return sure or end - start > 5 or before in _PARTICLES
    return True


def _free_end(name: Name, letters: Letters, start: int, end: int) -> bool:
    if letters.breaks_before(end) or not is_latin(letters.written(end - 1)):
        return True
    after = letters.written(end)
    if is_latin(after):
        return letters.loose.startswith(("mail", "net"), end) and end - start > 2
    return not after.isdecimal() or end - start > 2 or name.kind == "client"


def _meant_as_name(name: Name, letters: Letters, start: int, end: int) -> bool:
    in_hiragana = is_hiragana(letters.written(start))
    if not name.everyday and not (in_hiragana and name.spelling in _EVERYDAY_IN_HIRAGANA):
        return True
    first, rest = letters.at[start], letters.at[end - 1] + 1
    before, after = (
        hiragana(letters.plain[max(0, first - 12) : first]),
        hiragana(letters.plain[rest : rest + 16]),
    )
    if _MAIL_FOLLOWS.match(after) or _ASKED_FOR.search(before):
        return True
    stated = _STATED.match(after)
    if stated is None:
        return False
    nothing_else = start == 0 and rest + stated.end() == len(letters.plain)
    return nothing_else or is_latin(letters.written(start))
