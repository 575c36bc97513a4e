"""A few counts for those who watch; each is answered from an index, however much is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, bindparam, func, select, text

from bot.desk.watching import Soundings
from bot.store import schema
from bot.store.tables import DEAD, EPOCH, OPEN, PENDING, UNDONE, jobs, outbox, tickets

if TYPE_CHECKING:
    from datetime import datetime

WAITING = select(func.count(), func.min(outbox.c.due_at)).where(PENDING)

DEAD_SENDS = (
    select(func.count()).select_from(outbox).where(DEAD, outbox.c.dead_at > EPOCH, outbox.c.held == 0)
)

DUE_JOBS = select(func.count()).select_from(jobs).where(UNDONE, jobs.c.due_at <= bindparam("now"))

DEAD_JOBS = select(func.count()).select_from(jobs).where(DEAD)

TICKETS = select(tickets.c.state, func.count()).where(OPEN).group_by(tickets.c.state)

REVISION = text("SELECT version_num FROM alembic_version")


def sound(connection: Connection, now: datetime) -> Soundings:
    """What waits, what was given up, and whether the database fits this code."""
    waiting, oldest = connection.execute(WAITING).one()
    return Soundings(
        waiting=waiting,
        oldest_due_at=oldest,
        dead=connection.scalar(DEAD_SENDS) or 0,
        jobs_due=connection.scalar(DUE_JOBS, {"now": now}) or 0,
        jobs_dead=connection.scalar(DEAD_JOBS) or 0,
        tickets={row.state: row[1] for row in connection.execute(TICKETS)},
        up_to_date=(connection.scalar(REVISION) or "") >= schema.REVISION,
    )
