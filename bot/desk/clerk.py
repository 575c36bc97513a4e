"""The clerk: does jobs when they fall due, each to its end once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from bot.core.jobs import Job
from bot.desk.ports import Clock, DueJob, Records, Store, Watcher
from bot.desk.rounds import Habits, Rounds
from bot.desk.watching import Unwatched, caused_by
from bot.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Sequence


log = logging.getLogger(__name__)

Handler = Callable[[Job], Awaitable[Callable[[Records], None]]]
"""Does the slow part of a job, and returns what to save. That is saved in one transaction with the job's end, so it
happens exactly once; the slow part may happen again after a crash."""


@dataclass(kw_only=True, slots=True, eq=False)
class Clerk:
    """`owner` names this process in leases. `wake` is called when a job may have left something to send."""

    store: Store
    handlers: Mapping[str, Handler]
    clock: Clock
    owner: str
    wake_courier: Callable[[], None] = lambda: None
    habits: Habits = field(default_factory=lambda: Habits(parallel=8))
    watch: Watcher = field(default_factory=Unwatched)
    _rounds: Rounds[DueJob] = field(init=False)

    def __post_init__(self) -> None:
        self.owner = f"{self.owner}/clerk"
        self._rounds = Rounds(
            store=self.store, owner=self.owner, take=self._take, do=self._do, habits=self.habits
        )

    def wake(self) -> None:
        """A job was saved that may be due."""
        self._rounds.wake()

    async def run(self) -> None:
        """Do jobs until stopped."""
        await self._rounds.run()

    async def stop(self, grace: float = 10.0) -> None:
        """Let jobs under way end within *grace* seconds and give the rest back."""
        await self._rounds.stop(grace)

    async def run_once(self) -> int:
        """Do what is due at this moment; how many jobs were tried."""
        return await self._rounds.once()

    async def _take(self, limit: int) -> Sequence[DueJob]:
        under_way = [due.job.id for due in self._rounds.to_renew()]
        if limit == 0 and not under_way:
            return ()
        return await self.store.transact(partial(self._exchange, under_way, limit))

    def _exchange(self, under_way: Sequence[str], limit: int, records: Records) -> Sequence[DueJob]:
        now = self.clock.now()
        records.jobs.renew(self.owner, under_way, now + self.habits.lease)
        return records.jobs.lease(self.owner, now, now + self.habits.lease, limit) if limit else ()

    async def _do(self, due: DueJob) -> None:
        cause = f"job:{due.job.id}"
        with caused_by(cause), self.watch.span("job", cause):
            await self._settle(due)

    async def _settle(self, due: DueJob) -> None:
        handler = self.handlers.get(due.job.kind)
        try:
            if handler is None:
                await self._bury(due, "no handler for this kind")
            else:
                await self._complete(due, handler)
        except StoreError:
            # The lease runs out and the job is done again: nothing of it was saved.
            log.warning(
                "a job's outcome could not be saved", extra={"action": "job_unsaved", "job_id": due.job.id}
            )

    async def _complete(self, due: DueJob, handler: Handler) -> None:
        try:
            async with asyncio.timeout(self.habits.timeout):
                work = await handler(due.job)
            await self.store.transact(partial(self._close, due, work))
        except StoreError:
            raise
        except Exception as error:
            log.exception("a job failed", extra={"action": "job", "job_id": due.job.id, "kind": due.job.kind})
            await self._postpone(due, f"{type(error).__name__}: {error}")
        else:
            log.info("job done", extra={"action": "job", "job_id": due.job.id, "kind": due.job.kind})
            self.watch.worked(due.job.kind, "done")
            self.wake_courier()

    def _close(self, due: DueJob, work: Callable[[Records], None], records: Records) -> None:
        work(records)
        records.jobs.done(due.job.id, self.clock.now())

    async def _postpone(self, due: DueJob, reason: str) -> None:
        patience = self.habits.patience
        if due.attempt >= patience.tries:
            await self._bury(due, reason)
            return
        at = self.clock.now() + patience.pause(due.attempt, self.habits.chance())
        self.watch.worked(due.job.kind, "postponed")
        await self.store.transact(lambda records: records.jobs.retry(due.job.id, at, reason))

    async def _bury(self, due: DueJob, reason: str) -> None:
        self.watch.worked(due.job.kind, "dead")
        log.error(
            "job given up",
            extra={"action": "job_dead", "job_id": due.job.id, "kind": due.job.kind, "reason": reason},
        )
        now = self.clock.now()
        await self.store.transact(lambda records: records.jobs.bury(due.job.id, now, reason))
