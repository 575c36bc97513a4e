"""The lexicon as a file: `intents/_lists/lexicon.yaml`, written by `madoguchi tune`.

A line for each piece of text: the piece, a tab, its words. A word is `written`, `written/SOUND` or `written/SOUND/dictionary form`;
what is left out is as it is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.content.tuned import read_tuned
from bot.core.matching.lexicon import Lexicon

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from bot.core.matching.view import Word

_HEAD = """\
# How words are read: a piece of text, a tab, and its words as written/SOUND/dictionary form.
# Written by `madoguchi tune`, not by hand; see docs/understanding.md.
lexicon: |-
"""
_INDENT = "  "
_PARTING = "/"


def read_lexicon(path: Path) -> Lexicon:
    """The lexicon kept at *path*.

    Raises:
        ContentError: the file is missing or not what `madoguchi tune` writes.
    """
    return read_tuned(path, parse_lexicon)


def parse_lexicon(text: str) -> Lexicon:
    """The lexicon that *text* holds."""
    if not text.startswith(_HEAD):
        raise ValueError("another head")
    known: dict[str, Sequence[Word]] = {}
    for line in text.removeprefix(_HEAD).splitlines():
        piece, words = line.removeprefix(_INDENT).split("\t")
        known[piece] = [_word(each) for each in words.split(" ")]
        if "".join([written for written, _, _ in known[piece]]) != piece:
            raise ValueError(f"the words are not the piece: {line}")
    return Lexicon(known)


def render_lexicon(known: Mapping[str, Sequence[Word]]) -> str:
    """*known* as the text of the file."""
    lines = [f"{_INDENT}{piece}\t{' '.join(map(_rendered, known[piece]))}\n" for piece in sorted(known)]
    return "".join((_HEAD, *lines))


def keepable(piece: str) -> bool:
    """Whether *piece* can stand in a line of the file."""
    return piece.isprintable() and " " not in piece and _PARTING not in piece


def _word(line: str) -> Word:
    parts = line.split(_PARTING)
    written, sound, lemma = (*parts, "", "")[:3]
    if not written or len(parts) > 3:
        raise ValueError(f"no word: {line}")
    return written, sound or written, lemma or written


def _rendered(word: Word) -> str:
    written, sound, lemma = word
    parts = (written, "" if sound == written else sound, "" if lemma == written else lemma)
    return _PARTING.join(parts).rstrip(_PARTING)
