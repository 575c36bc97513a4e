"""The service in a process of its own, as an image or a unit starts it: nothing but its data folder to write to."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import aiohttp
import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM")


def a_free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def settings(data, port):
    """What the image sets, and LINE with a platform that nobody answers for."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(data),
        "PYTHONDONTWRITEBYTECODE": "1",
        "MADOGUCHI_DATA_DIR": str(data),
        "MADOGUCHI_LOOK": "off",
        "MADOGUCHI_PORT": str(port),
        "LINE_CHANNEL_SECRET": "not-a-secret",
        "LINE_CHANNEL_ACCESS_TOKEN": "not-a-token",
        "LINE_API_BASE_URL": "http://127.0.0.1:9",
        "LINE_DATA_API_BASE_URL": "http://127.0.0.1:9",
    }


async def the_first_answer(port):
    """The service is asked again until it listens; pytest's own patience ends it, and the process's end."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as http:
        while True:
            try:
                async with http.get(f"http://127.0.0.1:{port}/healthz") as answer:
                    return answer.status
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.05)


async def page(port, path):
    async with aiohttp.ClientSession() as http, http.get(f"http://127.0.0.1:{port}{path}") as answer:
        return answer.status, await answer.json()


async def test_it_starts_answers_and_ends_when_told_writing_only_to_its_data(tmp_path):
    data, elsewhere = tmp_path / "data", tmp_path / "elsewhere"
    data.mkdir()
    elsewhere.mkdir(mode=0o555)
    port = a_free_port()
    program = Path(sys.executable).with_name("madoguchi")
    process = await asyncio.create_subprocess_exec(
        program, "serve", cwd=elsewhere, env=settings(data, port), stdout=PIPE, stderr=PIPE
    )
    try:
        async with asyncio.timeout(30):
            assert await the_first_answer(port) == 200
            alive, ready = await page(port, "/healthz"), await page(port, "/readyz")
            process.send_signal(signal.SIGTERM)
            printed, logged = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()

    assert (alive[0], alive[1]["status"]) == (200, "alive")
    assert (ready[0], ready[1]["status"]) == (200, "ready")
    assert process.returncode in {0, -signal.SIGTERM}, logged.decode()
    assert printed == b"", "logs never go to stdout"
    actions = [
        json.loads(line).get("action") for line in logged.decode().splitlines() if line.startswith("{")
    ]
    assert (actions[-1], "start" in actions) == ("stop", True)
    assert list(elsewhere.iterdir()) == []
    assert (data / "madoguchi.sqlite3").is_file()
    assert not (data / "madoguchi.sqlite3-wal").exists(), "the database was closed"
