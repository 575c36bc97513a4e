"""The computer's clock, as the service goes by it."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class SystemClock:
    """Fulfils `bot.desk.ports.Clock` with the computer's own clock, except that it never goes back.

    If that is put back by an hour, what was due just now would be due in an hour, and leases would last as long. Until
    the next start this clock then stays ahead, and goes on at the same pace.
    """

    def __init__(
        self,
        *,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wall = wall
        self._ticks = ticks
        self._anchor = (wall(), ticks())

    def now(self) -> datetime:
        began, at = self._anchor
        ticks, wall = self._ticks(), self._wall()
        steady = began + timedelta(seconds=ticks - at)
        if wall < steady:
            return steady
        self._anchor = (wall, ticks)
        return wall
