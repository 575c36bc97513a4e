"""Builds the parts of the service from the settings; owns the order of start and stop."""

from __future__ import annotations

import asyncio
import logging
import os
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

from bot.app.alerts import alarm, alert, told
from bot.app.channels import open_line, open_slack
from bot.app.links import media_links, setup_links
from bot.app.prober import LateProber
from bot.app.service import Service
from bot.content.library import load_library
from bot.content.reloading import Reloader, state_of
from bot.core.messages import Address, Channel
from bot.core.respond import respond
from bot.desk.apprentice import Apprentice
from bot.desk.clerk import Clerk
from bot.desk.courier import Courier
from bot.desk.keeper import Keeper
from bot.desk.lookout import Lookout
from bot.desk.radar import Radar
from bot.desk.reception import Reception
from bot.desk.reminders import Reminders
from bot.desk.renewal import Renewal
from bot.desk.timers import Timers
from bot.probe.records import VerificationRecords, with_kept_looks
from bot.store.store import open_store
from bot.store.vault import Vault
from bot.watching.health import Health
from bot.watching.metrics import Metrics
from bot.watching.traces import open_traces
from bot.watching.watch import Watch

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

    from bot.content.reloading import State
    from bot.core.library import Library
    from bot.core.servers.findings import Observation
    from bot.desk.clerk import Handler
    from bot.desk.ports import Clock, Prober, Sender
    from bot.settings import Settings
    from bot.store.store import SqlStore

log = logging.getLogger(__name__)

STOP_SECONDS = 10.0
"""How long sends under way may take to end when the service stops."""


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
            await open_line(service, senders, settings, clock, stack)
        if not settings.slack_missing:
            await open_slack(service, senders, settings, clock, stack)
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
        alert=partial(alert, library.messages),
        tell=lambda letter: told(reception.library.messages, letter),
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

    def wake_courier() -> None:
        courier.wake()
        store.nudge()

    def wake_clerk() -> None:
        clerk.wake()
        store.nudge()

    reception = Reception(
        store=store,
        clock=clock,
        library=library,
        respond=respond,
        desk=desk,
        wake_courier=wake_courier,
        wake_clerk=wake_clerk,
        alarm=partial(alarm, library.messages),
        media=bool(settings.madoguchi_public_url and desk),
        look=settings.madoguchi_look,
        discover=settings.madoguchi_discover,
        setup=setup_links(settings),
        limit=settings.customer_limit,
        most=settings.most_events,
    )
    handlers.update(Timers(listener=reception, clock=clock, desk=desk).handlers())
    service = Service(
        store=store, reception=reception, courier=courier, clerk=clerk, handlers=handlers, desk=desk
    )
    service.links = media_links(settings, clock)
    service.apprentice = apprentice
    return service


def _open_lookout(service: Service, settings: Settings, clock: Clock, prober: Prober | None) -> Radar | None:
    """Looks at mail servers and what follows from them; the radar only where operators can hear of it."""
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
        prober=prober or LateProber(),
        may_look=settings.madoguchi_look,
    )
    service.handlers.update(lookout.handlers())
    if service.desk is None:
        return None
    radar = Radar(lookout=lookout, desk=service.desk, keep=keep)
    service.handlers.update(radar.handlers())
    return radar


def _desk(settings: Settings) -> Address | None:
    if settings.slack_missing or not settings.slack_operator_channel:
        return None
    return Address(channel=Channel.SLACK, to=settings.slack_operator_channel)


def _handlers(apprentice: Apprentice | None, reminders: Reminders) -> dict[str, Handler]:
    return {**reminders.handlers(), **(apprentice.handlers() if apprentice else {})}


def _reloader(service: Service, folders: State, settings: Settings, clock: Clock) -> Reloader:
    """Puts changed YAML in force while the service runs."""
    renewal = Renewal(
        store=service.store,
        clock=clock,
        reception=service.reception,
        desk=service.desk,
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
