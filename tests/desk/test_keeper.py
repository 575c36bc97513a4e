from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.safety.retention import RETENTION
from bot.desk.clerk import Clerk
from bot.desk.keeper import Keeper
from tests.conftest import a_conversation, an_address
from tests.fakes.clock import START


@pytest.fixture(name="clerks")
def _clerks(store, clock):
    """Two processes' clerks over one database."""
    keeper = Keeper(store=store, clock=clock, days=90)
    return [
        Clerk(store=store, handlers=keeper.handlers(), clock=clock, owner=name) for name in ("one", "other")
    ], keeper


async def test_however_many_processes_start_it_is_one_job_a_night(store, clerks):
    _, keeper = clerks
    await store.transact(keeper.begin)
    await store.transact(keeper.begin)

    jobs = await store.transact(
        lambda records: records.jobs.lease("us", START + timedelta(days=2), START + timedelta(days=3), 10)
    )

    assert [due.job.kind for due in jobs] == [RETENTION]


async def test_a_night_erases_and_sees_to_the_next(store, clock, clerks):
    (one, other), keeper = clerks
    await store.transact(lambda records: records.conversations.save(a_conversation()))
    clock.advance(91 * 86400)
    await store.transact(keeper.begin)
    clock.advance(86400)

    done = [await one.run_once(), await other.run_once()]

    assert sorted(done) == [0, 1]
    assert not await store.transact(lambda records: records.conversations.known(an_address()))
    clock.advance(86400)
    assert await other.run_once() == 1


async def test_a_long_night_is_several_jobs(store, clock):
    keeper = Keeper(store=store, clock=clock, days=90, seconds=0)
    clerk = Clerk(store=store, handlers=keeper.handlers(), clock=clock, owner="us")
    await store.transact(lambda records: records.conversations.save(a_conversation()))
    clock.advance(91 * 86400)
    await store.transact(keeper.begin)
    clock.advance(86400)

    jobs = 0
    while await clerk.run_once():
        jobs += 1

    assert jobs > 1
    assert not await store.transact(lambda records: records.conversations.known(an_address()))


async def test_keeping_for_ever_makes_no_job(store, clock):
    await store.transact(Keeper(store=store, clock=clock, days=0).begin)

    clock.advance(10 * 86400)
    jobs = await store.transact(lambda records: records.jobs.lease("us", clock.now(), clock.now(), 10))

    assert list(jobs) == []
