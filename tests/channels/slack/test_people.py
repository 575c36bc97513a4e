"""Who people are: asked once, and asked again where Slack did not tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.channels.slack.people import People
from tests.fakes.slack import RateLimited, Refused

if TYPE_CHECKING:
    from slack_sdk.web.async_client import AsyncWebClient

    from tests.fakes.slack import FakeSlack


@pytest.fixture(name="people")
def _people(client: AsyncWebClient) -> People:
    return People(client)


async def test_a_person_is_called_by_the_name_they_chose_or_by_their_own(
    slack: FakeSlack, people: People
) -> None:
    slack.users["U1"] = {"profile": {"display_name": "佐藤", "real_name": "佐藤 一郎"}}
    slack.users["U2"] = {"profile": {"display_name": "", "real_name": "鈴木 二郎"}}

    assert [await people.name_of(user) for user in ("U1", "U2", "U3")] == ["佐藤", "鈴木 二郎", ""]


async def test_what_slack_told_is_not_asked_again(slack: FakeSlack, people: People) -> None:
    slack.users["U1"] = {"profile": {"display_name": "佐藤"}}

    told = [await people.name_and_talk("U1") for _ in range(3)]

    assert told == [("佐藤", "D1")] * 3
    assert sorted(call.method for call in slack.calls) == ["conversations.open", "users.info"]


async def test_what_slack_refuses_to_tell_is_not_asked_again(slack: FakeSlack, people: People) -> None:
    slack.fail("conversations.open", Refused("missing_scope"))

    assert [await people.talk_with("U1"), await people.talk_with("U1")] == ["", ""]


async def test_what_slack_did_not_tell_is_asked_again(slack: FakeSlack, people: People) -> None:
    slack.fail("conversations.open", RateLimited())

    assert [await people.talk_with("U1"), await people.talk_with("U1")] == ["", "D1"]
