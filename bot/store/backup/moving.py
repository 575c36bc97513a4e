"""Moves a shop that has outgrown its one file: the rows of a SQLite backup into PostgreSQL."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select
from sqlalchemy.exc import SQLAlchemyError

from bot.errors import StoreError
from bot.store import schema
from bot.store.backup.sqlite import copy_into, examine
from bot.store.engine import open_engine
from bot.store.tables import metadata

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table

ROWS_AT_ONCE = 1_000


def fill_from_sqlite(url: str, backup: Path) -> None:
    """Replace all rows of the PostgreSQL database at *url* by those of *backup*, in one transaction.

    Raises:
        StoreError: no row was changed.
    """
    with tempfile.TemporaryDirectory(prefix="madoguchi-") as folder:
        draft = Path(folder) / "moving.sqlite3"
        examine(backup)
        copy_into(draft, backup)
        source, target = open_engine(f"sqlite:///{draft}", connections=1), open_engine(url, connections=1)
        try:
            schema.upgrade(source)  # a backup of an older version: both sides must have the same tables
            schema.upgrade(target)
            with source.connect() as old, target.connect() as new, new.begin():
                for table in metadata.sorted_tables:
                    _move(table, old, new)
        except SQLAlchemyError as error:
            reason = str(getattr(error, "orig", None) or type(error).__name__).strip().partition("\n")[0]
            raise StoreError(f"データを移せませんでした（{reason}）。何も変わっていません") from error
        finally:
            source.dispose()
            target.dispose()


def _move(table: Table, old: Connection, new: Connection) -> None:
    new.execute(delete(table))
    for rows in old.execute(select(table)).mappings().partitions(ROWS_AT_ONCE):
        new.execute(insert(table), [dict(row) for row in rows])
    counter = table.autoincrement_column
    if counter is None:
        return
    highest = new.scalar(select(func.max(counter)))
    if highest is not None:  # the next row must come after the moved ones
        new.execute(select(func.setval(func.pg_get_serial_sequence(table.name, counter.name), highest)))
