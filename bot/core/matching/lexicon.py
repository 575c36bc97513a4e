"""Lexicon: where a text falls into words, what they sound like, and their dictionary forms."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ahocorasick_rs import AhoCorasick, MatchKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.core.matching.view import Word

_ONE_SCRIPT = re.compile(r"[ぁ-ゖ]+|[ァ-ヺー]+|[㐀-鿿々〆〇]+|[a-z]+|[0-9]+|\s+|.", re.IGNORECASE | re.DOTALL)


class Lexicon:
    """Fulfils `bot.core.matching.view.Reader` from a table: 受信, 受診 and ジュシン sound alike.

    Of the pieces that it knows, the one that begins first is read first, and of those the longest. What lies between
    them falls into words where the script changes, and sounds as it is written.
    """

    def __init__(self, known: Mapping[str, Sequence[Word]]) -> None:
        """*known*: pieces of text, each with the words that it falls into."""
        self.known = known
        self._words = tuple(known.values())
        self._pieces = AhoCorasick(known, MatchKind.LeftmostLongest, store_patterns=False)

    def spans(self, text: str) -> Sequence[tuple[int, int, int]]:
        """The known pieces in *text* as they are read: the number of each, its start and its end."""
        return self._pieces.find_matches_as_indexes(text)

    def __call__(self, text: str) -> Sequence[Word]:
        """The words of *text*."""
        words: list[Word] = []
        done = 0
        for place, start, end in self.spans(text):
            if done < start:
                words += _as_written(text, done, start)
            words += self._words[place]
            done = end
        if done < len(text):
            words += _as_written(text, done, len(text))
        return words


def _as_written(text: str, start: int, end: int) -> list[Word]:
    return [(word, word, word) for word in _ONE_SCRIPT.findall(text, start, end)]
