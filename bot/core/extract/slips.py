"""Finds names that were written with one letter wrong, missing, added or swapped."""

from __future__ import annotations

import re
from collections import Counter
from itertools import chain
from operator import add
from typing import TYPE_CHECKING

from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import partial_ratio_alignment

from bot.core.extract.letters import is_katakana, is_latin
from bot.core.extract.names import longest, overlaps

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from bot.core.extract.letters import Letters
    from bot.core.extract.names import Mention, Name, NameKind

# LINEのメール is a thing people say; it is no slip of ライブメール.
_NEVER_A_SLIP = frozenset({"らいんめーる"})
_ACROSS_A_PARTICLE = re.compile("[ァ-ヺー][がはをにでとも][ァ-ヺ]")


class SlipIndex:
    """Names by their rarest pairs of neighbouring letters: only those that share nearly all pairs with a text are compared."""

    def __init__(self, names: Sequence[Name]) -> None:
        shortest_first = _without_longer_forms(name for name in names if _forgives_a_slip(name))
        self._names = tuple(sorted(shortest_first, key=lambda name: -len(name.loose)))
        self._pairs = tuple(frozenset(_pairs(name.loose)) for name in self._names)
        self._needed = tuple(map(_pairs_left, self._pairs))
        common = Counter(chain.from_iterable(self._pairs))
        by_pair: dict[str, list[int]] = {}
        for number, (pairs, needed) in enumerate(zip(self._pairs, self._needed, strict=True)):
            rarest = sorted(pairs, key=lambda pair: (common[pair], pair))
            for pair in rarest[: len(pairs) - needed + 1]:
                by_pair.setdefault(pair, []).append(number)
        self._by_pair = by_pair

    def find(
        self, letters: Letters, kinds: Iterable[NameKind], taken: Sequence[Mention]
    ) -> tuple[Mention, ...]:
        """Names of these *kinds* that stand in the text but for a slip, where nothing else is *taken* to stand."""
        there = _pairs(letters.loose)
        numbers = set(chain.from_iterable(map(self._by_pair.__getitem__, there & self._by_pair.keys())))
        near = [number for number in numbers if len(self._pairs[number] & there) >= self._needed[number]]
        names = [self._names[number] for number in sorted(near)]
        found = [_find_slip(name, letters) for name in names if name.kind in kinds]
        return longest(mention for mention in found if mention and not overlaps(mention, taken))


def _forgives_a_slip(name: Name) -> bool:
    """Whether it is recognisable with one wrong letter; there are more providers than programs to mistake it for."""
    own = 3 if name.kind == "client" else 4
    return (
        len(name.loose) > 4
        and name.core >= own
        and not (name.begins_everyday or re.search("[0-9]", name.spelling))
    )


def _without_longer_forms(names: Iterable[Name]) -> Iterator[Name]:
    """Without names that begin with a shorter one of the same owner: a slip in ビッグローブ光 is one in ビッグローブ."""
    kept: list[Name] = []
    for name in sorted(names, key=lambda each: len(each.loose)):
        if not any(each.id == name.id and name.loose.startswith(each.loose) for each in kept):
            kept.append(name)
            yield name


def _pairs(text: str) -> set[str]:
    return {*map(add, text, text[1:])}


def _pairs_left(pairs: Collection[str]) -> int:
    """How many pairs of a name one slip leaves whole: swapped letters spoil three."""
    return max(2, len(pairs) - 3)


def _find_slip(name: Name, letters: Letters) -> Mention | None:
    if name.loose[0] not in letters.loose or len(letters.loose) < len(name.loose) - 1:
        return None
    near = partial_ratio_alignment(name.loose, letters.loose, score_cutoff=70)
    if near is None:
        return None
    found = next(
        (span for span in _spans(name, letters, near.dest_start) if _is_slip(name, letters, *span)), None
    )
    return name.mention(letters, *found) if found else None


def _spans(name: Name, letters: Letters, around: int) -> Iterator[tuple[int, int]]:
    """Stretches of the text about as long as the name, of the same first letter."""
    size = len(name.loose)
    for start in range(max(0, around - 1), around + 2):
        for end in range(start + size - 1, min(start + size + 1, len(letters.loose)) + 1):
            if letters.loose[start : start + 1] == name.loose[0]:
                yield start, end


def _is_slip(name: Name, letters: Letters, start: int, end: int) -> bool:
    written = letters.loose[start:end]
    if len(written) != len(name.loose) and name.core < 4 and written.replace("の", "", 1) != name.loose:
        return False
    if name.loose in written or OSA.distance(name.loose, written, score_cutoff=1) > 1:
        return False
    if letters.folded[start:end] in _NEVER_A_SLIP:
        return False
    if _ACROSS_A_PARTICLE.search(letters.plain, letters.at[start], letters.at[end - 1] + 1):
        return False
    return _has_word_edges(letters, start, end)


def _has_word_edges(letters: Letters, start: int, end: int) -> bool:
    """It begins at no letter inside a Latin or katakana word, and ends at none inside a Latin one."""
    starts = letters.breaks_before(start) or not _same_script(
        letters.written(start - 1), letters.written(start)
    )
    ends = letters.breaks_before(end) or not (
        is_latin(letters.written(end - 1)) and is_latin(letters.written(end))
    )
    return starts and ends


def _same_script(one: str, other: str) -> bool:
    return (is_latin(one) and is_latin(other)) or (is_katakana(one) and is_katakana(other))
