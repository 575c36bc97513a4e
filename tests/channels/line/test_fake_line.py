"""The stand-in must refuse what LINE refuses, or the other tests prove nothing."""

from __future__ import annotations

import aiohttp
import pytest

from tests.fakes.line import USER
from tests.fakes.line_rules import faults_of

TEXT = {"type": "text", "text": "x"}


def with_buttons(*actions):
    return {**TEXT, "quickReply": {"items": [{"type": "action", "action": action} for action in actions]}}


def flex(*contents, **changes):
    body = {"type": "box", "layout": "vertical", "contents": list(contents)}
    return {"type": "flex", "altText": "a", "contents": {"type": "bubble", "body": body}, **changes}


def say(label="l", text="t"):
    return {"type": "message", "label": label, "text": text}


@pytest.mark.parametrize(
    "messages",
    [
        [],
        None,
        [TEXT] * 6,
        [{"type": "text"}],
        [{"type": "text", "text": ""}],
        [{"type": "text", "text": "あ" * 5001}],
        [{"type": "text", "text": "🍎" * 2501}],
        [{"type": "text", "text": "\ud83c"}],
        [{"type": "text", "text": "x", "alt": "y"}],
        [{"type": "novel", "text": "x"}],
        [{**TEXT, "sender": {"name": "x" * 21}}],
        [with_buttons()],
        [with_buttons(*[say()] * 14)],
        [with_buttons(say(label="x" * 21))],
        [with_buttons(say(label=""))],
        [with_buttons(say(text="x" * 301))],
        [with_buttons({"type": "postback", "label": "l", "data": "x" * 301})],
        [with_buttons({"type": "postback", "label": "l", "data": "d", "displayText": "x" * 301})],
        [flex(TEXT, altText="")],
        [flex(TEXT, altText="x" * 1501)],
        [flex({"type": "text", "text": ""})],
        [flex({"type": "text", "text": "x", "size": "huge"})],
        [flex({"type": "text", "text": "x", "color": "red"})],
        [flex({"type": "text", "text": "x", "colour": "#000000"})],
        [flex({"type": "box", "contents": []})],
        [flex({"type": "button"})],
        [flex({"type": "button", "action": {"type": "uri", "label": "l", "uri": "ftp://x"}})],
        [flex({**TEXT, "action": {"type": "clipboard", "clipboardText": ""}})],
        [flex(*[{"type": "text", "text": "あ" * 100}] * 60)],
        [flex(contents={"type": "bubble"})],
    ],
)
def test_what_breaks_a_rule_is_a_fault(messages):
    assert faults_of(messages)


@pytest.mark.parametrize(
    "messages",
    [
        [TEXT] * 5,
        [{"type": "text", "text": "あ" * 5000}],
        [{**TEXT, "sender": {"name": "x" * 20}}],
        [with_buttons(*[say(label="か\u3099" * 20, text="x" * 300)] * 13)],
        [
            flex(
                {"type": "text", "text": "x", "size": "xl", "color": "#000000", "margin": "12px"},
                altText="x" * 1500,
            )
        ],
    ],
)
def test_what_keeps_the_rules_is_none(messages):
    assert faults_of(messages) == []


@pytest.fixture(name="post")
async def _post(line):
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {line.access_token}"}) as session:

        async def post(path, body, **headers):
            async with session.post(f"{line.url}/v2/bot/{path}", json=body, headers=headers) as response:
                return response.status, (await response.json())["message"] if response.status >= 400 else ""

        yield post


async def test_a_reply_token_works_once(line, post):
    body = {"replyToken": line.token(), "messages": [TEXT]}

    assert await post("message/reply", body) == (200, "")
    assert await post("message/reply", body) == (400, "Invalid reply token")


async def test_a_reply_token_works_for_a_minute(line, post, clock):
    body = {"replyToken": line.token(), "messages": [TEXT]}
    clock.advance(61)

    assert await post("message/reply", body) == (400, "Invalid reply token")


async def test_a_refused_body_does_not_use_up_its_token(line, post):
    token = line.token()

    assert (await post("message/reply", {"replyToken": token, "messages": []}))[0] == 400
    assert (await post("message/reply", {"replyToken": token, "messages": [TEXT]}))[0] == 200


async def test_a_reply_takes_no_retry_key(line, post):
    body = {"replyToken": line.token(), "messages": [TEXT]}

    assert (await post("message/reply", body, **{"X-Line-Retry-Key": "1"}))[0] == 400


async def test_a_retry_key_is_accepted_once_and_must_be_a_uuid(line, post):
    body = {"to": USER, "messages": [TEXT]}
    key = {"X-Line-Retry-Key": "123e4567-e89b-12d3-a456-426614174000"}

    assert (await post("message/push", body, **key))[0] == 200
    assert (await post("message/push", body, **key))[0] == 409
    assert (await post("message/push", body, **{"X-Line-Retry-Key": "1"}))[0] == 400
    assert len(line.pushes) == 1


async def test_a_wrong_access_token_is_refused(line, post):
    line.access_token = "another"

    assert (await post("message/push", {"to": USER, "messages": [TEXT]}))[0] == 401
