from __future__ import annotations

from datetime import timedelta

from tests.conftest import START, a_job

MINUTE = timedelta(minutes=1)
NOW = START


async def add(store, *jobs):
    await store.transact(lambda records: records.jobs.add(jobs))


async def lease(store, owner="us", now=NOW):
    due = await store.transact(lambda records: records.jobs.lease(owner, now, now + MINUTE, 9))
    return [(each.job.id, each.attempt) for each in due]


async def test_a_job_comes_back_as_it_was_saved(store):
    job = a_job(details={"provider": "ocn", "why": "証明書"})
    await add(store, job)

    (due,) = await store.transact(lambda records: records.jobs.lease("us", NOW, NOW + MINUTE, 9))

    assert (job, 1) == (due.job, due.attempt)


async def test_a_job_is_leased_when_it_is_due(store):
    await add(store, a_job(due_at=NOW + MINUTE))

    assert (await lease(store), await lease(store, now=NOW + MINUTE)) == ([], [("job-1", 1)])


async def test_a_leased_job_is_left_alone_until_the_lease_ends(store):
    await add(store, a_job())
    await lease(store)

    assert (await lease(store, "others"), await lease(store, "others", NOW + MINUTE)) == ([], [("job-1", 2)])


async def test_a_job_that_is_done_or_buried_never_comes_back(store):
    await add(store, a_job("done"), a_job("buried"))

    def finish(records):
        records.jobs.done("done", NOW)
        records.jobs.bury("buried", NOW, "unknown kind")

    await store.transact(finish)

    assert await lease(store, now=NOW + 9 * MINUTE) == []


async def test_the_same_cause_makes_a_job_only_once(store):
    await add(store, a_job())
    await store.transact(lambda records: records.jobs.done("job-1", NOW))

    await add(store, a_job())

    assert await lease(store) == []


async def test_leases_of_jobs_are_given_back(store):
    await add(store, a_job())
    await lease(store)

    await store.transact(lambda records: records.release("us"))

    assert await lease(store, "others") == [("job-1", 2)]


async def test_a_retried_job_comes_back_when_due(store):
    await add(store, a_job())
    await lease(store)

    await store.transact(lambda records: records.jobs.retry("job-1", NOW + MINUTE, "away"))

    assert (await lease(store), await lease(store, now=NOW + MINUTE)) == ([], [("job-1", 2)])


async def test_a_renewed_lease_keeps_others_off_for_longer(store):
    await add(store, a_job("job-1"), a_job("job-2"))
    await lease(store)

    await store.transact(lambda records: records.jobs.renew("us", ["job-1"], NOW + 3 * MINUTE))
    await store.transact(lambda records: records.jobs.renew("others", ["job-2"], NOW + 3 * MINUTE))

    assert await lease(store, "others", NOW + 2 * MINUTE) == [("job-2", 2)]
