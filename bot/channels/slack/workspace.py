"""The Web API client, and who the bot is in its workspace."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack.failures import translated

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

SLACK_API = "https://slack.com/api/"


@asynccontextmanager
async def open_client(
    token: str, *, base_url: str = SLACK_API, seconds: float = 10
) -> AsyncIterator[AsyncWebClient]:
    """A client on one pool of connections, which waits *seconds* for an answer.

    It never tries again by itself: the courier does, and knows what may have been sent.
    """
    timeout = aiohttp.ClientTimeout(total=seconds, connect=seconds / 2)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        client = AsyncWebClient(token=token, base_url=base_url, session=session, retry_handlers=[])
        client.proxy = proxy_for(base_url)
        yield client


def proxy_for(url: str) -> str | None:
    """The proxy of the environment for *url*. The SDK reads HTTPS_PROXY by itself, but never NO_PROXY."""
    parts = urlsplit(url)
    if not parts.hostname or proxy_bypass(parts.hostname):
        return None
    return getproxies().get(parts.scheme)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who the bot is: its workspace, its user (mentioned in texts) and its bot id (on what it posts)."""

    team: str
    user: str
    bot: str


class Workspace:
    """Asks Slack once who the bot is, and remembers the answer."""

    def __init__(self, client: AsyncWebClient) -> None:
        self.client = client
        self._identity: Identity | None = None

    async def identity(self) -> Identity:
        """The bot's identity.

        Raises:
            ChannelError: Slack did not tell; ask again later.
        """
        if self._identity is None:
            self._identity = await self._ask()
        return self._identity

    async def try_socket(self, app_token: str) -> None:
        """Ask for a web socket's address as Socket Mode does, and leave it at that.

        Raises:
            ChannelError: Slack gave none.
        """
        with translated("apps.connections.open"):
            await self.client.apps_connections_open(app_token=app_token)

    async def try_reading(self, channel: str) -> None:
        """Read one message of *channel*, as a member may.

        Raises:
            ChannelError: the bot may not.
        """
        with translated("conversations.history"):
            await self.client.conversations_history(channel=channel, limit=1)

    async def _ask(self) -> Identity:
        with translated("auth.test"):
            answer = await self.client.auth_test()
        return Identity(
            team=answer.get("team_id", ""), user=answer.get("user_id", ""), bot=answer.get("bot_id", "")
        )
