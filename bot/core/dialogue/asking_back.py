"""Whether an utterance asks back: why something is wanted of its speaker, or whether it has to be told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.dialogue.reading import CONTACT_SLOTS
from bot.core.dialogue.short_answers import Small, says

if TYPE_CHECKING:
    from bot.core.library import Library


def asks_back(text: str, slot: str, library: Library) -> bool:
    """Whether *text* asks why *slot* is wanted, whether it has to be told, or would rather not tell it."""
    if says(Small.RATHER_NOT, text, library):
        return True
    return says(_WANTED[slot], text, library) and says(Small.HAS_TO, text, library)


_WANTED = {
    "provider": Small.WANTED_PROVIDER,
    "client": Small.WANTED_PROGRAM,
    **dict.fromkeys(CONTACT_SLOTS, Small.WANTED_DETAILS),
    **dict.fromkeys(("protocol", "direction", "error_code"), Small.WANTED_THAT),
}
"""The words by which the question is meant that was asked."""
