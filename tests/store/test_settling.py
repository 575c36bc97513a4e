from __future__ import annotations

from sqlalchemy import select

from bot.store.tables import EPOCH, outbox
from tests.conftest import a_send


async def test_what_is_settled_is_out_of_the_way_and_its_time_can_be_read(store):
    def work(records):
        records.outbox.add([a_send()])
        records.outbox.settle(["send-1"], "said in another one")

    await store.transact(work)

    with store._engine.connect() as connection:
        assert connection.execute(select(outbox.c.dead_at)).scalars().all() == [EPOCH]
