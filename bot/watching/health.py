"""Whether the service is well: alive, ready for work, and what Prometheus is told."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.desk.courier import Courier
from bot.desk.ports import Clock, Store
from bot.errors import MadoguchiError, StoreError
from bot.watching.metrics import Metrics

if TYPE_CHECKING:
    from bot.desk.watching import Soundings

log = logging.getLogger(__name__)

DATABASE_SECONDS = 2.0
HEARTBEAT_SECONDS = 30.0
"""A courier makes a round every second; after this long in silence it hangs."""

_QUOTA_SECONDS = 600.0
_QUOTA_TIMEOUT = 3.0

Quota = Callable[[], Awaitable[tuple[int, int | None]]]
"""Asks LINE for the pushes of the month: used, and allowed (None: any number)."""


@dataclass(kw_only=True, slots=True, eq=False)
class Health:
    """`connected` tells whether the web socket to Slack lives, None where there is none."""

    store: Store
    courier: Courier
    clock: Clock
    metrics: Metrics
    quota: Quota | None = None
    connected: Callable[[], Awaitable[bool]] | None = None
    _quota_asked_at: float = float("-inf")

    async def unready(self) -> str:
        """Why no work should be sent here; "" when all is well."""
        try:
            soundings = await self._sound()
        except (StoreError, TimeoutError) as error:
            return f"database: {type(error).__name__}"
        if not soundings.up_to_date:
            return "database: migrations are missing, run madoguchi db upgrade"
        if self.courier.silent_for > HEARTBEAT_SECONDS:
            return f"courier: no round for {self.courier.silent_for:.0f} s"
        return ""

    async def exposed(self) -> bytes:
        """Everything for Prometheus. What cannot be found out just now keeps its last value."""
        try:
            self.metrics.sounded(await self._sound(), self.clock.now())
        except (StoreError, TimeoutError):
            log.warning("the database cannot be asked for metrics", extra={"action": "metrics"})
        self.metrics.courier(self.courier.silent_for)
        if self.connected is not None:
            self.metrics.socket(connected=await self.connected())
        await self._ask_quota()
        return self.metrics.exposed()

    async def _sound(self) -> Soundings:
        now = self.clock.now()
        async with asyncio.timeout(DATABASE_SECONDS):
            return await self.store.transact(lambda records: records.sound(now))

    async def _ask_quota(self) -> None:
        """Now and then: the answer changes slowly, and LINE counts calls."""
        if self.quota is None or time.monotonic() - self._quota_asked_at < _QUOTA_SECONDS:
            return
        self._quota_asked_at = time.monotonic()
        try:
            async with asyncio.timeout(_QUOTA_TIMEOUT):
                self.metrics.quota(*await self.quota())
        except (MadoguchiError, TimeoutError) as error:
            extra = {"action": "metrics", "error": type(error).__name__}
            log.warning("LINE did not tell the quota", extra=extra)
