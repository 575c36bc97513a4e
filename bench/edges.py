"""What an event costs at the edges: its webhook over HTTP, and its answer's call to LINE. Microseconds of CPU."""

from __future__ import annotations

import asyncio
import time
from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route

from bench.load import Plan, token_of
from bench.processes import SECRET, free_port, load, stand_in
from bot.app.clock import SystemClock
from bot.app.routes import WEBHOOKS
from bot.channels.line.sender import LineSender
from bot.channels.line.webhook import LineWebhook
from bot.desk.ports import Parcel
from bot.watching.acks import Acks
from bot.watching.metrics import Metrics

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.messages import Send, Utterance

AT_ONCE = 64


class _Nobody:
    """Fulfils `bot.desk.ports.Listener` by not listening."""

    async def hear(self, utterance: Utterance) -> None:
        del utterance


async def webhooks(events: int) -> float:
    """A webhook from the socket to the utterance, and its 200; nobody hears it."""
    webhook = LineWebhook(SECRET, _Nobody(), SystemClock())
    app = Starlette(
        routes=[Route("/line/webhook", webhook.receive, methods=["POST"])],
        middleware=[Middleware(Acks, metrics=Metrics(), paths=WEBHOOKS)],
    )
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None, access_log=False))
    server.capture_signals = nullcontext  # type: ignore[assignment,method-assign]  # this process has its own ways to end
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - it tells nobody
        await asyncio.sleep(0.01)
    began = time.thread_time()
    await asyncio.to_thread(load, Plan(port=port, secret=SECRET, events=events))
    cost = time.thread_time() - began
    server.should_exit = True
    await serving
    return cost / events * 1e6


async def calls(sends: Sequence[Send]) -> float:
    """A reply from its parts to LINE's answer."""
    with stand_in() as platform:
        sender = LineSender("access-token-of-the-bench", SystemClock(), api_url=platform.url)
        await sender.start()
        parcels = [_parcel(send, number) for number, send in enumerate(sends)]
        began = time.thread_time()
        for start in range(0, len(parcels), AT_ONCE):
            await asyncio.gather(*map(sender.deliver, parcels[start : start + AT_ONCE]))
        cost = time.thread_time() - began
        await sender.stop()
    return cost / len(sends) * 1e6


def _parcel(send: Send, number: int) -> Parcel:
    assert send.handle is not None
    send = replace(send, handle=replace(send.handle, token=token_of(number)))
    return Parcel(sends=(send,), key=send.id, attempt=1, target=send.address)
