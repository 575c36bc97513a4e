"""The rounds that courier and clerk make: take what is due, do it in parallel, and stop without dropping anything."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Generic, TypeVar

from bot.desk.ports import Store
from bot.errors import StoreError

T = TypeVar("T")

log = logging.getLogger(__name__)


async def wait(event: asyncio.Event, seconds: float) -> None:
    """Until *event* is set, or *seconds* have passed."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How often a thing is tried, and how long the pauses grow: `first` seconds, doubling up to `longest`."""

    tries: int = 15
    first: float = 1.0
    longest: float = 600.0

    def pause(self, attempt: int, chance: float) -> timedelta:
        """The pause after try number *attempt*; *chance* (0..1) spreads it between half and whole."""
        whole = min(self.first * 2 ** (attempt - 1), self.longest)
        return timedelta(seconds=whole * (1 + chance) / 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How courier and clerk work.

    `lease` is how soon others take over what a dead process was doing. What is still being tried has its lease renewed, up
    to `timeout`, which bounds one try. A dead process's work must be taken over while LINE's reply tokens still live, even
    if its successor dies too: only so long can it be told whether a reply had arrived.
    `poll` is how long work may lie unseen that another process saved, or that falls due. `chance` gives 0..1.
    """

    parallel: int = 64
    timeout: float = 25.0
    lease: timedelta = timedelta(seconds=15)
    poll: float = 1.0
    patience: Patience = Patience()
    wait: Callable[[asyncio.Event, float], Awaitable[None]] = wait
    chance: Callable[[], float] = random.random


@dataclass(kw_only=True, slots=True, eq=False)
class Rounds(Generic[T]):
    """A loop over work that falls due.

    It begins with what an earlier life of `owner` left unfinished, and leaves nothing leased.
    `take` records what is finished and takes at most so many new pieces; it may raise StoreError, then it is asked again.
    `do` does one piece and keeps its result for the next `take`; it never raises.
    """

    store: Store
    owner: str
    take: Callable[[int], Awaitable[Sequence[T]]]
    do: Callable[[T], Coroutine[Any, Any, None]]
    habits: Habits
    _awake: asyncio.Event = field(default_factory=asyncio.Event)
    _over: asyncio.Event = field(default_factory=asyncio.Event)
    _running: bool = False
    _stopping: bool = False
    _grace: float = 0.0
    _busy: dict[asyncio.Task[None], T] = field(default_factory=dict)
    _renewed: float = 0.0
    _began: float = field(default_factory=time.monotonic)

    @property
    def silent_for(self) -> float:
        """Seconds since the last round began."""
        return time.monotonic() - self._began

    def wake(self) -> None:
        """There may be work."""
        self._awake.set()

    async def run(self) -> None:
        """Make rounds until `stop` is called."""
        self._running = True
        await self._release()
        try:
            async with asyncio.TaskGroup() as group:
                while not self._stopping:
                    self._awake.clear()
                    await self._round(group)
                await self._finish()
        finally:
            self._over.set()
        await self._release()

    async def stop(self, grace: float) -> None:
        """Take nothing new, let what is being done end within *grace* seconds, and break off the rest."""
        self._grace = grace
        self._stopping = True
        self._awake.set()
        if self._running:
            await self._over.wait()

    def to_renew(self) -> Sequence[T]:
        """The pieces under way, for `take` to make their leases longer; none if that was done not long ago."""
        now = time.monotonic()
        if now - self._renewed < self.habits.lease.total_seconds() / 3:
            return ()
        self._renewed = now
        return tuple(self._busy.values())

    async def once(self) -> int:
        """One round, to its end: how many pieces were done."""
        pieces = await self.take(self.habits.parallel)
        await asyncio.gather(*(self.do(piece) for piece in pieces))
        await self.take(0)
        return len(pieces)

    async def _release(self) -> None:
        """Give back all leases of this owner."""
        try:
            await self.store.transact(lambda records: records.release(self.owner))
        except StoreError:
            log.warning("leases could not be given back; they run out", extra={"action": "release"})

    async def _round(self, group: asyncio.TaskGroup) -> None:
        self._began = time.monotonic()
        free = self.habits.parallel - len(self._busy)
        try:
            pieces = await self.take(free)
        except StoreError:
            log.warning("the store is away; asking again soon", extra={"action": "rounds_wait"})
            await self.habits.wait(asyncio.Event(), self.habits.poll)
            return
        for piece in pieces:
            task = group.create_task(self.do(piece))
            self._busy[task] = piece
            task.add_done_callback(self._finished)
        if len(pieces) < free or free == 0:
            await self.habits.wait(self._awake, self.habits.poll)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._busy.pop(task, None)
        self._awake.set()

    async def _finish(self) -> None:
        if self._busy:
            await asyncio.wait(self._busy, timeout=self._grace)
        for task in self._busy:
            task.cancel()
        if self._busy:
            await asyncio.wait(self._busy)
        try:
            await self.take(0)
        except StoreError:
            log.exception(
                "results could not be saved; they will be found out again", extra={"action": "rounds_end"}
            )
