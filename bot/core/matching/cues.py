"""Cues: the concepts a message speaks of (receive, fails, update …), found by the many words people have for them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from ahocorasick_rs import AhoCorasick

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
        self._sounds = _Words(sounds)
        self._spellings = _Words(spellings)

    def find(self, view: View) -> list[Found]:
        """The cues of each clause, in order; cues by pattern come last."""
        found: list[Found] = []
        for number, clause in enumerate(view.clauses):
            heard = self._sounds.find(clause.sound, number, by_sound=True)
            names = {hit.cue for hit in heard}
            seen = self._spellings.find(clause.spelled, number, by_sound=False)
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


class _Words:
    """Words in one spelling or sound, and the cues each of them speaks of."""

    def __init__(self, cues: Mapping[str, Iterable[str]]) -> None:
        kept = {word: sorted(set(names)) for word, names in cues.items() if len(word) >= _SHORTEST}
        self._cues = tuple(kept.values())
        self._words = AhoCorasick(kept, store_patterns=False)

    def find(self, text: str, clause: int, *, by_sound: bool) -> list[Found]:
        """The cues of the words in *text* that no longer word hides, from left to right."""
        words = self._words.find_matches_as_indexes(text, overlapping=True)
        found: list[Found] = []
        reach = 0
        for place, start, end in sorted(words, key=_longest_from_left):
            if end > reach:
                reach = end
                found += [Found(clause, start, end, name, by_sound) for name in self._cues[place]]
        return found


_SHORTEST = 2
"""A single kana says nothing."""


def words_found(found: Found, view: View) -> str:
    """The piece of the text in which a cue was found."""
    if found.clause < 0:
        return view.spelled[found.start : found.end]
    clause = view.clauses[found.clause]
    return (clause.sound if found.by_sound else clause.spelled)[found.start : found.end]


def _progress(hit: Found, clause: Clause) -> float:
    """How far into its clause a cue stands, comparable between sound and spelling."""
    return hit.start / (len(clause.sound if hit.by_sound else clause.spelled) or 1)


def _longest_from_left(word: tuple[int, int, int]) -> tuple[int, int]:
    _, start, end = word
    return start, -end


def masked(sound: str, found: Iterable[Found], masks: Mapping[str, str]) -> str:
    """The sound of a clause with the cues that have a mask replaced by its letter."""
    hidden = [hit for hit in found if hit.by_sound and hit.cue in masks]
    for hit in sorted(hidden, key=lambda hit: -hit.start):
        sound = sound[: hit.start] + masks[hit.cue] + sound[hit.end :]
    return sound
