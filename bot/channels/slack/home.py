"""The App Home of an operator: what is theirs, who waits, how today goes."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from bot.channels.slack.failures import translated
from bot.channels.slack.mrkdwn import escape_within, shortened
from bot.core.desk.cards import customer_called
from bot.core.desk.promises import moment
from bot.core.wording import Wording, said
from bot.errors import ChannelError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable
    from datetime import datetime

    from slack_sdk.web.async_client import AsyncWebClient

    from bot.core.library import Library
    from bot.core.tickets import Ticket
    from bot.desk.board import Board, Figures
    from bot.desk.ports import Clock

    Block = dict[str, Any]

_SECONDS = 2.5
_MOST = 20
_LINE = 2_500

log = logging.getLogger(__name__)


class Home:
    """`board` tells how the desk stands for a person; `library` the words."""

    def __init__(
        self,
        client: AsyncWebClient,
        *,
        board: Callable[[str], Awaitable[Board]],
        library: Callable[[], Library],
        clock: Clock,
    ) -> None:
        self._client = client
        self._board = board
        self._library = library
        self._clock = clock

    async def show(self, user: str) -> None:
        """Publish the home of *user*. What cannot be shown now is shown the next time they look."""
        board = await self._board(user)
        view = {"type": "home", "blocks": blocks_of(board, self._library(), self._clock.now())}
        try:
            async with asyncio.timeout(_SECONDS):
                with translated("views.publish"):
                    await self._client.views_publish(user_id=user, view=view)
        except (ChannelError, TimeoutError) as error:
            log.info("home not shown: %s", error, extra={"action": "slack_home"})


def blocks_of(board: Board, library: Library, now: datetime) -> list[Block]:
    """The home in Block Kit."""
    return [
        _header(said(library, Wording.HOME_MINE)),
        *_tickets(board.mine, library, now),
        _header(said(library, Wording.HOME_WAITING)),
        *_tickets(board.waiting, library, now),
        {"type": "divider"},
        _header(said(library, Wording.HOME_TODAY)),
        _section(_figures(board.figures, library)),
        _section(_pushes(board, library)),
        _section(said(library, Wording.HOME_MISSES, count=board.misses)),
    ]


def _tickets(tickets: tuple[Ticket, ...], library: Library, now: datetime) -> Iterable[Block]:
    if not tickets:
        yield _section(said(library, Wording.HOME_NOTHING))
    for ticket in tickets[:_MOST]:
        customer, when = customer_called(ticket, library), moment(ticket.called_at, library, now)
        line = said(library, Wording.HOME_TICKET, customer=customer, reason=ticket.reason, when=when)
        yield _section(line) | _link(ticket, library)


def _link(ticket: Ticket, library: Library) -> Block:
    """A button that opens the thread."""
    desk = ticket.desk
    if desk is None or not desk.team:
        return {}
    url = f"https://app.slack.com/client/{desk.team}/{desk.to}/thread/{desk.to}-{desk.thread}"
    text = {"type": "plain_text", "text": shortened(said(library, Wording.HOME_OPEN), 75), "emoji": False}
    return {"accessory": {"type": "button", "action_id": f"say:open:{ticket.id}", "text": text, "url": url}}


def _figures(figures: Figures, library: Library) -> str:
    unknown = said(library, Wording.HOME_UNKNOWN)
    first = (
        unknown
        if figures.first_answer is None
        else f"{figures.first_answer // 60}:{figures.first_answer % 60:02}"
    )
    return said(
        library,
        Wording.HOME_FIGURES,
        answered=figures.answered,
        opened=figures.opened,
        closed=figures.closed,
        first=first,
        csat=unknown if figures.csat is None else figures.csat,
    )


def _pushes(board: Board, library: Library) -> str:
    pushes = board.pushes
    unknown = said(library, Wording.HOME_UNKNOWN)
    if pushes is None:
        return said(library, Wording.HOME_PUSHES_FREE, used=unknown)
    if pushes.limit is None:
        return said(library, Wording.HOME_PUSHES_FREE, used=pushes.used)
    return said(library, Wording.HOME_PUSHES, used=pushes.used, limit=pushes.limit, left=pushes.left)


def _header(text: str) -> Block:
    return {"type": "header", "text": {"type": "plain_text", "text": shortened(text, 150), "emoji": False}}


def _section(text: str) -> Block:
    return {
        "type": "section",
        "text": {"type": "mrkdwn", "text": escape_within(text, _LINE), "verbatim": True},
    }
