"""What was said before a stop is remembered after it, and what could not be sent then is sent now."""

from __future__ import annotations

import aiohttp

from tests.fakes.line import Fault
from tests.flows.conftest import Shop, serving, settings_for


async def test_the_talk_goes_on_after_a_restart(line, slack, tmp_path):
    settings = settings_for(line, slack, tmp_path)
    async with aiohttp.ClientSession() as http:
        async with serving(settings) as url:
            shop = Shop(line=line, slack=slack, settings=settings, url=url, http=http)
            await shop.customer("昨日からメールが来ません")
            await line.wait_for(1)
        async with serving(settings) as url:
            shop = Shop(line=line, slack=slack, settings=settings, url=url, http=http)
            await shop.customer("OCNです")

            answer = await shop.answer(2)

    assert "995" in answer


async def test_what_the_platform_refused_before_the_restart_goes_out_after_it(line, slack, tmp_path):
    settings = settings_for(line, slack, tmp_path)
    async with aiohttp.ClientSession() as http:
        async with serving(settings) as url:
            shop = Shop(line=line, slack=slack, settings=settings, url=url, http=http)
            line.fail("reply", *[Fault.ERROR] * 2)
            await shop.customer("OCNの受信ポートは？")
        async with serving(settings) as url:
            shop = Shop(line=line, slack=slack, settings=settings, url=url, http=http)

            answer = await shop.answer(1)

    assert "995" in answer
    assert len(line.sent) == 1
