"""The composition root: builds the parts from the settings, wires the routes, owns the order of start and stop."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from bot.content.library import load_library
from bot.content.reloading import Reloader, state_of
from bot.core.links import SETUP_PATH, SetupLinks, signing_key
from bot.core.messages import Address, Channel, Reply, Say, Send, Text
from bot.core.one_tap import setup
from bot.core.outcome import Pushes
from bot.core.respond import respond
from bot.core.wording import Wording
from bot.desk.apprentice import Apprentice
from bot.desk.board import board
from bot.desk.clerk import Clerk
from bot.desk.courier import Courier, DeadLetter
from bot.desk.keeper import Keeper
from bot.desk.lookout import Lookout
from bot.desk.media import PATH, MediaLinks
from bot.desk.office import Office
from bot.desk.ports import Blob
from bot.desk.profiles import Profiles
from bot.desk.pushes import PushWatch, watch_job
from bot.desk.radar import Radar
from bot.desk.reception import Reception
from bot.desk.reminders import Reminders
from bot.desk.renewal import Renewal
from bot.desk.timers import Timers
from bot.errors import ChannelError, RefusedError
from bot.store.store import open_store
from bot.store.vault import Vault
from bot.watching.acks import Acks
from bot.watching.health import Health
from bot.watching.metrics import CONTENT_TYPE, Metrics
from bot.watching.openapi import document
from bot.watching.traces import open_traces
from bot.watching.watch import Watch

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence

    from starlette.requests import Request

    from bot.channels.line.render import Link
    from bot.channels.line.sender import Content as LineContent
    from bot.channels.line.sender import LineSender
    from bot.channels.line.webhook import LineWebhook
    from bot.channels.slack.endpoint import SlackEndpoint
    from bot.channels.slack.files import SlackFiles
    from bot.channels.slack.socket_mode import SlackSocket
    from bot.content.reloading import State
    from bot.core.library import Library
    from bot.core.messages import Media, Utterance
    from bot.core.outcome import Policy
    from bot.core.providers import Provider
    from bot.core.servers.findings import Observation
    from bot.desk.clerk import Handler
    from bot.desk.ports import Clock, Prober, Sender
    from bot.settings import Settings
    from bot.store.store import SqlStore

log = logging.getLogger(__name__)

WEBHOOKS = frozenset({"/line/webhook", "/slack/events"})

STOP_SECONDS = 10.0
"""How long sends under way may take to end when the service stops."""


class SystemClock:
    """Fulfils `bot.desk.ports.Clock` with the computer's own clock, except that it never goes back.

    If that is put back by an hour, what was due just now would be due in an hour, and leases would last as long. Until
    the next start this clock then stays ahead, and goes on at the same pace.
    """

    def __init__(
        self,
        *,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wall = wall
        self._ticks = ticks
        self._anchor = (wall(), ticks())

    def now(self) -> datetime:
        began, at = self._anchor
        ticks, wall = self._ticks(), self._wall()
        steady = began + timedelta(seconds=ticks - at)
        if wall < steady:
            return steady
        self._anchor = (wall, ticks)
        return wall


class Service:
    """The running service. A channel that is off is None."""

    line: LineWebhook | None = None
    slack: SlackEndpoint | None = None
    socket: SlackSocket | None = None
    health: Health
    apprentice: Apprentice | None = None

    plain_library: Library
    with_looks: Callable[[Library], Library]
    """The content in force without what looks have proved, and how that is added."""
    links: MediaLinks | None = None
    files: SlackFiles | None = None
    customers_files: Callable[[str], Awaitable[LineContent]] | None = None

    def __init__(
        self,
        *,
        store: SqlStore,
        reception: Reception,
        courier: Courier,
        clerk: Clerk,
        handlers: dict[str, Handler],
    ) -> None:
        self.store = store
        self.reception = reception
        self.courier = courier
        self.clerk = clerk
        self.handlers = handlers

    def woken(self) -> None:
        """Another process has saved something."""
        self.courier.wake()
        self.clerk.wake()


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


@asynccontextmanager
async def running(
    settings: Settings,
    clock: Clock,
    metrics: Metrics | None = None,
    library: Library | None = None,
    prober: Prober | None = None,
) -> AsyncIterator[Service]:
    """All parts, started in the order in which they need one another and stopped in reverse."""
    metrics = metrics or Metrics()
    folders = state_of(settings.madoguchi_intents_dir, settings.madoguchi_providers_dir)
    library = library or load_library(
        intents_dir=settings.madoguchi_intents_dir, providers_dir=settings.madoguchi_providers_dir
    )
    async with AsyncExitStack() as stack:
        settings.madoguchi_data_dir.mkdir(parents=True, exist_ok=True)
        vault = Vault(settings.secret_keys)
        store = await asyncio.to_thread(open_store, settings.database_url, clock=clock, vault=vault)
        stack.push_async_callback(store.close)
        if traces := open_traces(os.environ):
            stack.push_async_callback(asyncio.to_thread, traces.close)
        senders: dict[Channel, Sender] = {}
        service = _service(store, senders, library, settings, clock)
        service.health = Health(store=store, courier=service.courier, clock=clock, metrics=metrics)
        for part in (service.reception, service.courier, service.clerk):
            part.watch = Watch(metrics, traces)
        if not settings.line_missing:
            await _open_line(service, senders, settings, clock, stack)
        if not settings.slack_missing:
            await _open_slack(service, senders, settings, clock, stack)
        radar = _open_lookout(service, settings, clock, prober)
        if radar is not None and settings.madoguchi_look:
            await store.transact(radar.begin)
        keeper = Keeper(store=store, clock=clock, days=settings.madoguchi_retention_days)
        service.handlers.update(keeper.handlers())
        await store.transact(keeper.begin)
        store.listen(service.woken)
        tasks = await stack.enter_async_context(asyncio.TaskGroup())
        tasks.create_task(service.courier.run(), name="courier")
        stack.push_async_callback(service.courier.stop, STOP_SECONDS)
        tasks.create_task(service.clerk.run(), name="clerk")
        stack.push_async_callback(service.clerk.stop, STOP_SECONDS)
        reloading = tasks.create_task(_reloader(service, folders, settings, clock).run(), name="reloader")
        stack.callback(reloading.cancel)
        if service.apprentice is not None:
            await store.transact(service.apprentice.begin)
        if service.socket is not None:
            tasks.create_task(service.socket.run(), name="slack-socket")
            stack.push_async_callback(service.socket.stop)
        log.info("started", extra={"action": "start", "channels": sorted(senders)})
        yield service
        log.info("stopping", extra={"action": "stop"})


def _service(
    store: SqlStore, senders: Mapping[Channel, Sender], library: Library, settings: Settings, clock: Clock
) -> Service:
    desk = _desk(settings)
    courier = Courier(
        store=store,
        senders=senders,
        clock=clock,
        owner=store.owner,
        desk=desk,
        alert=partial(_alert, library.messages),
        tell=lambda letter: _told(reception.library.messages, letter),
    )
    apprentice = Apprentice(clock=clock, desk=desk, library=lambda: reception.library) if desk else None
    reminders = Reminders(library=lambda: reception.library, clock=clock)
    handlers = _handlers(apprentice, reminders)
    clerk = Clerk(
        store=store,
        handlers=handlers,
        clock=clock,
        owner=store.owner,
        wake_courier=courier.wake,
    )

    def wake() -> None:
        courier.wake()
        clerk.wake()
        store.nudge()

    reception = Reception(
        store=store,
        clock=clock,
        library=library,
        respond=respond,
        desk=desk,
        wake=wake,
        alarm=partial(_alarm, library.messages),
        media=bool(settings.madoguchi_public_url and desk),
        look=settings.madoguchi_look,
        discover=settings.madoguchi_discover,
        setup=_setup_links(settings),
        limit=settings.customer_limit,
        most=settings.most_events,
    )
    handlers.update(Timers(listener=reception, clock=clock, desk=desk).handlers())
    service = Service(store=store, reception=reception, courier=courier, clerk=clerk, handlers=handlers)
    service.links = _links(settings, clock)
    service.apprentice = apprentice
    return service


def _open_lookout(service: Service, settings: Settings, clock: Clock, prober: Prober | None) -> Radar | None:
    """Looks at mail servers and what follows from them; the radar only where operators can hear of it."""
    from bot.probe.prober import LiveProber  # noqa: PLC0415 - name service and certificates take 0.2 s to import
    from bot.probe.records import VerificationRecords, with_kept_looks  # noqa: PLC0415

    reception = service.reception
    records = VerificationRecords(settings.madoguchi_data_dir)
    service.with_looks = lambda library: with_kept_looks(library, records, now=clock.now())
    service.plain_library = reception.library
    reception.library = service.with_looks(service.plain_library)

    def keep(provider_id: str, looks: Sequence[Observation]) -> None:
        records.keep(provider_id, looks)
        reception.library = service.with_looks(service.plain_library)

    lookout = Lookout(
        store=service.store,
        clock=clock,
        library=lambda: reception.library,
        prober=prober or LiveProber.usual(),
        may_look=settings.madoguchi_look,
    )
    service.handlers.update(lookout.handlers())
    desk = _desk(settings)
    if desk is None:
        return None
    radar = Radar(lookout=lookout, desk=desk, keep=keep)
    service.handlers.update(radar.handlers())
    return radar


def _desk(settings: Settings) -> Address | None:
    if settings.slack_missing or not settings.slack_operator_channel:
        return None
    return Address(channel=Channel.SLACK, to=settings.slack_operator_channel)


def _alert(messages: Mapping[str, str], letter: DeadLetter) -> str:
    return messages[Wording.DEAD_LETTER].format(
        send=letter.send.id, reason=letter.reason, attempts=letter.attempts
    )


def _alarm(messages: Mapping[str, str], utterance: Utterance, policy: Policy) -> Sequence[Send]:
    """What is said when no response could be made: an apology where it was heard, and word to the operators."""
    told = {utterance.address: Wording.FAILED}
    if policy.desk is not None:
        told |= {policy.desk: Wording.FAILED_ALERT}
    return [
        Send(
            id=str(uuid5(NAMESPACE_URL, f"madoguchi:failed:{utterance.id}:{address.key}")),
            address=address,
            payload=Say(reply=Reply(parts=(Text(text=messages[wording].format(event=utterance.id)),))),
            lane=address.key,
            due_at=policy.now,
            handle=utterance.handle if address == utterance.address else None,
        )
        for address, wording in told.items()
    ]


def _links(settings: Settings, clock: Clock) -> MediaLinks | None:
    """Where operators' pictures are shown to customers; nowhere without a public address."""
    secret = settings.line_channel_secret
    if not settings.madoguchi_public_url or secret is None:
        return None
    return MediaLinks(
        public_url=settings.madoguchi_public_url,
        secret=signing_key(secret.get_secret_value(), "media"),
        clock=clock,
    )


