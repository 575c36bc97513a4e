"""Mail servers, customers and operators: looks at real servers on loopback, a reminder over a restart, a trouble."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import UTC, datetime

import aiohttp
import pytest

from bot.probe.discover import DiscoveryRules
from bot.probe.look import Rules
from bot.probe.names import Service
from bot.probe.prober import LiveProber
from bot.probe.wire import Limits
from tests.content.conftest import Folder
from tests.fakes.clock import FakeClock
from tests.fakes.mailservers import Authority, Names, Visits, listening, pop3, saying
from tests.fakes.prober import FakeProber, expired, refused, well
from tests.flows.conftest import DESK, Shop, serving, settings_for

CABLE = """
    id: our-cable
    name: うちのケーブル
    category: isp
    domains: [our-cable.example]
    evidence: [page]
    answer_with_values: true
    servers:
      - {{protocol: pop, host: pop.our-cable.example, port: {port}, security: ssl, usable: true, evidence: [page]}}
    temporary_measure:
      enabled: true
      incoming: {{port: 110, ssl: false}}
      outgoing: {{port: 465, ssl: true}}
      evidence: [page]
    sources:
      page: {{source: "https://www.example/", kind: official, date: 2026-05}}
"""
OTHER, LAST = f"U{1:032x}", f"U{2:032x}"
WARNING = "うちのケーブルのメールで証明書の警告が出ます"


@pytest.fixture(name="authority", scope="module")
def _authority() -> Authority:
    return Authority()


@pytest.fixture(name="clock")
def _clock() -> FakeClock:
    return FakeClock(at=datetime.now(UTC))


@pytest.fixture(name="opened")
def _opened(line, slack, tmp_path):
    """The shop with a cable provider whose server listens at *port*, and these parts of its own."""

    @asynccontextmanager
    async def opened(port=995, *, settings=None, **parts):
        folder = Folder(tmp_path)
        folder.write("providers/our-cable.yaml", CABLE.format(port=port))
        more = {"madoguchi_providers_dir": folder.providers, "madoguchi_look": True} | (settings or {})
        settings = settings_for(line, slack, tmp_path / "data", **more)
        async with serving(settings, **parts) as url, aiohttp.ClientSession() as http:
            yield Shop(line=line, slack=slack, settings=settings, url=url, http=http)

    return opened


def looking(authority, plain_port, *, step: float = 60.0) -> LiveProber:
    """Looks at loopback instead of the internet."""
    names, trust = Names(hosts={"pop.our-cable.example": ["127.0.0.1"]}), authority.trust()
    rules = Rules(
        resolver=names,
        trust=trust,
        allow_private=True,
        limits=Limits(step=step, total=240.0, parting=0.2),
        plain_ports={"pop": plain_port},
    )
    return LiveProber(rules, DiscoveryRules(resolver=names, trust=trust))


class TestInTheTalk:
    async def test_after_the_answer_a_second_message_says_what_is_wrong_with_the_server(
        self, opened, authority
    ):
        tls = authority.expired_server("pop.our-cable.example")
        async with listening(pop3(), tls=tls) as port, opened(port, prober=looking(authority, 1)) as shop:
            await shop.customer(WARNING)

            first, second = await shop.answer(1), await shop.answer(2)

        assert "パソコンの日付" in first
        assert "期限が切れています" in second
        assert [True, False] == [bool(sent.token) for sent in shop.line.sent]

    async def test_a_valid_certificate_is_told_with_its_last_day(self, opened, authority):
        tls = authority.server("pop.our-cable.example")
        async with (
            listening(pop3(), tls=tls) as port,
            listening(pop3()) as plain,
            opened(port, prober=looking(authority, plain)) as shop,
        ):
            await shop.customer(WARNING)

            second = await shop.answer(2)

        assert "証明書は有効です" in second
        assert "日付" in second

    async def test_a_server_that_hangs_holds_up_nobody(self, opened, authority):
        async with listening(saying()) as port, opened(port, prober=looking(authority, 1, step=2.0)) as shop:
            await shop.customer(WARNING)
            answer = await shop.answer(1)
            await shop.customer("OCNの受信ポートは？", user=OTHER)
            await shop.line.wait_for(2)

        assert "パソコンの日付" in answer

    async def test_once_110_was_found_closed_nobody_is_offered_it(self, opened, authority):
        tls, visits = authority.server("pop.our-cable.example"), Visits()
        async with (
            listening(pop3(visits=visits), tls=tls) as port,
            opened(port, prober=looking(authority, 1)) as shop,
        ):
            await shop.customer(WARNING)
            offered, told = await shop.answer(1), await shop.answer(2)
            await shop.customer(WARNING, user=OTHER)
            later = await shop.answer(3)
            await shop.line.wait_for(4)

        assert "一時的な設定" in offered
        assert "使えなくなって" in told
        assert "110" not in later
        assert 1 == visits.count


class TestTheReminder:
    async def test_it_goes_out_once_after_a_restart(self, opened, clock):
        async with opened(clock=clock, prober=FakeProber(sees={"our-cable": [expired()]})) as shop:
            await shop.customer(WARNING)
            await shop.line.wait_for(2)
            await shop.tap("一時設定にした")
            noted = await shop.answer(3)
        clock.advance(3 * 86400 + 60)
        async with opened(clock=clock, prober=FakeProber(sees={"our-cable": [expired()]})) as shop:
            reminder = await shop.answer(4)
            clock.advance(3 * 86400)
            await shop.customer("ありがとう")
            await shop.line.wait_for(5)

        assert "3日" in noted
        assert "pop.our-cable.example" in reminder
        assert "995" in reminder
        assert 5 == len(shop.line.sent)

    async def test_it_comes_as_soon_as_the_certificate_is_renewed(self, opened, clock):
        prober = FakeProber(sees={"our-cable": [expired()]})
        async with opened(clock=clock, prober=prober) as shop:
            await shop.customer(WARNING)
            await shop.line.wait_for(2)
            await shop.tap("一時設定にした")
            await shop.line.wait_for(3)
        # Only once it is closed, with the answer noted as sent: else it would be taken for lost.
        clock.advance(700)
        async with opened(clock=clock, prober=prober) as shop:
            while prober.asked.count("our-cable") < 2:
                await shop.get("/readyz")
        prober.sees["our-cable"] = [well("pop.our-cable.example")]
        clock.advance(7 * 3600)
        async with opened(clock=clock, prober=prober) as shop:
            sooner = await shop.answer(4)

        assert "新しくなりました" in sooner
        assert "995" in sooner


class TestATrouble:
    async def alert(self, shop, clock):
        """Eight customers write within a few minutes; the alert at the desk."""
        for number in range(8):
            await shop.customer("OCNのメールが届きません", user=f"U{number + 9:032x}")
        clock.advance(60)
        await shop.slack.until(lambda: any("増えています" in post.shown for post in shop.slack.posts))
        return next(post for post in shop.slack.posts if "増えています" in post.shown)

    def press(self, shop, post, action):
        button = next(button for button in post.buttons if button["action_id"] == action)
        return shop.slack.press(
            action, button["value"], label=button["text"]["text"], post=post, user="UOPERATOR"
        )

    async def test_operators_decide_what_customers_are_told(self, opened, clock):
        prober = FakeProber(sees={"ocn": [refused("timed_out", host="pop.ocn.ne.jp")]})
        async with opened(clock=clock, prober=prober) as shop:
            post = await self.alert(shop, clock)
            alert = post.shown
            told_before = "\n".join(text for sent in shop.line.sent for text in sent.texts)
            await shop.slack_sends(self.press(shop, post, "radar_confirm"))
            await shop.slack.until(lambda: bool(shop.slack.updates))
            before = len(shop.line.sent)
            await shop.customer("OCNのメールが届きません", user=OTHER)
            during = await shop.line.wait_for(before + 1)
            confirmed = shop.slack.message(DESK, post.ts)
            await shop.slack_sends(self.press(shop, confirmed, "radar_end"))
            await shop.slack.until(lambda: "終わりにしました" in shop.slack.message(DESK, post.ts).shown)
            seen = len(shop.line.sent)
            await shop.customer("OCNのメールが届きません", user=LAST)
            await shop.line.wait_for(seen + 1)

        first_to = {sent.to: "\n".join(sent.texts) for sent in reversed(shop.line.sent)}
        assert "8 人" in alert
        assert "つながりませんでした" in alert
        assert "障害の可能性があります" not in told_before
        assert during
        assert first_to[OTHER].startswith("現在、OCNのメールで障害の可能性があります")
        assert not first_to[LAST].startswith("現在")

    async def test_a_notice_ends_by_itself_after_six_hours(self, opened, clock):
        async with opened(clock=clock, prober=FakeProber()) as shop:
            post = await self.alert(shop, clock)
            await shop.slack_sends(self.press(shop, post, "radar_confirm"))
            await shop.slack.until(lambda: bool(shop.slack.updates))
            clock.advance(6 * 3600 + 60)
            before = len(shop.line.sent)
            await shop.customer("OCNのメールが届きません", user=OTHER)
            await shop.line.wait_for(before + 1)

        assert not any("障害の可能性" in text for sent in shop.line.sent for text in sent.texts)


class TestAnUnknownDomain:
    ASKED = "taro@mail.example-shop.co.jp のメールの設定を教えてください"

    def searching(self, authority, **names):
        resolver, trust = Names(**names), authority.trust()
        rules = DiscoveryRules(resolver=resolver, trust=trust, allow_private=True)
        return LiveProber(Rules(resolver=resolver, trust=trust), rules)

    async def test_the_provider_that_takes_its_mail_is_named_in_a_second_message(self, opened, authority):
        prober = self.searching(authority, takers={"mail.example-shop.co.jp": ["mx1.ocn.ne.jp"]})
        async with opened(prober=prober, settings={"madoguchi_discover": True}) as shop:
            await shop.customer(self.ASKED)
            first, second = await shop.answer(1), await shop.answer(2)

        assert "資料にまだありません" in first
        assert "OCN" in second
        assert "自動検出・未確認" in second

    async def test_its_own_servers_are_told_as_unverified(self, opened, authority):
        service = Service(host="imap.example-shop.co.jp", port=993)
        prober = self.searching(authority, records={"_imaps._tcp.mail.example-shop.co.jp": [service]})
        async with opened(prober=prober, settings={"madoguchi_discover": True}) as shop:
            await shop.customer(self.ASKED)
            second = await shop.answer(2)

        assert "imap.example-shop.co.jp" in second
        assert "自動検出・未確認" in second

    async def test_by_default_nobody_is_asked(self, opened, authority):
        prober = self.searching(authority)
        async with opened(prober=prober) as shop:
            await shop.customer(self.ASKED)
            await shop.line.wait_for(1)
            await shop.customer("ありがとう")
            await shop.line.wait_for(2)

        assert 2 == len(shop.line.sent)
