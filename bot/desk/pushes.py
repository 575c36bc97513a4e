"""The month's pushes: what LINE last said of them, asked regularly; operators are warned before they run out."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from bot.core.hours import JAPAN
from bot.core.jobs import Job
from bot.core.library import Library
from bot.core.messages import Address, Reply, Say, Send, Text
from bot.core.outcome import Pushes
from bot.core.wording import Wording, said
from bot.desk.ports import Clock
from bot.errors import ChannelError

if TYPE_CHECKING:
    from bot.desk.clerk import Handler
    from bot.desk.ports import Records

WATCH = "quota_watch"
"""The job that asks LINE for the month's pushes, and sets itself again."""

PUSHES = "line_pushes"
WARNED = "line_pushes_warned"
REFUSED = "line_pushes_refused"

_EVERY = timedelta(minutes=15)
_WARN_AT = 0.8


def pushes_on_record(records: Records) -> Pushes | None:
    """What was last heard of the month's pushes."""
    value = records.chronicle.fact(PUSHES)
    return Pushes(**json.loads(value)) if value else None


def note_used_up(at: datetime, records: Records) -> None:
    """LINE refused a push because the month's are used up. Whatever its count says, which lags behind, they are: until the
    month ends or the limit is raised. Operators are told at once.
    """
    known = pushes_on_record(records) or Pushes(limit=0, used=0)
    limit = known.limit or 0
    _keep(Pushes(limit=limit, used=max(known.used, limit)), records)
    if records.chronicle.fact(REFUSED) != _of_the_month(at, limit):
        records.chronicle.remember(REFUSED, _of_the_month(at, limit))
        records.jobs.add([Job(id=f"{WATCH}:{_of_the_month(at, limit)}", kind=WATCH, due_at=at)])


def watch_job(now: datetime) -> Job:
    """The look at the quota in this quarter of an hour: one for all processes."""
    slot = int(now.timestamp() // _EVERY.total_seconds())
    return Job(
        id=f"{WATCH}:{slot}",
        kind=WATCH,
        due_at=datetime.fromtimestamp(slot * _EVERY.total_seconds(), now.tzinfo),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PushWatch:
    """`ask` tells the month's pushes; operators are told at `desk`, if there is one."""

    ask: Callable[[], Awaitable[Pushes]]
    library: Callable[[], Library]
    clock: Clock
    desk: Address | None

    def handlers(self) -> dict[str, Handler]:
        return {WATCH: self.look}

    async def look(self, job: Job) -> Callable[[Records], None]:  # noqa: ARG002 - a handler's signature
        """Keep what LINE says, warn once a month at 80 % and once at the end, and look again later."""
        now = self.clock.now()
        try:
            pushes = await self.ask()
        except ChannelError:
            pushes = None

        def keep(records: Records) -> None:
            records.jobs.add([watch_job(now + _EVERY)])
            if pushes is not None:
                told = _as_refused(pushes, now, records)
                _keep(told, records)
                self._warn(told, now, records)

        return keep

    def _warn(self, pushes: Pushes, now: datetime, records: Records) -> None:
        level = "full" if pushes.left == 0 else "near" if pushes.share >= _WARN_AT else ""
        told = _of_the_month(now, level)
        if not level or self.desk is None or records.chronicle.fact(WARNED) == told:
            return
        records.chronicle.remember(WARNED, told)
        wording = Wording.QUOTA_FULL if level == "full" else Wording.QUOTA_NEAR
        text = said(self.library(), wording, used=pushes.used, limit=pushes.limit, left=pushes.left)
        records.outbox.add(
            [
                Send(
                    id=str(uuid5(NAMESPACE_URL, f"madoguchi:quota:{told}")),
                    address=self.desk,
                    payload=Say(reply=Reply(parts=(Text(text=text),))),
                    lane="quota",
                    due_at=now,
                )
            ]
        )


def _as_refused(pushes: Pushes, now: datetime, records: Records) -> Pushes:
    """*pushes* as LINE counts them, or none left where it has refused one under this limit this month."""
    if pushes.limit is None or records.chronicle.fact(REFUSED) != _of_the_month(now, pushes.limit):
        return pushes
    return Pushes(limit=pushes.limit, used=max(pushes.used, pushes.limit))


def _of_the_month(at: datetime, what: object) -> str:
    return f"{at.astimezone(JAPAN):%Y-%m}:{what}"


def _keep(pushes: Pushes, records: Records) -> None:
    records.chronicle.remember(PUSHES, json.dumps({"limit": pushes.limit, "used": pushes.used}))
