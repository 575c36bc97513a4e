"""Backup and restore of a SQLite file, while the service runs (backup) or is stopped (restore)."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import NullPool, create_engine

from bot.errors import StoreError
from bot.store.backup.files import kept_aside, kind_of, refuse_to_overwrite, written_whole
from bot.store.backup.inventory import Restored, discard_unsent_rows, take_inventory

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection

    from bot.store.backup.inventory import Inventory

BUSY_SECONDS = 10
IN_USE_SECONDS = 1

_IN_USE = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_COMPANIONS = ("-wal", "-shm")


class SqliteFile:
    """The database in the file *path*."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def back_up(self, target: Path) -> Inventory:
        """Write a checked copy to *target*, which must not be there yet. The service may go on meanwhile.

        VACUUM INTO is one consistent moment of the database, and leaves out what lies erased between its rows.

        Raises:
            UsageError: *target* is there already.
            StoreError: nothing was written to *target*.
        """
        refuse_to_overwrite(target)
        if not self._path.is_file():
            raise StoreError(f"{self._path} に、データベースがありません")
        with written_whole(target) as draft:
            copy_into(draft, self._path)
            return examine(draft)

    def restore(self, backup: Path, *, replace: bool, discard_unsent: bool) -> Restored:
        """Put *backup* in the database's place; a database that holds anything is kept beside it, and needs *replace*.

        Raises:
            StoreError: nothing was changed.
        """
        if kind_of(backup) != "SQLite":
            raise StoreError(
                f"{backup} は PostgreSQL の控えですが、設定（MADOGUCHI_DATABASE_URL）は SQLite になっています"
            )
        inventory = examine(backup)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        held = self._settle()
        if held and not replace:
            raise StoreError(
                f"{self._path} は空ではありません。--replace を付けると、これを残したうえで入れかえます"
            )
        with written_whole(self._path) as draft:
            copy_into(draft, backup)
            if discard_unsent:
                with _connected(draft, "rw") as connection, connection.begin():
                    discard_unsent_rows(connection)
            inventory = examine(draft)
            self._hand_over(draft)
            kept = self._keep() if held else None
        return Restored(inventory=inventory, kept=kept)

    def _settle(self) -> bool:
        """Make the database one plain file that nobody has open. Does it hold anything worth keeping?"""
        if not self._path.exists() or self._path.stat().st_size == 0:
            return False
        try:
            kind_of(self._path)
        except StoreError:
            return True  # damaged beyond opening, and kept as it is
        try:
            with closing(_open(self._path, "rw", IN_USE_SECONDS)) as connection:
                # Leaving the WAL mode needs the file for oneself: it fails while a service has it open.
                connection.execute("PRAGMA journal_mode = DELETE")
                names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
                rows = (
                    connection.execute(f'SELECT 1 FROM "{name}" LIMIT 1').fetchone()  # noqa: S608 - the file's own names
                    for (name,) in names
                    if name != "alembic_version"
                )
                return any(rows)
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode in _IN_USE:
                raise StoreError(f"{self._path} は使われています。先にサービスを止めてください") from error
            return True  # damaged, and so perhaps the reason for restoring: kept as it is

    def _keep(self) -> Path:
        kept = kept_aside(self._path)
        try:
            os.link(self._path, kept)  # the old database never goes missing, whatever happens in between
        except OSError:  # a file system without links
            shutil.copy2(self._path, kept)
        for companion in _COMPANIONS:  # left only by a damaged database; they must not meet the new one
            left = _companion(self._path, companion)
            if left.exists():
                left.replace(_companion(kept, companion))
        return kept

    def _hand_over(self, draft: Path) -> None:
        """Give *draft* the owner and mode of the file it replaces, so that root may restore for the service's user."""
        like = self._path if self._path.exists() else self._path.parent
        if like is self._path:
            shutil.copymode(like, draft)
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            os.chown(draft, like.stat().st_uid, like.stat().st_gid)


def examine(file: Path) -> Inventory:
    """Check every page of *file* and count what it holds.

    Raises:
        StoreError: it is damaged, or not a database of madoguchi.
    """
    try:
        with closing(_open(file, "ro", BUSY_SECONDS)) as connection:
            faults = [fault for (fault,) in connection.execute("PRAGMA integrity_check(3)")]
            ((pages,), (page_size,)) = (
                connection.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "page_size")
            )
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{file} は、データベースとして読めません（{error}）") from error
    if faults != ["ok"]:
        raise StoreError(f"{file} はこわれています（{faults[0]}）")
    if file.stat().st_size < pages * page_size and not _companion(file, "-wal").exists():
        # SQLite takes what is missing of the last page for zeros, which may even be right; a whole backup ends there.
        raise StoreError(f"{file} はこわれています（終わりが欠けています）")
    with _connected(file, "ro") as connection:
        return take_inventory(connection)


def _companion(file: Path, ending: str) -> Path:
    return file.with_name(file.name + ending)


def copy_into(draft: Path, source: Path) -> None:
    """Fill the empty file *draft* with one consistent moment of the database *source*, which may be in use.

    Raises:
        StoreError: *source* cannot be read.
    """
    try:
        with closing(_open(source, "rw" if os.access(source, os.W_OK) else "ro", BUSY_SECONDS)) as connection:
            connection.execute("VACUUM INTO ?", (str(draft),))
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{source} を写せませんでした（{error}）") from error


def _open(path: Path, mode: str, seconds: float) -> sqlite3.Connection:
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}", uri=True, timeout=seconds, isolation_level=None
    )


@contextmanager
def _connected(path: Path, mode: str) -> Iterator[Connection]:
    """A connection as the rest of the store uses them. Unlike `open_engine` it leaves the file's modes alone."""
    engine = create_engine(
        "sqlite+pysqlite://", creator=lambda: _open(path, mode, BUSY_SECONDS), poolclass=NullPool
    )
    with engine.connect() as connection:
        yield connection
