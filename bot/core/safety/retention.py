"""What is older than the shop wants to keep goes every night: one job for all processes, made from its day."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

from bot.core.hours import JAPAN
from bot.core.jobs import Job

RETENTION = "retention"
"""The job that erases what is too old. `details`: `place`, where an earlier part of the same night's work stopped."""

_AT = time(3, 30)


def retention_job(now: datetime) -> Job:
    """The next night's work after *now*."""
    today = now.astimezone(JAPAN)
    tonight = datetime.combine(today.date(), _AT, JAPAN)
    due = tonight if tonight > today else tonight + timedelta(days=1)
    return Job(id=f"{RETENTION}:{due.date().isoformat()}", kind=RETENTION, due_at=due.astimezone(now.tzinfo))


def continued(job: Job, place: str, now: datetime) -> Job:
    """The rest of *job*, which stopped at *place* so as not to take too long."""
    return replace(job, id=f"{job.id}+", due_at=now, details={"place": place})
