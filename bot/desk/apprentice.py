"""The apprentice: asks operators what customers meant, a few times a day, and reports every week."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING

from bot.core.hours import JAPAN
from bot.core.learning.clusters import alike, clustered
from bot.core.learning.teaching import MISS_DIGEST, MISS_QUESTION, digest, digest_job, question, question_id
from bot.core.library import Library
from bot.core.messages import Address
from bot.core.misses import FiledMiss
from bot.desk.ports import Clock

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.core.jobs import Job
    from bot.desk.clerk import Handler
    from bot.desk.ports import Records

MOST_A_DAY = 10
"""Questions a day. The rest waits for the weekly digest, which asks about the most frequent."""

_WEEK = timedelta(days=7)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Apprentice:
    """Does the clerk's jobs about misses. `library` gives the one in force."""

    clock: Clock
    desk: Address
    library: Callable[[], Library]

    def handlers(self) -> Mapping[str, Handler]:
        """What the clerk is to do, by kind of job."""
        return {MISS_QUESTION: self._on_question, MISS_DIGEST: self._on_digest}

    def begin(self, records: Records) -> None:
        """See to it that the next digest is on record; it is only once, whoever asks for it."""
        records.jobs.add([digest_job(self.clock.now())])

    async def _on_question(self, job: Job) -> Callable[[Records], None]:
        return partial(self._ask, job.details["miss"])

    async def _on_digest(self, job: Job) -> Callable[[Records], None]:
        return partial(self._report, job)

    def _ask(self, miss_id: str, records: Records) -> None:
        round_ = self._round(records)
        filed = next((each for each in round_.waiting if each.miss.id == miss_id), None)
        if filed is not None:
            self._put(filed, round_, records)

    def _report(self, job: Job, records: Records) -> None:
        """The digest, questions about what waits, and the job for next week."""
        round_ = self._round(records)
        clusters = clustered(filed.miss for filed in round_.waiting)
        tally = records.misses.tally(job.due_at - _WEEK, job.due_at)
        if tally.answered or clusters:
            sent = digest(
                job, tally=tally, clusters=clusters, desk=self.desk, library=self.library(), now=round_.now
            )
            records.outbox.add([sent])
        by_id = {filed.miss.id: filed for filed in round_.waiting}
        for cluster in clusters:
            round_ = self._put(by_id[cluster.leader.id], round_, records)
        records.jobs.add([digest_job(round_.now)])

    def _round(self, records: Records) -> _Round:
        now = self.clock.now()
        midnight = datetime.combine(now.astimezone(JAPAN).date(), time(), JAPAN)
        known = records.misses.waiting(midnight)
        today = sum(filed.asked_at is not None and filed.asked_at >= midnight for filed in known)
        return _Round(
            now=now, waiting=[filed for filed in known if filed.label is None], left=MOST_A_DAY - today
        )

    def _put(self, filed: FiledMiss, round_: _Round, records: Records) -> _Round:
        """Ask about *filed*, unless the day's questions are used up or something like it stands there unanswered."""
        asked = [each.miss for each in round_.waiting if each.asked]
        if round_.left <= 0 or filed.asked or alike(filed.miss, asked):
            return round_
        records.outbox.add([question(filed.miss, self.desk, self.library(), round_.now)])
        now_asked = replace(filed, question_id=question_id(filed.miss), asked_at=round_.now)
        records.misses.save(now_asked)
        waiting = [now_asked if each is filed else each for each in round_.waiting]
        return replace(round_, waiting=waiting, left=round_.left - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Round:
    """What waits at one moment, and how many more questions today takes."""

    now: datetime
    waiting: Sequence[FiledMiss]
    left: int
