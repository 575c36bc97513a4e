"""The radar's memory: reports of trouble with providers, and what operators know and decided of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, bindparam, delete, literal, select, union_all

from bot.core.reports import Episode, Report, Standing
from bot.store.prepared import Prepared
from bot.store.shapes import Shape
from bot.store.tables import CLOSED, EPOCH, episodes, for_both, reports, server_looks

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

EPISODE = Shape(TypeAdapter(Episode))

STANDING = Prepared(
    union_all(
        select(server_looks.c.provider, literal("closed").label("how")).where(CLOSED),
        select(episodes.c.provider, literal("troubled").label("how")).where(
            episodes.c.told_until > bindparam("now")
        ),
    )
)

ADD = for_both(lambda insert: insert(reports).on_conflict_do_nothing())

REPORTS = select(reports).where(
    reports.c.provider == bindparam("of_provider"), reports.c.at >= bindparam("since")
)

FORGET = delete(reports).where(reports.c.at < bindparam("before"))

EPISODE_OF = select(episodes.c.body).where(episodes.c.provider == bindparam("of_provider")).with_for_update()


def _save(insert: Any) -> Any:
    new = insert(episodes)
    return new.on_conflict_do_update(
        index_elements=[episodes.c.provider],
        set_={"body": new.excluded.body, "told_until": new.excluded.told_until},
    )


SAVE = for_both(_save)


class SqlRadar:
    """Fulfils `bot.desk.ports.RadarRecords` on one connection, inside its transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._dialect = connection.dialect.name

    def standing(self, now: datetime) -> Standing:
        rows = STANDING.rows(self._connection, {"now": now})
        if not rows:
            return Standing()
        return Standing(
            closed=frozenset(row.provider for row in rows if row.how == "closed"),
            troubled=frozenset(row.provider for row in rows if row.how == "troubled"),
        )

    def add(self, reports: Sequence[Report]) -> None:
        if reports:
            rows = [{"provider": each.provider, "at": each.at, "who": each.who} for each in reports]
            self._connection.execute(ADD[self._dialect], rows)

    def reports(self, provider_id: str, since: datetime) -> Sequence[Report]:
        rows = self._connection.execute(REPORTS, {"of_provider": provider_id, "since": since})
        return [Report(provider=row.provider, who=row.who, at=row.at) for row in rows]

    def forget(self, before: datetime) -> None:
        self._connection.execute(FORGET, {"before": before})

    def episode(self, provider_id: str) -> Episode | None:
        body = self._connection.scalar(EPISODE_OF, {"of_provider": provider_id})
        return None if body is None else EPISODE.read(body)

    def save(self, episode: Episode) -> None:
        told = episode.until if episode.state == "confirmed" and episode.until else EPOCH
        values = {"provider": episode.provider, "body": EPISODE.write(episode), "told_until": told}
        self._connection.execute(SAVE[self._dialect], values)
