"""The radar's desk: weighs reports, looks at all servers every night, and alerts operators once a trouble."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from bot.core.messages import Address
from bot.core.servers.findings import Observation, advise
from bot.core.servers.looking import lines_to_look_at
from bot.core.servers.nightly import NIGHTLY, VERIFY, is_second, next_night, second_look, tonight
from bot.core.servers.radar import HISTORY_DAYS, RADAR, alert, finding_words, level, seen_again
from bot.desk.lookout import Lookout

if TYPE_CHECKING:
    from typing import Literal

    from bot.core.jobs import Job
    from bot.core.providers import Provider
    from bot.core.servers.radar import Level
    from bot.desk.clerk import Handler
    from bot.desk.ports import Records

_KEPT = timedelta(days=HISTORY_DAYS + 1)


def _kept_nowhere(provider_id: str, looks: Sequence[Observation]) -> None:
    del provider_id, looks


@dataclass(frozen=True, slots=True, kw_only=True)
class Radar:
    """Operators read alerts at `desk`. `keep` is given what the nightly looks saw."""

    lookout: Lookout
    desk: Address
    keep: Callable[[str, Sequence[Observation]], None] = _kept_nowhere

    def handlers(self) -> Mapping[str, Handler]:
        """What the clerk is to do, by kind of job."""
        return {RADAR: self._on_radar, NIGHTLY: self._on_nightly, VERIFY: self._on_verify}

    def begin(self, records: Records) -> None:
        """See to it that the next night is on record."""
        records.jobs.add([next_night(self.lookout.clock.now())])

    async def _on_radar(self, job: Job) -> Callable[[Records], None]:
        provider = self._provider(job)
        seen = await self.lookout.store.transact(partial(self._level, job.details["provider"]))
        if provider is None or not seen.high:
            return self._forget
        looks = await self._looks(provider)
        return partial(self._alert, provider, "reports", looks, seen)

    async def _on_nightly(self, job: Job) -> Callable[[Records], None]:
        known = self.lookout.library().providers.values()
        jobs = tonight(job, [provider for provider in known if lines_to_look_at(provider)])
        following = next_night(max(self.lookout.clock.now(), job.due_at))

        def begin(records: Records) -> None:
            records.jobs.add([*jobs, following])
            self._forget(records)

        return begin

    async def _on_verify(self, job: Job) -> Callable[[Records], None]:
        """What fails twice, and did not the last night, is a trouble; what seems to be our own fault is not."""
        provider = self._provider(job)
        if provider is None:
            return self._forget
        looks = await self.lookout.sure_looks_at(provider)
        if looks:
            await asyncio.to_thread(self.keep, provider.id, looks)
        failing = advise(looks).message not in {"", "look_certificate_valid"}
        if failing and not is_second(job):
            return lambda records: records.jobs.add([second_look(job, self.lookout.clock.now())])
        return partial(self._note, provider, looks, failing=failing)

    def _note(
        self, provider: Provider, looks: Sequence[Observation], records: Records, *, failing: bool
    ) -> None:
        """Remember how it stands; an alert when that has turned for the worse."""
        name, state = f"verify:{provider.id}", "failing" if failing else "fine"
        before = records.chronicle.fact(name)
        if before != state:
            records.chronicle.remember(name, state)
        if failing and before != state:
            self._alert(provider, "look", looks, None, records)

    def _alert(
        self,
        provider: Provider,
        cause: Literal["reports", "look"],
        looks: Sequence[Observation],
        seen: Level | None,
        records: Records,
    ) -> None:
        now, library = self.lookout.clock.now(), self.lookout.library()
        episode, is_new = seen_again(records.radar.episode(provider.id), provider.id, cause, now)
        records.radar.save(episode)
        if is_new:
            found = finding_words(looks, library)
            records.outbox.add([alert(episode, found, seen, library, desk=self.desk)])

    def _level(self, provider_id: str, records: Records) -> Level:
        now = self.lookout.clock.now()
        return level(records.radar.reports(provider_id, now - _KEPT), now)

    def _forget(self, records: Records) -> None:
        records.radar.forget(self.lookout.clock.now() - _KEPT)

    async def _looks(self, provider: Provider) -> Sequence[Observation]:
        return await self.lookout.sure_looks_at(provider) if lines_to_look_at(provider) else ()

    def _provider(self, job: Job) -> Provider | None:
        return self.lookout.library().providers.get(job.details["provider"])
