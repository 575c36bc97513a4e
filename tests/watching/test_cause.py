"""One id on every log line from the webhook to the send."""

from __future__ import annotations

import io
import json
import logging

import pytest

from bot.logs import JsonLines


@pytest.fixture(name="logged")
def _logged():
    """What the service logs from now on, as records."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.setLevel(level)
    root.removeHandler(handler)


async def test_hearing_and_sending_bear_the_events_id(shop, logged):
    body = shop.line.event_body("OCNの受信ポートは？")
    event_id = json.loads(body)["events"][0]["webhookEventId"]

    await shop.webhook(body)
    await shop.line.wait_for(1)
    await shop.customer("ありがとう")
    await shop.line.wait_for(2)

    actions = {line["action"] for line in logged() if line.get("cause") == event_id}
    assert {"hear", "send"} <= actions


async def test_a_refused_request_bears_the_id_that_the_platform_gave_it(shop, logged):
    body = shop.line.event_body("OCNの受信ポートは？")

    await shop.webhook(body, {"x-line-signature": "wrong", "x-line-request-id": "abc-123"})
    await shop.webhook(body, {"x-line-signature": "wrong", "x-line-request-id": 'abc" spoils {logs}'})

    causes = [line["cause"] for line in logged() if line.get("action") == "line_webhook"]
    assert causes[0] == "http:abc-123"
    assert causes[1].startswith("http:")
    assert "spoils" not in causes[1]
