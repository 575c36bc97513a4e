"""LINE's side of the bench, in a process of its own: takes replies and pushes, and notes what arrived and when.

usage: python -m bench.stand_in      says its port in the first line; ends when its input does

`POST /delay/0.08` sets how long it thinks, `GET /count` says how many replies and pushes were accepted, and
`GET /accepted` lists the replies as [token, time] and counts the pushes. As at LINE, a reply token works once and a retry
key is accepted once.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from typing import cast

from bench.http1 import answer, cut
from bench.loops import run

_TOKEN = re.compile(rb'"replyToken": ?"([^"]+)"')
_RETRY_KEY = re.compile(rb"\r\nx-line-retry-key: *([^\r]+)", re.IGNORECASE)
_SENT = answer(b'{"sentMessages":[{"id":"461230966842064897","quoteToken":"q"}]}')
_USED = answer(b'{"message":"Invalid reply token"}', status="400 Bad Request")
_UNKNOWN = answer(b'{"message":"Not found"}', status="404 Not Found")
_ACCEPTED_BEFORE = answer(b'{"message":"The retry key is already accepted"}', status="409 Conflict")


class Platform:
    """What was accepted: replies by their token, pushes by their retry key; `refused` counts second tries of either."""

    def __init__(self) -> None:
        self.delay = 0.0
        self.replies: dict[str, float] = {}
        self.pushes: set[str] = set()
        self.refused = 0

    def answer(self, head: bytes, body: bytes) -> bytes:
        """The answer to one call."""
        path = head.split(b" ", 2)[1].decode()
        match path.strip("/").split("/"):
            case ["count"]:
                return _json(len(self.replies) + len(self.pushes))
            case ["accepted"]:
                told = {"replies": list(self.replies.items()), "pushes": len(self.pushes)}
                return _json(told | {"refused": self.refused})
            case ["delay", seconds]:
                self.delay = float(seconds)
                return _json(self.delay)
            case ["v2", "bot", "message", "reply"]:
                return self._replied(body)
            case ["v2", "bot", "message", "push"]:
                return self._pushed(head)
            case ["v2", "bot", "message", "quota"]:
                return _json({"type": "none"})
            case ["v2", "bot", "message", "quota", "consumption"]:
                return _json({"totalUsage": len(self.pushes)})
            case _:
                return _UNKNOWN

    def _replied(self, body: bytes) -> bytes:
        found = _TOKEN.search(body)
        token = found[1].decode() if found else ""
        if not token or token in self.replies:
            self.refused += 1
            return _USED
        self.replies[token] = time.monotonic()
        return _SENT

    def _pushed(self, head: bytes) -> bytes:
        found = _RETRY_KEY.search(head)
        key = found[1].decode() if found else ""
        if key in self.pushes:
            self.refused += 1
            return _ACCEPTED_BEFORE
        self.pushes.add(key)
        return _SENT


class Connection(asyncio.Protocol):
    """One connection of the service."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._buffer = bytearray()
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)  # uvloop's are no subclasses

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while message := cut(self._buffer):
            answered = self._platform.answer(*message)
            if self._platform.delay and b" /v2/" in message.head:
                asyncio.get_running_loop().call_later(self._platform.delay, self._write, answered)
            else:
                self._write(answered)

    def _write(self, data: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)


def _json(value: object) -> bytes:
    return answer(json.dumps(value).encode())


async def main() -> None:
    """Listen until the input ends."""
    platform = Platform()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(platform), "127.0.0.1", 0, backlog=1024)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    run(main())
