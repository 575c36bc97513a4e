"""Opens the channels that have their secrets, and joins them to the desk. Their SDKs are imported only here."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bot.core.messages import Channel, Reply, Text
from bot.core.outcome import Pushes
from bot.core.wording import Wording
from bot.desk.board import board
from bot.desk.office import Office
from bot.desk.ports import Blob
from bot.desk.profiles import Profiles
from bot.desk.pushes import PushWatch, watch_job
from bot.errors import RefusedError

if TYPE_CHECKING:
    from contextlib import AsyncExitStack

    from bot.app.service import Service
    from bot.channels.line.render import Link
    from bot.channels.line.sender import LineSender
    from bot.core.library import Library
    from bot.core.messages import Address, Media
    from bot.desk.media import MediaLinks
    from bot.desk.ports import Clock, Sender
    from bot.settings import Settings


async def open_line(
    service: Service, senders: dict[Channel, Sender], settings: Settings, clock: Clock, stack: AsyncExitStack
) -> None:
    """LINE's ways in and out, for *service* and *senders*."""
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
    await _watch_pushes(service, sender, clock)
    service.line = LineWebhook(
        settings.line_channel_secret.get_secret_value(),
        service.reception,
        clock,
        call_names=[settings.line_group_prefix],
    )


async def open_slack(
    service: Service, senders: dict[Channel, Sender], settings: Settings, clock: Clock, stack: AsyncExitStack
) -> None:
    """Slack's ways in and out, for *service* and *senders*."""
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


async def _watch_pushes(service: Service, sender: LineSender, clock: Clock) -> None:
    """LINE is asked for the month's pushes, and for the names of customers who wait."""
    desk = service.desk

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


async def _quota(sender: LineSender) -> tuple[int, int | None]:
    quota = await sender.quota()
    return quota.used, quota.limit
