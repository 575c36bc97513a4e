"""Tells whether another process uses the same SQLite file. The operating system ends the claim of a process that dies."""

from __future__ import annotations

import sys
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

Presence = IO[bytes]


def claim_presence(lock: Path) -> Presence | None:
    """Claim the file *lock* until the result is closed or the process ends; None if another holds it."""
    handle = lock.open("ab")
    try:
        _lock(handle)
    except OSError:
        handle.close()
        return None
    return handle


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: Presence) -> None:
        handle.seek(0)
        msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(handle: Presence) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
