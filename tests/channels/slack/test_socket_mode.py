"""The same listeners over Socket Mode, through the real SDK's web socket."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.channels.slack.socket_mode import SlackSocket
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