def _setup_links(settings: Settings) -> SetupLinks | None:
    """Where programs find settings: nowhere without a public address. The key comes from a secret that is there anyway."""
    secrets = (settings.line_channel_secret, settings.slack_signing_secret, settings.slack_bot_token)
    secret = next((secret for secret in secrets if secret is not None), None)
    if not settings.madoguchi_public_url or secret is None:
        return None
    key = signing_key(secret.get_secret_value(), "setup")
    return SetupLinks(public_url=settings.madoguchi_public_url, key=key)


def _told(messages: Mapping[str, str], letter: DeadLetter) -> str:
    """What stands in a ticket's thread about words that did not arrive."""
    if letter.held:
        return messages[Wording.DESK_HELD]
    return messages[Wording.DESK_NOT_DELIVERED].format(reason=letter.reason)


def _handlers(apprentice: Apprentice | None, reminders: Reminders) -> dict[str, Handler]:
    return {**reminders.handlers(), **(apprentice.handlers() if apprentice else {})}


def _reloader(service: Service, folders: State, settings: Settings, clock: Clock) -> Reloader:
    """Puts changed YAML in force while the service runs."""
    renewal = Renewal(
        store=service.store,
        clock=clock,
        reception=service.reception,
        desk=_desk(settings),
        wake=service.courier.wake,
    )

    async def renewed(library: Library) -> None:
        service.plain_library = library
        await renewal.renewed(service.with_looks(library))

    return Reloader(
        intents_dir=settings.madoguchi_intents_dir,
        providers_dir=settings.madoguchi_providers_dir,
        renewed=renewed,
        refused=renewal.refused,
        loaded=folders,
    )


