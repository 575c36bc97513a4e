"""understand(text, library) -> Understanding: what a message wants and what it tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.core.library import Library
    from bot.core.understanding import Understanding


def understand(text: str, library: Library) -> Understanding:
    """Find the slots of *text*, then its intent."""
    return library.matcher.understand(text, library.slot_finder.find(text))
