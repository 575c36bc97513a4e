"""One core for one process.

Python's lock lets one thread run at a time. Where threads sit on several cores, whatever they share wanders from cache to
cache at each change of turn, and each wakes the other from afar: a fifth of all CPU under load (docs/adr/0004-one-core.md).
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import time
from collections.abc import Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection

log = logging.getLogger(__name__)

LOOK_SECONDS = 2.0

CROWDED = 0.1
"""How much more of its core others may use than of the freest one, as a share of the time, before this process moves."""

_OURS = Path("/proc/self")
_ALL_CORES = Path("/proc/stat")
_CORE_OF_THREAD = 36
"""`processor` in /proc/PID/stat, counted behind the name: proc_pid_stat(5)."""
_IDLE = slice(3, 5)
"""`idle` and `iowait` among the times of a core: proc_stat(5)."""
_COUNTED_ONCE = slice(8)
"""Behind these stand times of guests, which are among them already."""


@asynccontextmanager
async def on_one_core(
    look_seconds: float = LOOK_SECONDS, all_cores: Path = _ALL_CORES
) -> AsyncIterator[None]:
    """Keep all threads on the core where the system has put the event loop, as long as others leave room there.

    Where others use it and another core is free, the threads are let go for one look, so that the system finds a place, and
    kept there. Nothing is done where there is one core only, no such lock, or a system that cannot tell or be told.
    *all_cores*: where the system tells what its cores have spent their time on.
    """
    if not _worth_it():
        yield
        return
    seat = _Seat(os.sched_getaffinity(0), all_cores)
    task = asyncio.create_task(seat.keep(look_seconds), name="one-core")
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        with suppress(OSError):
            _sit(seat.cores)


def crowded(core: int, before: Look, after: Look) -> bool:
    """Whether others used *core* between two looks, at which this process was there alone, and another core less."""
    span = after.at - before.at
    used = {each: after.used[each] - before.used[each] for each in after.used.keys() & before.used.keys()}
    others = used.pop(core, 0.0) - (after.own - before.own)
    return bool(used) and others - min(used.values()) > CROWDED * span


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Seconds that each core has spent on whatever runs there, that this process has, and the clock, at one moment."""

    used: Mapping[int, float]
    own: float
    at: float


class _Seat:
    def __init__(self, cores: Collection[int], all_cores: Path) -> None:
        self.cores = cores
        self._all_cores = all_cores

    async def keep(self, look_seconds: float) -> None:
        """Sit where there is room, and look again and again whether there still is."""
        try:
            while True:
                await self._until_crowded(look_seconds)
                _sit(self.cores)
                await asyncio.sleep(look_seconds)
        except (OSError, ValueError, IndexError) as error:
            # A sandbox that hides the cores, or an owner who has taken some away: the system knows best.
            log.info("keeps to no core", extra={"action": "core", "reason": type(error).__name__})
            with suppress(OSError):
                _sit(self.cores)

    async def _until_crowded(self, look_seconds: float) -> None:
        core = _core_of_the_loop()
        _sit({core})
        log.debug("keeps to one core", extra={"action": "core", "core": core})
        before = self._look()
        while True:
            await asyncio.sleep(look_seconds)
            after = self._look()
            if crowded(core, before, after):
                return
            before = after

    def _look(self) -> Look:
        used = {
            core: seconds for core, seconds in _seconds_used(self._all_cores).items() if core in self.cores
        }
        return Look(used=used, own=time.process_time(), at=time.monotonic())


def _worth_it() -> bool:
    if sys.platform != "linux" or not getattr(sys, "_is_gil_enabled", lambda: True)():
        return False
    return len(os.sched_getaffinity(0)) > 1


def _core_of_the_loop() -> int:
    """The core on which the main thread has run last."""
    return int((_OURS / "stat").read_text().rpartition(")")[2].split()[_CORE_OF_THREAD])


def _sit(cores: Collection[int]) -> None:
    """Let all threads run on *cores* only; those that begin later inherit it."""
    for thread in (_OURS / "task").iterdir():
        with suppress(ProcessLookupError):
            os.sched_setaffinity(int(thread.name), cores)


def _seconds_used(all_cores: Path) -> dict[int, float]:
    tick = os.sysconf("SC_CLK_TCK")
    used = {}
    for line in all_cores.read_text().splitlines():
        name, *times = line.split()
        if name.startswith("cpu") and name != "cpu":
            ticks = [int(each) for each in times[_COUNTED_ONCE]]
            used[int(name[3:])] = (sum(ticks) - sum(ticks[_IDLE])) / tick
    return used
