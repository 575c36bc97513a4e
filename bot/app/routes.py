"""The web application: what is answered at which address."""

from __future__ import annotations

import logging
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from bot.app.building import running
from bot.app.clock import SystemClock
from bot.core.links import SETUP_PATH
from bot.core.one_tap import setup
from bot.desk.media import PATH
from bot.errors import ChannelError, RefusedError
from bot.watching.acks import Acks
from bot.watching.metrics import CONTENT_TYPE, Metrics
from bot.watching.openapi import document

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request

    from bot.app.service import Service
    from bot.core.library import Library
    from bot.core.providers import Provider
    from bot.desk.ports import Clock, Prober
    from bot.settings import Settings

log = logging.getLogger(__name__)

WEBHOOKS = frozenset({"/line/webhook", "/slack/events"})


def make_app(
    settings: Settings,
    *,
    clock: Clock | None = None,
    library: Library | None = None,
    prober: Prober | None = None,
) -> Starlette:
    """The web application. Everything is built when it starts and taken down, in reverse, when it stops.

    *library* is the content to begin with, if it is loaded already; *prober* looks at mail servers, left out: over the
    internet.

    Raises (at start):
        ContentError: a YAML file is wrong.
        StoreError: the database is away or does not fit.
    """
    metrics = Metrics()

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with running(settings, clock or SystemClock(), metrics, library, prober) as service:
            app.state.service = service
            yield

    return Starlette(
        routes=[
            Route("/line/webhook", _line_webhook, methods=["POST"]),
            Route("/slack/events", _slack_events, methods=["POST"]),
            Route("/healthz", _healthz),
            Route("/readyz", _readyz),
            Route("/metrics", _metrics),
            Route("/openapi.json", _openapi),
            Route(f"{PATH}{{token}}", _media),
            Route(f"{SETUP_PATH}{{token}}", _setup_page),
            Route(f"{SETUP_PATH}{{token}}/{setup.APPLE}", _setup_apple),
            Route(f"{SETUP_PATH}{{token}}/{setup.AUTOCONFIG}", _setup_autoconfig),
        ],
        middleware=[Middleware(Acks, metrics=metrics, paths=WEBHOOKS)],
        lifespan=lifespan,
    )


async def _media(request: Request) -> Response:
    """An operator's picture, for whoever has its link while that is good."""
    service: Service = request.app.state.service
    if service.links is None or service.files is None:
        return Response(status_code=404)
    asked = service.links.read(request.path_params["token"], service.links.clock.now())
    if asked is None:
        return Response(status_code=404)
    file_id, preview = asked
    try:
        blob = await service.files.fetch(file_id, preview=preview)
    except ChannelError as error:
        log.warning("media not fetched: %s", error, extra={"action": "media"})
        return Response(status_code=404 if isinstance(error, RefusedError) else 503)
    safe = {"x-content-type-options": "nosniff", "content-security-policy": "default-src 'none'; sandbox"}
    shown = blob.media_type.startswith(("image/", "video/", "audio/")) and blob.media_type != "image/svg+xml"
    disposition = {} if shown else {"content-disposition": "attachment"}
    return Response(blob.data, media_type=blob.media_type, headers=safe | disposition)


SAFE_PAGE = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex",
}


async def _setup_page(request: Request) -> Response:
    """A provider's settings in one tap, for whoever has the link while it is good."""
    library = _library(request)
    provider = _set_up(request)
    if provider is None:
        return HTMLResponse(setup.over_page(library), status_code=404, headers=SAFE_PAGE)
    return HTMLResponse(setup.page(provider, request.path_params["token"], library), headers=SAFE_PAGE)


async def _setup_apple(request: Request) -> Response:
    provider = _set_up(request)
    document = setup.apple_document(provider, _library(request)) if provider else None
    return _setup_file(document, "application/x-apple-aspen-config", setup.APPLE)


async def _setup_autoconfig(request: Request) -> Response:
    provider = _set_up(request)
    document = setup.autoconfig_document(provider) if provider else None
    return _setup_file(document, "text/xml", "config-v1.1.xml")


def _setup_file(document: bytes | None, media_type: str, name: str) -> Response:
    if document is None:
        return Response(status_code=404, headers=SAFE_PAGE)
    disposition = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(document, media_type=media_type, headers=SAFE_PAGE | disposition)


def _set_up(request: Request) -> Provider | None:
    """The provider that the request's link names, if the link is good."""
    service: Service = request.app.state.service
    known = service.reception.setup
    name = known.read(request.path_params["token"], service.reception.clock.now()) if known else None
    return _library(request).providers.get(name or "")


def _library(request: Request) -> Library:
    service: Service = request.app.state.service
    return service.reception.library


async def _line_webhook(request: Request) -> Response:
    service: Service = request.app.state.service
    return await service.line.receive(request) if service.line else _off("line")


async def _slack_events(request: Request) -> Response:
    service: Service = request.app.state.service
    return await service.slack.handle(request) if service.slack else _off("slack")


def _off(channel: str) -> Response:
    return JSONResponse({"error": f"the channel {channel} is off; see `madoguchi doctor`"}, status_code=404)


async def _healthz(request: Request) -> Response:
    """Alive: the event loop answers."""
    del request
    return JSONResponse({"status": "alive"})


async def _readyz(request: Request) -> Response:
    """Ready: the database answers and fits, and the courier makes its rounds."""
    service: Service = request.app.state.service
    if why := await service.health.unready():
        return JSONResponse({"status": "not ready", "why": why}, status_code=503)
    return JSONResponse({"status": "ready"})


async def _metrics(request: Request) -> Response:
    """What Prometheus is told."""
    service: Service = request.app.state.service
    return Response(await service.health.exposed(), media_type=CONTENT_TYPE)


async def _openapi(request: Request) -> Response:
    """What is offered here."""
    del request
    return JSONResponse(document())
