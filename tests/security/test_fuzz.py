"""Anything at all, rightly signed, at both webhooks, and at every other address: never a server error, never a silence."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import http.client
import json
import signal
import time
from urllib.parse import urlencode

import pytest
import schemathesis
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.cli.ask import ask
from bot.cli.chat import chat
from bot.errors import MadoguchiError
from tests.cli.test_serve import _free_port
from tests.fakes.line import FakeLine
from tests.fakes.slack import FakeSlack
from tests.security.test_secrets import MARKS, _madoguchi

TRIES, NOT_SAVED = 3, 500

QUICK = settings(max_examples=60, suppress_health_check=list(HealthCheck), database=None)

TEXT = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["OCNの設定", "担当者と話したい", "Neko1948", "\u0000", "\ud800", "😀" * 50, "a" * 2_000, "\u202e"]
    ),
)
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def mostly(*values):
    """One of *values*, or sometimes anything at all."""
    return st.one_of(st.sampled_from(values), st.sampled_from(values), JUNK)


@pytest.fixture(name="service")
async def _service(tmp_path):
    """`madoguchi serve` as a process; where it listens. Afterwards it must have lived to the end and ended well."""
    async with FakeLine.running() as line, FakeSlack.running() as slack:
        line.secret, line.access_token = MARKS["LINE_CHANNEL_SECRET"], MARKS["LINE_CHANNEL_ACCESS_TOKEN"]
        slack.token, slack.signing_secret = MARKS["SLACK_BOT_TOKEN"], MARKS["SLACK_SIGNING_SECRET"]
        port = _free_port()
        process = await _madoguchi(
            "serve", folder=tmp_path, MADOGUCHI_PORT=str(port), LINE_API_BASE_URL=line.url,
            LINE_DATA_API_BASE_URL=line.data_url, SLACK_API_BASE_URL=slack.url, SLACK_OPERATOR_CHANNEL="CDESK",
            MADOGUCHI_CUSTOMER_MESSAGES_PER_MINUTE="0", **MARKS,
        )  # fmt: skip
        async with asyncio.timeout(60):
            await process.stderr.readuntil(b'"action": "start"')
        reading = asyncio.create_task(process.stderr.read())
        yield port
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(60):
            assert await process.wait() == 0
        assert "Exception in ASGI application" not in (await reading).decode()


def post(port, path, body, headers):
    """The answer's status. What could not be saved in time is sent again, as both platforms do: a fault would stay."""
    statuses = (_posted(port, path, body, headers) for _ in range(TRIES))
    return next((status for status in statuses if status != NOT_SAVED), NOT_SAVED)


def _posted(port, path, body, headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("POST", path, body=body, headers=headers)
        return connection.getresponse().status
    finally:
        connection.close()


def encoded(document):
    return json.dumps(document).encode("utf-8")


EVENT = st.fixed_dictionaries(
    {},
    optional={
        "type": mostly("message", "postback", "follow", "unfollow", "unsend", "join", "leave", "beacon"),
        "mode": mostly("active", "standby"),
        "webhookEventId": mostly("event-1", "event-2") | st.uuids().map(str),
        "timestamp": mostly(0, 1, int(time.time() * 1000), 10**18, -(10**18)),
        "source": st.fixed_dictionaries({"type": mostly("user", "group")}, optional={"userId": mostly("U-1"), "groupId": mostly("G-1")}) | JUNK,
        "replyToken": mostly("token", "0" * 32),
        "deliveryContext": st.fixed_dictionaries({"isRedelivery": mostly(True, False)}) | JUNK,
        "message": st.fixed_dictionaries(
            {"type": mostly("text", "sticker", "image", "file", "location", "hologram"), "id": mostly("1", "")},
            optional={"text": TEXT, "keywords": JUNK, "mention": JUNK, "fileName": JUNK, "title": JUNK, "quotedMessageId": JUNK},
        )
        | JUNK,
        "postback": st.fixed_dictionaries({"data": TEXT}) | JUNK,
        "unsend": st.fixed_dictionaries({"messageId": mostly("1")}) | JUNK,
    },
)  # fmt: skip

SLACK_EVENT = st.fixed_dictionaries(
    {},
    optional={
        "type": mostly(
            "message", "app_mention", "app_home_opened", "reaction_added", "assistant_thread_started"
        ),
        "subtype": mostly("message_changed", "message_deleted", "bot_message", "file_share"),
        "channel": mostly("C1", "CDESK", "D1"),
        "channel_type": mostly("im", "channel"),
        "user": mostly("U1", "UBOT"),
        "text": TEXT,
        "ts": mostly("1.1", "nan", "-1", "1e400"),
        "thread_ts": mostly("1.0"),
        "files": JUNK,
        "message": JUNK,
        "previous_message": JUNK,
        "tab": mostly("home"),
    },
)
SLACK_BODY = st.one_of(
    st.fixed_dictionaries(
        {"type": mostly("event_callback", "url_verification")},
        optional={"event": SLACK_EVENT | JUNK, "team_id": mostly("T1"), "event_id": mostly("E1"), "challenge": JUNK},
    ).map(lambda body: (encoded(body), "application/json")),
    st.fixed_dictionaries(
        {"type": mostly("block_actions", "view_submission", "message_action", "view_closed")},
        optional={
            "actions": st.lists(st.fixed_dictionaries({"action_id": mostly("ticket_take", "say:1", "miss_label"), "value": TEXT}) | JUNK, max_size=2) | JUNK,
            "user": st.fixed_dictionaries({"id": mostly("U1")}) | JUNK,
            "team": st.fixed_dictionaries({"id": mostly("T1")}) | JUNK,
            "channel": st.fixed_dictionaries({"id": mostly("CDESK")}) | JUNK,
            "container": JUNK, "message": JUNK, "view": JUNK, "trigger_id": mostly("1"), "callback_id": mostly("look_up_message"),
        },
    ).map(lambda body: (urlencode({"payload": json.dumps(body)}).encode(), "application/x-www-form-urlencoded")),
    st.dictionaries(st.sampled_from(["command", "text", "team_id", "channel_id", "user_id", "trigger_id", "response_url"]), st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=20)).map(
        lambda form: (urlencode({"command": "/mail", **form}).encode(), "application/x-www-form-urlencoded")
    ),
    st.tuples(st.binary(max_size=80), mostly("application/json", "application/x-www-form-urlencoded").filter(lambda each: isinstance(each, str) and each.isascii() and each.isprintable())),
)  # fmt: skip


