"""Socket Mode: the same listeners over a web socket that the bot opens, for hosts without a public address.

The SDK renews the socket, but is known to fall silent without noticing: its own watcher is a task that can die, and a socket
can be alive while no event comes through it any more. So another watcher stands outside, and replaces the whole of it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler

if TYPE_CHECKING:
    from aiohttp import WSMessage
    from slack_bolt.async_app import AsyncApp
    from slack_sdk.web.async_client import AsyncWebClient

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Seconds: how often Slack is pinged; how often the socket is looked at; how long Slack may owe the answer to a ping; how long no word at all may
    come (a new socket costs nothing, and what Slack could not deliver it delivers again); how long connecting may take.
    """

    ping: float = 10.0
    look: float = 5.0
    pong: float = 60.0
    words: float = 1800.0
    connecting: float = 30.0


class SlackSocket:
    """The web socket to Slack. Build it inside the running loop."""

    def __init__(
        self,
        app: AsyncApp,
        *,
        app_token: str,
        client: AsyncWebClient,
        patience: Patience = Patience(),
    ) -> None:
        self._app = app
        self._app_token = app_token
        self._web_client = client
        self._patience = patience
        self._stopped = asyncio.Event()
        self._heard_at = time.monotonic()
        self._handler = self._new_handler()

    async def run(self) -> None:
        """Connect, and see to it that the socket lives, until stopped."""
        await self.start()
        await self.watch()

    async def start(self) -> None:
        """Connect; tries until it succeeds."""
        await self._handler.connect_async()  # type: ignore[no-untyped-call]  # bolt leaves it so

    async def watch(self) -> None:
        """Replace the socket whenever it has fallen silent, until stopped."""
        while not self._stopped.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._patience.look):
                    await self._stopped.wait()
            if not self._stopped.is_set() and (why := self._silent()):
                log.warning("the socket is silent: %s", why, extra={"action": "slack_socket_silent"})
                await self._replace()

    async def is_connected(self) -> bool:
        return await self._handler.client.is_connected()

    async def stop(self) -> None:
        """Close. What was received but not acknowledged is delivered again at the next start."""
        self._stopped.set()
        await self._handler.close_async()  # type: ignore[no-untyped-call]  # bolt leaves it so

    def _new_handler(self) -> AsyncSocketModeHandler:
        # Without the client the handler would look for wss:// addresses at slack.com, whatever the base URL says.
        handler = AsyncSocketModeHandler(
            self._app, self._app_token, web_client=self._web_client, ping_interval=self._patience.ping
        )
        handler.client.proxy = self._web_client.proxy
        handler.client.on_message_listeners.append(self._on_words)
        return handler

    async def _on_words(self, message: WSMessage) -> None:
        del message
        self._heard_at = time.monotonic()

    def _silent(self) -> str:
        """Why nothing can be expected of the socket any more; "" while it lives."""
        client = self._handler.client
        tasks = (client.message_receiver, client.message_processor, client.current_session_monitor)
        if any(task is None or task.done() for task in tasks):
            return "a part of the SDK has ended"
        ponged = client.last_ping_pong_time
        if ponged is not None and time.time() - ponged > self._patience.pong:
            return "no answer to pings"
        if time.monotonic() - self._heard_at > self._patience.words:
            return "no word for long"
        return ""

    async def _replace(self) -> None:
        """A new socket first, then the old one goes; where none can be had, the next look tries again."""
        old, new = self._handler, self._new_handler()
        try:
            async with asyncio.timeout(self._patience.connecting):
                await new.connect_async()  # type: ignore[no-untyped-call]  # bolt leaves it so
        except TimeoutError:
            log.warning("no new socket could be had", extra={"action": "slack_socket_silent"})
            old, new = new, old
        self._handler = new
        self._heard_at = time.monotonic()
        if self._stopped.is_set():
            await new.close_async()  # type: ignore[no-untyped-call]  # bolt leaves it so
        await _closed(old, self._patience.connecting)
        log.info("the socket was replaced", extra={"action": "slack_socket_replaced"})


async def _closed(handler: AsyncSocketModeHandler, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await handler.close_async()  # type: ignore[no-untyped-call]  # bolt leaves it so
    except Exception:  # whatever a broken socket raises: it is given up anyway
        log.info("the old socket did not close", exc_info=True, extra={"action": "slack_socket_silent"})
