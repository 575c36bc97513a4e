"""The service, run through many faults with marked secrets: they stand in no output and not in the database."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import os
import signal
import sqlite3
import sys
from pathlib import Path

import aiohttp
import pytest
from cryptography.fernet import Fernet

from bot.logs import JsonLines
from bot.settings import Settings
from tests.cli.test_serve import COMMAND, _free_port
from tests.fakes.line import FakeLine, Fault
from tests.fakes.slack import Accepted, FakeSlack, RateLimited, Refused, Reset, Status

ROOT = str(Path(__file__).parents[2])
KEY = Fernet.generate_key().decode()
MARKS = {
    "LINE_CHANNEL_SECRET": "mark-line-channel-secret",
    "LINE_CHANNEL_ACCESS_TOKEN": "mark-line-access-token",
    "SLACK_BOT_TOKEN": "mark-slack-bot-token",
    "SLACK_SIGNING_SECRET": "mark-slack-signing-secret",
    "MADOGUCHI_SECRET_KEYS": KEY,
}
SAID = ["花子だけのことば", "Himitsu-7-sakura", "hanako.private", "4111 1111 1111 1111"]
"""What a customer says: none of it may stand in the log, and the last three nowhere at all."""


async def _madoguchi(*words, folder, **variables):
    environment = {
        "PYTHONPATH": ROOT,
        "PATH": os.environ["PATH"],
        "MADOGUCHI_DATA_DIR": str(folder / "data"),
        "MADOGUCHI_LOOK": "off",
    }
    return await asyncio.create_subprocess_exec(
        sys.executable, *COMMAND[1:], *words,
        cwd=folder, env=environment | variables,
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip


@pytest.fixture(name="platforms")
async def _platforms():
    async with FakeLine.running() as line, FakeSlack.running() as slack:
        line.secret, line.access_token = MARKS["LINE_CHANNEL_SECRET"], MARKS["LINE_CHANNEL_ACCESS_TOKEN"]
        slack.token, slack.signing_secret = MARKS["SLACK_BOT_TOKEN"], MARKS["SLACK_SIGNING_SECRET"]
        yield line, slack


async def _many_faults(line, slack, url):
    """Everything that goes wrong between the service and the platforms, one after the other."""

    async def post(path, body, headers):
        async with http.post(f"{url}{path}", data=io.BytesIO(body), headers=headers) as answer:
            return answer.status

    async def customer(text, **changes):
        body = line.event_body(text, **changes)
        return await post("/line/webhook", body, line.signed(body))

    async with aiohttp.ClientSession() as http:
        for body in (b"", b"{", b"[]", b'{"events": 1}', b"\xff\xfe", b"x" * 2_000_000):
            await post("/line/webhook", body, line.signed(body))
            await post("/line/webhook", body, {"x-line-signature": MARKS["LINE_CHANNEL_SECRET"]})
            request = slack.signed_raw(body)
            await post("/slack/events", request.body, request.headers)
            await post("/slack/events", request.body, {"x-slack-signature": "v0=0"})
        line.fail("reply", Fault.ERROR, Fault.RESET, Fault.GARBAGE, Fault.ACCEPTED_ERROR)
        line.fail("push", Fault.ERROR, Fault.RATE)
        slack.fail(
            "chat.postMessage", Status(500), Reset(), RateLimited(after=0), Refused("invalid_auth"),
            Accepted(then=Status(502)), Refused("msg_too_long"),
        )  # fmt: skip
        statuses = [
            await customer(f"{SAID[0]} パスワードは {SAID[1]} です", user="U-1"),
            await customer(f"アドレスは {SAID[2]}@ocn.ne.jp カードは {SAID[3]}", user="U-2"),
            await customer("担当者と話したいです", user="U-3"),
            await customer(f"{SAID[0]}、{SAID[2]}@ocn.ne.jp", user="U-3"),
            await customer("OCNの設定", user="U-4"),
        ]
        request = slack.mention(f"{SAID[0]} pw: {SAID[1]}")
        statuses.append(await post("/slack/events", request.body, request.headers))
        await line.wait_for(4)
        await slack.until(lambda: len(slack.posts) >= 1, seconds=20)
        async with http.get(f"{url}/metrics") as metrics, http.get(f"{url}/readyz") as ready:
            return statuses, await metrics.text() + await ready.text()


async def test_no_secret_and_no_customers_word_is_seen_whatever_goes_wrong(platforms, tmp_path):
    line, slack = platforms
    port = _free_port()
    variables = MARKS | {
        "MADOGUCHI_PORT": str(port),
        "LINE_API_BASE_URL": line.url,
        "LINE_DATA_API_BASE_URL": line.data_url,
        "SLACK_API_BASE_URL": slack.url,
        "SLACK_OPERATOR_CHANNEL": "CDESK",
    }
    process = await _madoguchi("serve", folder=tmp_path, **variables)
    async with asyncio.timeout(60):
        begun = await process.stderr.readuntil(b'"action": "start"')
        statuses, told = await _many_faults(line, slack, f"http://127.0.0.1:{port}")
        process.send_signal(signal.SIGTERM)
        out, err = await process.communicate()
    output = (begun + out + err).decode() + told
    doctor = await _madoguchi("doctor", folder=tmp_path, **variables)
    output += "".join(part.decode() for part in await doctor.communicate())
    database = b"".join(path.read_bytes() for path in (tmp_path / "data").glob("madoguchi.sqlite3*"))

    assert statuses == [200] * len(statuses)
    assert output.count('"action"') > 20
    assert [name for name, mark in MARKS.items() if mark in output or mark.encode() in database] == []
    assert [said for said in SAID if said in output or said.encode() in database] == []
    everything = str(slack.posts) + str(slack.ephemerals) + str([sent.texts for sent in line.sent])
    assert [said for said in SAID[1:] if said in everything] == []


async def test_without_a_key_masked_things_still_do_not_reach_the_database(platforms, tmp_path):
    line, _slack = platforms
    port = _free_port()
    variables = {name: mark for name, mark in MARKS.items() if name.startswith("LINE")} | {
        "MADOGUCHI_PORT": str(port),
        "LINE_API_BASE_URL": line.url,
    }
    process = await _madoguchi("serve", folder=tmp_path, **variables)
    body = line.event_body(f"{SAID[0]} パスワードは {SAID[1]} です。{SAID[2]}@ocn.ne.jp {SAID[3]}")
    async with asyncio.timeout(60), aiohttp.ClientSession() as http:
        await process.stderr.readuntil(b'"action": "start"')
        url = f"http://127.0.0.1:{port}/line/webhook"
        async with http.post(url, data=io.BytesIO(body), headers=line.signed(body)) as answer:
            assert answer.status == 200
        await line.wait_for(1)
        process.send_signal(signal.SIGTERM)
        await process.communicate()
    connection = sqlite3.connect(tmp_path / "data" / "madoguchi.sqlite3")
    dump = "\n".join(connection.iterdump())
    connection.close()

    assert SAID[0] in dump
    assert [said for said in SAID[1:] if said in dump] == []


@pytest.mark.parametrize(
    "words", [["serve"], ["doctor"], ["db", "upgrade"], ["forget", "Uhanako00000001", "--yes"]]
)
async def test_the_databases_password_is_not_told_when_it_cannot_be_reached(words, tmp_path):
    url = "postgresql://shop:mark-database-password@127.0.0.1:9/madoguchi"
    line = {name: mark for name, mark in MARKS.items() if name.startswith("LINE")}

    process = await _madoguchi(*words, folder=tmp_path, MADOGUCHI_DATABASE_URL=url, **line)
    out, err = await process.communicate()

    assert process.returncode != 0
    assert b"mark-database-password" not in out + err


@pytest.mark.parametrize("name", ["MADOGUCHI_DATABASE_URL", "MADOGUCHI_SECRET_KEYS", "LINE_API_BASE_URL"])
async def test_a_setting_that_is_wrong_is_named_but_not_shown(name, tmp_path):
    process = await _madoguchi("serve", folder=tmp_path, **{name: "mark-wrong-value"})
    out, err = await process.communicate()

    assert process.returncode == 1
    assert name.encode() in err
    assert b"mark-wrong-value" not in out + err


def formatted(message, *, secrets, **extra):
    record = logging.makeLogRecord({"msg": message, **extra})
    return JsonLines(secrets).format(record)


@pytest.mark.parametrize(
    "where", [{"message": "x mark-1 y"}, {"message": "", "url": "https://a/?k=mark-1"}, {"message": "", "d": {"a": ["mark-1"]}}]
)  # fmt: skip
def test_a_secret_that_a_library_writes_is_starred(where):
    line = formatted(where.pop("message"), secrets=["mark-1"], **where)

    assert "mark-1" not in line
    json.loads(line)


def test_a_secret_in_an_exception_is_starred():
    try:
        raise ValueError("mark-1")
    except ValueError:
        record = logging.makeLogRecord({"msg": "failed", "exc_info": sys.exc_info()})

    assert "mark-1" not in JsonLines(["mark-1"]).format(record)


def test_a_secret_with_quotes_and_line_ends_is_starred():
    assert "mark" not in formatted('a "mark"\n1', secrets=['"mark"\n1'])


def test_the_ticket_in_a_web_sockets_address_is_starred():
    line = formatted("cannot connect to wss://wss.slack.test/link/?ticket=abc-123&app_id=1", secrets=[])

    assert "abc-123" not in line
    assert "app_id=1" in line


def test_the_settings_know_all_their_secrets():
    secret = {
        "line_channel_secret": "mark-1", "line_channel_access_token": "mark-2", "slack_bot_token": "mark-3",
        "slack_signing_secret": "mark-4", "slack_app_token": "mark-5", "madoguchi_secret_keys": f"{KEY},{KEY}",
        "madoguchi_database_url": "postgresql://shop:mark-6@db/madoguchi",
    }  # fmt: skip

    settings = Settings(_env_file=None, **secret)

    assert {"mark-1", "mark-2", "mark-3", "mark-4", "mark-5", "mark-6", KEY} <= set(settings.secrets)
    assert not any(mark in repr(settings) for mark in ("mark-", KEY))
