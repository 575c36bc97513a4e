"""The database goes away and comes back: events are refused meanwhile, and every one is answered once in the end."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import resource
import sqlite3
import sys
import time

import pytest

from tests.reliability.conftest import SOAK, Customers, serving

AWAY_SECONDS = 10.0

log = logging.getLogger(__name__)


async def test_postgresql_is_stopped_for_ten_seconds(postgresql_url, postgresql_server, line, http, tmp_path):
    @contextlib.asynccontextmanager
    async def stopped(_):
        await asyncio.to_thread(postgresql_server.stop)
        yield
        await asyncio.to_thread(postgresql_server.ensure_postgres_running)

    await _survives(stopped, postgresql_url, line, http, tmp_path)


async def test_another_process_holds_the_lock_of_the_sqlite_file_for_ten_seconds(
    sqlite_url, line, http, tmp_path
):
    @contextlib.asynccontextmanager
    async def locked(_):
        holder = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
        holder.execute("PRAGMA busy_timeout = 10000")
        holder.execute("BEGIN IMMEDIATE")
        yield
        holder.execute("ROLLBACK")
        holder.close()

    await _survives(locked, sqlite_url, line, http, tmp_path)


@pytest.mark.skipif(sys.platform != "linux", reason="prlimit is Linux's")
async def test_the_disk_of_the_sqlite_file_is_full_for_ten_seconds(sqlite_url, line, http, tmp_path):
    @contextlib.asynccontextmanager
    async def full(service):
        before = resource.prlimit(service.process.pid, resource.RLIMIT_FSIZE)
        # No file may grow beyond this: every write to the log of the database fails, as on a full disk.
        resource.prlimit(service.process.pid, resource.RLIMIT_FSIZE, (4096, before[1]))
        yield
        resource.prlimit(service.process.pid, resource.RLIMIT_FSIZE, before)

    # What is stored can still be read, so the service calls itself ready.
    await _survives(full, sqlite_url, line, http, tmp_path, ready=200)


async def _survives(away, url, line, http, folder, *, ready=503):
    async with serving(folder, line, url, http) as service:
        customers = Customers(line=line, http=http, urls=[service.url])
        await customers.write(4, 2)
        await customers.answered()
        writing, told = [], []
        for _ in range(SOAK):
            async with away(service):
                began = time.monotonic()
                writing.append(asyncio.create_task(customers.write(4, 6, pause=0.2)))
                await asyncio.sleep(AWAY_SECONDS - (time.monotonic() - began))
                told.append(await _says(service, http, ready))
            await asyncio.gather(*writing)
        await customers.answered()

    log.info("away %s × %g s, %s", SOAK, AWAY_SECONDS, customers)
    assert customers.outcome() == {"lost": 0, "doubled": 0, "in order": True}
    assert customers.refused > 0
    assert told == [ready] * SOAK


async def _says(service, http, ready):
    """What /readyz says; *ready* if it says so once in a few times: asked in the same moment as events it shares their lot."""
    for _ in range(5):
        if (told := await service.status(http)) == ready:
            break
    return told
