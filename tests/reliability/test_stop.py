"""SIGTERM in the middle of work: what is under way ends, the rest goes out after the next start, nothing twice."""

from __future__ import annotations

import asyncio

from tests.reliability.conftest import Customers, serving


async def test_a_stop_ends_in_good_order_and_the_next_start_takes_up_the_rest(url, line, http, tmp_path):
    line.delay = 0.3
    async with serving(tmp_path, line, url, http) as service:
        customers = Customers(line=line, http=http, urls=[service.url])
        writing = asyncio.create_task(customers.write(20, 3))
        await line.wait_for(10)

        code = await service.stop()
        await service.start()
        await writing
        await customers.answered()

    assert code == 0
    assert customers.outcome() == {"lost": 0, "doubled": 0, "in order": True}
