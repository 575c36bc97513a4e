"""Keeps the content that was read and found right, so that the next start need not read and check it again.

The file is never trusted: its first line is a digest of the rest and of what it was made from, and anything odd about
it means reading the YAML again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable

_CODE = Path(__file__).resolve().parent


class Shelf:
    """One file for one set of content folders."""

    def __init__(self, folder: Path, files: Iterable[Path]) -> None:
        """*files* are the YAML files that the content comes from."""
        paths = tuple(files)
        name = _digest("\n".join(str(path.parent) for path in paths).encode())[:16]
        self._path = folder / f"content-{name}.json"
        self._made_from = _state(paths)

    def take(self) -> dict[str, Any] | None:
        """What was kept, if it was made from these very files by this very code."""
        try:
            head, _, body = self._path.read_bytes().partition(b"\n")
            if head.decode("ascii") != self._seal(body):
                return None
            kept = json.loads(body)
        except (OSError, ValueError, RecursionError):
            return None
        return kept if isinstance(kept, dict) else None

    def keep(self, content: dict[str, Any]) -> None:
        """Keep *content* for the next start; not being able to is no fault."""
        body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self._path.parent, prefix=".content-")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(self._seal(body).encode("ascii") + b"\n" + body)
                Path(name).replace(self._path)
            except OSError:
                Path(name).unlink(missing_ok=True)
                raise

    def _seal(self, body: bytes) -> str:
        return _digest(self._made_from + body)


def _state(paths: Iterable[Path]) -> bytes:
    """What the content is made from: version, the reading code, and each file's path, size and time of change."""
    lines = [__version__]
    for path in (*sorted(_CODE.glob("*.py")), *paths):
        with contextlib.suppress(OSError):  # reading it will tell what is wrong with it
            stat = path.stat()
            lines.append(f"{path}\0{stat.st_size}\0{stat.st_mtime_ns}")
    return "\n".join(lines).encode()


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()
