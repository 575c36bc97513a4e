from __future__ import annotations

import sqlite3
from datetime import timedelta

import pytest

from bot.core.messages import Channel
from bot.desk.courier import Courier
from bot.errors import StoreError
from bot.store.store import open_store
from bot.watching.health import Health
from bot.watching.metrics import Metrics
from tests.conftest import a_send
from tests.fakes.clock import START
from tests.fakes.sender import FakeSender


@pytest.fixture(name="store")
async def _store(tmp_path, clock):
    store = open_store(f"sqlite:///{tmp_path / 'shop.sqlite3'}", clock=clock)
    yield store
    await store.close()


@pytest.fixture(name="health")
def _health(store, clock):
    courier = Courier(store=store, senders={Channel.LINE: FakeSender()}, clock=clock, owner="us")
    return Health(store=store, courier=courier, clock=clock, metrics=Metrics())


async def test_a_working_service_is_ready(health):
    assert await health.unready() == ""


async def test_a_courier_that_hangs_is_not_ready(health, monkeypatch):
    monkeypatch.setattr("bot.watching.health.HEARTBEAT_SECONDS", -1.0)

    assert "courier: no round" in await health.unready()


async def test_a_database_that_is_away_is_not_ready_and_costs_no_metrics(health, store):
    await store.close()

    assert await health.unready() == "database: StoreError"
    assert b"madoguchi_outbox_waiting" in await health.exposed()


async def test_a_missing_migration_is_not_ready(health, tmp_path):
    connection = sqlite3.connect(tmp_path / "shop.sqlite3")
    with connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
    connection.close()

    assert "madoguchi db upgrade" in await health.unready()


async def test_how_long_the_oldest_send_waits_is_told(health, store, clock):
    await store.transact(lambda records: records.outbox.add([a_send(due_at=START)]))
    clock.advance(90)

    text = (await health.exposed()).decode()

    assert "madoguchi_outbox_waiting 1.0" in text
    assert "madoguchi_outbox_oldest_seconds 90.0" in text


async def test_what_was_settled_or_waits_for_quota_is_no_dead_letter(health, store):
    sends = [a_send(id=name, lane=name) for name in ("dead", "held", "settled")]

    def work(records):
        records.outbox.add(sends)
        records.outbox.bury("dead", START + timedelta(1), "refused")
        records.outbox.hold("held", START + timedelta(1), "quota")
        records.outbox.settle(["settled"], "said in another one")

    await store.transact(work)

    assert "madoguchi_dead_letters 1.0" in (await health.exposed()).decode()


async def test_the_quota_is_asked_for_seldom_and_its_failure_harms_nothing(health):
    asked = []

    async def quota():
        asked.append(1)
        raise StoreError("LINE is away")

    health.quota = quota

    for _ in range(3):
        await health.exposed()

    assert len(asked) == 1
