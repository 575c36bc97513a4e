"""kill -9 in the middle of work: nothing acknowledged is lost, nothing is answered twice, nobody's order is broken."""

from __future__ import annotations

import asyncio
import logging
from random import Random

from tests.reliability.conftest import SOAK, Customers, serving

log = logging.getLogger(__name__)

LIVES = 3 * SOAK


async def test_the_service_is_killed_again_and_again(url, line, http, tmp_path):
    chance = Random(20260401)
    line.delay = 0.05
    async with serving(tmp_path, line, url, http) as service:
        customers = Customers(line=line, http=http, urls=[service.url])
        writing = asyncio.create_task(customers.write(8, 25 * SOAK, pause=0.1))
        for _ in range(LIVES):
            await asyncio.sleep(chance.uniform(0.2, 1.5))
            await service.kill()
            await service.start()
            await service.ready(http)
        await writing

        await customers.answered(seconds=120)

    log.info("killed %s ×, %s", LIVES, customers)
    assert customers.outcome() == {"lost": 0, "doubled": 0, "in order": True}
