"""Files that are there whole or not at all, and what kind of backup a file is."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from bot.errors import StoreError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

Kind = Literal["SQLite", "PostgreSQL"]

_MAGIC: dict[bytes, Kind] = {b"SQLite format 3\0": "SQLite", b"PGDMP": "PostgreSQL"}


def kind_of(backup: Path) -> Kind:
    """Which database *backup* was made from, by its first bytes.

    Raises:
        StoreError: it cannot be read, or is no backup.
    """
    try:
        with backup.open("rb") as file:
            start = file.read(16)
    except OSError as error:
        raise StoreError(f"{backup} が読めません（{error.strerror}）") from error
    for magic, kind in _MAGIC.items():
        if start.startswith(magic):
            return kind
    raise StoreError(f"{backup} は、madoguchi backup で取った控えではありません")


@contextmanager
def written_whole(target: Path) -> Iterator[Path]:
    """A private draft beside *target* to write into; takes its name, and is on the disk, only when all went well.

    Raises:
        StoreError: the folder cannot be written.
    """
    try:
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part")
    except OSError as error:
        raise StoreError(f"{target.parent} に書けません（{error.strerror}）") from error
    os.close(descriptor)
    draft = Path(name)
    try:
        yield draft
        _reach_the_disk(draft)
        draft.replace(target)
        _reach_the_disk(target.parent)
    finally:
        draft.unlink(missing_ok=True)


def refuse_to_overwrite(target: Path) -> None:
    """Raises UsageError: *target* is there already. A backup never takes the place of another file."""
    if target.exists():
        raise UsageError(f"{target} は、もうあります。新しい控えには、ほかの名前を付けてください")


def kept_aside(path: Path) -> Path:
    """The name under which what was at *path* is kept when something else takes its place."""
    return path.with_name(f"{path.name}.before-restore-{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}")


def _reach_the_disk(path: Path) -> None:
    if path.is_dir() and os.name == "nt":
        return  # Windows opens no folders, and needs none to be flushed
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
