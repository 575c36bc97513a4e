"""`madoguchi serve`: the LINE and Slack service."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import logging
import signal
import socket
import sys
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

import click
import uvicorn

from bot.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.settings import Settings


_M_ARENA_MAX = -8
"""From glibc's malloc.h."""


@click.command(
    help="""\b
    LINEとSlackのサービスを始めます。Ctrl-C か SIGTERM で止まります
    （送っている途中のものは、送り終えてから）。
    """
)
def serve() -> None:
    """Serve LINE and Slack until stopped (Ctrl-C or SIGTERM); sends under way are finished first."""
    from bot.settings import Settings

    _share_one_heap()
    gc.disable()  # until the service is up: there is next to no rubbish before, and much to walk over
    settings = Settings.load()
    for line in channels_at_a_glance(settings):
        click.echo(line, err=True)
    if settings.line_missing and settings.slack_missing:
        raise SettingsError(
            [
                "LINEもSlackも設定されていません。何を書けばよいかは madoguchi doctor が教えます（設定なしで試すなら madoguchi chat）"
            ]
        )
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        sys.exit(runner.run(_serve(settings)))


def _share_one_heap() -> None:
    """Threads that hold Python's lock in turn need no heaps of their own: 3 MB less. Only glibc knows of such heaps."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, 1)


def channels_at_a_glance(settings: Settings) -> list[str]:
    """One line a channel: on, or off and what it lacks."""
    lines = []
    for name, missing in (("LINE", settings.line_missing), ("Slack", settings.slack_missing)):
        state = f"使いません（{'、'.join(missing)} がありません）" if missing else "使います"
        lines.append(f"{name}: {state}")
    if not settings.slack_missing and not settings.slack_operator_channel:
        lines.append("有人対応: お電話のご案内だけになります（SLACK_OPERATOR_CHANNEL がありません）")
    return lines


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop, where it is to be had; it is not for Windows."""
    try:
        from uvloop import new_event_loop
    except ImportError:
        return None
    return new_event_loop


class _Server(uvicorn.Server):
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        # Content, SDKs and their models are here for good. To walk them again at each full collection would stop the
        # service for 50 ms and more, in the middle of its work. What an event leaves behind is nearly all gone without
        # the collector: to look for the rest at every 700 objects, as is usual, takes a tenth of all work.
        gc.freeze()
        gc.set_threshold(20_000, 10, 10)
        gc.enable()


async def _serve(settings: Settings) -> int:
    from bot.app import make_app
    from bot.app.one_core import on_one_core
    from bot.content.library import load_library
    from bot.logs import log_to_stderr

    # Faults in YAML are told as they are, before anything is opened.
    library = load_library(
        intents_dir=settings.madoguchi_intents_dir, providers_dir=settings.madoguchi_providers_dir
    )
    log_to_stderr(logging.INFO, secrets=settings.secrets)
    config = uvicorn.Config(
        make_app(settings, library=library),
        host=settings.madoguchi_host,
        port=settings.madoguchi_port,
        log_config=None,
        access_log=False,
        proxy_headers=False,  # nobody asks who called: what counts is the signature
        lifespan="on",
        timeout_graceful_shutdown=10,
    )
    server = _Server(config)
    with _bound(settings) as listening, _ended_by_signals(server):
        try:
            async with on_one_core():
                await server.serve(sockets=[listening])
        except SystemExit:  # uvicorn's own way out of a failed start; why it failed stands in the log
            return 1
    return 0 if server.started else 1


def _bound(settings: Settings) -> socket.socket:
    """The service's socket, listening: who calls while the service starts waits instead of being refused."""
    host, port = settings.madoguchi_host, settings.madoguchi_port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise SettingsError(
            [
                f"MADOGUCHI_HOST、MADOGUCHI_PORT: {host} のポート {port} で待ち受けられません（{error.strerror}）"
            ]
        ) from None


@contextmanager
def _ended_by_signals(server: uvicorn.Server) -> Iterator[None]:
    """SIGTERM and Ctrl-C end the service in good order, with exit code 0: uvicorn itself would raise them again."""
    server.capture_signals = nullcontext  # type: ignore[assignment,method-assign]  # its own way of the same
    before = {each: signal.signal(each, server.handle_exit) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
