from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
import uvicorn

from bot.channels.line.sender import LineSender
from tests.fakes.line import FakeLine


class HandClock:
    """A clock that moves only when told to."""

    def __init__(self) -> None:
        self.time = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    def advance(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


@pytest.fixture(name="clock")
def _clock():
    return HandClock()


@pytest.fixture(name="line")
async def _line(clock):
    async with FakeLine.running(now=clock.now) as line:
        yield line


@pytest.fixture(name="sender")
async def _sender(line, clock):
    async with started(line, clock, seconds=10.0) as sender:
        yield sender


@pytest.fixture(name="impatient")
async def _impatient(line, clock):
    """A sender that does not wait long for an answer."""
    async with started(line, clock, seconds=0.5) as sender:
        yield sender


@asynccontextmanager
async def started(line, clock, *, seconds):
    sender = LineSender(
        line.access_token, clock, api_url=line.url, data_url=line.data_url, connections=20, timeout=seconds
    )
    await sender.start()
    yield sender
    await sender.stop()


@pytest.fixture(name="served")
def _served():
    """Serves an ASGI app on a free port of 127.0.0.1; yields its URL."""

    @asynccontextmanager
    async def served(app):
        config = uvicorn.Config(app, port=0, lifespan="off", ws="none", log_config=None)
        config.load()
        server = uvicorn.Server(config)
        server.lifespan = config.lifespan_class(config)
        await server.startup()
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
        await server.shutdown()

    return served
