"""The shape of the database: which revision this code wants, and how to get there."""

from __future__ import annotations

import logging
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from bot.errors import StoreError
from bot.store.engine import transaction
from bot.store.tables import metadata

log = logging.getLogger(__name__)

REVISION = "0006"
MIGRATIONS = Path(__file__).parent / "migrations"

MADE = """CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
)"""
"""Where Alembic keeps the revision, as it makes it itself."""

UPGRADE_LOCK = 770_001
"""Any number, the same in every process: PostgreSQL lets one of them migrate at a time."""


def current(connection: Connection) -> str:
    """The revision of the database; "" when it is empty. Revisions are numbers with leading zeros, so they compare."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none() or ""


def ensure(engine: Engine) -> None:
    """Make sure that the database fits this code. A SQLite file is made or upgraded here and now; a PostgreSQL database,
    which other processes may be using, is left alone.

    A database newer than this code is fine: migrations are made so that the code before them still works.

    Raises:
        StoreError: the database is away, or is a PostgreSQL database that must be upgraded first.
    """
    try:
        with engine.connect() as connection:
            found = current(connection)
    except SQLAlchemyError as error:
        raise StoreError(f"データベースを開けません（{_reason(error)}）") from error
    if found >= REVISION:
        return
    if engine.dialect.name != "sqlite":
        raise StoreError("データベースの形が古いままです。madoguchi db upgrade を動かしてください")
    if not found:
        _make(engine)
    upgrade(engine)


def upgrade(engine: Engine) -> str:
    """Run the migrations that are missing, all in one transaction, and return the revision reached.

    Raises:
        StoreError: nothing was changed.
    """
    try:
        with transaction(engine) as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": UPGRADE_LOCK})
            before = current(connection)
            if before < REVISION:
                _migrate(connection)
            after = current(connection)
    except SQLAlchemyError as error:
        raise StoreError(f"データベースの形を新しくできませんでした（{_reason(error)}）") from error
    if after != before:
        log.info("database upgraded", extra={"action": "db_upgrade", "from": before, "to": after})
    return after


def _make(engine: Engine) -> None:
    """All tables at once, as the migrations leave them, if there is none yet: the first start need not wait for those."""
    try:
        with transaction(engine) as connection:
            if inspect(connection).get_table_names():
                return
            metadata.create_all(connection)
            connection.execute(text(MADE))
            connection.execute(text("INSERT INTO alembic_version VALUES (:revision)"), {"revision": REVISION})
    except SQLAlchemyError as error:
        raise StoreError(f"データベースを作れませんでした（{_reason(error)}）") from error
    log.info("database made", extra={"action": "db_make", "to": REVISION})


def _migrate(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - slow to import, and seldom needed
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, REVISION)


def _reason(error: SQLAlchemyError) -> str:
    """The driver's own words: the full text of SQLAlchemy may hold values of rows."""
    return str(getattr(error, "orig", None) or type(error).__name__).strip()
