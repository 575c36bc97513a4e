"""`madoguchi serve`: the LINE and Slack service."""

from __future__ import annotations

import asyncio
import logging
import sys
from typing import TYPE_CHECKING

import click

from bot.errors import SettingsError

if TYPE_CHECKING:
    from bot.settings import Settings


@click.command()
def serve() -> None:
    """Serve LINE and Slack until stopped (Ctrl-C or SIGTERM); sends under way are finished first."""
    from bot.settings import Settings

    settings = Settings.load()
    for line in channels_at_a_glance(settings):
        click.echo(line, err=True)
    if settings.line_missing and settings.slack_missing:
        raise SettingsError(
            ["no channel is configured; `madoguchi doctor` says what to set, `madoguchi chat` talks without"]
        )
    sys.exit(asyncio.run(_serve(settings)))


def channels_at_a_glance(settings: Settings) -> list[str]:
    """One line a channel: on, or off and what it lacks."""
    lines = []
    for name, missing in (("LINE", settings.line_missing), ("Slack", settings.slack_missing)):
        state = f"off (not set: {', '.join(missing)})" if missing else "on"
        lines.append(f"{name}: {state}")
    if not settings.slack_missing and not settings.slack_operator_channel:
        lines.append("hand-off: off (not set: SLACK_OPERATOR_CHANNEL)")
    return lines


async def _serve(settings: Settings) -> int:
    import uvicorn

    from bot.app import make_app
    from bot.content.library import load_library
    from bot.logs import log_to_stderr

    # Faults in YAML are told as they are, before anything is opened.
    load_library(intents_dir=settings.madoguchi_intents_dir, providers_dir=settings.madoguchi_providers_dir)
    log_to_stderr(logging.INFO)
    server = uvicorn.Server(
        uvicorn.Config(
            make_app(settings),
            host=settings.madoguchi_host,
            port=settings.madoguchi_port,
            log_config=None,
            access_log=False,
            lifespan="on",
            timeout_graceful_shutdown=10,
        )
    )
    await server.serve()
    return 0 if server.started else 1
