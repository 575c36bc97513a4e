"""A platform's way out that records what it is handed, and fails when told to."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.core.messages import Address, Send

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.desk.ports import Parcel


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    id: str
    attempt: int
    target: Address
    revised: tuple[str, ...]


@dataclass(slots=True)
class FakeSender:
    """Fulfils `bot.desk.ports.Sender`. `faults` are raised one per try of a send; `down` by every try. `gate`
    holds all deliveries back while it is not set.
    """

    faults: dict[str, deque[Exception]] = field(default_factory=lambda: defaultdict(deque))
    tries: list[Delivery] = field(default_factory=list)
    delivered: list[str] = field(default_factory=list)
    down: Exception | None = None
    most: int = 1
    busiest: int = 0
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    at_work: asyncio.Event = field(default_factory=asyncio.Event)
    _busy: int = 0
    _progress: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    def fail(self, send_id: str, *errors: Exception) -> None:
        self.faults[send_id].extend(errors)

    async def until_delivered(self, count: int) -> None:
        """Wait until so many sends were delivered."""
        async with asyncio.timeout(60):
            while len(self.delivered) < count:
                self._progress.clear()
                await self._progress.wait()

    def fitting(self, sends: Sequence[Send]) -> int:
        return len(sends)

    async def deliver(self, parcel: Parcel) -> Sequence[Sequence[str]]:
        send = parcel.sends[0]
        delivery = Delivery(
            id=send.id, attempt=parcel.attempt, target=parcel.target, revised=tuple(parcel.revised)
        )
        self.tries.append(delivery)
        self._busy += 1
        self.busiest = max(self.busiest, self._busy)
        self.at_work.set()
        try:
            await self.gate.wait()
        finally:
            self._busy -= 1
        if self.down is not None:
            raise self.down
        if self.faults[send.id]:
            raise self.faults[send.id].popleft()
        self.delivered += [each.id for each in parcel.sends]
        self._progress.set()
        return [(f"posted-{each.id}",) for each in parcel.sends]
