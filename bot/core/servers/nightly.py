"""Every night all servers of the records are looked at, spread over the early morning; what fails is looked at again."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from bot.core.hours import JAPAN
from bot.core.jobs import Job
from bot.core.servers.looking import FRESH_FOR

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.core.providers import Provider

NIGHTLY = "verify_nightly"
"""The job that makes the night's looks, and sets itself again."""

VERIFY = "verify_provider"
"""The job that looks at one provider."""

_BEGINS = time(4, 0)
_APART = timedelta(seconds=45)
_AGAIN_AFTER = FRESH_FOR + timedelta(minutes=1)


def next_night(now: datetime) -> Job:
    """The next night's job: one for all processes."""
    here = now.astimezone(JAPAN)
    begins = datetime.combine(here.date(), _BEGINS, JAPAN)
    due = begins if begins > here else begins + timedelta(days=1)
    return Job(id=f"{NIGHTLY}:{due.date()}", kind=NIGHTLY, due_at=due.astimezone(now.tzinfo))


def tonight(night: Job, providers: Iterable[Provider]) -> tuple[Job, ...]:
    """A look at each of *providers*, one after the other."""
    return tuple(
        Job(
            id=f"{night.id}:{provider.id}",
            kind=VERIFY,
            due_at=night.due_at + number * _APART,
            details={"provider": provider.id, "night": night.id},
        )
        for number, provider in enumerate(providers)
    )


def second_look(first: Job, now: datetime) -> Job:
    """The look that tells a trouble from a moment's hiccup."""
    return Job(
        id=f"{first.id}:again",
        kind=VERIFY,
        due_at=now + _AGAIN_AFTER,
        details={**first.details, "again": "yes"},
    )


def is_second(job: Job) -> bool:
    return "again" in job.details
