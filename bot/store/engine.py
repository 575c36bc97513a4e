"""Opens a database by its address, and sets it up for durable, short transactions."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, OperationalError

from bot.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from sqlite3 import Connection as SQLiteConnection

    from psycopg import Connection as PostgreSQLConnection
    from sqlalchemy import URL

SQLITE_BUSY_SECONDS = 5
POSTGRESQL_CONNECT_SECONDS = 5
POSTGRESQL_LOCK_SECONDS = 5
POSTGRESQL_IDLE_SECONDS = 15
"""How long a transaction may wait for its process: that of a machine that vanished would hold its locks for hours."""


def open_engine(url: str, *, connections: int) -> Engine:
    """An engine for *url* with a pool of *connections*; makes the folder of a SQLite file.

    Raises:
        StoreError: the address cannot be read, or names a database that is not supported.
    """
    parsed = _parse(url)
    if parsed.get_backend_name() == "sqlite":
        return _open_sqlite(parsed, connections)
    return create_engine(
        parsed.set(drivername="postgresql+psycopg"),
        paramstyle="format",  # by place, as on SQLite
        pool_size=connections,
        max_overflow=0,
        hide_parameters=True,  # what customers said has no place in the words of an error
        connect_args={"connect_timeout": POSTGRESQL_CONNECT_SECONDS},
    )


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """A connection inside a transaction that is committed at the end, or rolled back on any error."""
    with engine.connect() as connection, connection.begin():
        if engine.dialect.name == "sqlite":
            # IMMEDIATE: wait for the write lock at the start, never fail to get it in the middle.
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield connection


def bound_waits(engine: Engine) -> None:
    """Let no connection of *engine* wait long for a lock, nor keep others waiting for its own (PostgreSQL)."""
    if engine.dialect.name == "postgresql":
        event.listen(engine.pool, "connect", _bound)


def compact(engine: Engine) -> bool:
    """Write a SQLite file anew, so that nothing erased is left in its free space; False: others are at work in it.

    PostgreSQL does so by itself (autovacuum).
    """
    if engine.dialect.name != "sqlite":
        return True
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("VACUUM")
            checkpoint = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
    except OperationalError:
        return False
    return bool(checkpoint[0] == 0)


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url.replace("postgres://", "postgresql://", 1))
    except ArgumentError:
        raise StoreError(
            "データベースの場所（MADOGUCHI_DATABASE_URL）が読めません。sqlite:///ファイル か postgresql://… の形で書いてください"
        ) from None
    backend = parsed.get_backend_name()
    if backend not in {"sqlite", "postgresql"}:
        raise StoreError(
            f"{backend} のデータベースは使えません。sqlite:///ファイル か postgresql://… の形で書いてください"
        )
    if backend == "sqlite" and parsed.database in {None, "", ":memory:"}:
        raise StoreError("SQLite のデータベースには、ファイルの名前が要ります（sqlite:///ファイル）")
    return parsed


def _open_sqlite(url: URL, connections: int) -> Engine:
    assert url.database is not None
    folder = Path(url.database).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"データベースのフォルダー {folder} を作れません（{error.strerror}）") from error
    engine = create_engine(
        url.set(drivername="sqlite+pysqlite"),
        pool_size=connections,
        max_overflow=0,
        hide_parameters=True,  # as above
        # The driver must not begin transactions by its own rules: `transaction` does.
        connect_args={"isolation_level": None, "check_same_thread": False, "timeout": SQLITE_BUSY_SECONDS},
    )
    # On the pool, not the engine: an engine with listeners looks for more of them at every statement.
    event.listen(engine.pool, "connect", _prepare)
    return engine


def _bound(connection: PostgreSQLConnection, _record: object) -> None:
    connection.execute(f"SET lock_timeout = '{POSTGRESQL_LOCK_SECONDS}s'")
    connection.execute(f"SET idle_in_transaction_session_timeout = '{POSTGRESQL_IDLE_SECONDS}s'")
    connection.commit()


def _prepare(connection: SQLiteConnection, _record: object) -> None:
    # FULL: a commit has reached the disk, not only the operating system, before anything is acknowledged.
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "cache_size = -4000"):
        connection.execute(f"PRAGMA {pragma}")
