"""The whole service as it runs: uvicorn on 127.0.0.1, real SDKs, a SQLite file, and stand-ins of both platforms."""

from __future__ import annotations

import asyncio
import io
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
import uvicorn
from pydantic import SecretStr

from bot.app import make_app
from bot.settings import Settings
from tests.fakes.line import FakeLine
from tests.fakes.slack import FakeSlack

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from pathlib import Path

    from tests.fakes.slack import Request

DESK = "CDESK"
DELIVERIES, NOT_SAVED = 4, 500


@dataclass(kw_only=True)
class Shop:
    """A running service and the world around it."""

    line: FakeLine
    slack: FakeSlack
    settings: Settings
    url: str = ""
    http: aiohttp.ClientSession

    async def customer(self, text: str, **changes) -> int:
        """A customer writes on LINE; the webhook's status in the end."""
        return await self._from_line(self.line.event_body(text, **changes))

    async def tap(self, label: str, **changes) -> int:
        """A customer taps a quick reply of the last answer."""
        return await self._from_line(self.line.pressed(label, **changes))

    async def webhook(self, body: bytes, headers: dict[str, str] | None = None) -> int:
        """One delivery from LINE, and no other whatever its status is."""
        signed = self.line.signed(body) if headers is None else headers
        return await self._post("/line/webhook", body, signed)

    async def slack_sends(self, request: Request) -> int:
        """An event, which Slack delivers again when it was not saved; or a press, which its user repeats."""
        for _ in range(DELIVERIES):
            status = await self.delivered(request)
            if status != NOT_SAVED:
                break
        return status

    async def delivered(self, request: Request) -> int:
        """One delivery from Slack, and no other whatever its status is."""
        return await self._post("/slack/events", request.body, request.headers)

    async def _from_line(self, body: bytes) -> int:
        """As LINE does: what was not saved, as on a machine too busy for a while, is delivered again."""
        status = await self.webhook(body)
        for _ in range(DELIVERIES - 1):
            if status != NOT_SAVED:
                break
            status = await self.webhook(self.line.redelivered(body))
        return status

    async def _post(self, path: str, body: bytes, headers: Mapping[str, str]) -> int:
        async with self.http.post(f"{self.url}{path}", data=io.BytesIO(body), headers=headers) as answer:
            return answer.status

    async def answer(self, count: int) -> str:
        """All words of the *count*th message that LINE accepted from the service."""
        sent = await self.line.wait_for(count)
        return "\n".join(sent[count - 1].texts)

    async def get(self, path: str) -> tuple[int, str]:
        async with self.http.get(f"{self.url}{path}") as answer:
            return answer.status, await answer.text()


@asynccontextmanager
async def serving(settings: Settings, **parts: Any) -> AsyncIterator[str]:
    """The service, up: its address. Starting and stopping is done here, so that a fault of it is a test's failure.
    *parts* take the place of its own: its clock, or how it looks at mail servers.
    """
    app = make_app(settings, **parts)
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    server.capture_signals = nullcontext
    async with app.router.lifespan_context(app):
        listening = config.bind_socket()
        listening.listen()  # who calls before the server is up waits for it
        task = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            await task


def settings_for(line: FakeLine, slack: FakeSlack, data_dir: Path, **changes) -> Settings:
    """Settings that point at the stand-ins; the person's own .env is not read."""
    values = {
        "line_channel_secret": SecretStr(line.secret),
        "line_channel_access_token": SecretStr(line.access_token),
        "line_api_base_url": line.url,
        "line_data_api_base_url": line.data_url,
        "slack_bot_token": SecretStr(slack.token),
        "slack_signing_secret": SecretStr(slack.signing_secret),
        "slack_api_base_url": slack.url,
        "slack_operator_channel": DESK,
        "madoguchi_data_dir": data_dir,
        "madoguchi_look": False,
    }
    return Settings(_env_file=None, **(values | changes))


@pytest.fixture(name="line")
async def _line() -> AsyncIterator[FakeLine]:
    async with FakeLine.running() as line:
        yield line


@pytest.fixture(name="slack")
async def _slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack.running() as slack:
        yield slack


@pytest.fixture(name="shop")
async def _shop(line: FakeLine, slack: FakeSlack, tmp_path: Path) -> AsyncIterator[Shop]:
    settings = settings_for(line, slack, tmp_path)
    async with serving(settings) as url, aiohttp.ClientSession() as http:
        yield Shop(line=line, slack=slack, settings=settings, url=url, http=http)
