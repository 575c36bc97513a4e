"""The Slack channel as it runs: real bolt and SDK, uvicorn on 127.0.0.1, and a stand-in of Slack."""

from __future__ import annotations

import asyncio
import io
import socket
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import aiohttp
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route

from bot.channels.slack.endpoint import SlackEndpoint
from bot.channels.slack.listeners import SlackListeners, SlackOptions
from bot.channels.slack.sender import SlackSender
from bot.channels.slack.workspace import Workspace, open_client
from bot.core.messages import Choice, Reply, Text
from tests.fakes.slack import FakeSlack

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from slack_sdk.web.async_client import AsyncWebClient

    from bot.core.messages import Address, Utterance
    from tests.fakes.slack import Request

OPERATORS = "COPS"


class Ear:
    """A listener that keeps what it heard; `failure` is raised instead, `known` are the talks it takes part in."""

    def __init__(self) -> None:
        self.heard: list[Utterance] = []
        self.failure: Exception | None = None
        self.known: set[Address] = set()

    async def hear(self, utterance: Utterance) -> None:
        if self.failure is not None:
            raise self.failure
        self.heard.append(utterance)

    async def knows(self, address: Address) -> bool:
        if self.failure is not None:
            raise self.failure
        return address in self.known


class FixedClock:
    """It is always the same moment."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment


class Door:
    """The bot's own address on 127.0.0.1."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self._http = http
        self.url = url

    async def post(self, request: Request, **headers: str) -> int:
        return (await self.answer(request, **headers))[0]

    async def answer(self, request: Request, **headers: str) -> tuple[int, str]:
        async with self._http.post(
            self.url, data=io.BytesIO(request.body), headers={**request.headers, **headers}
        ) as answer:
            return answer.status, await answer.text()


@pytest.fixture(name="slack")
async def _slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack.running() as slack:
        yield slack


@pytest.fixture(name="client")
async def _client(slack: FakeSlack) -> AsyncIterator[AsyncWebClient]:
    async with open_client(slack.token, base_url=slack.url) as client:
        yield client


@pytest.fixture(name="clock")
def _clock() -> FixedClock:
    return FixedClock()


@pytest.fixture(name="ear")
def _ear() -> Ear:
    return Ear()


@pytest.fixture(name="listeners")
def _listeners(client: AsyncWebClient, slack: FakeSlack, ear: Ear, clock: FixedClock) -> SlackListeners:
    options = SlackOptions(
        signing_secret=slack.signing_secret,
        operator_channel=OPERATORS,
        prompts=(Choice(label="受信できない", says="メールが受信できません"), Choice(label="使い方")),
        command_help=Reply(parts=(Text(text="/mail のあとに、困りごとをそのまま書いてください。"),)),
    )
    return SlackListeners(Workspace(client), options, listener=ear, knows=ear.knows, clock=clock)


@pytest.fixture(name="sender")
def _sender(client: AsyncWebClient, clock: FixedClock) -> SlackSender:
    return SlackSender(client, clock=clock)


@pytest.fixture(name="door")
async def _door(listeners: SlackListeners, slack: FakeSlack) -> AsyncIterator[Door]:
    endpoint = SlackEndpoint(listeners.app, signing_secret=slack.signing_secret)
    app = Starlette(routes=[Route("/slack/events", endpoint.handle, methods=["POST"])])
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off", ws="none"))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        async with aiohttp.ClientSession() as http:
            yield Door(http, f"http://127.0.0.1:{listening.getsockname()[1]}/slack/events")
    finally:
        server.should_exit = True
        await serving
