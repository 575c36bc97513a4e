"""What happened to tickets, which messages belong together, and what the quota holds back: on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.core.tickets import TicketEvent, TicketState, Visit
from tests.conftest import START, a_line, a_send, a_ticket, an_address

LANE = an_address().key


async def test_events_are_told_in_order_and_since_a_moment(store):
    events = [
        TicketEvent(ticket_id="t-1", kind="opened", at=START),
        TicketEvent(ticket_id="t-1", kind="taken", at=START + timedelta(hours=1), who="佐藤"),
    ]
    await store.transact(lambda records: records.chronicle.add(events))

    assert events == await store.transact(lambda records: records.chronicle.events("t-1"))
    assert events[1:] == await store.transact(
        lambda records: records.chronicle.since(START + timedelta(minutes=1))
    )


async def test_a_carried_message_is_found_from_both_sides(store):
    send = a_send(ticket_id="t-1", origins=("1.1",))
    await store.transact(lambda records: records.outbox.add([send]))
    on_its_way = await store.transact(lambda records: records.chronicle.relayed("t-1", "1.1"))

    await store.transact(lambda records: records.outbox.carried(send, ["line-1", "line-2"]))

    here = await store.transact(lambda records: records.chronicle.relayed("t-1", "1.1"))
    there = await store.transact(lambda records: records.chronicle.relayed("t-1", "line-2"))
    assert ((), ("line-1", "line-2")) == (on_its_way.copies, here.copies)
    assert ("1.1", send.id) == (there.origin, there.send_id)


async def test_a_message_of_another_ticket_is_nobodys(store):
    await store.transact(lambda records: records.outbox.add([a_send(ticket_id="t-1", origins=("1.1",))]))

    assert await store.transact(lambda records: records.chronicle.relayed("t-2", "1.1")) is None


async def test_what_the_quota_holds_back_waits_for_a_free_reply(store):
    sends = [
        a_send(id="a", text="一"),
        a_send(id="b", text="二"),
        a_send(id="c", address=an_address("U-taro")),
    ]
    await store.transact(lambda records: records.outbox.add(sends))
    for each in sends:
        await store.transact(lambda records, each=each: records.outbox.hold(each.id, START, "quota"))

    held = await store.transact(lambda records: records.outbox.held(LANE))
    await store.transact(lambda records: records.outbox.settle(["a", "b"], "said"))

    assert ["a", "b"] == [send.id for send in held]
    assert [] == await store.transact(lambda records: records.outbox.held(LANE))
    assert [] == list(
        await store.transact(lambda records: records.outbox.lease("x", START, START + timedelta(1), 9))
    )


async def test_a_row_that_is_withdrawn_is_never_delivered(store):
    send = a_send(origins=("1.1",), ticket_id="t-1")
    await store.transact(lambda records: records.outbox.add([send]))

    await store.transact(lambda records: records.outbox.settle([send.id], "withdrawn"))

    leased = await store.transact(
        lambda records: records.outbox.lease("x", START, START + timedelta(minutes=1), 9)
    )
    assert list(leased) == []
    assert await store.transact(lambda records: records.chronicle.relayed("t-1", "1.1")) is None


async def test_origins_survive_the_database(store):
    await store.transact(lambda records: records.outbox.add([a_send(origins=("1.1", "1.2"))]))

    [due] = await store.transact(
        lambda records: records.outbox.lease("x", START, START + timedelta(minutes=1), 9)
    )

    assert ("1.1", "1.2") == due.send.origins


async def test_visits_ahead_are_booked_until_they_are_called_off(store):
    visit = Visit(start=START + timedelta(days=2), end=START + timedelta(days=2, hours=2))
    past = Visit(start=START - timedelta(days=2), end=START - timedelta(days=2))
    tickets = [
        a_ticket(id="t-1", kind="migration", visit=visit),
        a_ticket(id="t-2", kind="migration", visit=visit, ending="cancelled", state=TicketState.CLOSED),
        a_ticket(id="t-3", kind="migration", visit=past),
        a_ticket(id="t-4"),
    ]
    for each in tickets:
        await store.transact(lambda records, each=each: records.tickets.save(each))

    assert [visit] == await store.transact(lambda records: records.chronicle.booked(START))


async def test_open_tickets_come_oldest_first(store):
    late, early = a_ticket(id="late", opened_at=START + timedelta(1)), a_ticket(id="early")
    closed = replace(a_ticket(id="closed"), state=TicketState.CLOSED)
    for each in (late, early, closed):
        await store.transact(lambda records, each=each: records.tickets.save(each))

    found = await store.transact(lambda records: records.chronicle.open_tickets())

    assert ["early", "late"] == [ticket.id for ticket in found]


async def test_a_line_is_found_by_its_message(store):
    line = a_line(message_id="m-1")
    await store.transact(lambda records: records.conversations.add_lines([(an_address(), line)]))

    assert line == await store.transact(lambda records: records.chronicle.line("m-1"))
    assert await store.transact(lambda records: records.chronicle.line("m-2")) is None


async def test_a_fact_is_what_was_remembered_last(store):
    for value in ("1", "2"):
        await store.transact(lambda records, value=value: records.chronicle.remember("n", value))

    assert "2" == await store.transact(lambda records: records.chronicle.fact("n"))
    assert await store.transact(lambda records: records.chronicle.fact("other")) == ""