async def _open_line(
    service: Service, senders: dict[Channel, Sender], settings: Settings, clock: Clock, stack: AsyncExitStack
) -> None:
    from bot.channels.line.sender import LineSender  # noqa: PLC0415 - the SDK takes 0.7 s to import
    from bot.channels.line.webhook import LineWebhook  # noqa: PLC0415

    assert settings.line_channel_access_token is not None
    assert settings.line_channel_secret is not None
    sender = LineSender(
        settings.line_channel_access_token.get_secret_value(),
        clock,
        api_url=settings.line_api_base_url,
        data_url=settings.line_data_api_base_url,
        link=partial(_link, service.links),
    )
    await sender.start()
    stack.push_async_callback(sender.stop)
    senders[Channel.LINE] = sender
    service.health.quota = partial(_quota, sender)
    service.customers_files = sender.content
    await _watch_pushes(service, sender, settings, clock)
    service.line = LineWebhook(
        settings.line_channel_secret.get_secret_value(),
        service.reception,
        clock,
        call_names=[settings.line_group_prefix],
    )


async def _open_slack(
    service: Service, senders: dict[Channel, Sender], settings: Settings, clock: Clock, stack: AsyncExitStack
) -> None:
    from bot.channels.slack.endpoint import SlackEndpoint  # noqa: PLC0415 - the SDK takes 0.3 s to import
    from bot.channels.slack.files import SlackFiles  # noqa: PLC0415
    from bot.channels.slack.home import Home  # noqa: PLC0415
    from bot.channels.slack.listeners import SlackListeners, SlackOptions  # noqa: PLC0415
    from bot.channels.slack.sender import SlackSender  # noqa: PLC0415
    from bot.channels.slack.workspace import Workspace, open_client  # noqa: PLC0415

    assert settings.slack_bot_token is not None
    client = await stack.enter_async_context(
        open_client(settings.slack_bot_token.get_secret_value(), base_url=settings.slack_api_base_url)
    )
    service.files = SlackFiles(client)
    senders[Channel.SLACK] = SlackSender(client, clock=clock, fetch=partial(_fetched, service))
    secret = settings.slack_signing_secret.get_secret_value() if settings.slack_signing_secret else ""
    library = service.reception.library

    async def knows(address: Address) -> bool:
        return await service.store.transact(lambda records: records.conversations.known(address))

    listeners = SlackListeners(
        Workspace(client),
        SlackOptions(
            signing_secret=secret,
            command_help=Reply(parts=(Text(text=library.messages[Wording.STAFF_HELP]),)),
            operator_channel=settings.slack_operator_channel,
            prompts=tuple(
                library.buttons[name]
                for name in ("start_receive", "start_error", "start_warning", "start_settings")
            ),
        ),
        listener=service.reception,
        knows=knows,
        clock=clock,
        office=Office(store=service.store, library=lambda: service.reception.library, clock=clock),
        home=Home(
            client,
            board=lambda user: service.store.transact(partial(board, user, clock.now())),
            library=lambda: service.reception.library,
            clock=clock,
        ).show,
    )
    if secret:
        service.slack = SlackEndpoint(listeners.app, signing_secret=secret)
    if settings.slack_app_token is not None:
        from bot.channels.slack.socket_mode import SlackSocket  # noqa: PLC0415

        service.socket = SlackSocket(
            listeners.app, app_token=settings.slack_app_token.get_secret_value(), client=client
        )
        service.health.connected = service.socket.is_connected


