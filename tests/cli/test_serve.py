"""`madoguchi serve`, `run` and `doctor` as their own processes, as a shop starts them."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import socket
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from tests.fakes.line import FakeLine
from tests.fakes.slack import FakeSlack

COMMAND = [sys.executable, "-c", "from bot.cli.main import main; main()"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


async def _madoguchi(*words, folder, stdin=asyncio.subprocess.DEVNULL, **variables):
    environment = {name: value for name, value in os.environ.items() if name not in variables}
    root = str(Path(__file__).parents[2])
    return await asyncio.create_subprocess_exec(
        *COMMAND,
        *words,
        cwd=folder,
        env=environment
        | {"PYTHONPATH": root, "MADOGUCHI_DATA_DIR": str(folder / "data"), "MADOGUCHI_LOOK": "off"}
        | variables,
        stdin=stdin,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def _ended(process, seconds=30):
    async with asyncio.timeout(seconds):
        out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


@asynccontextmanager
async def _serving(folder, port, **variables):
    """A `serve` process that answers /readyz; ended by SIGTERM, its exit code and output in the list."""
    process = await _madoguchi("serve", folder=folder, MADOGUCHI_PORT=str(port), **variables)
    ended = []
    try:
        async with asyncio.timeout(60):
            await process.stderr.readuntil(b'"action": "start"')
        yield ended
    finally:
        process.send_signal(signal.SIGTERM)
        ended.extend(await _ended(process))


def _line_variables(line):
    return {
        "LINE_CHANNEL_SECRET": line.secret,
        "LINE_CHANNEL_ACCESS_TOKEN": line.access_token,
        "LINE_API_BASE_URL": line.url,
        "LINE_DATA_API_BASE_URL": line.data_url,
    }


def _slack_variables(slack, **more):
    return {
        "SLACK_BOT_TOKEN": slack.token,
        "SLACK_API_BASE_URL": slack.url,
        "SLACK_OPERATOR_CHANNEL": "CDESK",
    } | more


async def test_the_service_answers_a_line_message_and_ends_cleanly_on_sigterm(tmp_path):
    port = _free_port()
    async with FakeLine.running() as line, aiohttp.ClientSession() as http:
        body = line.event_body("OCNの受信ポートは？")

        async with _serving(tmp_path, port, **_line_variables(line)) as ended:
            async with http.post(
                f"http://127.0.0.1:{port}/line/webhook", data=io.BytesIO(body), headers=line.signed(body)
            ) as answer:
                status = answer.status
            sent = await line.wait_for(1)

    assert status == 200
    assert any("995" in text for text in sent[0].texts)
    assert ended[0] == 0
    assert ended[1] == ""  # logs never go to stdout


async def test_slack_by_socket_mode_needs_no_address_from_outside(tmp_path):
    async with FakeSlack.running() as slack:
        asked = slack.direct_message("ocn 設定")

        async with _serving(
            tmp_path, _free_port(), **_slack_variables(slack, SLACK_APP_TOKEN=slack.app_token)
        ) as ended:
            acknowledged = await slack.over_socket("events_api", asked.payload)
            await slack.until(lambda: bool(slack.posts))

    assert acknowledged is not None
    assert "995" in slack.posts[0].shown
    assert ended[0] == 0


async def test_a_database_that_is_away_ends_serve_with_an_error(tmp_path):
    async with FakeLine.running() as line:
        process = await _madoguchi(
            "serve",
            folder=tmp_path,
            MADOGUCHI_PORT=str(_free_port()),
            MADOGUCHI_DATABASE_URL=f"postgresql://nobody@127.0.0.1:{_free_port()}/none",
            **_line_variables(line),
        )
        code, out, err = await _ended(process)

    assert code == 1
    assert out == ""
    assert "database" in err


async def test_without_tokens_serve_says_what_is_missing(tmp_path):
    code, out, err = await _ended(await _madoguchi("serve", folder=tmp_path))

    assert code == 1
    assert out == ""
    assert "LINE_CHANNEL_SECRET" in err
    assert "Slack: 使いません（SLACK_BOT_TOKEN、SLACK_APP_TOKEN がありません）" in err
    assert "madoguchi doctor" in err


async def test_serve_refuses_to_start_on_broken_yaml_and_names_every_fault(tmp_path):
    intents = tmp_path / "intents"
    intents.mkdir()
    (intents / "greeting.yaml").write_text("id: greeting\ntitel: こんにちは\nneeds: 3\n", encoding="utf-8")
    async with FakeLine.running() as line:
        process = await _madoguchi(
            "serve", folder=tmp_path, MADOGUCHI_INTENTS_DIR=str(intents), **_line_variables(line)
        )
        code, _, err = await _ended(process)

    assert code == 1
    assert "greeting.yaml:2" in err
    assert "title" in err
    assert "greeting.yaml:3" in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MADOGUCHI_PORT", "eighty"),
        ("LINE_API_BASE_URL", "api.line.me"),
        ("SLACK_API_BASE_URL", "https://x.test/"),
    ],
)
async def test_a_wrong_setting_is_named_without_its_value(tmp_path, name, value):
    code, _, err = await _ended(await _madoguchi("serve", folder=tmp_path, **{name: value}))

    assert code == 1
    assert name in err
    assert "Traceback" not in err


async def test_run_without_tokens_is_a_talk_that_ends_at_the_end_of_input(tmp_path):
    process = await _madoguchi("run", folder=tmp_path, stdin=asyncio.subprocess.PIPE)
    out, _ = await asyncio.wait_for(process.communicate("OCNの受信ポートは？\n".encode()), 30)

    assert process.returncode == 0
    assert "995" in out.decode()


async def test_doctor_tells_how_to_switch_a_channel_on(tmp_path):
    code, out, _ = await _ended(await _madoguchi("doctor", folder=tmp_path))

    assert code == 0
    assert "LINE_CHANNEL_SECRET" in out
    assert "slack-manifest.yaml" in out


async def test_doctor_finds_what_the_platforms_refuse(tmp_path):
    async with FakeLine.running() as line, FakeSlack.running() as slack:
        line_variables = _line_variables(line) | {"LINE_CHANNEL_ACCESS_TOKEN": "another"}
        process = await _madoguchi(
            "doctor",
            folder=tmp_path,
            **line_variables,
            **_slack_variables(slack, SLACK_SIGNING_SECRET=slack.signing_secret),
        )
        code, out, err = await _ended(process)

    assert code == 1
    assert "× LINE" in out
    assert "○ Slack" in out
    assert "Traceback" not in err
