from __future__ import annotations

import io
import json
import logging

import aiohttp
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from bot.channels.body import LIMIT
from bot.channels.line.webhook import LineWebhook
from bot.core.messages import Said
from bot.errors import StoreError
from tests.fakes.line import SECRET


class Desk:
    """A listener that notes what it heard, and fails on the words it is told to."""

    def __init__(self) -> None:
        self.heard = []
        self.failures = {}

    async def hear(self, utterance):
        text = getattr(utterance.content, "text", "")
        if text in self.failures:
            raise self.failures[text]
        self.heard.append(utterance)

    @property
    def texts(self):
        return [utterance.content.text for utterance in self.heard]


@pytest.fixture(name="desk")
def _desk():
    return Desk()


@pytest.fixture(name="post")
async def _post(desk, clock, served):
    """Posts a body to the webhook over HTTP; the answer's status."""
    webhook = LineWebhook(SECRET, desk, clock, call_names=["窓口"])
    app = Starlette(routes=[Route("/line/webhook", webhook.receive, methods=["POST"])])

    async with served(app) as url, aiohttp.ClientSession() as session:

        async def post(body, headers):
            async with session.post(f"{url}/line/webhook", data=body, headers=headers) as response:
                return response.status

        yield post


async def test_a_signed_message_is_heard_and_acknowledged(post, line, desk):
    body = line.event_body("メールが来ません")

    assert await post(body, line.signed(body)) == 200
    assert [Said(text="メールが来ません")] == [utterance.content for utterance in desk.heard]


async def test_the_verify_button_is_answered(post, line, desk):
    body = line.body()

    assert await post(body, line.signed(body)) == 200
    assert desk.heard == []


@pytest.mark.parametrize("signature", [None, "", "x", "é", "A" * 44])
async def test_without_the_right_signature_nothing_happens(post, line, desk, signature):
    headers = {} if signature is None else {"x-line-signature": signature}

    assert await post(line.event_body("x"), headers) == 401
    assert desk.heard == []


async def test_a_signature_of_another_body_is_wrong(post, line, desk):
    assert await post(line.event_body("x"), line.signed(line.event_body("y"))) == 401
    assert desk.heard == []


async def test_the_signature_is_checked_on_the_bytes_as_they_came(post, line, desk):
    spaced = json.dumps(json.loads(line.event_body("間を空けた")), indent=3).encode()

    assert await post(spaced, line.signed(spaced)) == 200
    assert desk.texts == ["間を空けた"]


async def test_the_name_of_the_signature_header_may_be_written_in_any_case(post, line, desk):
    body = line.event_body("x")

    assert await post(body, {"X-LINE-SIGNATURE": line.signed(body)["x-line-signature"]}) == 200


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"7", b'{"events": 1}', b'{"destination": "U"}', b"[" * 100_000]
)
async def test_a_signed_body_that_is_no_webhook_is_refused_with_a_line_in_the_log(post, line, body, caplog):
    assert await post(body, line.signed(body)) == 400
    assert messages(caplog) == ["webhook body is not what LINE sends"]


async def test_a_body_that_is_not_utf8_is_not_from_line(post, line):
    assert await post(b"\xff\xfe", line.signed(b"\xff\xfe")) == 401


async def test_a_body_too_large_is_refused_before_anything(post, line, desk):
    body = line.event_body("x" * LIMIT)

    assert await post(io.BytesIO(body), line.signed(body)) == 413
    assert desk.heard == []


async def test_a_body_too_large_is_refused_when_it_does_not_tell_its_size(post, line, desk):
    async def stream():
        for _ in range(20):
            yield b"x" * (LIMIT // 16)

    assert await post(stream(), {"x-line-signature": "x"}) == 413


async def test_events_are_heard_in_their_order(post, line, desk):
    body = line.body(*(line.event(str(number)) for number in range(10)))

    assert await post(body, line.signed(body)) == 200
    assert [str(number) for number in range(10)] == desk.texts


async def test_ten_thousand_characters_are_heard(post, line, desk):
    body = line.event_body("長" * 10_000)

    assert await post(body, line.signed(body)) == 200
    assert desk.texts == ["長" * 10_000]


async def test_unknown_events_are_acknowledged_and_the_others_heard(post, line, desk, caplog):
    caplog.set_level(logging.INFO)
    body = line.body(
        line.event(type="novel"),
        line.event(mode="standby"),
        line.event(message={"type": "novel", "id": "1"}),
        None,
        {"type": "message"},
        line.event("聞こえますか"),
    )

    assert await post(body, line.signed(body)) == 200
    assert desk.texts == ["聞こえますか"]
    assert messages(caplog) == ["event passed over"] * 5
    assert {"INFO"} == {record.levelname for record in caplog.records if record.name.startswith("bot")}


async def test_talk_among_people_in_a_group_does_not_fill_the_log(post, line, desk, caplog):
    caplog.set_level(logging.INFO)
    body = line.event_body("今日の昼どうする", group="C" + "1" * 32)

    assert await post(body, line.signed(body)) == 200
    assert (desk.heard, messages(caplog)) == ([], [])


async def test_what_customers_write_is_never_logged(post, line, caplog):
    caplog.set_level(logging.DEBUG, logger="bot")
    body = line.body(line.event("秘密の言葉"), line.event(message={"type": "novel", "text": "秘密の言葉"}))

    await post(body, line.signed(body))

    assert "秘密" not in caplog.text


async def test_line_is_asked_to_send_again_what_could_not_be_saved(post, line, desk, caplog):
    desk.failures["二"] = StoreError("the disk is full")
    body = line.body(line.event("一"), line.event("二"), line.event("三"))

    assert await post(body, line.signed(body)) == 500
    assert desk.texts == ["一"]
    assert messages(caplog) == ["event not saved, LINE is asked to send it again"]


async def test_a_fault_in_one_event_leaves_other_people_heard(post, line, desk):
    other = "U" + "9" * 32
    desk.failures["悪い"] = ValueError("a bug")
    body = line.body(line.event("悪い"), line.event("同じ人の次"), line.event("別の人", user=other))

    assert await post(body, line.signed(body)) == 500
    assert desk.texts == ["別の人"]


async def test_the_call_name_reaches_the_events_of_groups(post, line, desk):
    body = line.event_body("窓口、教えて", group="C" + "1" * 32)

    assert await post(body, line.signed(body)) == 200
    assert desk.texts == ["教えて"]


def messages(caplog):
    return [record.message for record in caplog.records if record.name.startswith("bot.channels.line")]
