"""How quickly the platforms are answered, and an id for every HTTP request."""

from __future__ import annotations

import secrets
import time
from functools import cache
from itertools import count
from typing import TYPE_CHECKING

from bot.desk.watching import caused_by

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from bot.watching.metrics import Metrics

_ID_HEADERS = (b"x-line-request-id", b"x-request-id")
_LONGEST_ID = 64

_PROCESS = secrets.token_hex(4)
_NUMBERS = count(1)
"""Requests without an id of their own are counted: a random one each would take as long as all the rest of this."""


class Acks:
    """ASGI middleware: times the answers of *paths*, by status; log lines in between bear the request's id."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics, paths: frozenset[str]) -> None:
        self._app = app
        self._acks = cache(metrics.acks.labels)
        self._paths = paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] not in self._paths:
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()

        async def timed(message: Message) -> None:
            if message["type"] == "http.response.start":
                seconds = time.perf_counter() - began
                self._acks(scope["path"], str(message["status"])).observe(seconds)
            await send(message)

        with caused_by(_request_id(dict(scope["headers"]))):
            await self._app(scope, receive, timed)


def _request_id(headers: Mapping[bytes, bytes]) -> str:
    """The id that the platform or a proxy gave; a new one where it is missing or could spoil a log."""
    given = next((headers[name] for name in _ID_HEADERS if name in headers), b"").decode("latin-1")
    if given and len(given) <= _LONGEST_ID and given.isascii() and given.replace("-", "").isalnum():
        return f"http:{given}"
    return f"http:{_PROCESS}-{next(_NUMBERS)}"
