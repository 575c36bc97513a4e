"""Jobs: work that falls due later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, bindparam, select, update

from bot.core.jobs import Job
from bot.desk.ports import DueJob
from bot.store.shapes import DETAILS
from bot.store.tables import EPOCH, UNDONE, for_both, jobs

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

ADD = for_both(lambda insert: insert(jobs).on_conflict_do_nothing())

DUE = (
    select(jobs)
    .where(UNDONE, jobs.c.due_at <= bindparam("now"), jobs.c.lease_until <= bindparam("now"))
    .order_by(jobs.c.due_at, jobs.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)

LEASE = (
    update(jobs)
    .where(jobs.c.id.in_(bindparam("ids", expanding=True)))
    .values(attempts=jobs.c.attempts + 1, lease_owner=bindparam("owner"), lease_until=bindparam("until"))
)

RENEW = (
    update(jobs)
    .where(UNDONE, jobs.c.id.in_(bindparam("ids", expanding=True)), jobs.c.lease_owner == bindparam("owner"))
    .values(lease_until=bindparam("until"))
)

_row = update(jobs).where(jobs.c.id == bindparam("of_id"), jobs.c.done_at.is_(None))

DONE = _row.values(done_at=bindparam("at"), error="", lease_owner="", lease_until=EPOCH, dead_at=None)

RETRY = _row.values(due_at=bindparam("at"), error=bindparam("why"), lease_owner="", lease_until=EPOCH)

BURY = _row.values(dead_at=bindparam("at"), error=bindparam("why"), lease_owner="", lease_until=EPOCH)

RELEASE = (
    update(jobs)
    .where(UNDONE, jobs.c.lease_owner == bindparam("owner"))
    .values(lease_owner="", lease_until=EPOCH)
)


class SqlJobs:
    """Fulfils `bot.desk.ports.JobRecords` on one connection, inside its transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._dialect = connection.dialect.name

    def add(self, jobs: Sequence[Job]) -> None:
        if not jobs:
            return
        rows = [
            {
                "id": job.id,
                "kind": job.kind,
                "details": DETAILS.write(dict(job.details)),
                "due_at": job.due_at,
            }
            for job in jobs
        ]
        self._connection.execute(ADD[self._dialect], rows)

    def lease(self, owner: str, now: datetime, until: datetime, limit: int) -> Sequence[DueJob]:
        rows = self._connection.execute(DUE, {"now": now, "most": limit}).all()
        if not rows:
            return ()
        self._connection.execute(LEASE, {"ids": [row.id for row in rows], "owner": owner, "until": until})
        return [
            DueJob(
                job=Job(id=row.id, kind=row.kind, due_at=row.due_at, details=DETAILS.read(row.details)),
                attempt=row.attempts + 1,
            )
            for row in rows
        ]

    def renew(self, owner: str, job_ids: Sequence[str], until: datetime) -> None:
        if job_ids:
            self._connection.execute(RENEW, {"ids": job_ids, "owner": owner, "until": until})

    def done(self, job_id: str, at: datetime) -> None:
        self._connection.execute(DONE, {"of_id": job_id, "at": at})

    def retry(self, job_id: str, at: datetime, error: str) -> None:
        self._connection.execute(RETRY, {"of_id": job_id, "at": at, "why": error})

    def bury(self, job_id: str, at: datetime, error: str) -> None:
        self._connection.execute(BURY, {"of_id": job_id, "at": at, "why": error})

    def release(self, owner: str) -> None:
        """Give back the leases of *owner* on jobs that are not finished."""
        self._connection.execute(RELEASE, {"owner": owner})
