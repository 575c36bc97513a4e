"""What Prometheus sees of a day's work, over real HTTP."""

from __future__ import annotations

import re

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.fakes.slack import Refused


@pytest.fixture(name="value")
def _value(shop):
    async def value(name, **labels):
        """One sample's value; None where there is none."""
        _, text = await shop.get("/metrics")
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                if sample.name == name and sample.labels == labels:
                    return sample.value
        return None

    return value


async def test_events_acks_sends_and_understanding_are_counted(shop, value):
    await shop.customer("OCNの受信ポートは？")
    await shop.line.wait_for(1)
    await shop.customer("きょうの晩ごはん")
    await shop.line.wait_for(2)
    await shop.slack.until(lambda: bool(shop.slack.posts))

    assert await value("madoguchi_events_total", channel="line", content="said", result="heard") == 2
    assert await value("madoguchi_ack_seconds_count", path="/line/webhook", status="200") == 2
    assert await value("madoguchi_understood_total", verdict="clear", intent="port_settings") == 1
    assert (await value("madoguchi_sends_total", channel="line", result="delivered")) >= 1
    assert await value("madoguchi_outbox_waiting") is not None
    assert await value("madoguchi_line_quota_used") is not None


async def test_a_second_delivery_and_a_refused_signature_are_seen(shop, value):
    body = shop.line.event_body("OCNの受信ポートは？")
    await shop.webhook(body)
    await shop.webhook(shop.line.redelivered(body))
    await shop.webhook(body, {"x-line-signature": "wrong"})

    assert await value("madoguchi_events_total", channel="line", content="said", result="again") == 1
    assert await value("madoguchi_ack_seconds_count", path="/line/webhook", status="401") == 1


async def test_open_tickets_and_dead_letters_are_counted(shop, value):
    await shop.customer("担当者と話したいです")
    await shop.line.wait_for(1)
    await shop.slack.until(lambda: bool(shop.slack.posts))
    shop.slack.fail("chat.postMessage", Refused("is_archived"))
    await shop.customer("まだですか")
    await shop.slack.until(lambda: any("お届けできなかった" in post.shown for post in shop.slack.posts))

    assert await value("madoguchi_tickets_open", state="waiting") == 1
    assert await value("madoguchi_dead_letters") == 1
    assert await value("madoguchi_sends_total", channel="slack", result="dead") == 1


async def test_no_label_names_a_person_a_text_or_an_id(shop):
    await shop.customer("OCNの受信ポートは？", user="U-hanako")
    await shop.line.wait_for(1)

    _, text = await shop.get("/metrics")

    labels = set(re.findall(r'(\w+)="', text))
    assert "U-hanako" not in text
    assert labels <= {
        "channel", "content", "result", "verdict", "intent", "path", "status", "kind", "state", "le",
        "implementation", "major", "minor", "patchlevel", "version",
    }  # fmt: skip
