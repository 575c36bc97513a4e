from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.tickets import Contact, TicketState
from bot.errors import StaleRowError, StoreError
from tests.conftest import a_desk, a_ticket, an_address


async def test_a_saved_ticket_comes_back_with_the_next_version(store):
    ticket = a_ticket(contact=Contact(name="花子"), talk=("お客様: 来ません",))

    await store.transact(lambda records: records.tickets.save(ticket))

    found = await store.transact(
        lambda records: (records.tickets.get(ticket.id), records.tickets.peek(ticket.id))
    )
    assert (replace(ticket, version=1),) * 2 == found


async def test_there_is_no_ticket_of_an_unknown_id(store):
    found = await store.transact(lambda records: (records.tickets.get("none"), records.tickets.peek("none")))

    assert found == (None, None)


async def test_a_ticket_is_found_by_the_thread_it_was_bound_to(store):
    await store.transact(lambda records: records.tickets.save(a_ticket()))

    await store.transact(lambda records: records.tickets.bind("ticket-1", a_desk("1.1")))

    def look(records):
        return records.tickets.at_desk(a_desk("1.1")), records.tickets.at_desk(a_desk("2.2"))

    found, nothing = await store.transact(look)
    assert (a_desk("1.1"), None) == (found.desk, nothing)


async def test_a_thread_bound_before_the_workspace_was_known_is_found(store):
    await store.transact(lambda records: records.tickets.save(a_ticket(desk=a_desk("1.1", team=""))))

    found = await store.transact(lambda records: records.tickets.at_desk(a_desk("1.1")))

    assert found.id == "ticket-1"


async def test_open_tickets_whose_card_is_nowhere_yet_are_told(store):
    def open_three(records):
        records.tickets.save(a_ticket(id="waits"))
        records.tickets.save(a_ticket(id="stands", desk=a_desk("1.1")))
        records.tickets.save(a_ticket(id="over", state=TicketState.CLOSED))

    await store.transact(open_three)

    unplaced = await store.transact(lambda records: records.tickets.unplaced())
    assert ["waits"] == [ticket.id for ticket in unplaced]


async def test_binding_does_not_disturb_a_change_of_the_ticket(store):
    def take(records):
        ticket = records.tickets.get("ticket-1")
        records.tickets.save(replace(ticket, taker_id="S-1"))

    await store.transact(lambda records: records.tickets.save(a_ticket()))
    await store.transact(lambda records: records.tickets.bind("ticket-1", a_desk("1.1")))
    await store.transact(take)

    found = await store.transact(lambda records: records.tickets.get("ticket-1"))
    assert ("S-1", a_desk("1.1"), 2) == (found.taker_id, found.desk, found.version)


async def test_two_tickets_cannot_stand_in_one_thread(store):
    await store.transact(lambda records: records.tickets.save(a_ticket(desk=a_desk("1.1"))))

    with pytest.raises(StoreError):
        await store.transact(
            lambda records: records.tickets.save(a_ticket(id="ticket-2", desk=a_desk("1.1")))
        )


async def test_tickets_not_yet_posted_do_not_collide(store):
    def open_two(records):
        records.tickets.save(a_ticket())
        records.tickets.save(a_ticket(id="ticket-2", customer=an_address("U-taro")))

    await store.transact(open_two)


async def test_an_outdated_ticket_is_not_saved(store):
    await store.transact(lambda records: records.tickets.save(a_ticket()))

    with pytest.raises(StaleRowError):
        await store.transact(lambda records: records.tickets.save(a_ticket(reason="outdated")))
