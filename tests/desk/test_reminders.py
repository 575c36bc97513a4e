"""A reminder on record is sent once, when it falls due."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.content.library import load_library
from bot.core.jobs import Job
from bot.desk.clerk import Clerk
from bot.desk.reminders import Reminders


@pytest.fixture(scope="module", name="library")
def _library(tmp_path_factory):
    return load_library(cache=tmp_path_factory.mktemp("library"))


@pytest.fixture(name="clerk")
def _clerk(store, clock, library, habits):
    reminders = Reminders(library=lambda: library, clock=clock)
    return Clerk(store=store, handlers=reminders.handlers(), clock=clock, owner="us", habits=habits)


async def test_the_reminder_to_go_back_is_sent_when_it_falls_due(store, clock, clerk):
    job = Job(
        id="6f1f0a1e-0000-5000-8000-000000000001",
        kind="revert_reminder",
        due_at=clock.now() + timedelta(days=3),
        details={"provider": "ocn", "channel": "line", "to": "U-hanako", "thread": "", "team": ""},
    )
    await store.transact(lambda records: records.jobs.add([job]))
    await clerk.run_once()
    assert [] == list(
        await store.transact(lambda records: records.outbox.lease("x", clock.now(), clock.now(), 9))
    )

    clock.advance(3 * 24 * 3600)
    await clerk.run_once()
    await clerk.run_once()

    until = clock.now() + timedelta(minutes=1)
    due = await store.transact(lambda records: records.outbox.lease("x", clock.now(), until, 9))
    assert ["U-hanako"] == [each.send.address.to for each in due]
