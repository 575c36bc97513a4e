"""The phrases authors wrote. The fit has learnt most of them; what is here speaks for those that came after it."""

from __future__ import annotations

import re
from collections import Counter
from itertools import chain
from operator import add
from typing import TYPE_CHECKING, NamedTuple

from rapidfuzz import fuzz, process

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_RAREST = 6
_SHARED = 2
_CANDIDATES = 16
_LONGEST_LIST = 48
_SAME_CORE = 0.97
"""The likeness of two texts that differ only in how they begin and end: すみません、…のですが。"""
_CONTAINED = 0.94
"""The likeness of a longer text in which a phrase stands whole."""
_SHORTEST_CORE = 5
_OPENING = re.compile(
    r"^(?:すみません|すいません|あのう?|えつと|おせわになります|おせわになつております|こんにちは|はじめまして|しつもんです)+が?"
)
_ENDING = re.compile(
    r"(?:[のん]?(?:です|だ|や)|[のん](?:か|よ|ね)|ます|でしようか|でしよう|けれども|けれど|けども|けど|が|か|よ|ね|な"
    r"|とおもいます|とおもつています|とおもつて|どうすればいい|どうしたらいい|どうすれば|どうしたら|をおしえて|おしえて|ください"
    r"|おねがいします|おねがい|こまつています|こまつてます)+$"
)


class Phrase(NamedTuple):
    """A phrase as written, the intent it belongs to, what it sounds like, and whether it came after the last fit."""

    text: str
    intent: str
    sound: str
    fresh: bool = False


class Near(NamedTuple):
    """A phrase and its likeness to the text, 0..1."""

    phrase: Phrase
    likeness: float


class PhraseIndex:
    """Finds phrases at a cost that does not grow with their number.

    Each fresh phrase is kept under its few rarest three-sound pieces; only those that share some of them with a text are
    compared with it.
    """

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._phrases = tuple(phrases)
        self._by_sound = {phrase.sound: phrase for phrase in reversed(self._phrases)}
        self._fresh = [(phrase, core_of(phrase.sound)) for phrase in self._phrases if phrase.fresh]
        pieces = [_pieces(core) for _, core in self._fresh]
        common = Counter(chain.from_iterable(pieces))
        self._same_core: dict[str, list[int]] = {}
        lists: dict[str, list[int]] = {}
        for place, own in enumerate(pieces):
            self._same_core.setdefault(self._fresh[place][1], []).append(place)
            for piece in sorted(own, key=common.__getitem__)[:_RAREST]:
                lists.setdefault(piece, []).append(place)
        # Pieces that stand in very many phrases tell nothing and would make the cost grow.
        self._lists = {piece: places for piece, places in lists.items() if len(places) <= _LONGEST_LIST}
        self._telling = frozenset(self._lists)

    def __len__(self) -> int:
        return len(self._phrases)

    def said(self, sound: str) -> Phrase | None:
        """The phrase that sounds like this."""
        return self._by_sound.get(sound)

    def nearest(self, sound: str, *, least: float) -> list[Near]:
        """The fresh phrases most like *sound*, best first, none below *least*."""
        if self._telling.isdisjoint(_threes(sound)):
            return []
        core = core_of(sound)
        shared = Counter(chain.from_iterable(filter(None, map(self._lists.get, _pieces(core)))))
        places = [place for place, count in shared.most_common(_CANDIDATES) if count >= _SHARED]
        near = [
            Near(self._fresh[place][0], _likeness(sound, core, *self._fresh[place]))
            for place in dict.fromkeys([*self._same_core.get(core, ())[:_CANDIDATES], *places])
        ]
        return sorted([one for one in near if one.likeness >= least], key=lambda one: -one.likeness)

    def closest(self, sound: str, intent: str) -> Near | None:
        """Of all phrases of *intent* the one most like *sound*, however little: for people, not for a decision."""
        own = [phrase for phrase in self._phrases if phrase.intent == intent]
        found = process.extractOne(sound, [phrase.sound for phrase in own], scorer=fuzz.ratio)
        return Near(own[found[2]], found[1] / 100) if found else None


def _likeness(sound: str, core: str, phrase: Phrase, its_core: str) -> float:
    if sound == phrase.sound:
        return 1.0
    if core == its_core:
        return _SAME_CORE
    if len(its_core) > _SHORTEST_CORE and its_core in sound:
        return _CONTAINED
    return min(fuzz.ratio(core, its_core) / 100, _SAME_CORE)


def core_of(sound: str) -> str:
    """*sound* without the courtesies around what is said; all of it if little would be left."""
    core = _ENDING.sub("", _OPENING.sub("", sound))
    return core if len(core) >= _SHORTEST_CORE else sound


def _pieces(sound: str) -> dict[str, None]:
    return dict.fromkeys(_threes(f"^{sound}$"))


def _threes(text: str) -> Iterator[str]:
    return map(add, map(add, text, text[1:]), text[2:])
