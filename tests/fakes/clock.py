"""A clock that stands still until it is told to go on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

START = datetime(2026, 4, 1, 0, 0, tzinfo=UTC)


@dataclass(slots=True)
class FakeClock:
    """Fulfils `bot.desk.ports.Clock`."""

    at: datetime = START

    def now(self) -> datetime:
        return self.at

    def advance(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)
