"""The lookout: one look for many who wait, nothing said when the fault may be ours, reminders that come sooner."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.content.library import load_library
from bot.core.providers import Evidence, Server
from bot.core.reports import Standing
from bot.core.servers.discovered import DISCOVER
from bot.core.servers.discovery import Discovery
from bot.core.servers.looking import LOOK, address_details, renewal_watch
from bot.core.slots import Slots
from bot.desk.clerk import Clerk
from bot.desk.lookout import Lookout
from bot.desk.pushes import note_used_up
from bot.desk.reminders import Reminders
from bot.store.store import open_store
from tests.conftest import a_conversation, a_job, an_address
from tests.fakes.prober import FakeProber, expired, refused, well

DAY = timedelta(days=1)
REMINDER = "6f1f0a1e-0000-5000-8000-000000000001"


@pytest.fixture(scope="module", name="library")
def _library(tmp_path_factory):
    return load_library(cache=tmp_path_factory.mktemp("library"))


@pytest.fixture(name="prober")
def _prober():
    return FakeProber()


@pytest.fixture(name="lookout")
def _lookout(store, clock, library, prober):
    return Lookout(store=store, clock=clock, library=lambda: library, prober=prober)


@pytest.fixture(name="clerk")
def _clerk(store, clock, library, lookout, habits):
    reminders = Reminders(library=lambda: library, clock=clock)
    handlers = {**lookout.handlers(), **reminders.handlers()}
    return Clerk(store=store, handlers=handlers, clock=clock, owner="us", habits=habits)


@pytest.fixture(name="texts")
def _texts(store, clock):
    """What is on its way to customers, by whom it is for."""

    async def texts():
        until = clock.now() + timedelta(seconds=1)
        due = await store.transact(lambda records: records.outbox.lease("x", clock.now(), until, 99))
        return {
            each.send.address.to: "\n".join(
                getattr(part, "text", "") for part in each.send.payload.reply.parts
            )
            for each in due
        }

    return texts


def a_talk(to="U-hanako", **slots):
    return a_conversation(address=an_address(to), slots=Slots(**slots or {"provider": "ocn"}))


def a_look_for(to="U-hanako", intent="ssl_warning", **changes):
    details = {"provider": "ocn", "intent": intent, **address_details(an_address(to))}
    return a_job(f"look-{to}", kind=LOOK, details=details, **changes)


async def on_record(store, *talks, jobs=()):
    def put(records):
        for talk in talks:
            version = records.conversations.lock(talk.address).version
            records.conversations.save(replace(talk, version=version))
        records.jobs.add(jobs)

    await store.transact(put)


async def test_what_the_look_found_is_told_and_kept(store, clerk, prober, texts):
    prober.sees["ocn"] = [expired(plain="closed", plain_port=110)]
    await on_record(store, a_talk(), jobs=[a_look_for()])

    await clerk.run_once()

    assert "期限が切れています" in (await texts())["U-hanako"]
    standing = await store.transact(lambda records: records.radar.standing(clerk.clock.now()))
    assert Standing(closed=frozenset({"ocn"})) == standing


async def test_many_who_wait_at_once_share_one_look(store, clerk, prober, texts):
    prober.sees["ocn"] = [expired()]
    people = [f"U-{number}" for number in range(6)]
    await on_record(store, *map(a_talk, people), jobs=[a_look_for(to) for to in people])

    await clerk.run_once()

    assert ["ocn"] == prober.asked
    assert set(people) == set(await texts())


async def test_a_look_is_good_for_ten_minutes(store, clock, clerk, prober):
    for number, seconds in enumerate((0, 599, 2)):
        clock.advance(seconds)
        await on_record(store, a_talk(f"U-{number}"), jobs=[a_look_for(f"U-{number}")])
        await clerk.run_once()

    assert ["ocn", "ocn"] == prober.asked


async def test_another_process_waits_for_the_look_under_way(lookout, prober, tmp_path):
    ocn = lookout.library().providers["ocn"]
    other_store = open_store(f"sqlite:///{tmp_path / 'desk.sqlite3'}", clock=lookout.clock, owner="them")
    waited = []

    async def pause(seconds):
        waited.append(seconds)
        prober.open.set()
        await first

    prober.open.clear()
    first = asyncio.create_task(lookout.looks_at(ocn))
    await prober.begun.wait()

    seen = await replace(lookout, store=other_store, pause=pause).looks_at(ocn)
    await other_store.close()

    assert ["ocn"] == prober.asked
    assert waited
    assert list(await first) == list(seen)


async def test_who_died_while_looking_does_not_keep_others_from_it(clock, library, lookout, store, prober):
    now = clock.now()
    await store.transact(lambda records: records.looks.claim("ocn", now, now + timedelta(seconds=30)))
    clock.advance(31)

    await lookout.looks_at(library.providers["ocn"])

    assert ["ocn"] == prober.asked


async def test_nothing_is_said_when_nobody_elses_servers_answer_either(store, clerk, prober, library, texts):
    prober.sees = {provider_id: [refused("timed_out")] for provider_id in library.providers}
    await on_record(store, a_talk(), jobs=[a_look_for(intent="cannot_receive")])

    await clerk.run_once()

    assert {} == await texts()
    assert len(prober.asked) == 3


async def test_it_is_said_when_others_answer(store, clerk, prober, texts):
    prober.sees["ocn"] = [refused("timed_out")]
    await on_record(store, a_talk(), jobs=[a_look_for(intent="cannot_receive")])

    await clerk.run_once()

    assert "つながりませんでした" in (await texts())["U-hanako"]


async def test_without_pushes_left_it_is_not_said_at_all(store, clerk, prober, texts, clock):
    prober.sees["ocn"] = [expired()]
    await store.transact(lambda records: note_used_up(clock.now(), records))
    await on_record(store, a_talk(), jobs=[a_look_for()])

    await clerk.run_once()

    assert {} == await texts()


async def test_an_owner_who_wants_no_looks_gets_none(store, clock, library, prober, lookout):
    await replace(lookout, may_look=False).looks_at(library.providers["ocn"])

    assert [] == prober.asked


class TestTheReminder:
    def jobs(self, clock):
        reminder = a_job(
            REMINDER,
            kind="revert_reminder",
            due_at=clock.now() + 3 * DAY,
            details={"provider": "ocn", **address_details(an_address())},
        )
        return reminder, renewal_watch(reminder, clock.now())

    async def hours(self, clock, clerk, count):
        for _ in range(count):
            clock.advance(3600)
            await clerk.run_once()

    async def test_it_comes_sooner_when_the_certificate_is_renewed_and_then_not_again(
        self, store, clock, clerk, prober, texts
    ):
        prober.sees["ocn"] = [expired()]
        await on_record(store, a_talk(), jobs=self.jobs(clock))
        await self.hours(clock, clerk, 20)
        before = await texts()

        prober.sees["ocn"] = [well()]
        await self.hours(clock, clerk, 7)
        sooner = await texts()
        await store.transact(lambda records: records.release("x"))
        await self.hours(clock, clerk, 60)

        assert {} == before
        assert "新しくなりました" in sooner["U-hanako"]
        assert ["U-hanako"] == list(await texts())

    async def test_it_comes_after_three_days_when_nothing_has_changed(
        self, store, clock, clerk, prober, texts
    ):
        prober.sees["ocn"] = [expired()]
        await on_record(store, a_talk(), jobs=self.jobs(clock))

        await self.hours(clock, clerk, 71)
        before = await texts()
        await self.hours(clock, clerk, 2)

        assert {} == before
        assert "新しくなりました" not in (await texts())["U-hanako"]


class TestUnknownDomains:
    def job(self):
        details = {"domain": "example.co.jp", **address_details(an_address())}
        return a_job(kind=DISCOVER, details=details)

    async def test_what_a_domain_publishes_is_told_as_unverified(self, store, clerk, prober, texts):
        evidence = Evidence(source="https://autoconfig.example.co.jp/", kind="unverified")
        server = Server(
            protocol="imap", host="imap.example.co.jp", port=993, security="ssl", evidence=(evidence,)
        )
        prober.found["example.co.jp"] = Discovery(
            domain="example.co.jp", how="autoconfig", servers=(server,), source=evidence.source
        )
        await on_record(store, a_talk(unknown_domain="example.co.jp"), jobs=[self.job()])

        await clerk.run_once()

        assert "自動検出・未確認" in (await texts())["U-hanako"]

    async def test_a_known_provider_behind_it_is_named_with_its_settings(self, store, clerk, prober, texts):
        prober.found["example.co.jp"] = Discovery(domain="example.co.jp", how="mx", provider_id="ocn")
        await on_record(store, a_talk(unknown_domain="example.co.jp"), jobs=[self.job()])

        await clerk.run_once()

        said = (await texts())["U-hanako"]
        assert "OCN" in said
        assert "自動検出・未確認" in said

    async def test_that_nothing_was_found_is_said_too(self, store, clerk, texts):
        await on_record(store, a_talk(unknown_domain="example.co.jp"), jobs=[self.job()])

        await clerk.run_once()

        assert "見つかりませんでした" in (await texts())["U-hanako"]

    async def test_who_has_named_a_provider_meanwhile_is_left_alone(self, store, clerk, texts):
        talk = a_talk(unknown_domain="example.co.jp", provider="ocn")
        await on_record(store, talk, jobs=[self.job()])

        await clerk.run_once()

        assert {} == await texts()
