"""Looks at providers' mail servers: the latest of each, shared by all processes, and who is looking just now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, bindparam, select

from bot.core.servers.findings import Observation
from bot.store.shapes import Shape
from bot.store.tables import EPOCH, for_both, server_looks

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

LOOKS: Shape[tuple[Observation, ...]] = Shape(TypeAdapter(tuple[Observation, ...]))

KEPT = select(server_looks.c.looked_at, server_looks.c.body).where(
    server_looks.c.provider == bindparam("of_provider")
)


def _claim(insert: Any) -> Any:
    new = insert(server_looks)
    return new.on_conflict_do_update(
        index_elements=[server_looks.c.provider],
        set_={"claimed_until": new.excluded.claimed_until},
        where=server_looks.c.claimed_until <= bindparam("now"),
    )


def _keep(insert: Any) -> Any:
    new = insert(server_looks)
    changed = ("looked_at", "claimed_until", "plain_closed", "body")
    return new.on_conflict_do_update(
        index_elements=[server_looks.c.provider], set_={name: new.excluded[name] for name in changed}
    )


CLAIM, KEEP = for_both(_claim), for_both(_keep)


class SqlLooks:
    """Fulfils `bot.desk.ports.LookRecords` on one connection, inside its transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._dialect = connection.dialect.name

    def kept(self, provider_id: str) -> tuple[datetime, Sequence[Observation]] | None:
        row = self._connection.execute(KEPT, {"of_provider": provider_id}).one_or_none()
        if row is None or row.looked_at == EPOCH:
            return None
        return row.looked_at, LOOKS.read(row.body)

    def claim(self, provider_id: str, now: datetime, until: datetime) -> bool:
        values = {"provider": provider_id, "claimed_until": until, "now": now}
        return self._connection.execute(CLAIM[self._dialect], values).rowcount == 1

    def keep(self, provider_id: str, looks: Sequence[Observation], *, at: datetime, closed: bool) -> None:
        values = {
            "provider": provider_id,
            "looked_at": at,
            "claimed_until": EPOCH,
            "plain_closed": int(closed),
            "body": LOOKS.write(tuple(looks)),
        }
        self._connection.execute(KEEP[self._dialect], values)
