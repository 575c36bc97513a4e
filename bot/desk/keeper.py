"""The keeper: erases at night what is older than the shop wants to keep, a little at a time."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from bot.core.safety.retention import RETENTION, continued, retention_job
from bot.desk.ports import Clock, Store

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.core.jobs import Job
    from bot.desk.clerk import Handler
    from bot.desk.ports import Records

log = logging.getLogger(__name__)

WORK_SECONDS = 15.0
"""How long one job goes on; a longer night is several jobs, so that none runs out of time."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Keeper:
    """Does the clerk's jobs of retention. Nothing else waits for it: each slice is a transaction of its own."""

    store: Store
    clock: Clock
    days: int
    seconds: float = WORK_SECONDS

    def handlers(self) -> Mapping[str, Handler]:
        """What the clerk is to do, by kind of job."""
        return {RETENTION: self._on_retention}

    def begin(self, records: Records) -> None:
        """See to it that the next night's work is on record; it is only once, whoever asks for it."""
        if self.days:
            records.jobs.add([retention_job(self.clock.now())])

    async def _on_retention(self, job: Job) -> Callable[[Records], None]:
        if not self.days:
            return lambda _: None
        before = job.due_at - timedelta(days=self.days)
        place, erased, until = job.details.get("place", ""), 0, time.monotonic() + self.seconds
        while True:
            place, count = await self.store.transact(
                partial(lambda at, records: records.prune(before, at), place)
            )
            erased += count
            if not place or time.monotonic() >= until:
                break
        log.info("old rows erased", extra={"action": "retention", "rows": erased, "more": bool(place)})
        now = self.clock.now()
        following = continued(job, place, now) if place else retention_job(now)
        return lambda records: records.jobs.add([following])