async def _watch_pushes(service: Service, sender: LineSender, settings: Settings, clock: Clock) -> None:
    """LINE is asked for the month's pushes, and for the names of customers who wait."""
    desk = _desk(settings)

    async def ask() -> Pushes:
        quota = await sender.quota()
        return Pushes(limit=quota.limit, used=quota.used)

    async def profile(customer: Address) -> tuple[str, str]:
        found = await sender.profile(customer.to)
        return found.name, found.picture_url

    def library() -> Library:
        return service.reception.library

    service.handlers.update(PushWatch(ask=ask, library=library, clock=clock, desk=desk).handlers())
    if desk is not None:
        service.handlers.update(Profiles(ask=profile, library=library, clock=clock, desk=desk).handlers())
    await service.store.transact(lambda records: records.jobs.add([watch_job(clock.now())]))


def _link(links: MediaLinks | None, media: Media) -> Link | None:
    from bot.channels.line.render import Link  # noqa: PLC0415 - imported when LINE is on

    if links is None:
        return None
    return Link(whole=links.link(media.content_id), small=links.link(media.content_id, preview=True))


async def _fetched(service: Service, media: Media) -> Blob:
    """What a customer or an operator sent, from where they sent it."""
    if service.files is not None and media.source is Channel.SLACK:
        return await service.files.fetch(media.content_id)
    if service.customers_files is None or media.source is not Channel.LINE:
        raise RefusedError(f"nothing can be fetched from {media.source}")
    content = await service.customers_files(media.content_id)
    return Blob(data=content.data, media_type=content.media_type)


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


async def _quota(sender: LineSender) -> tuple[int, int | None]:
    quota = await sender.quota()
    return quota.used, quota.limit
