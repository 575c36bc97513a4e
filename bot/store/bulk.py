"""Statements about many rows or keys at once, one spelling for both databases.

PostgreSQL is handed them in one statement, as JSON: each statement is a round trip, and its text must not change with their
number. SQLite's driver has no trips to save and writes row by row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from pydantic_core import to_json
from sqlalchemy import Column, Table, bindparam, column, func, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.prepared import Prepared, inwards

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sqlalchemy import Connection, Executable
    from sqlalchemy.types import TypeEngine

    from bot.store.prepared import Values

JSON = "given_json"


class Given(Protocol):
    """The rows that are given, as the builder of a statement sees them."""

    def insert(self, table: Table) -> Any:
        """INSERT of all rows into *table*."""
        ...

    def __getitem__(self, name: str) -> Any:
        """The value of this name in each row."""
        ...


class Bulk:
    """An INSERT or UPDATE for many rows, whose *columns* are named and typed by what their values are stored in."""

    def __init__(self, build: Callable[[Given], Any], columns: Mapping[str, Column[Any]]) -> None:
        row_by_row = build(_Bound(columns))
        self._row_by_row = Prepared(row_by_row, columns=tuple(columns) if row_by_row.is_insert else None)
        self._at_once = Prepared(build(_Unpacked(columns)))
        self._columns = columns

    def change_each(self, connection: Connection, rows: Iterable[Values]) -> int:
        """Run it for each of *rows*; how many it wrote."""
        if connection.dialect.name == "sqlite":
            return self._row_by_row.change_each(connection, rows)
        return self._at_once.change(connection, {JSON: self._packed(connection, rows)})

    def _packed(self, connection: Connection, rows: Iterable[Values]) -> str:
        changes = connection.info.get(self)
        if changes is None:
            changes = connection.info[self] = [
                (name, inwards(stored.type, connection.dialect)) for name, stored in self._columns.items()
            ]
        return to_json([{name: change(row[name]) for name, change in changes} for row in rows]).decode()


class Among:
    """A query about many keys, or a change of their rows. *build* gets the keys as a subquery."""

    def __init__(self, build: Callable[[Any], Executable]) -> None:
        keys = {"sqlite": func.json_each, "postgresql": func.json_array_elements_text}
        self._statement = Prepared(
            {
                name: build(select(listed(bindparam(JSON)).table_valued("value").c.value))
                for name, listed in keys.items()
            }
        )

    def rows(self, connection: Connection, keys: Sequence[str]) -> list[Any]:
        """All that is found for *keys*, as named tuples."""
        return self._statement.rows(connection, {JSON: to_json(keys).decode()})

    def change(self, connection: Connection, keys: Sequence[str], **values: object) -> int:
        """How many rows it wrote. *values* are the other parameters of the statement."""
        return self._statement.change(connection, {JSON: to_json(keys).decode(), **values})


def named(table: Table, *names: str) -> Mapping[str, Column[Any]]:
    """These columns of *table* by their names; all if none is named."""
    # str: SQLAlchemy's names are of a class of their own, which is slow to write as JSON.
    return {str(each.name): each for each in table.c if each.name in names or not names}


class _Bound:
    """Rows whose values are bound one row after the other."""

    def __init__(self, columns: Mapping[str, Column[Any]]) -> None:
        self._columns = columns

    def insert(self, table: Table) -> Any:
        return sqlite.insert(table)

    def __getitem__(self, name: str) -> Any:
        return bindparam(name, type_=self._columns[name].type)


class _Unpacked:
    """Rows that PostgreSQL unpacks from one text of JSON."""

    def __init__(self, columns: Mapping[str, Column[Any]]) -> None:
        self._rows = (
            func.json_to_recordset(bindparam(JSON))
            .table_valued(*(column(name, _plain(stored.type)) for name, stored in columns.items()))
            .render_derived(name="given", with_types=True)
        )

    def insert(self, table: Table) -> Any:
        return postgresql.insert(table).from_select([each.name for each in self._rows.c], select(self._rows))

    def __getitem__(self, name: str) -> Any:
        return self._rows.c[name]


def _plain(of_type: TypeEngine[Any]) -> TypeEngine[Any]:
    """What the database knows of *of_type*: values are changed on their way in before they are packed."""
    return getattr(of_type, "impl", of_type)
