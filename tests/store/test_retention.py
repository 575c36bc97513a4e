from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from bot.core.messages import Channel
from bot.core.misses import Label, Miss
from bot.core.tickets import TicketEvent, TicketState
from bot.store import retention
from bot.store.tables import metadata
from tests.conftest import a_conversation, a_job, a_line, a_send, a_ticket, an_address
from tests.fakes.clock import START

OLD, YOUNG = START, START + timedelta(days=100)
BEFORE = START + timedelta(days=90)


def a_life(name, at, **ticket):
    """Everything that is stored of one customer's day."""
    address = an_address(f"U-{name}")

    def work(records):
        records.conversations.claim(f"event-{name}", at)
        records.conversations.save(a_conversation(address=address))
        records.conversations.add_lines([(address, a_line(said_at=at, message_id=f"m-{name}"))])
        records.tickets.save(a_ticket(id=f"t-{name}", customer=address, opened_at=at, **ticket))
        records.chronicle.add([TicketEvent(ticket_id=f"t-{name}", kind="opened", at=at)])
        send = a_send(
            id=f"s-{name}", address=address, due_at=at, ticket_id=f"t-{name}", origins=(f"m-{name}",)
        )
        records.outbox.add([send])
        records.outbox.sent(send.id, at, ["1"])
        records.jobs.add([a_job(f"j-{name}", due_at=at)])
        records.jobs.done(f"j-{name}", at)
        miss = Miss(id=f"x-{name}", text="?", reason="unknown", channel=Channel.LINE, said_on=at.date())
        records.misses.add([miss])

    return work


@pytest.fixture(name="pruned")
def _pruned(store):
    """Prunes to the end; how many rows went."""

    async def pruned():
        place, erased = "", 0
        while True:
            place, count = await store.transact(lambda records, at=place: records.prune(BEFORE, at))
            erased += count
            if not place:
                return erased

    return pruned


@pytest.fixture(name="counts")
def _counts(store):
    def counts():
        with store._engine.connect() as connection:
            tables = ("heard", "conversations", "lines", "tickets", "ticket_events", "outbox", "message_map",
                      "jobs", "misses")  # fmt: skip
            return {
                name: connection.scalar(select(func.count()).select_from(metadata.tables[name]))
                for name in tables
            }

    return counts


async def test_what_is_too_old_goes_and_the_rest_stays(store, clock, pruned, counts):
    await store.transact(a_life("old", OLD, state=TicketState.CLOSED))
    clock.at = YOUNG
    await store.transact(a_life("young", YOUNG, state=TicketState.CLOSED))

    await pruned()

    assert set(counts().values()) == {1}
    with store._engine.connect() as connection:
        assert connection.scalar(text("SELECT key FROM conversations")) == "line::U-young:"


async def test_who_has_an_open_ticket_is_kept(store, pruned, counts):
    await store.transact(a_life("old", OLD))

    await pruned()

    assert counts()["tickets"] == counts()["conversations"] == 1


async def test_what_is_still_to_be_sent_or_done_is_kept(store, pruned, counts):
    def work(records):
        records.outbox.add([a_send()])
        records.jobs.add([a_job()])

    await store.transact(work)

    assert await pruned() == 0
    assert counts()["outbox"] == counts()["jobs"] == 1


async def test_what_operators_taught_is_kept_until_it_is_exported(store, pruned, counts):
    await store.transact(a_life("old", OLD, state=TicketState.CLOSED))

    def work(records):
        filed = replace(records.misses.get("x-old"), label=Label(intent="faq", by="U-ken", at=OLD))
        records.misses.save(filed)

    await store.transact(work)
    await pruned()

    assert counts()["misses"] == 1


async def test_many_rows_go_in_slices(store, pruned, counts, monkeypatch):
    monkeypatch.setattr(retention, "SLICE", 3)
    for number in range(10):
        await store.transact(a_life(f"old-{number}", OLD, state=TicketState.CLOSED))

    await pruned()

    assert set(counts().values()) == {0}


async def test_what_was_heard_is_known_a_month_longer_so_that_it_cannot_be_replayed(store, pruned):
    at = BEFORE - timedelta(days=20)
    await store.transact(a_life("recent", at, state=TicketState.CLOSED))

    await pruned()

    assert not await store.transact(lambda records: records.conversations.claim("event-recent", at))
