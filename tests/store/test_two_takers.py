"""Two operators press 対応する at the same moment, in front of two processes on one database."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.content.library import load_library
from bot.core.messages import Pressed, Speaker
from bot.core.respond import respond
from bot.core.tickets import TicketState
from bot.desk.reception import Reception
from bot.store.store import open_store
from tests.conftest import a_conversation, a_desk, a_ticket, an_utterance

NAMES = {"U-sato": "佐藤", "U-suzuki": "鈴木"}
THREAD = a_desk("1.1")


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    return load_library(cache=tmp_path_factory.mktemp("cache"))


@pytest.fixture
async def stores(url, clock):
    opened = [open_store(url, clock=clock, owner=name) for name in NAMES]
    yield opened
    for store in opened:
        await store.close()


@pytest.fixture
def receptions(stores, clock, library):
    return [
        Reception(store=store, clock=clock, library=library, respond=respond, desk=a_desk())
        for store in stores
    ]


def pressing(who, clock):
    button = Pressed(action="ticket_take", value="ticket-1")
    speaker = Speaker(id=who, name=NAMES[who])
    return an_utterance(
        id=f"press-{who}", address=THREAD, speaker=speaker, content=button, said_at=clock.now()
    )


async def test_one_wins_and_the_other_is_told_who(stores, receptions, clock):
    waiting = replace(a_conversation(), ticket_id="ticket-1")

    def open_ticket(records):
        records.conversations.save(waiting)
        records.tickets.save(a_ticket(desk=THREAD, card_send_id="card"))

    await stores[0].transact(open_ticket)

    await asyncio.gather(
        *(each.hear(pressing(who, clock)) for each, who in zip(receptions, NAMES, strict=True))
    )

    ticket = await stores[0].transact(lambda records: records.tickets.get("ticket-1"))
    due = await stores[0].transact(lambda records: records.outbox.lease("x", clock.now(), clock.now(), 99))
    (loser,) = {"U-sato", "U-suzuki"} - {ticket.taker_id}
    told = [each.send.payload for each in due if getattr(each.send.payload, "only_for", "") == loser]
    assert ticket.state is TicketState.TAKEN
    assert [f"{ticket.taker_name} さんが対応中です。" in str(payload.reply) for payload in told] == [True]
