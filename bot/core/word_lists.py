"""Lists of words that owners can add to: what people say for one thing, in any spelling."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from bot.core.spelling import one_spelling


@dataclass(frozen=True, eq=False)
class WordList:
    """Words in any spelling, and regular expressions in the one spelling: any of them says the same."""

    words: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """All of them as one; longer words first, so that 方 does not eat the head of 方法."""
        words = sorted(map(one_spelling, self.words), key=len, reverse=True)
        return re.compile("|".join((*map(re.escape, words), *self.patterns)) or _NOTHING)

    def found_in(self, text: str) -> bool:
        return _is_in(text, self)

    def is_all_of(self, text: str) -> bool:
        """Whether *text* is one of them, and nothing else."""
        return self.pattern.fullmatch(one_spelling(text)) is not None


@lru_cache(maxsize=4096)
def _is_in(text: str, words: WordList) -> bool:
    """Asked of one text several times a turn, by all who want to know what it says."""
    return words.pattern.search(one_spelling(text)) is not None


_NOTHING = r"(?!)"


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class SmallWords:
    """The short words of a talk: `said` by what they say, `aspects` by what they ask about, `subjects` by the intent that
    nobody asks for without one of them.
    """

    said: Mapping[str, WordList] = field(default_factory=dict)
    aspects: Mapping[str, WordList] = field(default_factory=dict)
    subjects: Mapping[str, WordList] = field(default_factory=dict)
