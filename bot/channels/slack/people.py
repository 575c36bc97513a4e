"""Who Slack's users are called, and where the bot talks with each of them alone: asked once, then remembered."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from bot.channels.slack.failures import translated
from bot.errors import ChannelError, RefusedError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from slack_sdk.web.async_client import AsyncWebClient

_SECONDS = 1.0
"""Of the three that Slack waits: what is not known by then is done without."""

_MOST = 10_000

log = logging.getLogger(__name__)


class People:
    """What Slack refuses to tell is "". What it did not tell in time is "" too, and asked again."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._names: dict[str, str] = {}
        self._talks: dict[str, str] = {}

    async def name_and_talk(self, user: str) -> tuple[str, str]:
        """`name_of` and `talk_with`, asked side by side."""
        name, talk = await asyncio.gather(self.name_of(user), self.talk_with(user))
        return name, talk

    async def name_of(self, user: str) -> str:
        """How *user* is called by colleagues."""
        return await _once(user, self._names, self._ask_name)

    async def talk_with(self, user: str) -> str:
        """The channel of the direct messages between *user* and the bot."""
        return await _once(user, self._talks, self._ask_talk)

    async def _ask_name(self, user: str) -> str:
        with translated("users.info"):
            answer = await self._client.users_info(user=user)
        profile: dict[str, Any] = (answer.get("user") or {}).get("profile") or {}
        return str(profile.get("display_name") or profile.get("real_name") or "")

    async def _ask_talk(self, user: str) -> str:
        with translated("conversations.open"):
            answer = await self._client.conversations_open(users=user)
        return str((answer.get("channel") or {}).get("id", ""))


async def _once(user: str, known: dict[str, str], ask: Callable[[str], Awaitable[str]]) -> str:
    if user in known:
        return known[user]
    try:
        async with asyncio.timeout(_SECONDS):
            found = await ask(user)
    except RefusedError as refusal:
        log.warning("not told: %s", refusal, extra={"action": "slack_person"})
        found = ""
    except (ChannelError, TimeoutError) as error:
        log.info("not told in time: %s", error, extra={"action": "slack_person"})
        return ""
    if len(known) >= _MOST:
        known.clear()
    known[user] = found
    return found
