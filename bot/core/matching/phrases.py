"""The phrases authors wrote: which of them are nearest to a text, at a cost that does not grow with their number."""

from __future__ import annotations

import re
from collections import Counter
from itertools import chain
from operator import add
from typing import TYPE_CHECKING, NamedTuple

from rapidfuzz import fuzz, process

if TYPE_CHECKING:
    from collections.abc import Iterable

_RAREST = 6
_CANDIDATES = 8
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
    """Finds candidates by their rarest three-sound pieces, and lets rapidfuzz compare only those."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._phrases = tuple(phrases)
        self._exact = {phrase.sound: place for place, phrase in reversed(list(enumerate(self._phrases)))}
        self._cores = tuple(core_of(phrase.sound) for phrase in self._phrases)
        self._same_core = {core: place for place, core in reversed(list(enumerate(self._cores)))}
        lists: dict[str, list[int]] = {}
        for place, core in enumerate(self._cores):
            for gram in _grams(core):
                lists.setdefault(gram, []).append(place)
        # Pieces that stand in very many phrases tell nothing and would make the cost grow.
        self._lists = {gram: places for gram, places in lists.items() if len(places) <= _LONGEST_LIST}

    def __len__(self) -> int:
        return len(self._phrases)

    def nearest(self, sound: str, *, least: float = 0.6) -> list[Near]:
        """The phrases most like *sound*, best first, none below *least*."""
        if sound in self._exact:
            return [Near(self._phrases[self._exact[sound]], 1.0)]
        core = core_of(sound)
        if core in self._same_core:
            return [Near(self._phrases[self._same_core[core]], _SAME_CORE)]
        lists = sorted(filter(None, map(self._lists.get, _grams(core))), key=len)
        shared = Counter(chain.from_iterable(lists[:_RAREST]))
        if not shared:
            return []
        candidates = [place for place, _ in shared.most_common(_CANDIDATES)]
        cores = [self._cores[place] for place in candidates]
        found = process.extract(core, cores, scorer=fuzz.ratio, score_cutoff=least * 100, limit=_CANDIDATES)
        near = [
            Near(self._phrases[candidates[n]], min(likeness / 100, _SAME_CORE)) for _, likeness, n in found
        ]
        whole = [
            Near(self._phrases[place], _CONTAINED)
            for place, part in zip(candidates, cores, strict=True)
            if len(part) > _SHORTEST_CORE and part in sound
        ]
        return sorted([*whole, *near], key=_likeness, reverse=True) if whole else near


def core_of(sound: str) -> str:
    """*sound* without the courtesies around what is said; all of it if little would be left."""
    core = _ENDING.sub("", _OPENING.sub("", sound))
    return core if len(core) >= _SHORTEST_CORE else sound


def _likeness(near: Near) -> float:
    return near.likeness


def _grams(sound: str) -> dict[str, None]:
    padded = f"^{sound}$"
    return dict.fromkeys(map(add, map(add, padded, padded[1:]), padded[2:]))
