from __future__ import annotations

import asyncio
import contextlib
import threading
from functools import partial

import pytest
from sqlalchemy import text

from bot.core.messages import Channel
from bot.desk.courier import Courier
from bot.desk.rounds import Habits
from bot.errors import BusyError, StoreError
from bot.store.engine import open_engine
from bot.store.store import open_store
from tests.conftest import a_send, an_address
from tests.fakes.sender import FakeSender


def claim(event_id, clock, records):
    return records.conversations.claim(event_id, clock.now())


async def test_a_transaction_returns_what_its_work_returns(store):
    assert await store.transact(lambda records: "done") == "done"


async def test_one_failing_work_does_not_spoil_the_others(store, clock):
    def fail(event_id, clock, records):
        claim(event_id, clock, records)
        raise LookupError(event_id)

    fails = [number % 3 == 0 for number in range(30)]
    works = [partial(fail if failing else claim, f"event-{n}", clock) for n, failing in enumerate(fails)]
    answers = await asyncio.gather(*(store.transact(work) for work in works), return_exceptions=True)
    again = await asyncio.gather(*(store.transact(partial(claim, f"event-{n}", clock)) for n in range(30)))

    assert [answer is not True for answer in answers] == fails
    assert {type(answer) for answer in answers} == {bool, LookupError}
    assert again == fails


async def test_a_work_that_the_database_refuses_does_not_spoil_the_others(store, clock):
    def refuse(records):
        records.outbox.add([a_send(lane="lane", due_at=None)])

    works = [partial(claim, "event-1", clock), refuse, partial(claim, "event-2", clock)]
    first, error, last = await asyncio.gather(
        *(store.transact(work) for work in works), return_exceptions=True
    )

    assert (first, last) == (True, True)
    assert isinstance(error, StoreError)


async def test_an_error_of_the_store_holds_no_values_of_rows(store):
    with pytest.raises(StoreError) as caught:
        await store.transact(lambda records: records.outbox.add([a_send(text="内緒", due_at=None)]))

    assert "内緒" not in str(caught.value)


async def test_works_run_off_the_event_loop(store):
    assert await store.transact(lambda records: threading.current_thread()) is not threading.main_thread()


async def test_a_caller_who_goes_away_does_not_stop_the_store(store, clock):
    task = asyncio.create_task(store.transact(partial(claim, "event-1", clock)))
    await asyncio.sleep(0)
    task.cancel()

    assert await store.transact(partial(claim, "event-2", clock))


async def test_a_store_finishes_what_is_queued_before_it_closes(url, clock):
    store = open_store(url, clock=clock)
    waiting = [asyncio.create_task(store.transact(partial(claim, f"event-{n}", clock))) for n in range(20)]
    await asyncio.sleep(0)

    await store.close()

    assert await asyncio.gather(*waiting) == [True] * 20


async def test_a_closed_store_says_so(url, clock):
    store = open_store(url, clock=clock)
    await store.close()

    with pytest.raises(StoreError, match="closed"):
        await store.transact(lambda records: None)


async def test_what_was_committed_is_there_after_reopening(url, clock):
    store = open_store(url, clock=clock)
    await store.transact(partial(claim, "event-1", clock))
    await store.close()

    store = open_store(url, clock=clock)
    again = await store.transact(partial(claim, "event-1", clock))
    await store.close()

    assert again is False


async def test_a_table_that_is_gone_is_a_store_error_and_its_return_ends_it(store, url, clock):
    engine = open_engine(url, connections=1)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE heard RENAME TO mislaid"))
    with pytest.raises(StoreError):
        await store.transact(partial(claim, "event-1", clock))
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE mislaid RENAME TO heard"))
    engine.dispose()

    assert await store.transact(partial(claim, "event-1", clock))


async def test_a_full_disk_is_a_store_error_and_what_was_acknowledged_is_kept(sqlite_url, clock):
    store = open_store(sqlite_url, clock=clock)

    def leave_pages(more, records):
        connection = records.outbox._connection
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar() + more
        return connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}").scalar()

    def add(number, records):
        records.outbox.add([a_send(f"s{number}", text="長い話" * 500, address=an_address(f"U-{number}"))])

    def count(records):
        return [each.send.id for each in records.outbox.lease("us", clock.now(), clock.now(), 999)]

    await store.transact(partial(leave_pages, 30))
    answers = []
    for first in range(0, 100, 10):
        works = (partial(add, number) for number in range(first, first + 10))
        answers += await asyncio.gather(*map(store.transact, works), return_exceptions=True)
    await store.transact(partial(leave_pages, 100_000))
    await store.transact(partial(add, 100))
    kept = await store.transact(count)
    await store.close()

    saved = [f"s{number}" for number, answer in enumerate(answers) if answer is None]
    assert 0 < len(saved) < 100
    assert {str(answer) for answer in answers if answer} == {"the database refused: database or disk is full"}
    assert sorted(kept) == sorted([*saved, "s100"])


async def test_works_that_lock_each_other_out_are_run_again(postgresql_url, clock):
    store = open_store(postgresql_url, clock=clock)
    first, second = an_address("U-1"), an_address("U-2")
    locked = {first: threading.Event(), second: threading.Event()}

    def cross(mine, other, records):
        records.conversations.lock(mine)
        locked[mine].set()
        assert locked[other].wait(10)
        records.conversations.save(records.conversations.lock(other))

    await asyncio.gather(
        store.transact(partial(cross, first, second)), store.transact(partial(cross, second, first))
    )

    versions = [
        await store.transact(lambda records, at=at: records.conversations.lock(at).version) for at in locked
    ]
    await store.close()
    assert versions == [1, 1]


