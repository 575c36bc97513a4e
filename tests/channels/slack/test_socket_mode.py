"""The same listeners over Socket Mode, through the real SDK's web socket."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.channels.slack.socket_mode import Patience, SlackSocket
from bot.core.messages import Said
from bot.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from slack_sdk.web.async_client import AsyncWebClient

    from bot.channels.slack.listeners import SlackListeners
    from tests.channels.slack.conftest import Ear
    from tests.fakes.slack import FakeSlack


@pytest.fixture(name="connected")
async def _connected(
    listeners: SlackListeners, client: AsyncWebClient, slack: FakeSlack
) -> AsyncIterator[SlackSocket]:
    connected = SlackSocket(listeners.app, app_token=slack.app_token, client=client)
    await connected.start()
    yield connected
    await connected.stop()


async def test_it_connects_where_the_base_url_says(slack: FakeSlack, connected: SlackSocket) -> None:
    assert await connected.is_connected()
    assert [call.method for call in slack.calls] == ["apps.connections.open"]


async def test_an_event_is_heard_and_acknowledged(slack: FakeSlack, connected: SlackSocket, ear: Ear) -> None:
    ack = await slack.over_socket("events_api", slack.mention("OCN").payload)

    assert ack is not None
    assert [one.content for one in ear.heard] == [Said(text="OCN", to_bot=True)]


async def test_commands_buttons_and_shortcuts_are_heard_too(
    slack: FakeSlack, connected: SlackSocket, ear: Ear
) -> None:
    acks = [
        await slack.over_socket("slash_commands", slack.command("OCN").payload),
        await slack.over_socket("interactive", slack.press("ticket_take", "ticket-1").payload),
        await slack.over_socket("interactive", slack.shortcut("OCN").payload),
    ]

    assert None not in acks
    assert len(ear.heard) == 3


async def test_help_comes_back_in_the_acknowledgement(slack: FakeSlack, connected: SlackSocket) -> None:
    ack = await slack.over_socket("slash_commands", slack.command("help").payload)

    assert ack is not None
    assert ack["payload"]["response_type"] == "ephemeral"


async def test_what_was_not_saved_is_not_acknowledged_and_comes_again(
    slack: FakeSlack, connected: SlackSocket, ear: Ear
) -> None:
    ear.failure = StoreError("the database is away")
    payload = slack.mention("OCN").payload
    first = await slack.over_socket("events_api", payload, seconds=0.3)

    ear.failure = None
    second = await slack.over_socket("events_api", payload, retry=1)

    assert first is None
    assert second is not None
    assert len(ear.heard) == 1


QUICK = Patience(ping=0.05, look=0.02, pong=0.5, words=60, connecting=5)


@pytest.fixture(name="watched")
async def _watched(
    listeners: SlackListeners, client: AsyncWebClient, slack: FakeSlack, request: pytest.FixtureRequest
) -> AsyncIterator[SlackSocket]:
    """A socket that is looked after, with the test's patience."""
    watched = SlackSocket(listeners.app, app_token=slack.app_token, client=client, patience=request.param)
    running = asyncio.create_task(watched.run())
    await slack.over_socket("events_api", slack.mention("OCN").payload)
    yield watched
    await watched.stop()
    await running


@pytest.mark.parametrize("watched", [QUICK], indirect=True, ids=[""])
async def test_a_socket_that_answers_no_ping_is_replaced_and_events_come_again(
    slack: FakeSlack, watched: SlackSocket, ear: Ear
) -> None:
    slack.fall_silent()

    await slack.until(lambda: slack.sockets_opened == 2)
    ack = await slack.over_socket("events_api", slack.mention("ぷらら").payload)

    assert ack is not None
    assert len(ear.heard) == 2


@pytest.mark.parametrize("watched", [QUICK], indirect=True, ids=[""])
@pytest.mark.parametrize("part", ["message_receiver", "message_processor", "current_session_monitor"])
async def test_a_part_of_the_sdk_that_dies_is_noticed(
    slack: FakeSlack, watched: SlackSocket, ear: Ear, part: str
) -> None:
    getattr(watched._handler.client, part).cancel()

    await slack.until(lambda: slack.sockets_opened == 2)
    ack = await slack.over_socket("events_api", slack.mention("OCN").payload)

    assert ack is not None


@pytest.mark.parametrize(
    "watched", [Patience(ping=0.05, look=0.02, pong=60, words=0.3, connecting=5)], indirect=True, ids=[""]
)
async def test_a_socket_that_lives_but_says_nothing_for_long_is_replaced(
    slack: FakeSlack, watched: SlackSocket
) -> None:
    await slack.until(lambda: slack.sockets_opened == 3)

    assert await watched.is_connected()


@pytest.mark.parametrize("watched", [replace(QUICK, pong=10)], indirect=True, ids=[""])
async def test_a_quiet_socket_that_answers_pings_stays(slack: FakeSlack, watched: SlackSocket) -> None:
    await slack.until(lambda: slack.pings >= 450)  # for longer than Slack may owe an answer

    assert slack.sockets_opened == 1
