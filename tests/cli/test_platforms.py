"""What doctor finds of LINE and Slack, and the cure that fits the kind of trouble."""

from __future__ import annotations

import socket

import pytest

from bot.cli import platforms
from bot.settings import Settings
from tests.fakes.line import FakeLine
from tests.fakes.slack import FakeSlack, Refused


@pytest.fixture(name="slack")
async def _slack():
    async with FakeSlack.running() as slack:
        yield slack


def settings_for(slack, **changes):
    given = {
        "slack_bot_token": slack.token,
        "slack_app_token": slack.app_token,
        "slack_api_base_url": slack.url,
        "slack_operator_channel": "CDESK",
    }
    return Settings(**(given | changes))


async def found_of_slack(settings):
    return [finding async for finding in platforms.slack(settings)]


def nobody_listens():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


async def test_without_tokens_slack_asks_for_what_socket_mode_needs():
    [finding] = await found_of_slack(Settings())

    assert finding.verdict == "off"
    assert "SLACK_BOT_TOKEN と SLACK_APP_TOKEN" in finding.seen
    assert "SLACK_SIGNING_SECRET" not in finding.seen + finding.cure


async def test_with_a_signing_secret_slack_calls_over_http_and_needs_no_app_token(slack):
    settings = settings_for(slack, slack_app_token=None, slack_signing_secret=slack.signing_secret)

    assert [(finding.what, finding.verdict) for finding in await found_of_slack(settings)] == [
        ("Slack", "ok"),
        ("担当者のチャンネル", "ok"),
    ]


async def test_tokens_socket_and_channel_are_each_tried(slack):
    assert [(finding.what, finding.verdict) for finding in await found_of_slack(settings_for(slack))] == [
        ("Slack", "ok"),
        ("Slackからの受信（Socket Mode）", "ok"),
        ("担当者のチャンネル", "ok"),
    ]


@pytest.mark.parametrize(
    ("changes", "what", "cure"),
    [
        ({"slack_bot_token": "xoxb-another"}, "Slack", "Bot User OAuth Token"),
        ({"slack_app_token": "xapp-another"}, "Slackからの受信（Socket Mode）", "App-Level Tokens"),
        ({"slack_operator_channel": "desk"}, "担当者のチャンネル", "/invite"),
    ],
    ids=["bot token", "app token", "channel"],
)
async def test_each_wrong_value_has_its_own_cure(slack, changes, what, cure):
    [finding] = [
        each for each in await found_of_slack(settings_for(slack, **changes)) if each.verdict == "bad"
    ]

    assert finding.what == what
    assert cure in finding.cure


@pytest.mark.parametrize("code", ["token_revoked", "account_inactive"])
async def test_a_token_that_was_withdrawn_means_installing_again(slack, code):
    slack.fail("auth.test", Refused(code))

    finding = (await found_of_slack(settings_for(slack)))[0]

    assert "入れ直し" in finding.cure


async def test_a_missing_scope_is_named(slack):
    slack.scopes = frozenset({"chat:write"})

    [finding] = [each for each in await found_of_slack(settings_for(slack)) if each.verdict == "bad"]

    assert "権限 channels:history がありません" in finding.cure
    assert "入れ直して" in finding.cure


async def test_who_cannot_reach_slack_is_not_sent_for_a_new_token(slack):
    away = f"http://127.0.0.1:{nobody_listens()}/api/"

    findings = await found_of_slack(settings_for(slack, slack_api_base_url=away))

    assert {finding.cure for finding in findings} == {
        "インターネットの接続とプロキシ（HTTPS_PROXY）を確かめて、もう一度お試しください。トークンはそのままで大丈夫です"
    }


def line_settings(url, token):
    return Settings(
        line_channel_secret="secret",
        line_channel_access_token=token,
        line_api_base_url=url,
        line_data_api_base_url=url,
    )


async def test_a_token_that_line_refuses_is_to_be_issued_again():
    async with FakeLine.running() as line:
        [finding] = [each async for each in platforms.line(line_settings(line.url, "another"))]

    assert finding.verdict == "bad"
    assert "発行し直し" in finding.cure


async def test_who_cannot_reach_line_is_not_sent_for_a_new_token():
    settings = line_settings(f"http://127.0.0.1:{nobody_listens()}", "token")

    [finding] = [each async for each in platforms.line(settings)]

    assert "インターネットの接続" in finding.cure
    assert "発行し直し" not in finding.cure


@pytest.mark.parametrize(
    ("quota", "verdict", "seen"),
    [(None, "ok", "上限なし"), (200, "ok", "残り 200 通"), (0, "bad", "使い切りました")],
)
async def test_the_months_pushes_are_told(quota, verdict, seen):
    async with FakeLine.running(quota=quota) as line:
        *_, pushes = [each async for each in platforms.line(line_settings(line.url, line.access_token))]

    assert pushes.verdict == verdict
    assert seen in pushes.seen
