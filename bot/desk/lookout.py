"""The lookout: looks at providers' servers when talks give reason to, and tells the people who wait for it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from bot.core.library import Library
from bot.core.messages import Channel
from bot.core.servers.discovered import DISCOVER, discovery_told
from bot.core.servers.findings import advise
from bot.core.servers.looking import (
    FRESH_FOR,
    LOOK,
    RENEWAL_WATCH,
    lines_to_look_at,
    look_told,
    place,
    renewed,
    watch_again,
    watched_reminder,
)
from bot.core.servers.reminders import revert_reminder
from bot.core.wording import Wording
from bot.desk.ports import Clock, Prober, Store
from bot.desk.pushes import pushes_on_record

if TYPE_CHECKING:
    from datetime import datetime

    from bot.core.conversations import Conversation
    from bot.core.jobs import Job
    from bot.core.outcome import Outcome
    from bot.core.providers import Provider
    from bot.core.servers.findings import Observation
    from bot.desk.clerk import Handler
    from bot.desk.ports import Records

CLAIM = timedelta(seconds=30)
"""How long a look may take before somebody else may look in its place."""

_CONTROLS = 2
_PAUSE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookout:
    """`library` gives the one in force. `prober` looks, unless the owner wants no looks (`may_look`). `pause` waits while
    another process looks at the same servers.
    """

    store: Store
    clock: Clock
    library: Callable[[], Library]
    prober: Prober
    may_look: bool = True
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep

    def handlers(self) -> Mapping[str, Handler]:
        """What the clerk is to do, by kind of job."""
        return {LOOK: self._on_look, RENEWAL_WATCH: self._on_renewal_watch, DISCOVER: self._on_discover}

    async def looks_at(self, provider: Provider) -> Sequence[Observation]:
        """How the provider's servers are: as seen within the last ten minutes, else by looking now."""
        if not self.may_look:
            return ()
        while True:
            kept = await self.store.transact(partial(self._fresh_or_claimed, provider.id))
            if kept is None:
                return await self._look(provider)
            if not isinstance(kept, str):
                return kept
            await self.pause(_PAUSE)

    async def sure_looks_at(self, provider: Provider) -> Sequence[Observation]:
        """The same, but nothing at all when the fault may be ours: nobody else's servers answer either."""
        looks = await self.looks_at(provider)
        if advise(looks).message != "look_unreachable" or await self._others_answer(provider):
            return looks
        return ()

    def _fresh_or_claimed(self, provider_id: str, records: Records) -> Sequence[Observation] | str | None:
        """Fresh looks; None: we are to look; "busy": somebody else is looking."""
        now = self.clock.now()
        kept = records.looks.kept(provider_id)
        if kept is not None and now - kept[0] < FRESH_FOR:
            return kept[1]
        return None if records.looks.claim(provider_id, now, now + CLAIM) else "busy"

    async def _look(self, provider: Provider) -> Sequence[Observation]:
        looks = await self.prober.look(provider)
        await self.store.transact(partial(self._keep, provider.id, looks))
        return looks

    def _keep(self, provider_id: str, looks: Sequence[Observation], records: Records) -> None:
        closed = not advise(looks).temporary_measure
        records.looks.keep(provider_id, looks, at=self.clock.now(), closed=closed)

    async def _others_answer(self, provider: Provider) -> bool:
        """Whether mail servers of others can be reached from here."""
        hosts = {line.host for line in lines_to_look_at(provider)}
        others = [
            other
            for other in self.library().providers.values()
            if other.answer_with_values
            and (lines := lines_to_look_at(other))
            and not hosts & {line.host for line in lines}
        ]
        seen = await asyncio.gather(*(self.looks_at(other) for other in others[:_CONTROLS]))
        return any(look.greeting for looks in seen for look in looks)

    async def _on_look(self, job: Job) -> Callable[[Records], None]:
        provider = self.library().providers.get(job.details["provider"])
        if provider is None:
            return _nothing
        looks = await self.sure_looks_at(provider)
        return partial(self._tell, job, lambda talk, now: look_told(job, talk, looks, self.library(), now))

    async def _on_discover(self, job: Job) -> Callable[[Records], None]:
        known = tuple(self.library().providers.values())
        found = await self.prober.discover(job.details["domain"], known)
        return partial(
            self._tell, job, lambda talk, now: discovery_told(job, talk, found, self.library(), now)
        )

    async def _on_renewal_watch(self, job: Job) -> Callable[[Records], None]:
        """Look whether the certificate is a new one: then it is time to go back, not only in three days."""
        provider = self.library().providers.get(job.details["provider"])
        if provider is None or not lines_to_look_at(provider):
            return _nothing
        looks = await self.looks_at(provider)
        if renewed(job, looks):
            return partial(self._remind_now, watched_reminder(job))
        return lambda records: records.jobs.add(watch_again(job, looks, self.clock.now()))

    def _remind_now(self, reminder: Job, records: Records) -> None:
        """The reminder that was due later, in its place."""
        now = self.clock.now()
        conversation = records.conversations.lock(place(reminder))
        outcome = revert_reminder(reminder, conversation, self.library(), now, wording=Wording.REVERT_RENEWED)
        _save(outcome, records)
        records.jobs.done(reminder.id, now)

    def _tell(self, job: Job, told: Callable[[Conversation, datetime], Outcome], records: Records) -> None:
        """Say what was found, unless the month's pushes are used up: later it would be out of date."""
        address = place(job)
        if address.channel is Channel.LINE and (pushes := pushes_on_record(records)) and pushes.left == 0:
            return
        conversation = records.conversations.lock(address)
        _save(told(conversation, self.clock.now()), records)


def _nothing(records: Records) -> None:
    del records


def _save(outcome: Outcome, records: Records) -> None:
    for conversation in outcome.conversations:
        records.conversations.save(conversation)
    records.conversations.add_lines(outcome.lines)
    records.outbox.add(outcome.sends)
