"""The phrases authors wrote: which of them are nearest to a text, at a cost that does not grow with their number."""

from __future__ import annotations

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


class Phrase(NamedTuple):
    """A phrase as written, the intent it belongs to, and what it sounds like."""

    text: str
    intent: str
    sound: str


class Near(NamedTuple):
    """A phrase and its likeness to the text, 0..1."""

    phrase: Phrase
    likeness: float


class PhraseIndex:
    """Finds candidates by their rarest three-sound pieces, and lets rapidfuzz compare only those."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._phrases = tuple(phrases)
        self._exact = {phrase.sound: place for place, phrase in reversed(list(enumerate(self._phrases)))}
        lists: dict[str, list[int]] = {}
        for place, phrase in enumerate(self._phrases):
            for gram in _grams(phrase.sound):
                lists.setdefault(gram, []).append(place)
        # Pieces that stand in very many phrases tell nothing and would make the cost grow.
        self._lists = {gram: places for gram, places in lists.items() if len(places) <= _LONGEST_LIST}

    def __len__(self) -> int:
        return len(self._phrases)

    def nearest(self, sound: str, *, least: float = 0.6) -> list[Near]:
        """The phrases most like *sound*, best first, none below *least*."""
        if sound in self._exact:
            return [Near(self._phrases[self._exact[sound]], 1.0)]
        lists = sorted(filter(None, map(self._lists.get, _grams(sound))), key=len)
        shared = Counter(chain.from_iterable(lists[:_RAREST]))
        if not shared:
            return []
        candidates = [self._phrases[place] for place, _ in shared.most_common(_CANDIDATES)]
        found = process.extract(
            sound,
            [phrase.sound for phrase in candidates],
            scorer=fuzz.ratio,
            score_cutoff=least * 100,
            limit=_CANDIDATES,
        )
        return [Near(candidates[place], likeness / 100) for _, likeness, place in found]


def _grams(sound: str) -> dict[str, None]:
    padded = f"^{sound}$"
    return dict.fromkeys(map(add, map(add, padded, padded[1:]), padded[2:]))
