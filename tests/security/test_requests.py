"""Who may speak to the service: signatures on the raw body, sizes before anything is parsed, replays that change nothing."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import inspect
import json
import time
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from slack_sdk.signature import SignatureVerifier

from bot.channels import body
from bot.channels.line.signature import is_signed
from bot.desk.reception import STALE

LARGE = 1024 * 1024 + 1


def test_both_signatures_are_compared_in_constant_time():
    """Slack's by its SDK; this fails when a version of it no longer does."""
    assert "compare_digest(" in inspect.getsource(is_signed)
    assert "compare_digest(" in inspect.getsource(SignatureVerifier.is_valid)


async def test_the_signature_is_of_the_raw_bytes(shop):
    body = shop.line.event_body("OCNの受信ポートは？")
    changed = {
        "a blank more": body + b" ",
        "a blank inside": body.replace(b'"text"', b'"text" '),
        "the same JSON written anew": json.dumps(json.loads(body), ensure_ascii=False, indent=1).encode(),
        "a byte less": body[:-1],
    }

    statuses = {name: await shop.webhook(other, shop.line.signed(body)) for name, other in changed.items()}

    assert statuses == dict.fromkeys(changed, 401)


ODD_SIGNATURES = [
    "", " ", "=", "AAAA", "a" * 44, "あ", "v0=0", "%00", base64.b64encode(b"0" * 32).decode() * 100
]  # fmt: skip
ODD_TIMESTAMPS = ["", "0", "-1", "nan", "9" * 30, "1e9", "١٢٣"]


def as_header(text):
    """Whatever *text* is, as the bytes that may stand in a header."""
    return text.encode("utf-8").decode("latin-1")


async def test_odd_signatures_are_refused_by_both(shop):
    body = shop.line.event_body("OCNの受信ポートは？")
    statuses = {}

    for signature in ODD_SIGNATURES:
        slack = {
            "x-slack-signature": as_header(signature),
            "x-slack-request-timestamp": str(int(time.time())),
        }
        async with shop.http.post(f"{shop.url}/slack/events", data=body, headers=slack) as answer:
            line = await shop.webhook(body, {"x-line-signature": as_header(signature)})
            statuses[signature] = (answer.status, line)

    assert statuses == dict.fromkeys(ODD_SIGNATURES, (401, 401))


async def test_odd_timestamps_of_slack_are_refused(shop):
    body, statuses = b"{}", {}

    for timestamp in ODD_TIMESTAMPS:
        base = f"v0:{timestamp}:".encode() + body
        digest = hmac.new(shop.slack.signing_secret.encode(), base, hashlib.sha256).hexdigest()
        headers = {
            "x-slack-signature": f"v0={digest}",
            "x-slack-request-timestamp": as_header(timestamp),
        }
        async with shop.http.post(f"{shop.url}/slack/events", data=body, headers=headers) as answer:
            statuses[timestamp] = answer.status

    assert statuses == dict.fromkeys(ODD_TIMESTAMPS, 401)


@pytest.mark.parametrize("path", ["/line/webhook", "/slack/events"])
async def test_a_body_too_large_is_refused_before_it_was_read(shop, path):
    """Announced: at once. Not announced: when it has grown too large, wherever its end would have been."""
    endless = asyncio.Event()

    async def chunks():
        for _ in range(40):
            yield b"x" * 32_768
        await endless.wait()

    host, port = shop.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {LARGE}\r\n\r\n".encode())
    async with asyncio.timeout(60):
        first = await reader.readline()
    writer.close()
    async with asyncio.timeout(60), aiohttp.ClientSession() as http:
        try:
            async with http.post(f"{shop.url}{path}", data=chunks()) as answer:
                status = answer.status
        except aiohttp.ClientError:
            status = 413  # refused, and the connection closed while the rest was on its way
    endless.set()

    assert b" 413 " in first
    assert status == 413


@pytest.mark.parametrize("path", ["/line/webhook", "/slack/events"])
async def test_a_body_that_never_ends_is_given_up(shop, monkeypatch, path):
    monkeypatch.setattr(body, "SECONDS", 0.1)
    host, port = shop.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))

    writer.write(f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nslow".encode())
    async with asyncio.timeout(60):
        status = await reader.readline()
    writer.close()

    assert b" 413 " in status


async def test_replays_change_nothing(shop):
    line = shop.line.event_body("OCNの受信ポートは？")
    slack = shop.slack.mention("ocn 設定")
    first = [await shop.webhook(line), await shop.slack_sends(slack)]
    await shop.line.wait_for(1)
    await shop.slack.until(lambda: len(shop.slack.posts) == 1)

    again = [await shop.webhook(line) for _ in range(5)] + [await shop.slack_sends(slack) for _ in range(5)]
    await shop.customer("ぷららの受信ポートは？", user="U-other")
    await shop.line.wait_for(2)

    assert first + again == [200] * 12
    assert len(shop.line.sent) == 2
    assert len(shop.slack.posts) == 1


async def test_a_replay_after_its_id_is_forgotten_is_too_old(shop):
    long_ago = datetime.now(UTC) - STALE - timedelta(days=1)
    body = shop.line.event_body("OCNの受信ポートは？", timestamp=int(long_ago.timestamp() * 1000))

    status = await shop.webhook(body)
    await shop.customer("ぷららの受信ポートは？", user="U-other")
    sent = await shop.line.wait_for(1)

    assert status == 200
    assert [each.to for each in sent] == ["U-other"]


async def test_answers_to_strangers_tell_nothing(shop):
    """No version, no path, no reason in the body."""
    body = shop.line.event_body("x")
    async with shop.http.post(
        f"{shop.url}/line/webhook", data=body, headers={"x-line-signature": "A"}
    ) as answer:
        told = await answer.text()
    async with shop.http.get(f"{shop.url}/nothing") as missing:
        also = await missing.text()

    assert told == ""
    assert also == "Not Found"
