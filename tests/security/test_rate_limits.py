"""A flood of events, over real HTTP and two processes' worth of services on one database."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter

import aiohttp
import pytest

from tests.flows.conftest import Shop, serving, settings_for

FLOOD = 40


@pytest.fixture(name="small")
async def _small(line, slack, tmp_path):
    """A service that takes four messages a minute of one customer."""
    settings = settings_for(line, slack, tmp_path, madoguchi_customer_messages_per_minute=4)
    async with serving(settings) as url, aiohttp.ClientSession() as http:
        yield Shop(line=line, slack=slack, settings=settings, url=url, http=http)


async def told(line, user, words=""):
    """Until *user* has read *words*; answers to several messages may come in one call."""
    async with asyncio.timeout(60):
        while not any(words in text for sent in line.sent if sent.to == user for text in sent.texts):
            await line.wait_for(len(line.sent) + 1)


def paces(caplog):
    """How many events were taken how."""
    return Counter(record.pace for record in caplog.records if hasattr(record, "pace"))


async def test_a_flood_is_acknowledged_answered_once_and_then_left_alone(small, caplog):
    caplog.set_level(logging.INFO, logger="bot.desk.reception")

    statuses = [await small.customer(f"OCNの受信ポート {n}", user="U-flood") for n in range(FLOOD)]
    await told(small.line, "U-flood", "1分ほど")
    await small.customer("OCNの受信ポートは？", user="U-hanako")
    await told(small.line, "U-hanako", "995")

    flooded = [text for sent in small.line.sent if sent.to == "U-flood" for text in sent.texts]
    assert statuses == [200] * FLOOD
    assert len([text for text in flooded if "1分ほど" in text]) == 1
    assert paces(caplog) == {"heard": 4 + 1, "told": 1, "ignored": FLOOD - 5}  # none is lost without a trace


async def test_two_processes_on_one_database_share_the_count(line, slack, tmp_path, caplog):
    caplog.set_level(logging.INFO, logger="bot.desk.reception")
    settings = settings_for(line, slack, tmp_path, madoguchi_customer_messages_per_minute=4)
    async with serving(settings) as one, serving(settings) as other, aiohttp.ClientSession() as http:
        first = Shop(line=line, slack=slack, settings=settings, url=one, http=http)
        second = Shop(line=line, slack=slack, settings=settings, url=other, http=http)

        for _ in range(FLOOD // 2):
            await asyncio.gather(
                first.customer("OCNの設定", user="U-flood"), second.customer("OCNの設定", user="U-flood")
            )
        await first.customer("OCNの設定", user="U-hanako")
        await told(line, "U-hanako")

    assert paces(caplog) == {"heard": 4 + 1, "told": 1, "ignored": FLOOD - 5}


async def test_operators_are_heard_while_customers_flood(line, slack, tmp_path):
    settings = settings_for(line, slack, tmp_path, madoguchi_events_per_second=1)
    async with serving(settings) as url, aiohttp.ClientSession() as http:
        shop = Shop(line=line, slack=slack, settings=settings, url=url, http=http)

        bodies = [line.event_body("OCNの設定", user=f"U-{n}") for n in range(10)]
        statuses = await asyncio.gather(*map(shop.webhook, bodies))
        answer = await shop.slack_sends(slack.mention("ocn 設定"))
        await slack.until(lambda: bool(slack.posts))

    assert answer == 200
    assert 500 in statuses  # to be delivered again, not lost
    assert 200 in statuses
