"""The quickest event loop that this system has."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Coroutine


def run(main: Coroutine[object, object, None]) -> None:
    """Run *main* on uvloop where it is installed."""
    try:
        import uvloop  # noqa: PLC0415 - Windows has none
    except ImportError:
        asyncio.run(main)
    else:
        uvloop.run(main)
