"""Reminders that fall due: worded by the core from the talk as it stands then."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from bot.core.library import Library
from bot.core.servers.reminders import REVERT_REMINDER, reminded_place, revert_reminder
from bot.desk.ports import Clock

if TYPE_CHECKING:
    from bot.core.jobs import Job
    from bot.desk.clerk import Handler
    from bot.desk.ports import Records


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminders:
    """`library` gives the library in force when the reminder falls due."""

    library: Callable[[], Library]
    clock: Clock

    def handlers(self) -> Mapping[str, Handler]:
        return {REVERT_REMINDER: self._remind_to_revert}

    async def _remind_to_revert(self, job: Job) -> Callable[[Records], None]:
        return partial(self._save, job)

    def _save(self, job: Job, records: Records) -> None:
        conversation = records.conversations.lock(reminded_place(job))
        outcome = revert_reminder(job, conversation, self.library(), self.clock.now())
        for changed in outcome.conversations:
            records.conversations.save(changed)
        records.outbox.add(outcome.sends)
