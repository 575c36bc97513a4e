"""かんたん設定 from the button to the files that programs take, over HTTP."""

from __future__ import annotations

import plistlib
import re
from datetime import UTC, datetime

import aiohttp
import pytest

from bot.core.providers import Evidence
from bot.core.servers.discovery import read_autoconfig
from tests.fakes.clock import FakeClock
from tests.flows.conftest import Shop, serving, settings_for

PUBLIC = "https://madoguchi.example.jp"


@pytest.fixture(name="clock")
def _clock():
    return FakeClock(at=datetime.now(UTC))


@pytest.fixture(name="shop")
async def _shop(line, slack, tmp_path, clock):
    settings = settings_for(line, slack, tmp_path, madoguchi_public_url=PUBLIC)
    async with serving(settings, clock=clock) as url, aiohttp.ClientSession() as http:
        yield Shop(line=line, slack=slack, settings=settings, url=url, http=http)


async def asked_for(shop):
    """The path of the link that a customer gets."""
    await shop.customer("OCNのメールの設定を教えてください")
    await shop.line.wait_for(1)
    await shop.tap("かんたん設定")
    (link,) = re.findall(r"https://\S+", await shop.answer(2))
    assert link.startswith(f"{PUBLIC}/setup/")
    return link.removeprefix(PUBLIC).partition("?")[0]


async def fetched(shop, path):
    async with shop.http.get(f"{shop.url}{path}") as answer:
        return answer.status, answer.headers, await answer.read()


async def test_an_iphone_gets_a_profile(shop):
    path = await asked_for(shop)
    _, _, html = await fetched(shop, path)
    (file,) = re.findall(rb'href="([^"]+mobileconfig)"', html)

    status, headers, body = await fetched(shop, f"/setup/{file.decode()}")

    assert (200, "application/x-apple-aspen-config") == (status, headers["content-type"])
    (account,) = plistlib.loads(body)["PayloadContent"]
    assert ("imap.ocn.ne.jp", 993) == (
        account["IncomingMailServerHostName"],
        account["IncomingMailServerPortNumber"],
    )
    assert not {"EmailAddress", "IncomingMailServerUsername", "IncomingPassword"} & set(account)


async def test_thunderbird_gets_its_file(shop):
    path = await asked_for(shop)

    status, headers, body = await fetched(shop, f"{path}/.well-known/autoconfig/mail/config-v1.1.xml")

    assert 200 == status
    assert headers["content-type"].startswith("text/xml")
    config = read_autoconfig(body, evidence=Evidence(source="test", kind="unverified"))
    assert {"pop.ocn.ne.jp", "smtp.ocn.ne.jp"} <= {server.host for server in config.servers}
    assert "ocn.ne.jp" in config.domains


async def test_outlook_gets_a_list_of_steps(shop):
    status, headers, body = await fetched(shop, await asked_for(shop))

    assert 200 == status
    assert headers["content-type"].startswith("text/html")
    assert ("no-store", "no-referrer", "noindex") == (
        headers["cache-control"],
        headers["referrer-policy"],
        headers["x-robots-tag"],
    )
    html = body.decode()
    assert "<ol><li>" in html.partition("Outlook")[2]
    assert "pop.ocn.ne.jp" in html


async def test_after_a_day_nothing_is_there_any_more(shop, clock):
    path = await asked_for(shop)
    clock.advance(86400 + 1)

    page, profile = await fetched(shop, path), await fetched(shop, f"{path}/madoguchi.mobileconfig")

    assert (404, 404) == (page[0], profile[0])
    assert "もう使えません" in page[2].decode()


@pytest.mark.parametrize("token", ["x", "A" * 60, "..%2F..%2Fetc", "a" * 3000])
async def test_what_nobody_signed_is_not_there(shop, token):
    for tail in ("", "/madoguchi.mobileconfig", "/.well-known/autoconfig/mail/config-v1.1.xml"):
        assert 404 == (await fetched(shop, f"/setup/{token}{tail}"))[0]


async def test_a_service_without_a_public_address_offers_nothing(line, slack, tmp_path):
    settings = settings_for(line, slack, tmp_path)
    async with serving(settings) as url, aiohttp.ClientSession() as http:
        shop = Shop(line=line, slack=slack, settings=settings, url=url, http=http)
        await shop.customer("OCNのメールの設定を教えてください")
        (sent,) = await line.wait_for(1)

        assert "かんたん設定" not in sent.choices
        assert 404 == (await fetched(shop, "/setup/x"))[0]
