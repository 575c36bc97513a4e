"""The month's pushes: kept in mind, warned about once, and known to operators before they type."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.outcome import Pushes
from bot.desk.pushes import PushWatch, pushes_on_record, watch_job
from bot.errors import QuotaExhaustedError, RetryableError
from tests.conftest import a_desk
from tests.desk.counter import Counter


class Quota:
    def __init__(self) -> None:
        self.answer: Pushes | Exception = Pushes(limit=200, used=10)

    async def __call__(self) -> Pushes:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def quota():
    return Quota()


@pytest.fixture
async def counter(store, clock, shipped, quota):
    counter = Counter(store=store, clock=clock, library=shipped)
    watch = PushWatch(ask=quota, library=lambda: shipped, clock=clock, desk=a_desk())
    counter.clerk.handlers = {**counter.clerk.handlers, **watch.handlers()}
    await store.transact(lambda records: records.jobs.add([watch_job(clock.now())]))
    return counter


async def known(counter):
    return await counter.store.transact(pushes_on_record)


async def test_the_quota_is_asked_at_the_start_and_again_and_again(counter, quota):
    await counter.settle()
    first = await known(counter)
    quota.answer = Pushes(limit=200, used=20)
    await counter.pass_time(minutes=15)

    assert (10, 20) == (first.used, (await known(counter)).used)


async def test_operators_are_warned_once_at_four_fifths_and_once_at_the_end(counter, quota):
    for used in (159, 160, 170, 200, 200):
        quota.answer = Pushes(limit=200, used=used)
        await counter.pass_time(minutes=15)

    assert ["残り40通" in text for text in counter.slack.texts] == [True, False]
    assert "上限（200通）に達しました" in counter.slack.texts[-1]


async def test_a_platform_that_is_away_is_asked_later(counter, quota):
    quota.answer = RetryableError("LINE is away")
    await counter.pass_time(minutes=16)
    quota.answer = Pushes(limit=None, used=5)
    await counter.pass_time(minutes=15)

    assert Pushes(limit=None, used=5) == await known(counter)


async def test_who_takes_a_ticket_is_told_before_typing(counter, quota):
    quota.answer = Pushes(limit=200, used=200)
    await counter.pass_time(minutes=16)
    await counter.customer("担当者と話したいです")

    await counter.press("ticket_take")

    assert any("今月のLINEのプッシュは上限に達しています" in text for text in counter.slack.texts)


@pytest.fixture
async def refused(counter):
    """LINE refuses a push, although by its own count, which lags behind, there are some left."""
    await counter.customer("担当者と話したいです")
    counter.line.down = QuotaExhaustedError("quota: monthly limit")
    await counter.press("ticket_take")
    return counter


async def test_a_refused_push_is_reason_enough_and_the_channel_knows_at_once(refused):
    assert 0 == (await known(refused)).left
    assert any("上限（200通）に達しました" in text for text in refused.slack.texts)


async def test_a_count_that_lags_behind_changes_nothing_of_it(refused):
    await refused.pass_time(minutes=31)

    assert 0 == (await known(refused)).left


async def test_a_raised_limit_or_a_new_month_does(refused, quota):
    quota.answer = Pushes(limit=5000, used=200)
    await refused.pass_time(minutes=15)
    raised = (await known(refused)).left
    quota.answer = Pushes(limit=200, used=0)
    await refused.pass_time(days=31)

    assert (raised, (await known(refused)).left) == (4800, 200)


def test_all_processes_set_the_same_job(clock):
    first = watch_job(clock.now())
    clock.at += timedelta(minutes=1)

    assert first.id == watch_job(clock.now()).id
