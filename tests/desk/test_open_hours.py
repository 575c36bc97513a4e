"""What the shop's hours change: what the customer is told, and when people are called."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from bot.core.hours import JAPAN, Opening, Span
from tests.desk.counter import Counter

WEEKDAYS = Opening(
    week=((Span(start=600, end=720), Span(start=780, end=1020)),) * 5 + ((),) * 2,
    holidays=frozenset({date(2026, 11, 23)}),
)


@pytest.fixture
def counter(store, clock, shipped):
    shop = replace(shipped.shop, opening=WEEKDAYS, people=("U0BOSS",), operator_names=True)
    return Counter(store=store, clock=clock, library=replace(shipped, shop=shop))


def at(counter, moment):
    counter.clock.at = datetime.fromisoformat(moment).replace(tzinfo=JAPAN)


async def test_after_hours_the_customer_is_told_when_and_may_leave_a_number(counter):
    at(counter, "2026-11-20T18:00")

    await counter.customer("担当者と話したいです")
    await counter.customer("田中です。049-200-0000、夕方")

    told = "\n".join(counter.line.texts)
    assert "受付時間の外" in told
    assert "11月24日（火） 10:00から" in told
    assert "049-200-0000" == (await counter.ticket()).contact.phone


async def test_during_hours_nothing_is_said_of_them(counter):
    at(counter, "2026-11-24T10:30")

    await counter.customer("担当者と話したいです")

    assert "受付時間の外" not in "\n".join(counter.line.texts)


async def test_nobody_is_called_at_night(counter):
    at(counter, "2026-11-20T18:00")
    await counter.customer("担当者と話したいです")
    before = len(counter.slack.texts)

    at(counter, "2026-11-24T09:59")
    await counter.settle()
    quiet = len(counter.slack.texts)
    at(counter, "2026-11-24T10:10")
    await counter.settle()

    assert before == quiet
    assert "お待ちです" in counter.slack.texts[-1]


async def test_the_promise_waits_while_everybody_has_lunch(counter):
    at(counter, "2026-11-24T11:55")
    await counter.customer("担当者と話したいです")
    before = len(counter.slack.texts)

    at(counter, "2026-11-24T12:30")
    await counter.settle()

    assert before == len(counter.slack.texts)
    promised = (await counter.ticket()).promised_at
    assert promised is not None
    assert "13:05" == f"{promised.astimezone(JAPAN):%H:%M}"


async def test_people_are_called_by_name_in_the_end(counter):
    at(counter, "2026-11-24T10:00")
    await counter.customer("担当者と話したいです")

    at(counter, "2026-11-24T10:31")
    await counter.settle()

    parts = [
        part
        for each in counter.slack.handed
        for part in getattr(getattr(each.send.payload, "reply", None), "parts", ())
    ]
    assert ("U0BOSS",) in [getattr(part, "mentions", ()) for part in parts]


async def test_the_operators_name_is_shown_where_the_shop_wants_it(counter):
    at(counter, "2026-11-24T10:00")
    await counter.customer("担当者と話したいです")
    await counter.press("ticket_take")

    await counter.operator("お調べします")

    assert "佐藤" == counter.line.handed[-1].send.payload.sender
