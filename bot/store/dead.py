"""Dead letters: sends and jobs that were given up, to be looked at and tried again by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, bindparam, case, func, select, update

from bot.store.tables import DEAD, EPOCH, PENDING, jobs, outbox

if TYPE_CHECKING:
    from collections.abc import Sequence

# What was settled some other way is out of the way since EPOCH, and never comes back.
DEAD_SENDS = (
    select(
        outbox.c.id,
        outbox.c.dead_at,
        outbox.c.attempts,
        outbox.c.error,
        outbox.c.held,
        outbox.c.channel,
        outbox.c.cause,
    )
    .where(DEAD, outbox.c.dead_at > EPOCH, outbox.c.sent_at.is_(None))
    .order_by(outbox.c.dead_at)
)

DEAD_JOBS = (
    select(jobs.c.id, jobs.c.dead_at, jobs.c.attempts, jobs.c.error, jobs.c.kind)
    .where(DEAD, jobs.c.dead_at > EPOCH, jobs.c.done_at.is_(None))
    .order_by(jobs.c.dead_at)
)

# The next try counts as the second: an earlier one may have arrived, and the sender asks.
_alive = {"dead_at": None, "error": "", "attempts": 1, "lease_owner": "", "lease_until": EPOCH}

_call = func.coalesce(func.nullif(outbox.c.batch, ""), outbox.c.id)
_its_call = select(_call).where(outbox.c.id == bindparam("of_id")).correlate(None).scalar_subquery()

# What was in one call goes in one call again, under the same key. Of what was held it is certain that it did not arrive.
SEND_AGAIN = (
    update(outbox)
    .where(_call == _its_call, outbox.c.sent_at.is_(None), outbox.c.dead_at > EPOCH)
    .values(
        due_at=bindparam("now"),
        held=0,
        handle_token=None,
        handle_expires_at=None,
        **{**_alive, "attempts": case((outbox.c.held == 1, 0), else_=1)},
    )
)

CAME_ALONG = select(outbox.c.id).where(
    PENDING, outbox.c.id == bindparam("of_id"), outbox.c.due_at == bindparam("now")
)

DO_AGAIN = (
    update(jobs)
    .where(jobs.c.id == bindparam("of_id"), jobs.c.done_at.is_(None), jobs.c.dead_at > EPOCH)
    .values(due_at=bindparam("now"), **_alive)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadRow:
    """One send or job that was given up. `what` is a send's channel, with `held` where only the month's quota was in its
    way, or a job's kind; `cause` the event that it was for.
    """

    id: str
    what: str
    died_at: datetime
    attempts: int
    reason: str
    cause: str = ""
    held: bool = False


def dead_rows(connection: Connection) -> Sequence[DeadRow]:
    """All that was given up, oldest first."""
    sends = [
        DeadRow(
            id=row.id,
            what=f"send to {row.channel}",
            died_at=row.dead_at,
            attempts=row.attempts,
            reason=row.error,
            cause=row.cause,
            held=bool(row.held),
        )
        for row in connection.execute(DEAD_SENDS)
    ]
    tasks = [
        DeadRow(
            id=row.id,
            what=f"job {row.kind}",
            died_at=row.dead_at,
            attempts=row.attempts,
            reason=row.error,
        )
        for row in connection.execute(DEAD_JOBS)
    ]
    return sorted([*sends, *tasks], key=lambda row: row.died_at)


def retry(connection: Connection, row_id: str, now: datetime) -> bool:
    """Make a dead send or job due at *now*, with all its tries before it; False if there is none of this id.

    What had been in one call with it comes along. Its lane is as it was: what was sent meanwhile is not sent again.
    """
    again = {"of_id": row_id, "now": now}
    if connection.execute(CAME_ALONG, again).first() is not None:
        return True
    return any(connection.execute(statement, again).rowcount for statement in (SEND_AGAIN, DO_AGAIN))
