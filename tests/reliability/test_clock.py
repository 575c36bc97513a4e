"""The clock jumps: what waits goes out all the same, once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from bot.app.clock import SystemClock
from tests.fakes.line import FakeLine, Fault
from tests.flows.conftest import serving
from tests.reliability.conftest import Customers, settings_for

HOUR = timedelta(hours=1)


@dataclass(slots=True)
class WallClock:
    """The computer's clock, which somebody may put forward or back, and its ticks, which nobody can."""

    by: timedelta = field(default_factory=timedelta)
    ticked: float = 0.0

    def now(self) -> datetime:
        return datetime(2026, 4, 1, tzinfo=UTC) + timedelta(seconds=self.ticked) + self.by

    def ticks(self) -> float:
        return self.ticked


@pytest.fixture(name="wall")
def _wall():
    return WallClock()


@pytest.fixture(name="clock")
def _clock(wall):
    return SystemClock(wall=wall.now, ticks=wall.ticks)


def test_the_clock_is_the_computers_own(clock, wall):
    before = clock.now()
    wall.ticked += 90

    assert clock.now() - before == timedelta(seconds=90)


def test_a_clock_that_is_put_forward_is_followed(clock, wall):
    before = clock.now()
    wall.by = HOUR

    assert clock.now() - before == HOUR


def test_a_clock_that_is_put_back_is_not_followed_and_time_goes_on(clock, wall):
    before = clock.now()
    wall.by = -HOUR
    back = clock.now()
    wall.ticked += 90

    assert (back - before, clock.now() - before) == (timedelta(), timedelta(seconds=90))


@pytest.mark.parametrize("jump", [HOUR, -HOUR], ids=["forward", "back"])
async def test_what_waits_for_another_try_goes_out_after_a_jump(jump, tmp_path):
    @dataclass(slots=True)
    class Jumping:
        by: timedelta = field(default_factory=timedelta)

        def now(self) -> datetime:
            return datetime.now(UTC) + self.by

    wall = Jumping()
    async with FakeLine.running() as line, aiohttp.ClientSession() as http:
        line.fail("reply", *[Fault.RESET, Fault.ERROR] * 2)
        async with serving(settings_for(line, tmp_path), clock=SystemClock(wall=wall.now)) as url:
            customers = Customers(line=line, http=http, urls=[url])
            await customers.write(2, 1)
            wall.by = jump
            await customers.write(2, 2)
            await customers.answered()

    assert customers.outcome() == {"lost": 0, "doubled": 0, "in order": True}
