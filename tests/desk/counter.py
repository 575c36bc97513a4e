"""A shop's counter with real rules and a real database: customers on LINE, operators in Slack, and a clock to turn."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot.core.library import Library
from bot.core.messages import (
    Address,
    Attachment,
    Channel,
    Edited,
    Handle,
    Left,
    Pressed,
    Said,
    Speaker,
    Unsent,
    Utterance,
)
from bot.core.respond import respond
from bot.desk.clerk import Clerk
from bot.desk.courier import Courier
from bot.desk.reception import Reception
from bot.desk.timers import Timers
from bot.store.store import SqlStore
from tests.conftest import a_desk
from tests.fakes.clock import FakeClock
from tests.fakes.platform import FakePlatform

if TYPE_CHECKING:
    from bot.core.messages import Content
    from bot.core.tickets import Ticket

HANAKO = "U-hanako"
SATO, SUZUKI = "U-sato", "U-suzuki"
NAMES = {SATO: "佐藤", SUZUKI: "鈴木"}


@dataclass(kw_only=True)
class Counter:
    store: SqlStore
    clock: FakeClock
    library: Library
    line: FakePlatform = field(default_factory=lambda: FakePlatform("line"))
    slack: FakePlatform = field(default_factory=lambda: FakePlatform("slack"))
    count: Any = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        desk = a_desk()
        self.reception = Reception(
            store=self.store, clock=self.clock, library=self.library, respond=respond, desk=desk
        )
        self.courier = Courier(
            store=self.store,
            senders={Channel.LINE: self.line, Channel.SLACK: self.slack},
            clock=self.clock,
            owner="us",
            desk=desk,
        )
        self.clerk = Clerk(
            store=self.store,
            handlers={
                **Timers(listener=self.reception, clock=self.clock, desk=desk).handlers(),
                "profile": _not_now,
            },
            clock=self.clock,
            owner="us",
        )

    # --- people

    async def customer(self, what: str | Content, *, user: str = HANAKO, **changes: Any) -> str:
        """A customer writes, or does *what*; the message's id."""
        number = next(self.count)
        content = Said(text=what) if isinstance(what, str) else what
        handle = Handle(token=f"token-{number}", expires_at=self.clock.now() + timedelta(seconds=50))
        said = Utterance(
            id=f"line-event-{number}",
            address=Address(channel=Channel.LINE, to=user),
            speaker=Speaker(id=user),
            content=content,
            said_at=self.clock.now(),
            handle=None if isinstance(content, Left | Unsent) else handle,
            message_id="" if isinstance(content, Left | Unsent | Pressed) else f"line-message-{number}",
        )
        await self.reception.hear(replace(said, **changes))
        await self.settle()
        return said.message_id

    async def operator(self, what: str | Content, *, by: str = SATO, ticket: Ticket | None = None) -> str:
        """An operator writes in the ticket's thread, or does *what* there; the message's id."""
        ticket = ticket or await self.ticket()
        number = next(self.count)
        assert ticket.desk is not None
        ts = f"1700000000.{number:06}"
        content = Said(text=what) if isinstance(what, str) else what
        await self.reception.hear(
            Utterance(
                id=f"slack-event-{number}",
                address=ticket.desk,
                speaker=Speaker(id=by, name=NAMES.get(by, "") if isinstance(content, Pressed) else ""),
                content=content,
                said_at=self.clock.now(),
                message_id="" if isinstance(content, Edited | Unsent) else ts,
            )
        )
        await self.settle()
        return ts

    async def commands(self, text: str, *, by: str = SATO) -> None:
        """An operator gives the bot a command, seen by nobody else."""
        await self.reception.hear(
            Utterance(
                id=f"slack-event-{next(self.count)}",
                address=Address(channel=Channel.SLACK, to="D-direct", team="T-shop"),
                speaker=Speaker(id=by, name=NAMES[by]),
                content=Said(text=text, to_bot=True),
                said_at=self.clock.now(),
            )
        )
        await self.settle()

    async def press(self, action: str, *, by: str = SATO, value: str = "", **fields: str) -> None:
        ticket = await self.ticket()
        button = Pressed(action=action, value=value or ticket.id, fields=tuple(fields.items()))
        await self.operator(button, by=by, ticket=ticket)

    async def shows(self, name: str, *, by: str = SATO) -> str:
        return await self.operator(Attachment(media="image", content_id="F1", name=name), by=by)

    # --- the world

    async def settle(self) -> None:
        """Everything that is due is done."""
        while await self.courier.run_once() + await self.clerk.run_once():
            pass

    async def pass_time(self, **span: float) -> None:
        self.clock.at += timedelta(**span)
        await self.settle()

    async def ticket(self) -> Ticket:
        """The newest ticket, as it stands now."""
        tickets = await self.store.transact(lambda records: records.chronicle.tickets(1))
        found = await self.store.transact(lambda records: records.tickets.peek(tickets[0].id))
        assert found is not None
        return found

    async def tickets(self) -> int:
        return len(await self.store.transact(lambda records: records.chronicle.tickets(99)))


async def _not_now(job: object) -> Any:
    del job
    return lambda records: None
