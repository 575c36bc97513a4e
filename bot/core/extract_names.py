"""Finds names of providers and mail programs in a text: exactly, in another spelling, or with a slip of the finger."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import partial_ratio_alignment

from bot.core.text import hiragana, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

NameKind = Literal["provider", "client"]

# One sound, one letter: marks stripped, long vowels as ー, kanji and digits that look like the kana or letter meant.
_LOOSE = str.maketrans(
    "がぎぐげござじずぜぞだでどばびぶべぼぱぴぷぺぽ二口力夕工卜八一0",
    "かきくけこさしすせそたてとはひふへほはひふへほにろかたえとはーo",
)


def _shifted(kana: str, by: int) -> str:
    return "".join(chr(ord(letter) + by) for letter in kana)


_HIRAGANA_ROWS = {
    "あ": "あかがさざただなはばぱまやらわゃ",
    "い": "いきぎしじちにひびぴみりぃ",
    "う": "うくぐすずつぬふぶぷむゆるぅゅ",
}
_HIRAGANA_ROWS |= {"えいぃぇ": "えけげせぜてでねへべぺめれぇ", "おう": "おこごそぞとどのほぼぽもよろぉょ"}
_LONG_VOWEL = re.compile(
    "|".join(
        f"(?<=[{row}])[{vowels}]"
        for katakana in (0, ord("ア") - ord("あ"))
        for vowels, row in (
            (_shifted(vowels, katakana), _shifted(row, katakana)) for vowels, row in _HIRAGANA_ROWS.items()
        )
    )
)

# Names that are also everyday words count only where mail is spoken of right after them.
_ALSO_WORDS = frozenset(
    {
        "どこも",
        "さくら",
        "このは",
        "わくわく",
        "かごや",
        "まほろば",
        "じやにす",
        "ざつく",
        "びつぐねつと",
        "jet",
        "hal",
        "janis",
        "clio",
        "cek",
        "cty",
    }
)
_MAIL_FOLLOWS = re.compile(
    r"[のはでにからを、 　]{0,3}(?:めーる|めある|光|ひかり|いんたーねつと|ねつと|れんたる|さーば|あどれす|どめいん|独自|"
    r"pop|imap|smtp|受信|送信|ぽーと|設定|契約|けいやく|つな|使つて|箱|証明書|りようきん)"
)
_NEVER_A_SLIP = frozenset({"らいんめーる"})
_GENERIC = re.compile(
    "(?:いんたーねつと|ねつと|めーる|mail|net|ひかり|光|さーは|さーはー|windows|microsoft|あかうんと|の|れんたる)"
)
_PARTICLES = frozenset("はがのをおにへとでもやよ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A name found: whose it is, and where it stands in the plain text."""

    kind: NameKind
    id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Name:
    kind: NameKind
    id: str
    spelling: str
    loose: str

    @property
    def core(self) -> int:
        """How long it is without the part that other names and words share (the ライブ of ライブメール)."""
        return len(_GENERIC.sub("", self.loose))

    @property
    def forgives_a_slip(self) -> bool:
        """Whether one wrong letter leaves it recognisable; there are more providers than programs to mistake it for."""
        return len(self.loose) > 4 and self.core > (2 if self.kind == "client" else 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Letters:
    """Letters and digits of a text, comparable: position k stands at `at[k]` of the plain text."""

    plain: str
    folded: str
    loose: str
    at: list[int]

    def starts_word(self, k: int) -> bool:
        return k == 0 or self.at[k] - self.at[k - 1] > 1

    def ends_word(self, k: int) -> bool:
        return k == len(self.at) or self.at[k] - self.at[k - 1] > 1


class NameIndex:
    """All names, ready to be looked for in one pass; built once."""

    def __init__(self, names: Iterable[_Name]) -> None:
        self._by_start: dict[str, tuple[_Name, ...]] = {}
        self._by_pair: dict[str, tuple[int, ...]] = {}
        self._long: tuple[_Name, ...] = ()
        ordered = sorted(set(names), key=lambda name: (-len(name.loose), name.kind, name.id, name.spelling))
        self._index_starts(ordered)
        self._index_pairs(ordered)

    @classmethod
    def build(cls, spellings: Mapping[tuple[NameKind, str], Iterable[str]]) -> NameIndex:
        """From every spelling of each (kind, id)."""
        return cls(
            _name(kind, name_id, spelling)
            for (kind, name_id), written in spellings.items()
            for spelling in written
            if len(_letters(plain(spelling)).folded) > 1
        )

    def find(self, text: str, kinds: frozenset[NameKind]) -> tuple[Mention, ...]:
        """Names in *text* (a plain text), first to last. Kinds of which none stands there are looked for as slips."""
        letters = _letters(text)
        found = _longest(self._exact(letters))
        missing = kinds - {mention.kind for mention in found if mention.kind == "provider"}
        slips = self._slips(letters, missing, found) if missing else ()
        return tuple(sorted((*found, *slips), key=lambda mention: mention.start))

    def _index_starts(self, names: Sequence[_Name]) -> None:
        starts: dict[str, list[_Name]] = {}
        for name in names:
            starts.setdefault(name.loose[:2], []).append(name)
        self._by_start = {start: tuple(group) for start, group in starts.items()}

    def _index_pairs(self, names: Sequence[_Name]) -> None:
        self._long = tuple(name for name in names if name.forgives_a_slip)
        pairs: dict[str, set[int]] = {}
        for number, name in enumerate(self._long):
            for pair in _pairs(name.loose):
                pairs.setdefault(pair, set()).add(number)
        self._by_pair = {pair: tuple(sorted(numbers)) for pair, numbers in pairs.items()}

    def _exact(self, letters: _Letters) -> Iterator[Mention]:
        loose = letters.loose
        for start in range(len(loose) - 1):
            for name in self._by_start.get(loose[start : start + 2], ()):
                if loose.startswith(name.loose, start) and _stands_free(name, letters, start):
                    yield _mention(name, letters, start, start + len(name.loose))
                    break

    def _slips(
        self, letters: _Letters, kinds: frozenset[NameKind], taken: Sequence[Mention]
    ) -> tuple[Mention, ...]:
        shared: dict[int, int] = {}
        for pair in _pairs(letters.loose):
            for number in self._by_pair.get(pair, ()):
                shared[number] = shared.get(number, 0) + 1
        candidates = (
            (self._long[number], count)
            for number, count in shared.items()
            if count >= max(2, len(self._long[number].loose) - 4) and self._long[number].kind in kinds
        )
        slips = (_slip(name, letters) for name, _ in candidates)
        return _longest(mention for mention in slips if mention and not _overlaps(mention, taken))


def _name(kind: NameKind, name_id: str, spelling: str) -> _Name:
    letters = _letters(plain(spelling))
    return _Name(kind=kind, id=name_id, spelling=letters.folded, loose=letters.loose)


def _letters(text: str) -> _Letters:
    at = [position for position, letter in enumerate(text) if letter.isalnum()]
    letters = "".join([text[position] for position in at])
    folded = hiragana(letters)
    loose = hiragana(_LONG_VOWEL.sub("ー", letters)).translate(_LOOSE)
    return _Letters(plain=text, folded=folded, loose=loose, at=at)


def _pairs(text: str) -> set[str]:
    return {text[start : start + 2] for start in range(len(text) - 1)}


def _mention(name: _Name, letters: _Letters, start: int, end: int) -> Mention:
    return Mention(kind=name.kind, id=name.id, start=letters.at[start], end=letters.at[end - 1] + 1)


def _stands_free(name: _Name, letters: _Letters, start: int) -> bool:
    """Whether the name at *start* is a word of its own and not a piece of another one."""
    end = start + len(name.loose)
    spelled_so = letters.folded.startswith(name.spelling, start)
    if not spelled_so and (len(name.loose) < 4 or name.core < 3):
        return False
    if not (
        _free_start(letters, start, end, sure=spelled_so and name.core > 2)
        and _free_end(name, letters, start, end)
    ):
        return False
    if name.spelling not in _ALSO_WORDS or _is_katakana(letters.plain[letters.at[start]]):
        return True
    return _MAIL_FOLLOWS.match(hiragana(letters.plain[letters.at[end - 1] + 1 :][:12])) is not None


def _free_start(letters: _Letters, start: int, end: int, *, sure: bool) -> bool:
    if letters.starts_word(start):
        return True
    first, before = letters.plain[letters.at[start]], letters.plain[letters.at[start - 1]]
    if _is_latin(first):
        return not (_is_latin(before) or (before.isdecimal() and end - start < 3))
    if _is_katakana(first) and _is_katakana(before):
        return end - start > 5 or hiragana(before) in _PARTICLES
    if _is_hiragana(first) and _is_katakana(letters.plain[letters.at[start + 1]]):
        return False
    if _is_hiragana(first) and _is_hiragana(before):
        return sure or end - start > 5 or before in _PARTICLES
    return True


def _free_end(name: _Name, letters: _Letters, start: int, end: int) -> bool:
    if letters.ends_word(end):
        return True
    last, after = letters.plain[letters.at[end - 1]], letters.plain[letters.at[end]]
    if not _is_latin(last):
        return True
    if _is_latin(after):
        return letters.loose.startswith(("mail", "net"), end) and end - start > 2
    return not after.isdecimal() or end - start > 2 or name.kind == "client"


def _slip(name: _Name, letters: _Letters) -> Mention | None:
    """The place where *name* stands with one letter wrong, missing, added or swapped, or None."""
    near = partial_ratio_alignment(name.loose, letters.loose, score_cutoff=70)
    if near is None or len(letters.loose) < len(name.loose) - 1:
        return None
    spans = (
        (start, end)
        for start in range(max(0, near.dest_start - 1), near.dest_start + 2)
        for end in range(
            start + len(name.loose) - 1, min(start + len(name.loose) + 1, len(letters.loose)) + 1
        )
    )
    slips = (
        (start, end)
        for start, end in spans
        if letters.loose[start : start + 1] == name.loose[0]
        and (end - start == len(name.loose) or name.core > 3)
        and OSA.distance(name.loose, letters.loose[start:end], score_cutoff=1) <= 1
        and letters.folded[start:end] not in _NEVER_A_SLIP
        and _word_edges(letters, start, end)
    )
    found = next(slips, None)
    return _mention(name, letters, *found) if found else None


def _word_edges(letters: _Letters, start: int, end: int) -> bool:
    """A slip may not begin or end inside a Latin or katakana word."""
    first, last = letters.plain[letters.at[start]], letters.plain[letters.at[end - 1]]
    starts = letters.starts_word(start) or not _same_script(letters.plain[letters.at[start - 1]], first)
    ends = letters.ends_word(end) or not (_is_latin(last) and _is_latin(letters.plain[letters.at[end]]))
    return starts and ends


def _same_script(one: str, other: str) -> bool:
    return (_is_latin(one) and _is_latin(other)) or (_is_katakana(one) and _is_katakana(other))


def _longest(mentions: Iterable[Mention]) -> tuple[Mention, ...]:
    """Of overlapping mentions the longest, the earlier one where equal."""
    kept: list[Mention] = []
    for mention in sorted(mentions, key=lambda each: (each.start - each.end, each.start)):
        if not _overlaps(mention, kept):
            kept.append(mention)
    return tuple(kept)


def _overlaps(mention: Mention, others: Sequence[Mention]) -> bool:
    return any(mention.start < other.end and other.start < mention.end for other in others)


def _is_latin(letter: str) -> bool:
    return "a" <= letter <= "z"


def _is_katakana(letter: str) -> bool:
    return "ァ" <= letter <= "ヺ" or letter == "ー"


def _is_hiragana(letter: str) -> bool:
    return "ぁ" <= letter <= "ゖ"
