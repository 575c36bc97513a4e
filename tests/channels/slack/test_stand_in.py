"""The stand-in is strict: what the tests lean on is refused there as Slack refuses it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from slack_sdk.errors import SlackApiError

from tests.fakes.slack_blocks import effects, problems

if TYPE_CHECKING:
    from slack_sdk.web.async_client import AsyncWebClient

    from tests.fakes.slack import FakeSlack


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def actions(*buttons: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(buttons)}


def button(label: str = "x", **more: Any) -> dict[str, Any]:
    return {"type": "button", "text": {"type": "plain_text", "text": label}, "action_id": "a", **more}


@pytest.mark.parametrize(
    "blocks",
    [
        [section("x")] * 51,
        [section("x" * 3_001)],
        [section("")],
        [section("x" * 2_900)] * 5,
        [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}],
        [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}],
        [{"type": "section"}],
        [{"type": "section", "fields": [{"type": "mrkdwn", "text": "x"}] * 11}],
        [{"type": "context", "elements": [{"type": "mrkdwn", "text": "x"}] * 11}],
        [actions(*(button(action_id=str(number)) for number in range(26)))],
        [actions(button(), button())],
        [actions(button("x" * 76))],
        [actions(button(value="x" * 2_001))],
        [actions(button(value=""))],
        [actions(button(style="green"))],
        [actions(button(colour="red"))],
        [{"type": "rich_text", "elements": []}],
        [{"type": "sonnet"}],
    ],
    ids=str,
)
async def test_blocks_that_break_a_limit_are_refused(
    slack: FakeSlack, client: AsyncWebClient, blocks: list[dict[str, Any]]
) -> None:
    with pytest.raises(SlackApiError, match=r"invalid_blocks|msg_blocks_too_long"):
        await client.chat_postMessage(channel="C1", text="x", blocks=blocks)

    assert slack.complaints
    assert slack.posts == []


def test_sound_blocks_are_taken() -> None:
    assert list(problems([section("x" * 3_000), actions(button("x" * 75, value="v", style="primary"))])) == []


def test_mentions_and_links_are_seen() -> None:
    assert effects("<!here>", [section("<@U1> <https://a.example|x> https://b.example")]) == {
        "!here",
        "@U1",
        "https://a.example",
        "https://b.example",
    }


async def test_an_update_of_too_many_bytes_is_refused(slack: FakeSlack, client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel="C1", text="x")

    with pytest.raises(SlackApiError, match="msg_too_long"):
        await client.chat_update(channel="C1", ts=posted["ts"], text="あ" * 1_400)


async def test_a_file_is_uploaded_in_its_three_steps(slack: FakeSlack, client: AsyncWebClient) -> None:
    await client.files_upload_v2(
        channel="C1", content="写真", filename="a.txt", thread_ts="1767000000.000001"
    )

    (upload,) = slack.uploads
    assert upload["content"].decode() == "写真"
    assert (upload["name"], upload["channel"], upload["thread"]) == ("a.txt", "C1", "1767000000.000001")


async def test_people_channels_links_and_views_are_known(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.users = {"U1": {"id": "U1", "real_name": "山田"}}
    view = {"type": "home", "blocks": [section("x")]}

    user = await client.users_info(user="U1")
    link = await client.chat_getPermalink(channel="C1", message_ts="1767000000.000001")
    channel = await client.conversations_info(channel="C1")
    await client.views_publish(user_id="U1", view=view)

    assert user["user"]["real_name"] == "山田"
    assert link["permalink"].endswith("/C1/p1767000000000001")
    assert channel["channel"]["is_member"]
    assert slack.views[0]["view"] == view
    with pytest.raises(SlackApiError, match="user_not_found"):
        await client.users_info(user="U2")
