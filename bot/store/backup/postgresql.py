"""Backup and restore of a PostgreSQL database by its own programs, pg_dump and pg_restore."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text
from sqlalchemy.exc import SQLAlchemyError

from bot.errors import StoreError
from bot.store import schema
from bot.store.backup.files import kept_aside, kind_of, refuse_to_overwrite, written_whole
from bot.store.backup.inventory import Restored, discard_unsent_rows, holds_rows, take_inventory
from bot.store.backup.moving import fill_from_sqlite
from bot.store.engine import open_engine
from bot.store.tables import metadata

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection, Engine

    from bot.store.backup.inventory import Inventory

OURS = (*metadata.tables, "alembic_version")

HOW_TO_INSTALL = (
    "PostgreSQL のクライアント（サーバーと同じ版か、新しいもの）に入っています："
    "apt-get install postgresql-client（Debian、Ubuntu）、brew install libpq（macOS）、"
    "postgresql.org のインストーラー（Windows）"
)

OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
)

_TABLE_DATA = re.compile(r"^\d+; \d+ \d+ TABLE DATA \S+ (\S+) ", re.MULTILINE)


class PostgresqlDatabase:
    """The database at *url*."""

    def __init__(self, url: str) -> None:
        self._url = url
        parsed = self._engine().url.set(drivername="postgresql")
        password = parsed.password or parsed.query.get("password")
        self._name = parsed.database or "postgresql"
        bare = parsed.set(password=None).difference_update_query(["password"])
        self._dbname = f"--dbname={bare.render_as_string()}"
        # Other users of the machine see a program's arguments, but not its environment.
        self._environment = os.environ | ({"PGPASSWORD": str(password)} if password else {})

    def back_up(self, target: Path) -> Inventory:
        """Write a checked dump of our tables to *target*, which must not be there yet. The service may go on meanwhile.

        Raises:
            UsageError: *target* is there already.
            StoreError: nothing was written to *target*.
        """
        refuse_to_overwrite(target)
        with self._connected() as connection:
            inventory = take_inventory(connection)
        if inventory.revision > schema.REVISION:
            raise StoreError(
                f"データの版は {inventory.revision} で、このプログラムが知っているのは {schema.REVISION} までです。"
                "新しいほうのプログラムで控えを取ってください"
            )
        with written_whole(target) as draft:
            tables = (f"--table={name}" for name in OURS)
            self._run(
                "pg_dump",
                "--format=custom",
                "--no-owner",
                "--no-privileges",
                *tables,
                f"--file={draft}",
                self._dbname,
            )
            self._tables_in(draft)
        return inventory

    def restore(self, backup: Path, *, replace: bool, discard_unsent: bool) -> Restored:
        """Put *backup* in the database's place, in one transaction; a database that holds anything needs *replace*, and
        is dumped beside *backup* first. A backup of SQLite is taken in too: so a shop grows out of its one file.

        Raises:
            StoreError: the rows are all as they were before, or all those of the backup.
        """
        kind = kind_of(backup)
        tables = self._tables_in(backup) if kind == "PostgreSQL" else frozenset()
        with self._connected() as connection:
            if others := connection.scalar(OTHERS):
                raise StoreError(
                    f"データベースを、ほかの {others} つの接続が使っています。先にサービスを止めてください"
                )
            held = holds_rows(connection)
        if held and not replace:
            raise StoreError(
                "データベースは空ではありません。--replace を付けると、控えの隣に残したうえで入れかえます"
            )
        kept = kept_aside(backup.with_name(f"{self._name}.dump")) if held else None
        if kept:
            self.back_up(kept)
        if kind == "PostgreSQL":
            self._replay(backup, tables)
        else:
            fill_from_sqlite(self._url, backup)
        with self._connected() as connection, connection.begin():
            if discard_unsent:
                discard_unsent_rows(connection)
            return Restored(inventory=take_inventory(connection), kept=kept)

    def _replay(self, backup: Path, tables: frozenset[str]) -> None:
        self._run(
            "pg_restore",
            "--clean",
            "--if-exists",
            "--no-owner",
            "--no-privileges",
            "--single-transaction",
            "--exit-on-error",
            self._dbname,
            str(backup),
        )
        with self._connected() as connection, connection.begin():
            # Tables of later migrations than the backup's: left there, these migrations could not run again.
            there = set(inspect(connection).get_table_names())
            metadata.drop_all(
                connection,
                [table for name, table in metadata.tables.items() if name in there and name not in tables],
            )

    def _tables_in(self, dump: Path) -> frozenset[str]:
        """Read all of *dump*, and say which tables' rows it holds."""
        self._run("pg_restore", f"--file={os.devnull}", str(dump))
        tables = frozenset(_TABLE_DATA.findall(self._run("pg_restore", "--list", str(dump))))
        if "alembic_version" not in tables:
            raise StoreError(f"{dump} は、madoguchi backup で取った控えではありません")
        return tables

    def _run(self, program: str, *arguments: str) -> str:
        found = shutil.which(program)
        if found is None:
            raise StoreError(f"{program} が入っていません。{HOW_TO_INSTALL}")
        done = subprocess.run(  # noqa: S603 - a fixed program, and arguments that no shell reads
            [found, *arguments],
            env=self._environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        if done.returncode == 0:
            return done.stdout
        # Only the program's own words: the server's may hold the values of a row.
        told = [line for line in done.stderr.splitlines() if line.startswith(f"{program}: ")]
        hint = f"。{HOW_TO_INSTALL}" if "version mismatch" in done.stderr else ""
        raise StoreError(
            f"{' '.join(told[:2]) or f'{program} が、番号 {done.returncode} で終わりました'}{hint}"
        )

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        engine = self._engine()
        try:
            with engine.connect() as connection:
                yield connection
        except SQLAlchemyError as error:
            reason = str(getattr(error, "orig", None) or type(error).__name__).strip().partition("\n")[0]
            raise StoreError(f"データベースが受けつけませんでした（{reason}）") from error
        finally:
            engine.dispose()

    def _engine(self) -> Engine:
        return open_engine(self._url, connections=1)
