"""Statements that run at every event: written in SQLAlchemy's terms like all others, run by the driver itself.

SQLAlchemy takes 30 to 60 µs of its own to run a statement, and an event has nine: more than SQLite needs for all of them.
A prepared statement is compiled once for each connection, and what remains of every run is the driver's.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Dialect, Executable
    from sqlalchemy.types import TypeEngine

Values = Mapping[str, Any]
_Change = Callable[[Any], Any]


class Prepared:
    """One statement, or one for each database by its name. *columns* are those that an INSERT gives values for.

    It takes no lists for IN: their text changes with every run.
    """

    def __init__(
        self, statement: Executable | Mapping[str, Executable], *, columns: Sequence[str] | None = None
    ) -> None:
        self._statement = statement
        self._columns = columns

    def rows(self, connection: Connection, values: Values) -> list[Any]:
        """All that is found, as named tuples."""
        compiled = self._compiled(connection)
        return [compiled.row(each) for each in _run(connection, compiled.text, compiled.bound(values))]

    def first(self, connection: Connection, values: Values) -> Any:
        """The first that is found, as a named tuple; None if nothing is."""
        compiled = self._compiled(connection)
        found = _run(connection, compiled.text, compiled.bound(values)).fetchone()
        return None if found is None else compiled.row(found)

    def change(self, connection: Connection, values: Values) -> int:
        """How many rows it wrote."""
        compiled = self._compiled(connection)
        count: int = _run(connection, compiled.text, compiled.bound(values)).rowcount
        return count

    def change_each(self, connection: Connection, rows: Iterable[Values]) -> int:
        """Run it for each of *rows*; how many it wrote."""
        compiled = self._compiled(connection)
        return _run_each(connection, compiled.text, [compiled.bound(values) for values in rows])

    def _compiled(self, connection: Connection) -> _Compiled:
        # Kept with the connection and not here: what becomes of a sealed column depends on its engine's vault.
        found: _Compiled | None = connection.info.get(self)
        if found is None:
            several = self._statement
            statement = several[connection.dialect.name] if isinstance(several, Mapping) else several
            found = connection.info[self] = _Compiled(statement, self._columns, connection.dialect)
        return found


class _Compiled:
    """A statement in the words of one database, with what its values go through on their way in and out."""

    def __init__(self, statement: Any, columns: Sequence[str] | None, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=columns)
        self.text = str(compiled)
        parameters = [compiled.binds[name] for name in compiled.positiontup]
        changes = [inwards(parameter.type, dialect) for parameter in parameters]
        self._given = [
            (place, name, change)
            for place, (name, parameter, change) in enumerate(
                zip(compiled.positiontup, parameters, changes, strict=True)
            )
            if parameter.required
        ]
        self._constants = [
            None if parameter.required else change(parameter.effective_value)
            for parameter, change in zip(parameters, changes, strict=True)
        ]
        found = statement.selected_columns if statement.is_select else ()
        self._outwards = [_outwards(column.type, dialect) for column in found]
        self._row = _named([column.key for column in found])

    def bound(self, values: Values) -> list[Any]:
        """*values* in the order in which the text names them."""
        bound = self._constants.copy()
        for place, name, change in self._given:
            bound[place] = change(values[name])
        return bound

    def row(self, found: Sequence[Any]) -> Any:
        return self._row._make([change(value) for change, value in zip(self._outwards, found, strict=True)])


def _named(columns: Sequence[str]) -> Any:
    return namedtuple("Row", columns)  # noqa: PYI024 - which columns is known by the statement alone


def _run(connection: Connection, text: str, values: Sequence[Any]) -> Any:
    try:
        return _driver(connection).execute(text, values)
    except connection.dialect.loaded_dbapi.Error as error:
        raise _refused(connection, text, error) from error


def _run_each(connection: Connection, text: str, rows: Sequence[Sequence[Any]]) -> int:
    cursor = _driver(connection).cursor()
    try:
        cursor.executemany(text, rows)
    except connection.dialect.loaded_dbapi.Error as error:
        raise _refused(connection, text, error) from error
    count: int = cursor.rowcount
    return count


def _driver(connection: Connection) -> Any:
    return connection.connection.dbapi_connection


def _refused(connection: Connection, text: str, error: Any) -> DBAPIError:
    """The driver's error as SQLAlchemy tells it. A connection that it broke is not used again."""
    lost = connection.dialect.is_disconnect(error, _driver(connection), None)
    if lost:
        connection.invalidate(error)
    return DBAPIError(text, None, error, hide_parameters=True, connection_invalidated=lost)


def inwards(of_type: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any]:
    """What a value of this type goes through on its way into the database."""
    return of_type.dialect_impl(dialect).bind_processor(dialect) or _as_it_is


def _outwards(of_type: TypeEngine[Any], dialect: Dialect) -> _Change:
    return of_type.dialect_impl(dialect).result_processor(dialect, None) or _as_it_is


def _as_it_is(value: Any) -> Any:
    return value
