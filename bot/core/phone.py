"""How long telephone numbers are in Japan."""

from __future__ import annotations

_ELEVEN_DIGITS = ("050", "060", "070", "080", "090")
"""Numbers that begin so, 0800 among them, have eleven digits; all others ten."""


def has_its_length(national: str) -> bool:
    """Whether *national*, digits only and beginning with 0, has as many of them as a number that begins so."""
    return len(national) == (11 if national.startswith(_ELEVEN_DIGITS) else 10)
