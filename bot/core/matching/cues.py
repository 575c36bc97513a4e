"""Cues: the concepts a message speaks of (receive, fails, update …), found by the many words people have for them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import zip_longest
from operator import add
from typing import TYPE_CHECKING, NamedTuple

from bot.core.matching.view import spelling_of, written_in_kanji

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from bot.core.matching.view import Clause, View


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """A concept: `words` as people write them in any script, `patterns` regular expressions on the folded spelling.

    `together`: pairs of other cues; the first followed by the second in one clause makes this one.
    `mask`: the letter that stands for it where the exact word does not matter (a provider's name), "" to keep it.
    """

    name: str
    words: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    together: tuple[tuple[str, str], ...] = ()
    mask: str = ""


class Found(NamedTuple):
    """A cue found in clause number `clause` (-1: by a pattern, somewhere in the text).

    `start`..`end` is its place in the clause's sound, or with `by_sound` False in its spelling.
    """

    clause: int
    start: int
    end: int
    cue: str
    by_sound: bool = True


class CueFinder:
    """Finds all cues of a text in one pass; a longer word hides the shorter ones inside it."""

    def __init__(self, cues: Iterable[Cue], sound: Callable[[str], str]) -> None:
        """Build the index; *sound* tells what a word sounds like, folded the way clauses are."""
        sounds: dict[str, list[str]] = {}
        spellings: dict[str, list[str]] = {}
        self._patterns: list[tuple[re.Pattern[str], str]] = []
        self._together: dict[tuple[str, str], str] = {}
        self._firsts: set[str] = set()
        self.masks: dict[str, str] = {}
        for cue in cues:
            if cue.mask:
                self.masks[cue.name] = cue.mask
            self._together |= dict.fromkeys(cue.together, cue.name)
            self._firsts |= {first for first, _ in cue.together}
            self._patterns += [(re.compile(pattern), cue.name) for pattern in cue.patterns]
            for word in cue.words:
                sounds.setdefault(sound(word), []).append(cue.name)
                if written_in_kanji(word):
                    spellings.setdefault(spelling_of(word), []).append(cue.name)
        self._sounds = _index(sounds)
        self._spellings = _index(spellings)

    def find(self, view: View) -> list[Found]:
        """The cues of each clause, in order; cues by pattern come last."""
        found: list[Found] = []
        for number, clause in enumerate(view.clauses):
            heard = _search(self._sounds, clause.sound, number, by_sound=True)
            names = {hit.cue for hit in heard}
            kanji = written_in_kanji(clause.spelled)
            seen = _search(self._spellings, clause.spelled, number, by_sound=False) if kanji else []
            single = [*heard, *[hit for hit in seen if hit.cue not in names]]
            if len(single) > len(heard):
                single.sort(key=lambda hit: _progress(hit, clause))
            found += single
            found += self._combined(single)
        for pattern, name in self._patterns:
            hit = pattern.search(view.spelled)
            if hit:
                found.append(Found(-1, hit.start(), hit.end(), name, by_sound=False))
        return found

    def _combined(self, found: Sequence[Found]) -> list[Found]:
        """The cues made of two others, where these follow one another."""
        there = {hit.cue for hit in found}
        combined: dict[str, Found] = {}
        for place, first in enumerate(found):
            if first.cue not in self._firsts:
                continue
            for second in found[place + 1 :]:
                name = self._together.get((first.cue, second.cue))
                if name and name not in there:
                    combined.setdefault(name, first._replace(cue=name))
        return list(combined.values())


class Index(NamedTuple):
    """`cues` of each word; `lengths` of the words that start alike (in _START letters, or two if that is all), longest first."""

    cues: Mapping[str, Sequence[str]]
    lengths: Mapping[str, Sequence[int]]


_SHORTEST = 2
"""A single kana says nothing."""
_START = 3


def words_found(found: Found, view: View) -> str:
    """The piece of the text in which a cue was found."""
    if found.clause < 0:
        return view.spelled[found.start : found.end]
    clause = view.clauses[found.clause]
    return (clause.sound if found.by_sound else clause.spelled)[found.start : found.end]


def _index(words: Mapping[str, Iterable[str]]) -> Index:
    cues = {word: sorted(set(names)) for word, names in words.items() if len(word) >= _SHORTEST}
    lengths: dict[str, set[int]] = {}
    for word in cues:
        lengths.setdefault(word[:_START], set()).add(len(word))
    return Index(cues, {start: sorted(some, reverse=True) for start, some in lengths.items()})


def _search(index: Index, text: str, clause: int, *, by_sound: bool) -> list[Found]:
    """All words of *index* in *text* that no longer word hides, from left to right."""
    twos = list(map(add, text, text[1:]))
    threes = map(add, twos, text[_SHORTEST:])
    lengths, cues, end = index.lengths.get, index.cues.get, len(text)
    hits = [
        Found(clause, start, start + length, name, by_sound)
        for start, some in enumerate(zip_longest(map(lengths, threes), map(lengths, twos)))
        for each in some
        if each
        for length in each
        if start + length <= end
        for name in cues(text[start : start + length], ())
    ]
    return _without_hidden(hits)


def _progress(hit: Found, clause: Clause) -> float:
    """How far into its clause a cue stands, comparable between sound and spelling."""
    return hit.start / (len(clause.sound if hit.by_sound else clause.spelled) or 1)


def _without_hidden(hits: Sequence[Found]) -> list[Found]:
    kept: list[Found] = []
    reach, reach_start = 0, 0
    for hit in hits:
        inside = hit.end <= reach and (hit.end - hit.start) < (reach - reach_start)
        if not inside:
            kept.append(hit)
            if hit.end > reach:
                reach, reach_start = hit.end, hit.start
    return kept


def masked(sound: str, found: Iterable[Found], masks: Mapping[str, str]) -> str:
    """The sound of a clause with the cues that have a mask replaced by its letter."""
    hidden = [hit for hit in found if hit.by_sound and hit.cue in masks]
    for hit in sorted(hidden, key=lambda hit: -hit.start):
        sound = sound[: hit.start] + masks[hit.cue] + sound[hit.end :]
    return sound
