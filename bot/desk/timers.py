"""Timers of tickets: when one falls due it is heard like anything else, in one transaction, once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.desk.promises import TIMER
from bot.core.messages import Address, Channel, Lapsed, Speaker, Utterance
from bot.desk.ports import Clock, Listener

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.core.jobs import Job
    from bot.desk.clerk import Handler
    from bot.desk.ports import Records


@dataclass(frozen=True, slots=True, kw_only=True)
class Timers:
    """`listener` hears that the time has come; `desk` is where that is."""

    listener: Listener
    clock: Clock
    desk: Address | None

    def handlers(self) -> dict[str, Handler]:
        return {TIMER: self.ring}

    async def ring(self, job: Job) -> Callable[[Records], None]:
        """Hear it; the job's id keeps it from being heard twice."""
        details = job.details
        await self.listener.hear(
            Utterance(
                id=job.id,
                address=self.desk or Address(channel=Channel.CONSOLE, to="clerk"),
                speaker=Speaker(id=""),
                content=Lapsed(ticket_id=details["ticket"], what=details["what"], mark=details["mark"]),
                said_at=self.clock.now(),
            )
        )
        return _nothing_more


def _nothing_more(records: Records) -> None:
    del records
