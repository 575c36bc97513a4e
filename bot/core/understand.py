"""understand(text, library) -> Understanding: what a message wants and what it tells."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.intents import Match
from bot.core.text import fold
from bot.core.understanding import OUT_OF_SCOPE

if TYPE_CHECKING:
    from bot.core.library import Library
    from bot.core.understanding import Understanding


def understand(text: str, library: Library) -> Understanding:
    """Find the slots of *text*, then its intent. The very words of an author decide, whatever else speaks against them."""
    understanding = library.matcher.understand(text, library.slot_finder.find(text))
    phrase = next((clue for clue in understanding.clues if clue.name == "phrase"), None)
    if phrase is None or (understanding.intent == phrase.intent and understanding.verdict == "clear"):
        return understanding
    if fold(phrase.found) != fold(text):
        return understanding
    return _decided(understanding, phrase.intent, phrase.found)


def _decided(understanding: Understanding, intent: str, phrase: str) -> Understanding:
    """*understanding* with *intent* first, as good as certain; the others keep the scores that the weights gave them."""
    others = tuple(match for match in understanding.matches if match.intent != intent)
    return replace(
        understanding,
        matches=(Match(intent=intent, score=1.0, phrase=phrase), *others),
        verdict="unknown" if intent == OUT_OF_SCOPE else "clear",
        candidates=(),
    )
