"""Two processes on one PostgreSQL database: they share the work, and one takes over what the other leaves."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.core.messages import Channel
from bot.desk.clerk import Clerk
from bot.desk.courier import Courier
from bot.desk.rounds import Habits
from bot.store.store import open_store
from tests.conftest import a_job, a_send, an_address
from tests.fakes.line import Fault
from tests.fakes.sender import FakeSender
from tests.flows.conftest import serving as serving_here
from tests.reliability.conftest import Customers, serving, settings_for


@dataclass(slots=True)
class ShiftedClock:
    """The computer's clock, put forward or back."""

    by: timedelta = field(default_factory=timedelta)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.by


@asynccontextmanager
async def stores(url, clock, *owners):
    opened = [open_store(url, clock=clock, owner=owner) for owner in owners]
    try:
        yield opened
    finally:
        for store in opened:
            await store.close()


async def test_events_of_one_customer_that_reach_two_processes_are_answered_in_order_and_once(
    postgresql_url, line, http, tmp_path
):
    folders = [tmp_path / name for name in ("one", "two")]
    for folder in folders:
        folder.mkdir()
    async with (
        serving(folders[0], line, postgresql_url, http) as one,
        serving(folders[1], line, postgresql_url, http) as two,
    ):
        customers = Customers(line=line, http=http, urls=[one.url, two.url])

        await customers.write(10, 8)
        await customers.answered()

    assert customers.outcome() == {"lost": 0, "doubled": 0, "in order": True}


async def test_what_a_killed_process_was_sending_is_taken_over_when_its_lease_ends(
    postgresql_url, line, http, tmp_path
):
    line.fail("reply", *[Fault.ACCEPTED_HANG] * 2, *[Fault.HANG] * 2)
    async with serving(tmp_path, line, postgresql_url, http) as killed:
        customers = Customers(line=line, http=http, urls=[killed.url])
        await customers.write(4, 1)
        async with asyncio.timeout(60):
            while len(line.calls) < 4:  # noqa: ASYNC110 - the stand-in tells of what it accepted only
                await asyncio.sleep(0.01)
        await killed.kill()
    clock = ShiftedClock()

    async with serving_here(settings_for(line, tmp_path, postgresql_url), clock=clock):
        await asyncio.sleep(2)  # the survivor asks every second
        before = len(line.sent)
        clock.by = Habits().lease
        await customers.answered()

    assert before == 2
    assert customers.outcome() == {"lost": 0, "doubled": 0, "in order": True}


async def test_two_couriers_share_the_outbox_and_no_row(postgresql_url, clock):
    senders = [FakeSender(), FakeSender()]
    async with stores(postgresql_url, clock, "one", "two") as opened:
        couriers = [
            Courier(
                store=store,
                senders={Channel.LINE: sender},
                clock=clock,
                owner=store.owner,
                habits=Habits(parallel=4),
            )
            for store, sender in zip(opened, senders, strict=True)
        ]
        sends = [a_send(f"s{number:03}", address=an_address(f"U-{number % 20}")) for number in range(200)]
        await opened[0].transact(lambda records: records.outbox.add(sends))

        while any(await asyncio.gather(*(courier.run_once() for courier in couriers))):
            pass

    delivered = [each for sender in senders for each in sender.delivered]
    assert sorted(delivered) == [send.id for send in sends]
    assert all(sender.delivered for sender in senders)


async def test_each_scheduled_job_is_done_by_one_of_two_processes(postgresql_url, clock):
    done = []

    async def handler(job):
        done.append(job.id)
        await asyncio.sleep(0)
        return lambda _: None

    async with stores(postgresql_url, clock, "one", "two") as opened:
        clerks = [
            Clerk(
                store=store,
                handlers={"remind": handler},
                clock=clock,
                owner=store.owner,
                habits=Habits(parallel=3),
            )
            for store in opened
        ]
        # Both processes see to it at their start that the job is there.
        for store in opened:
            await store.transact(lambda records: records.jobs.add([a_job(f"job-{n}") for n in range(30)]))

        while any(await asyncio.gather(*(clerk.run_once() for clerk in clerks))):
            pass

    assert sorted(done) == sorted(f"job-{n}" for n in range(30))


async def test_a_process_wakes_the_others_when_it_has_saved_something(postgresql_url, clock):
    async with stores(postgresql_url, clock, "one", "two") as (one, two):
        woken = asyncio.Event()
        two.listen(woken.set)
        await asyncio.wait_for(woken.wait(), 60)  # once when it begins to listen
        woken.clear()

        one.nudge()

        await asyncio.wait_for(woken.wait(), 60)


async def test_a_process_does_not_wake_itself(postgresql_url, clock):
    async with stores(postgresql_url, clock, "one", "two") as (one, two):
        heard = {"one": 0, "two": 0}
        both = asyncio.Event()

        def count(owner):
            heard[owner] += 1
            if heard["two"] > 1:
                both.set()

        one.listen(lambda: count("one"))
        two.listen(lambda: count("two"))
        async with asyncio.timeout(60):
            while not all(heard.values()):  # noqa: ASYNC110 - the first words come on their own
                await asyncio.sleep(0.01)

        one.nudge()
        await asyncio.wait_for(both.wait(), 60)

    assert heard["one"] == 1
