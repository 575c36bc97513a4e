from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select, text

from bot.core.messages import Address, Channel
from bot.core.misses import Miss
from bot.core.slots import Slots
from bot.core.tickets import Contact, TicketEvent
from bot.store.engine import open_engine
from bot.store.forgetting import NOBODY, forget
from bot.store.shapes import TICKET
from bot.store.tables import metadata, tickets
from bot.store.vault import Vault, new_key, use
from tests.conftest import a_conversation, a_desk, a_job, a_line, a_send, a_ticket, an_address
from tests.fakes.clock import START

HANAKO, TARO = "Uhanako00000001", "Utaro0000000001"
PHONE = "000-0000-1111"


def a_customer(person, name):
    """All that a customer with a ticket leaves behind."""
    address = an_address(person)
    contact = Contact(name=name, phone=PHONE, time="夕方")
    ticket = a_ticket(
        id=f"t-{name}", customer=address, customer_name=name, contact=contact, talk=(f"{name}: 来ません",),
        slots=Slots(provider="ocn", unknown_domain=f"{name}.example"), reason="担当者を希望",
        desk=a_desk("100.1" if name == "hanako" else "200.1"),
    )  # fmt: skip
    miss = Miss(
        id=f"x-{name}", text="＊＊＊です", reason="unknown", channel=Channel.LINE, said_on=date(2026, 4, 1),
        message_id=f"m-{name}",
    )  # fmt: skip

    def work(records):
        records.conversations.claim(f"event-{name}", START)
        line = a_line(f"{name}です、{PHONE}です", message_id=f"m-{name}")
        records.conversations.save(a_conversation(address=address, contact=contact, recent=(line,)))
        records.conversations.add_lines([(address, line)])
        records.tickets.save(ticket)
        records.chronicle.add([TicketEvent(ticket_id=ticket.id, kind="note", at=START, detail=f"{name}様")])
        to_desk = a_send(id=f"d-{name}", text=f"{name}「来ません」", address=a_desk(), ticket_id=ticket.id,
                         origins=(f"m-{name}",), lane=f"desk:{ticket.id}")  # fmt: skip
        records.outbox.add([a_send(id=f"s-{name}", text=f"{name}様", address=address), to_desk])
        records.jobs.add([a_job(f"j-{name}", details={"to": person})])
        records.misses.add([miss])
        # An action in Slack bears the id of who pressed in its own id.
        records.conversations.claim(f"slack:T:C:1.1:2.2:{person}", START)

    return work


@pytest.fixture(name="engine", params=["plain", "sealed"])
def _engine(url, request):
    engine = open_engine(url, connections=1)
    use(Vault([new_key()] if request.param == "sealed" else []), engine)
    yield engine
    engine.dispose()


@pytest.fixture(name="shop")
async def _shop(store, engine):
    """Two customers on record."""
    use(engine.dialect.vault, store._engine)
    await store.transact(a_customer(HANAKO, "hanako"))
    await store.transact(a_customer(TARO, "taro"))
    return store


def everything(engine):
    """All that is stored, as text."""
    with engine.connect() as connection:
        return "\n".join(
            repr(row) for table in metadata.sorted_tables for row in connection.execute(select(table))
        )


async def test_nothing_of_the_person_is_left_and_nothing_of_others_is_touched(shop, engine):
    before = everything(engine)
    assert before.count("taro") > 5

    forgotten = forget(engine, HANAKO)

    after = everything(engine)
    assert forgotten.proven
    assert HANAKO not in after
    assert "hanako" not in after.replace("t-hanako", "").replace("event-hanako", "")
    assert after.count("taro") == before.count("taro")
    assert after.count(PHONE) == before.count(PHONE) / 2


async def test_what_went_is_counted_by_table(shop, engine):
    forgotten = forget(engine, HANAKO)

    assert forgotten.erased == {
        "misses": 1, "outbox": 2, "message_map": 1, "lines": 1, "conversations": 1, "jobs": 1, "tickets": 1,
    }  # fmt: skip
    assert forgotten.struck["heard"] == 1
    assert set(forgotten.searched) == set(metadata.tables)
    assert forgotten.searched["conversations"] == 1
    assert [thread.thread for thread in forgotten.threads] == ["100.1"]


async def test_a_ticket_is_kept_for_the_counts_as_nobodys(shop, engine):
    forget(engine, HANAKO)

    with engine.connect() as connection:
        body = connection.scalar(select(tickets.c.body).where(tickets.c.id == "t-hanako"))
    ticket = TICKET.read(body)
    assert ticket.customer == Address(channel=Channel.LINE, to=NOBODY)
    assert ticket.contact == Contact()
    assert ticket.slots == Slots(provider="ocn")
    assert not ticket.open


async def test_forgetting_twice_finds_nothing_more(shop, engine):
    forget(engine, HANAKO)

    again = forget(engine, HANAKO)

    assert again.proven
    assert not any(again.erased.values())


async def test_an_id_left_in_a_place_nobody_foresaw_is_struck_out(shop, engine):
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO facts (name, value, at) VALUES ('note', :value, 0)"), {"value": f"see {HANAKO}"}
        )

    forgotten = forget(engine, HANAKO)

    assert forgotten.proven
    assert forgotten.struck["facts"] == 1
    assert f"see {NOBODY}" in everything(engine)


async def test_the_search_would_find_what_is_left(shop, engine, monkeypatch):
    monkeypatch.setattr("bot.store.forgetting._strike", lambda *_: 0)

    forgotten = forget(engine, HANAKO)

    assert not forgotten.proven
    assert forgotten.found["heard"] == 1
