"""LINE goes wrong in every way it knows, in the middle of work: everyone is answered once, in order."""

from __future__ import annotations

import logging
from random import Random

import pytest

from tests.fakes.line import Fault
from tests.reliability.conftest import SOAK, Customers, serving

log = logging.getLogger(__name__)

QUICK = [
    Fault.ERROR,
    Fault.ACCEPTED_ERROR,
    Fault.RESET,
    Fault.ACCEPTED_RESET,
    Fault.RATE,
    Fault.GARBAGE,
]


async def test_refusals_resets_and_answers_that_lie_come_at_random(sqlite_url, line, http, tmp_path):
    chance = Random(20260402)
    faults = [None, *QUICK] * 4 * SOAK
    chance.shuffle(faults)
    line.fail("reply", *faults)
    async with serving(tmp_path, line, sqlite_url, http) as service:
        customers = Customers(line=line, http=http, urls=[service.url])

        await customers.write(10, 5 * SOAK)
        await customers.answered(seconds=120)

    log.info("%s faults, %s", sum(map(bool, faults)), customers)
    assert customers.outcome() == {"lost": 0, "doubled": 0, "in order": True}


@pytest.mark.parametrize("fault", [Fault.HANG, Fault.ACCEPTED_HANG], ids=lambda fault: fault.name)
async def test_a_platform_that_never_answers_holds_nobody_else_up(fault, sqlite_url, line, http, tmp_path):
    async with serving(tmp_path, line, sqlite_url, http) as service:
        customers = Customers(line=line, http=http, urls=[service.url])
        line.fail("reply", *[fault] * 5)

        await customers.write(10, 2)
        await customers.answered()

    assert customers.outcome() == {"lost": 0, "doubled": 0, "in order": True}
