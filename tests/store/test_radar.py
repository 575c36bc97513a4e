"""What the radar remembers, and looks that all processes share."""

from __future__ import annotations

from datetime import timedelta

from bot.core.reports import Episode, Report, Standing
from bot.core.servers.findings import Observation
from bot.store.store import open_store
from tests.conftest import START

MINUTE = timedelta(minutes=1)
LOOK = Observation(
    protocol="pop", host="pop.example.jp", port=995, security="ssl", looked_at=START, plain="closed"
)


def a_report(who="a", at=START, provider="ocn"):
    return Report(provider=provider, who=who, at=at)


def an_episode(**changes):
    return Episode(**{"provider": "ocn", "began_at": START, "seen_at": START, "cause": "reports"} | changes)


async def with_radar(store, work):
    return await store.transact(lambda records: work(records.radar))


async def test_a_person_counts_once_in_a_slot(store):
    await with_radar(store, lambda radar: radar.add([a_report(), a_report("b"), a_report()]))
    await with_radar(store, lambda radar: radar.add([a_report(), a_report("a", START + 5 * MINUTE)]))

    found = await with_radar(store, lambda radar: radar.reports("ocn", START))

    assert {("a", START), ("b", START), ("a", START + 5 * MINUTE)} == {(each.who, each.at) for each in found}


async def test_reports_are_told_by_provider_and_since_when(store):
    reports = [a_report(at=START), a_report(at=START + MINUTE), a_report(provider="nifty", at=START + MINUTE)]
    await with_radar(store, lambda radar: radar.add(reports))

    found = await with_radar(store, lambda radar: radar.reports("ocn", START + MINUTE))

    assert reports[1:2] == list(found)


async def test_old_reports_are_forgotten(store):
    await with_radar(store, lambda radar: radar.add([a_report(), a_report(at=START + MINUTE)]))

    await with_radar(store, lambda radar: radar.forget(START + MINUTE))

    assert [START + MINUTE] == [
        each.at for each in await with_radar(store, lambda r: r.reports("ocn", START))
    ]


async def test_the_latest_episode_of_a_provider_is_kept(store):
    later = an_episode(began_at=START + MINUTE, state="dismissed", by="健")
    await with_radar(store, lambda radar: radar.save(an_episode()))
    await with_radar(store, lambda radar: radar.save(later))

    assert later == await with_radar(store, lambda radar: radar.episode("ocn"))
    assert await with_radar(store, lambda radar: radar.episode("nifty")) is None


async def test_customers_are_told_only_while_a_trouble_is_confirmed(store):
    until = START + timedelta(hours=6)
    await with_radar(store, lambda radar: radar.save(an_episode(state="confirmed", until=until)))

    standings = [
        await with_radar(store, lambda radar, at=at: radar.standing(at))
        for at in (START, until - MINUTE, until)
    ]
    await with_radar(store, lambda radar: radar.save(an_episode(state="ended")))
    ended = await with_radar(store, lambda radar: radar.standing(START))

    told, nothing = Standing(troubled=frozenset({"ocn"})), Standing()
    assert [told, told, nothing] == standings
    assert nothing == ended


async def test_a_look_is_kept_with_its_time_in_place_of_the_one_before(store):
    assert await store.transact(lambda records: records.looks.kept("ocn")) is None

    for closed in (False, True):
        await store.transact(
            lambda records, closed=closed: records.looks.keep("ocn", [LOOK], at=START, closed=closed)
        )

    assert (START, (LOOK,)) == await store.transact(lambda records: records.looks.kept("ocn"))
    assert Standing(closed=frozenset({"ocn"})) == await with_radar(store, lambda r: r.standing(START))


async def test_one_process_looks_at_a_time_until_it_is_done_or_its_claim_has_run_out(store, url, clock):
    other = open_store(url, clock=clock, owner="them")

    def claim(of, at):
        return of.transact(lambda records: records.looks.claim("ocn", at, at + MINUTE))

    got = [await claim(store, START), await claim(other, START), await claim(other, START + MINUTE)]
    nothing_yet = await store.transact(lambda records: records.looks.kept("ocn"))
    await other.transact(lambda records: records.looks.keep("ocn", [LOOK], at=START + MINUTE, closed=False))
    got.append(await claim(store, START + MINUTE))
    await other.close()

    assert [True, False, True, True] == got
    assert nothing_yet is None
