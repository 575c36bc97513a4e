"""The service's threads sit on one core, and move where others want it."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from bot.app.one_core import Look, crowded, on_one_core

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or len(os.sched_getaffinity(0)) == 1, reason="there is one core to sit on"
)

LOOK_SECONDS = 0.02


async def test_all_threads_sit_on_one_core_and_are_let_go_at_the_end() -> None:
    allowed = os.sched_getaffinity(0)
    with _a_thread_that_waits():
        async with on_one_core(LOOK_SECONDS):
            await _until(_all_on_one_core)
        assert _cores_of_threads() == {frozenset(allowed)}


async def test_a_crowded_core_is_left_and_another_look_finds_a_new_one(tmp_path: Path) -> None:
    allowed = frozenset(os.sched_getaffinity(0))
    stat = tmp_path / "stat"
    _write(stat, dict.fromkeys(allowed, 0))
    async with on_one_core(LOOK_SECONDS, stat):
        await _until(_all_on_one_core)
        ((core,),) = _cores_of_threads()
        _write(stat, dict.fromkeys(allowed, 0) | {core: 1_000_000})
        await _until(lambda: _cores_of_threads() == {allowed})
        await _until(_all_on_one_core)


async def test_where_the_system_does_not_tell_of_its_cores_the_threads_are_free(tmp_path: Path) -> None:
    stat = tmp_path / "stat"
    stat.write_text("nothing of the kind\ncpu0 ???\n")
    allowed = frozenset(os.sched_getaffinity(0))
    async with on_one_core(LOOK_SECONDS, stat):
        await _until(lambda: "one-core" not in {task.get_name() for task in asyncio.all_tasks()})
        assert _cores_of_threads() == {allowed}


@pytest.mark.parametrize(
    ("ours", "other", "own", "is_crowded"),
    [
        pytest.param(10.0, 0.0, 10.0, False, id="the service has its core for itself"),
        pytest.param(10.0, 0.0, 5.0, True, id="others use half of it and another core is free"),
        pytest.param(10.0, 4.0, 5.0, False, id="the other core is hardly freer"),
        pytest.param(10.0, 10.0, 5.0, False, id="all cores are full"),
        pytest.param(0.0, 0.0, 0.0, False, id="nothing goes on"),
        pytest.param(10.0, 0.0, 9.0, False, id="the system itself uses a little"),
    ],
)
def test_a_core_is_crowded_by_others_alone(
    ours: float, other: float, own: float, *, is_crowded: bool
) -> None:
    before = Look(used={0: 100.0, 1: 200.0}, own=7.0, at=50.0)
    after = Look(used={0: 100.0 + ours, 1: 200.0 + other}, own=7.0 + own, at=60.0)
    assert crowded(0, before, after) is is_crowded


def test_a_core_that_the_system_does_not_tell_of_is_never_crowded() -> None:
    before = Look(used={}, own=0.0, at=0.0)
    assert not crowded(0, before, Look(used={}, own=1.0, at=5.0))


def _all_on_one_core() -> bool:
    places = _cores_of_threads()
    return len(places) == 1 and len(*places) == 1


def _cores_of_threads() -> set[frozenset[int]]:
    """Where the threads of this process may run; all alike, there is one answer."""
    return {
        frozenset(os.sched_getaffinity(thread.native_id))
        for thread in threading.enumerate()
        if thread.native_id is not None
    }


@contextmanager
def _a_thread_that_waits() -> Iterator[None]:
    over = threading.Event()
    thread = threading.Thread(target=over.wait)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


async def _until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not holds():  # noqa: ASYNC110 - what the system does rings no bell
            await asyncio.sleep(LOOK_SECONDS / 10)


def _write(stat: Path, used: dict[int, int]) -> None:
    """As the system tells it: user, nice, system, idle, …, in hundredths of a second."""
    lines = [f"cpu{core} {ticks} 0 0 500 0 0 0 0 0 0\n" for core, ticks in sorted(used.items())]
    fresh = stat.with_suffix(".new")
    fresh.write_text("".join(("cpu  0 0 0 0 0 0 0 0 0 0\n", *lines, "intr 0\n")))
    fresh.replace(stat)
