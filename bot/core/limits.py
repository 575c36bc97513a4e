"""How many events one place may send: a flood is answered once, and then left alone until it ebbs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

Verdict = Literal["heard", "told", "ignored"]
"""What becomes of an event: heard as usual; answered that this is too quick; kept silent about."""

_TOLD_AGAIN_AFTER = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """`burst` events at once; each is earned again in its share of `within`."""

    burst: int
    within: timedelta

    @property
    def share(self) -> timedelta:
        return self.within / self.burst


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How much of a limit is used. `rested_at` is when all of it will be free again; `over` from the first event too many
    until half of it is; `told_at` when it was last said that this is too quick.
    """

    rested_at: datetime | None = None
    over: bool = False
    told_at: datetime | None = None


def judged(pace: Pace, limit: Limit, now: datetime) -> tuple[Verdict, Pace]:
    """What becomes of one more event at *now*, and the pace after it. An ignored event leaves the pace as it is."""
    if pace.rested_at is not None and pace.rested_at - now > limit.within:
        pace = Pace()  # the clock was set back, or the limit made smaller: nobody has to wait for that
    rested_at = max(pace.rested_at or now, now)
    allowed = limit.within / 2 if pace.over else limit.within
    if rested_at + limit.share <= now + allowed:
        return "heard", replace(pace, rested_at=rested_at + limit.share, over=False)
    if pace.told_at is None or now - pace.told_at >= _TOLD_AGAIN_AFTER:
        return "told", Pace(rested_at=rested_at, over=True, told_at=now)
    if pace.over:
        return "ignored", pace
    return "ignored", replace(pace, rested_at=rested_at, over=True)


def given_back(pace: Pace, limit: Limit) -> Pace:
    """*pace* as if one event less had come."""
    return replace(pace, rested_at=pace.rested_at and pace.rested_at - limit.share)
