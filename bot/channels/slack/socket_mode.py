"""Socket Mode: the same listeners over a web socket that the bot opens, for hosts without a public address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler

if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncApp
    from slack_sdk.web.async_client import AsyncWebClient


class SlackSocket:
    """The web socket to Slack; the SDK keeps it open and renews it. Build it inside the running loop."""

    def __init__(self, app: AsyncApp, *, app_token: str, client: AsyncWebClient) -> None:
        # Without the client the handler would look for wss:// addresses at slack.com, whatever the base URL says.
        self._handler = AsyncSocketModeHandler(app, app_token, web_client=client)
        self._handler.client.proxy = client.proxy

    async def start(self) -> None:
        """Connect; tries until it succeeds."""
        await self._handler.connect_async()  # type: ignore[no-untyped-call]  # bolt leaves it so

    async def is_connected(self) -> bool:
        return await self._handler.client.is_connected()

    async def stop(self) -> None:
        """Close. What was received but not acknowledged is delivered again at the next start."""
        await self._handler.close_async()  # type: ignore[no-untyped-call]  # bolt leaves it so
