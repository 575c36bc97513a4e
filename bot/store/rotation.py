"""Renews the encryption at rest: every sealed column is written again with the newest key."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sqlalchemy import select, update
from sqlalchemy.exc import SQLAlchemyError

from bot.errors import StoreError
from bot.store.engine import transaction
from bot.store.tables import metadata
from bot.store.vault import Sealed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from sqlalchemy import Column, Connection, Engine, Table

SLICE = 200


def rotate(engine: Engine) -> Mapping[str, int]:
    """Read and write every row that holds something sealed, a slice at a time; how many rows of each table.

    The engine's vault must open what is there and have the newest key first. Rows that the service writes meanwhile
    are locked for the moment in which they are renewed.

    Raises:
        StoreError: a row cannot be opened, or the database is away; run again when that is mended.
    """
    renewed: Counter[str] = Counter()
    for table in metadata.sorted_tables:
        sealed = [column for column in table.columns if isinstance(column.type, Sealed)]
        if not sealed:
            continue
        (key,) = table.primary_key.columns
        after: Any = None
        while True:
            try:
                with transaction(engine) as connection:
                    last, count = _renew(connection, table, key, sealed, after)
            except SQLAlchemyError as error:
                reason = str(getattr(error, "orig", None) or type(error).__name__).partition("\n")[0]
                raise StoreError(
                    f"すべては暗号化し直せませんでした。もう一度動かしてください（{reason}）"
                ) from error
            renewed[table.name] += count
            if count < SLICE:
                break
            after = last
    return renewed


def _renew(
    connection: Connection, table: Table, key: Column[Any], sealed: list[Column[Any]], after: Any
) -> tuple[Any, int]:
    page = select(key, *sealed).order_by(key).limit(SLICE).with_for_update()
    if after is not None:
        page = page.where(key > after)
    rows = connection.execute(page).all()
    for row in rows:
        values = {column.name: getattr(row, column.name) for column in sealed}
        connection.execute(update(table).where(key == row[0]).values(values))
    return (rows[-1][0] if rows else None), len(rows)