async def test_a_lost_connection_is_replaced(postgresql_url, clock):
    store = open_store(postgresql_url, clock=clock)
    await asyncio.gather(*(store.transact(partial(claim, f"event-{n}", clock)) for n in range(20)))
    engine = open_engine(postgresql_url, connections=1)
    with engine.begin() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname IS NOT NULL"
            )
        )
    engine.dispose()

    answers = await asyncio.gather(
        *(store.transact(partial(claim, f"event-{n}", clock)) for n in range(20, 40))
    )
    await store.close()

    assert answers == [True] * 20


async def test_the_locks_of_a_machine_that_vanished_end_by_themselves(postgresql_url, clock):
    store = open_store(postgresql_url, clock=clock)

    def waits(records):
        connection = records.outbox._connection
        names = ("lock_timeout", "idle_in_transaction_session_timeout")
        return [connection.exec_driver_sql(f"SHOW {name}").scalar() for name in names]

    bounds = await store.transact(waits)
    await store.close()

    assert ["5s", "15s"] == bounds


async def test_two_processes_on_one_database_send_each_row_once_and_in_order(postgresql_url, clock):
    stores = [open_store(postgresql_url, clock=clock) for _ in range(2)]
    sender = FakeSender()
    couriers = [
        Courier(
            store=store,
            senders={Channel.LINE: sender},
            clock=clock,
            owner=store.owner,
            habits=Habits(parallel=7),
        )
        for store in stores
    ]
    rows = [
        a_send(f"{lane}-{n:02}", address=an_address(f"U-{lane}")) for n in range(10) for lane in range(12)
    ]
    for store, half in zip(stores, (rows[:60], rows[60:]), strict=True):
        await store.transact(lambda records, half=half: records.outbox.add(half))

    running = [asyncio.create_task(courier.run()) for courier in couriers]
    await sender.until_delivered(len(rows))
    for courier in couriers:
        await courier.stop()
    await asyncio.gather(*running)
    for store in stores:
        await store.close()

    assert sorted(sender.delivered) == sorted(row.id for row in rows)
    for lane in range(12):
        of_lane = [each for each in sender.delivered if each.startswith(f"{lane}-")]
        assert of_lane == sorted(of_lane)


def test_owners_differ_on_postgresql_and_stay_the_same_on_sqlite(postgresql_url, sqlite_url, clock):
    def owner(url):
        store = open_store(url, clock=clock)
        asyncio.run(store.close())
        return store.owner

    assert owner(sqlite_url) == owner(sqlite_url)
    assert owner(postgresql_url) != owner(postgresql_url)


async def test_a_second_process_on_a_sqlite_file_does_not_take_the_firsts_leases_for_its_own(
    sqlite_url, clock
):
    first, second = (open_store(sqlite_url, clock=clock) for _ in range(2))

    for store in (first, second):
        await store.close()
    third = open_store(sqlite_url, clock=clock)
    await third.close()

    assert first.owner != second.owner
    assert first.owner == third.owner


@pytest.mark.parametrize("url", ["mysql://x/y", "no address", "sqlite://", "sqlite:///:memory:"])
def test_an_address_that_cannot_work_is_refused(url, clock):
    with pytest.raises(StoreError):
        open_store(url, clock=clock)


def test_a_database_that_is_away_is_a_store_error(clock, tmp_path):
    with pytest.raises(StoreError, match="データベースを開けません"):
        open_store(f"postgresql://nobody@/none?host={tmp_path}", clock=clock)


def test_the_folder_of_a_sqlite_file_is_made(clock, tmp_path):
    store = open_store(f"sqlite:///{tmp_path / 'new' / 'folder' / 'file.db'}", clock=clock)
    asyncio.run(store.close())

    assert (tmp_path / "new" / "folder" / "file.db").exists()


@contextlib.asynccontextmanager
async def held_up(store):
    """Every database thread of *store* is at work and does not end."""
    go_on = threading.Event()
    begun = threading.Barrier(len(store._threads) + 1)

    def wait(_):
        begun.wait(10)
        go_on.wait(10)

    waiting = [asyncio.create_task(store.transact(wait)) for _ in store._threads]
    await asyncio.to_thread(begun.wait, 10)
    yield
    go_on.set()
    await asyncio.gather(*waiting)


async def test_works_beyond_the_limit_are_refused_at_once_and_the_others_done(store, monkeypatch):
    async with held_up(store):
        monkeypatch.setattr("bot.store.store.MOST_WAITING", 3)
        kept = [asyncio.create_task(store.transact(lambda _: "done")) for _ in range(3)]
        await asyncio.sleep(0)

        with pytest.raises(BusyError):
            await store.transact(lambda _: "done")

    assert await asyncio.gather(*kept) == ["done"] * 3


async def test_a_work_that_nobody_waits_for_any_longer_is_left_out(store, clock):
    async with held_up(store):
        given_up = asyncio.create_task(store.transact(partial(claim, "event-1", clock)))
        await asyncio.sleep(0)
        given_up.cancel()

    assert await store.transact(partial(claim, "event-1", clock))
