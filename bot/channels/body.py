"""What a platform posts, read before anything is known of it: never more than a limit, never for longer than a while."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.requests import ClientDisconnect

if TYPE_CHECKING:
    from starlette.requests import Request

LIMIT = 1024 * 1024
"""Bytes; what platforms send is far smaller."""

SECONDS = 10.0


async def body_of(request: Request) -> bytes | None:
    """The raw body; None when it is too large, too slow or broken off."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > LIMIT:
        return None
    body = bytearray()
    try:
        async with asyncio.timeout(SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > LIMIT:
                    return None
    except (TimeoutError, ClientDisconnect):
        return None
    return bytes(body)
