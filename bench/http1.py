"""The least HTTP/1.1 that a load generator and a stand-in need: on two cores, their share is taken from the service."""

from __future__ import annotations

import re
from typing import NamedTuple

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_END = b"\r\n\r\n"


class Message(NamedTuple):
    """A request or an answer: its first line with the headers, and its body."""

    head: bytes
    body: bytes


def cut(buffer: bytearray) -> Message | None:
    """Take the first whole message off the front of *buffer*; None while it has not arrived."""
    end = buffer.find(_END)
    if end < 0:
        return None
    announced = _LENGTH.search(buffer, 0, end)
    start = end + len(_END)
    whole = start + (int(announced[1]) if announced else 0)
    if len(buffer) < whole:
        return None
    message = Message(bytes(buffer[:end]), bytes(buffer[start:whole]))
    del buffer[:whole]
    return message


def request(path: str, headers: dict[str, str], body: bytes) -> bytes:
    """A POST of *body*, on a connection that stays open."""
    lines = [f"POST {path} HTTP/1.1", "host: 127.0.0.1", f"content-length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + _END + body


def answer(body: bytes, *, status: str = "200 OK") -> bytes:
    """An answer of JSON."""
    head = f"HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {len(body)}"
    return head.encode() + _END + body
