"""The running service: its parts, for those who answer the web."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.channels.line.sender import Content as LineContent
    from bot.channels.line.webhook import LineWebhook
    from bot.channels.slack.endpoint import SlackEndpoint
    from bot.channels.slack.files import SlackFiles
    from bot.channels.slack.socket_mode import SlackSocket
    from bot.core.library import Library
    from bot.core.messages import Address
    from bot.desk.apprentice import Apprentice
    from bot.desk.clerk import Clerk, Handler
    from bot.desk.courier import Courier
    from bot.desk.media import MediaLinks
    from bot.desk.reception import Reception
    from bot.store.store import SqlStore
    from bot.watching.health import Health


class Service:
    """The running service. A channel that is off is None.

    `plain_library` is the content in force without what looks have proved, `with_looks` adds that.
    """

    health: Health
    plain_library: Library
    with_looks: Callable[[Library], Library]
    line: LineWebhook | None = None
    slack: SlackEndpoint | None = None
    socket: SlackSocket | None = None
    apprentice: Apprentice | None = None
    links: MediaLinks | None = None
    files: SlackFiles | None = None
    customers_files: Callable[[str], Awaitable[LineContent]] | None = None

    def __init__(  # noqa: PLR0913  (the parts that are always there)
        self,
        *,
        store: SqlStore,
        reception: Reception,
        courier: Courier,
        clerk: Clerk,
        handlers: dict[str, Handler],
        desk: Address | None,
    ) -> None:
        self.store = store
        self.reception = reception
        self.courier = courier
        self.clerk = clerk
        self.handlers = handlers
        self.desk = desk

    def woken(self) -> None:
        """Another process has saved something."""
        self.courier.wake()
        self.clerk.wake()
