"""The load: signed LINE webhooks in a process of its own.

usage: python -m bench.load PLAN     a `Plan` as JSON; prints, as JSON, one [sent, acknowledged, status] for each event

A user's events travel on one connection, so that each is acknowledged before the next is sent: their order is known.
With a rate, an event's time counts from when it should have been sent, also if its connection was still busy.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import sys
import time
from collections import deque
from dataclasses import asdict, dataclass
from functools import partial
from typing import cast

from bench.http1 import cut, request
from bench.loops import run

TEXTS = (
    "昨日からメールが受信できません",
    "OCNです",
    "Outlookを使っています",
    "エラー0x800CCC0Fが出ます",
    "受信サーバーのポート番号は995ですか？",
    "送信はできるのに受信だけできないです",
    "iPhoneのメールの設定を教えてください",
    "ありがとうございました",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`rate` is events a second; 0 sends the next when the last is acknowledged. Events are numbered from `first`.

    Event number n is of user `first_user` + n × `stride` mod `users`.
    """

    port: int
    secret: str
    events: int
    users: int = 2000
    first_user: int = 0
    stride: int = 1
    connections: int = 64
    rate: float = 0.0
    first: int = 0
    path: str = "/line/webhook"

    def written(self) -> str:
        return json.dumps(asdict(self))

    def user_of(self, number: int) -> int:
        return self.first_user + number * self.stride % self.users


def token_of(number: int) -> str:
    """The reply token of event *number*: what comes back with it tells which event was answered."""
    return f"reply{number:011d}"


def number_of(token: str) -> int:
    """The event that a reply token was made for."""
    return int(token.removeprefix("reply"))


def webhook(number: int, plan: Plan) -> bytes:
    """The signed request that brings event *number*."""
    user = f"U{plan.user_of(number):032x}"
    event = {
        "type": "message",
        "mode": "active",
        "timestamp": int(time.time() * 1000),
        "webhookEventId": f"01BENCH{number:019d}",
        "deliveryContext": {"isRedelivery": False},
        "source": {"type": "user", "userId": user},
        "replyToken": token_of(number),
        "message": {
            "type": "text",
            "id": f"5{number:017d}",
            "quoteToken": "q3Plxr4AgKd",
            "text": TEXTS[(number // plan.users) % len(TEXTS)],
        },
    }
    body = json.dumps({"destination": f"U{0:032x}", "events": [event]}, ensure_ascii=False).encode()
    digest = hmac.new(plan.secret.encode(), body, hashlib.sha256).digest()
    headers = {"content-type": "application/json", "x-line-signature": base64.b64encode(digest).decode()}
    return request(plan.path, headers, body)


class Connection(asyncio.Protocol):
    """Sends its events one after the other."""

    def __init__(self, numbers: deque[int], plan: Plan, began: float, results: dict[int, Result]) -> None:
        self.over = asyncio.get_running_loop().create_future()
        self._numbers = numbers
        self._requests = deque(webhook(number, plan) for number in numbers)
        self._plan = plan
        self._began = began
        self._results = results
        self._buffer = bytearray()
        self._due = 0.0
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)  # uvloop's are no subclasses
        self._next()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while message := cut(self._buffer):
            number = self._numbers.popleft()
            self._results[number] = (self._due, time.monotonic(), int(message.head.split(b" ", 2)[1]))
            self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        if not self.over.done():
            self.over.set_result(None)

    def _next(self) -> None:
        if not self._numbers:
            if not self.over.done():
                self.over.set_result(None)
            return
        now = time.monotonic()
        place = self._numbers[0] - self._plan.first
        self._due = self._began + place / self._plan.rate if self._plan.rate else now
        if self._due > now:
            asyncio.get_running_loop().call_later(self._due - now, self._send)
        else:
            self._send()

    def _send(self) -> None:
        assert self._transport is not None
        self._transport.write(self._requests.popleft())


Result = tuple[float, float, int]


async def main() -> None:
    """Send what the plan says and print what came of it."""
    plan = Plan(**json.loads(sys.argv[1]))
    shares: list[deque[int]] = [deque() for _ in range(plan.connections)]
    for number in range(plan.first, plan.first + plan.events):
        shares[plan.user_of(number) % plan.connections].append(number)
    results: dict[int, Result] = {}
    loop = asyncio.get_running_loop()
    # Signing everything beforehand takes a while; the clock starts after it.
    began = time.monotonic() + 0.5 + plan.events * 30e-6
    connections = [Connection(share, plan, began, results) for share in shares if share]
    if not plan.rate:
        began = time.monotonic()
    await asyncio.gather(
        *(loop.create_connection(partial(_itself, each), "127.0.0.1", plan.port) for each in connections)
    )
    await asyncio.gather(*(connection.over for connection in connections))
    json.dump(sorted((number, *result) for number, result in results.items()), sys.stdout)


def _itself(connection: Connection) -> Connection:
    return connection


if __name__ == "__main__":
    run(main())
