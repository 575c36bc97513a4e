from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.desk.clerk import Clerk
from bot.errors import StoreError
from tests.conftest import a_job, a_send


class Reminder:
    """A handler that saves a message, after failing as often as it is told to."""

    def __init__(self):
        self.failures = []
        self.jobs = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.at_work = asyncio.Event()

    async def __call__(self, job):
        self.jobs.append(job.id)
        self.at_work.set()
        await self.gate.wait()
        if self.failures:
            raise self.failures.pop()
        return lambda records: records.outbox.add([a_send(f"reminder-of-{job.id}")])


@pytest.fixture
def remind():
    return Reminder()


@pytest.fixture
def wakes():
    return []


@pytest.fixture
def clerk(store, clock, remind, wakes, habits):
    return Clerk(
        store=store,
        handlers={"remind": remind},
        clock=clock,
        owner="us",
        wake_courier=lambda: wakes.append("wake"),
        habits=habits,
    )


@pytest.fixture
def add(store):
    async def add(*jobs):
        await store.transact(lambda records: records.jobs.add(jobs))

    return add


async def sends(store, clock):
    due = await store.transact(lambda records: records.outbox.lease("test", clock.now(), clock.now(), 9))
    return [each.send.id for each in due]


async def undone(store, clock):
    clock.advance(3600)
    due = await store.transact(lambda records: records.jobs.lease("others", clock.now(), clock.now(), 9))
    return [each.job.id for each in due]


async def test_a_job_is_done_when_it_falls_due(clerk, add, remind, store, clock):
    await add(a_job(due_at=clock.now()), a_job("later", due_at=clock.now().replace(hour=1)))

    await clerk.run_once()

    assert remind.jobs == ["job-1"]
    assert await sends(store, clock) == ["reminder-of-job-1"]


async def test_the_courier_is_woken_when_a_job_was_done(clerk, add, wakes):
    await add(a_job())

    await clerk.run_once()

    assert wakes == ["wake"]


async def test_a_job_that_is_done_is_not_done_again(clerk, add, remind, store, clock):
    await add(a_job())

    await clerk.run_once()

    assert await undone(store, clock) == []


async def test_a_failing_job_is_tried_again_later(clerk, add, remind, store, clock):
    remind.failures = [TimeoutError()]
    await add(a_job())

    tried = []
    for pause in (0, 9, 1):
        clock.advance(pause)
        tried.append(await clerk.run_once())

    assert tried == [1, 0, 1]
    assert await sends(store, clock) == ["reminder-of-job-1"]


async def test_a_job_that_always_fails_is_given_up(clerk, add, remind, store, clock):
    remind.failures = [ZeroDivisionError() for _ in range(9)]
    await add(a_job())

    for _ in range(5):
        await clerk.run_once()
        clock.advance(60)

    assert len(remind.jobs) == 3
    assert await undone(store, clock) == []


async def test_a_job_that_fails_while_saving_leaves_nothing_behind(clerk, add, store, clock):
    def save_half(records):
        records.outbox.add([a_send("half")])
        raise ZeroDivisionError

    async def handler(job):
        return save_half

    clerk.handlers = {"remind": handler}
    await add(a_job())

    await clerk.run_once()

    assert await sends(store, clock) == []
    assert await undone(store, clock) == ["job-1"]


async def test_a_job_of_an_unknown_kind_is_given_up_with_a_clear_word(clerk, add, store, clock, caplog):
    await add(a_job(kind="dance"))

    await clerk.run_once()

    assert [
        (each.action, each.kind, each.reason) for each in caplog.records if each.levelname == "ERROR"
    ] == [("job_dead", "dance", "no handler for this kind")]
    assert await undone(store, clock) == []


async def test_a_job_that_takes_too_long_is_broken_off(clerk, add, remind, store, clock):
    remind.gate.clear()
    clerk.habits = replace(clerk.habits, timeout=0.01)
    await add(a_job())

    await clerk.run_once()

    assert await undone(store, clock) == ["job-1"]


async def test_an_outcome_that_cannot_be_saved_is_left_to_the_lease(clerk, add, store, clock):
    async def handler(job):
        raise StoreError("away")

    clerk.handlers = {"remind": handler}
    await add(a_job())

    await clerk.run_once()
    at_once = await clerk.run_once()
    clock.advance(60)

    assert (at_once, await clerk.run_once()) == (0, 1)


async def test_a_running_clerk_is_woken_and_stops_politely(clerk, add, remind, store, clock):
    running = asyncio.create_task(clerk.run())
    await add(a_job())
    clerk.wake()
    await remind.at_work.wait()

    await clerk.stop()
    await running

    assert await sends(store, clock) == ["reminder-of-job-1"]


async def test_a_restarted_clerk_takes_up_its_own_old_leases_at_once(clerk, add, remind, store, clock):
    await add(a_job())
    until = clock.now() + clerk.habits.lease
    await store.transact(lambda records: records.jobs.lease(clerk.owner, clock.now(), until, 9))

    running = asyncio.create_task(clerk.run())
    await remind.at_work.wait()
    await clerk.stop()
    await running

    assert remind.jobs == ["job-1"]
