"""The board of the desk: whose tickets stand on it, and what the day's figures say."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.messages import Pressed
from bot.core.tickets import TicketEvent
from bot.desk.board import Figures, board, figures
from tests.conftest import START
from tests.desk.counter import SATO, SUZUKI


def event(kind, detail=""):
    return TicketEvent(ticket_id="t", kind=kind, at=START, detail=detail)


def test_the_first_answer_is_the_median_and_the_mark_the_mean():
    day = [
        event("opened"),
        event("reopened"),
        *(event("answered", seconds) for seconds in ("60", "600", "90")),
        event("csat", "5"),
        event("csat", "4"),
        event("closed", "solved"),
    ]

    assert figures(day, 12) == Figures(answered=12, opened=2, closed=1, first_answer=90, csat=4.5)


def test_a_day_without_events_has_no_figures():
    assert figures([], 0) == Figures()


@pytest.fixture
async def busy(counter):
    """Hanako is Sato's and has been answered after two minutes, Taro waits, and Jiro was well served yesterday."""
    await counter.customer("担当者と話したいです", user="U-jiro")
    await counter.press("ticket_take", by=SUZUKI)
    await counter.press("ticket_close", by=SUZUKI)
    await counter.pass_time(days=1)
    await counter.customer("担当者と話したいです")
    await counter.pass_time(minutes=2)
    await counter.press("ticket_take")
    await counter.operator("お調べします")
    await counter.customer("担当者と話したいです", user="U-taro")
    return counter


async def seen_by(counter, who):
    return await counter.store.transact(lambda records: board(who, counter.clock.now(), records))


async def test_everybody_sees_their_own_tickets_and_all_that_wait(busy):
    sato, suzuki = await seen_by(busy, SATO), await seen_by(busy, SUZUKI)

    assert [ticket.customer.to for ticket in sato.mine] == ["U-hanako"]
    assert suzuki.mine == ()
    assert [ticket.customer.to for ticket in sato.waiting] == ["U-taro"]


async def test_the_figures_are_todays(busy):
    today = (await seen_by(busy, SATO)).figures

    assert (today.opened, today.closed, today.first_answer) == (2, 0, 120)


async def test_a_customers_mark_is_among_them(busy):
    hanako = (await seen_by(busy, SATO)).mine[0]
    await busy.press("ticket_close", value=hanako.id)

    await busy.customer(Pressed(action="csat", value=f"{hanako.id}:4", label="良い"))

    assert (await seen_by(busy, SATO)).figures.csat == 4.0
    assert busy.clock.now() - START >= timedelta(days=1)