async def test_whatever_line_might_send_is_answered(service):
    secret = MARKS["LINE_CHANNEL_SECRET"].encode()

    @QUICK
    @given(
        st.lists(EVENT | JUNK, max_size=4).map(lambda events: encoded({"events": events}))
        | st.binary(max_size=60)
    )
    def fuzz(body):
        signature = base64.b64encode(hmac.digest(secret, body, "sha256")).decode()

        assert post(service, "/line/webhook", body, {"x-line-signature": signature}) in {200, 400, 401}

    await asyncio.to_thread(fuzz)


async def test_whatever_slack_might_send_is_answered(service):
    secret = MARKS["SLACK_SIGNING_SECRET"].encode()

    @QUICK
    @given(SLACK_BODY)
    def fuzz(sent):
        body, content_type = sent
        stamp = str(int(time.time()))
        digest = hmac.new(secret, b"v0:%s:%s" % (stamp.encode(), body), hashlib.sha256).hexdigest()
        headers = {
            "x-slack-signature": f"v0={digest}",
            "x-slack-request-timestamp": stamp,
            "content-type": content_type,
        }

        assert post(service, "/slack/events", body, headers) in {200, 400, 401}

    await asyncio.to_thread(fuzz)


async def test_every_address_keeps_to_the_openapi_document(service):
    def fuzz():
        schema = schemathesis.openapi.from_url(f"http://127.0.0.1:{service}/openapi.json")
        operations = [found.ok() for found in schema.get_all_operations()]
        for operation in operations:

            @settings(QUICK, max_examples=25)
            @given(operation.as_strategy())
            def one(case):
                case.call_and_validate()

            one()
        return [operation.label for operation in operations]

    labels = await asyncio.to_thread(fuzz)

    assert set(labels) >= {
        "POST /line/webhook", "POST /slack/events", "GET /healthz", "GET /readyz", "GET /metrics",
        "GET /media/{token}",
    }  # fmt: skip


@pytest.mark.parametrize("command", [ask, chat])
def test_whatever_stands_in_a_line_of_json_gets_one_answer_a_line(command):
    """Each line is answered, or named as faulty; nothing ends in a traceback."""
    given_line = st.one_of(
        st.fixed_dictionaries(
            {},
            optional={
                "id": JUNK, "text": TEXT | JUNK, "conversation": mostly("a"), "user": TEXT | JUNK,
                "sticker": JUNK, "image": JUNK, "channel": mostly("line", "slack"),
            },
        ).map(json.dumps),
        JUNK.map(json.dumps),
        st.text(alphabet=st.characters(exclude_categories=["Cs", "Zl", "Zp", "Cc"]), max_size=30),
        st.sampled_from(["[" * 2_000, "{" * 1000, "9" * 4500, '"\\ud800"', "NaN", '{"text": NaN}']),
    )  # fmt: skip

    # Half a pair of surrogates cannot be written by the test's runner; the real command writes it as a question mark.
    given_line = given_line.map(lambda line: line.replace("\\ud800", "?"))

    @settings(QUICK, max_examples=6)
    @given(st.lists(given_line, min_size=1, max_size=5))
    def fuzz(lines):
        result = CliRunner().invoke(command, ["--jsonl"], input="\n".join(lines).encode("utf-8", "replace"))

        asked = [line for line in lines if line.strip()]
        answers = [json.loads(line) for line in result.stdout.splitlines()]
        assert result.exception is None or isinstance(result.exception, SystemExit | MadoguchiError)
        assert len(answers) == len(asked)

    fuzz()
