"""The radar's desk: operators hear once of each trouble, with what a look found."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.content.library import load_library
from bot.core.outcome import Policy
from bot.core.reports import Report, slot_of
from bot.core.servers.nightly import NIGHTLY
from bot.core.servers.radar import radar_jobs
from bot.desk.clerk import Clerk
from bot.desk.lookout import Lookout
from bot.desk.radar import Radar
from tests.conftest import a_desk, a_job
from tests.fakes.prober import FakeProber, expired, refused, well

MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module", name="library")
def _library(tmp_path_factory):
    """Three providers are enough."""
    library = load_library(cache=tmp_path_factory.mktemp("library"))
    few = {key: library.providers[key] for key in ("asahi-net", "biglobe", "ocn")}
    return replace(library, providers=few)


@pytest.fixture(name="prober")
def _prober():
    return FakeProber()


@pytest.fixture(name="kept")
def _kept():
    return {}


@pytest.fixture(name="lookout")
def _lookout(store, clock, library, prober):
    return Lookout(store=store, clock=clock, library=lambda: library, prober=prober)


@pytest.fixture(name="clerk")
def _clerk(lookout, habits, kept):
    radar = Radar(lookout=lookout, desk=a_desk(), keep=kept.__setitem__)
    handlers = radar.handlers()
    return Clerk(store=lookout.store, handlers=handlers, clock=lookout.clock, owner="us", habits=habits)


@pytest.fixture(name="alerts")
def _alerts(store, clock):
    """What is on its way to the desk; once read, it is gone."""

    async def alerts():
        def take(records):
            taken = []
            while due := records.outbox.lease("x", clock.now(), clock.now(), 99):
                for each in due:
                    records.outbox.sent(each.send.id, clock.now(), ["1.1"])
                taken += due
            return taken

        due = await store.transact(take)
        assert {a_desk()} >= {each.send.address for each in due}
        return [each.send.payload.reply.parts[0].text for each in due]

    return alerts


async def people_report(clerk, count, *, provider="ocn", name="p"):
    now = clerk.clock.now()
    reports = [Report(provider=provider, who=f"{name}{n}", at=slot_of(now)) for n in range(count)]

    def put(records):
        records.radar.add(reports)
        records.jobs.add(radar_jobs(reports, Policy(now=now, desk=a_desk())))

    await clerk.store.transact(put)


async def minutes(clerk, count):
    for _ in range(count):
        clerk.clock.advance(60)
        while await clerk.run_once():
            pass


async def test_many_reports_at_once_are_alerted_once_with_what_a_look_found(clerk, prober, alerts):
    prober.sees["ocn"] = [refused("timed_out")]
    for minute in range(10):
        await people_report(clerk, 2, name=f"{minute} ")
        await minutes(clerk, 1)

    told = await alerts()

    assert 1 == len(told)
    assert all(words in told[0] for words in ("OCN", "人", "つながりませんでした", "障害の可能性"))


async def test_few_reports_are_not(clerk, alerts):
    await people_report(clerk, 4)
    await minutes(clerk, 3)

    assert [] == await alerts()


async def test_each_provider_has_its_own_trouble(clerk, alerts):
    await people_report(clerk, 8)
    await people_report(clerk, 8, provider="biglobe")
    await minutes(clerk, 2)

    told = sorted(await alerts())

    assert ["BIGLOBE" in told[0], "OCN" in told[1], 2] == [True, True, len(told)]
    assert "ふつうに答えています" in told[0]


async def test_old_reports_do_not_pile_up(store, clock, clerk):
    await people_report(clerk, 1)
    clock.advance(40 * 86400)
    await people_report(clerk, 1)
    await minutes(clerk, 2)

    since = datetime(2000, 1, 1, tzinfo=UTC)
    assert 1 == len(await store.transact(lambda records: records.radar.reports("ocn", since)))


class TestEveryNight:
    async def night(self, clerk, count=30):
        """A night from its beginning: all looks, and the second ones."""
        night = f"{NIGHTLY}:{clerk.clock.now():%Y-%m-%dT%H%M}"
        job = a_job(night, kind=NIGHTLY, due_at=clerk.clock.now())
        await clerk.store.transact(lambda records: records.jobs.add([job]))
        await minutes(clerk, count)

    async def test_all_servers_are_looked_at_one_provider_after_the_other(self, clerk, prober, kept, alerts):
        await self.night(clerk)

        assert ["asahi-net", "biglobe", "ocn"] == prober.asked
        assert set(prober.asked) == set(kept)
        assert [] == await alerts()

    async def test_the_next_night_is_on_record_at_four_in_the_morning_in_japan(self, store, clock, clerk):
        await self.night(clerk, count=5)

        until = clock.now() + timedelta(days=1)
        due = await store.transact(lambda records: records.jobs.lease("x", until, until + MINUTE, 9))
        assert [(NIGHTLY, 19, 0)] == [
            (each.job.kind, each.job.due_at.hour, each.job.due_at.minute) for each in due
        ]

    async def test_what_fails_twice_is_alerted_once_though_it_fails_for_days(
        self, clock, clerk, prober, alerts
    ):
        prober.sees["ocn"] = [expired()]
        await self.night(clerk)
        first = await alerts()
        clock.advance(86400)
        await self.night(clerk)

        assert 1 == len(first)
        assert "期限が切れています" in first[0]
        assert [] == await alerts()

    async def test_what_was_well_again_and_fails_anew_is_a_new_alert(self, clock, clerk, prober, alerts):
        for seen in ([expired()], [well()], [expired()]):
            prober.sees["ocn"] = seen
            await self.night(clerk)
            clock.advance(86400)

        assert 2 == len(await alerts())

    async def test_a_moments_hiccup_is_none(self, clerk, prober, alerts):
        prober.sees["ocn"] = [expired()]
        await self.night(clerk, count=4)
        prober.sees["ocn"] = [well()]
        await minutes(clerk, 20)

        assert 2 == prober.asked.count("ocn")
        assert [] == await alerts()

    async def test_when_nobody_answers_the_fault_is_ours(self, clerk, prober, kept, alerts):
        prober.sees = {name: [refused("timed_out")] for name in ("asahi-net", "biglobe", "ocn")}

        await self.night(clerk)

        assert [] == await alerts()
        assert {} == kept
