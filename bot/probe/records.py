"""Looks kept on disk: one JSON file a provider, the latest look at each line."""

from __future__ import annotations

import logging
import os
import re
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from bot.core.servers.candidates import with_verified
from bot.core.servers.findings import Observation
from bot.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.core.library import Library

log = logging.getLogger(__name__)

FOLDER = "verifications"
_PROVIDER_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """What a file holds."""

    provider: str
    observations: tuple[Observation, ...]


class VerificationRecords:
    """The looks of one installation, in *data_dir*/verifications."""

    def __init__(self, data_dir: Path) -> None:
        self.folder = data_dir / FOLDER
        self._adapter = TypeAdapter(_File)

    def read(self, provider_id: str) -> tuple[Observation, ...]:
        """The latest look at each line of the provider; none where nothing readable is kept."""
        try:
            found = self._adapter.validate_json(self._path(provider_id).read_bytes())
        except FileNotFoundError:
            return ()
        except (OSError, ValidationError) as error:
            extra = {"action": "read_verification", "provider": provider_id}
            log.warning("kept look cannot be read, taken as none: %s", type(error).__name__, extra=extra)
            return ()
        return found.observations if found.provider == provider_id else ()

    def keep(self, provider_id: str, looks: Sequence[Observation]) -> None:
        """Keep *looks*, in place of earlier ones at the same lines; the file is always whole.

        Raises:
            StoreError: the file cannot be written.
        """
        latest = {_line(look): look for look in (*self.read(provider_id), *looks)}
        data = self._adapter.dump_json(
            _File(provider=provider_id, observations=tuple(latest.values())), indent=1
        )
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            write_whole(self._path(provider_id), data)
        except OSError as error:
            raise StoreError(f"cannot keep the look at {provider_id}: {error}") from error

    def _path(self, provider_id: str) -> Path:
        if not _PROVIDER_ID.fullmatch(provider_id):
            raise StoreError(f"{provider_id!r} is not a provider's id")
        return self.folder / f"{provider_id}.json"


def with_kept_looks(library: Library, records: VerificationRecords, *, now: datetime) -> Library:
    """*library* with every candidate usable that a kept look proves."""
    raised = {
        provider.id: with_verified(provider, records.read(provider.id), now=now)
        for provider in library.providers.values()
        if provider.candidates
    }
    return replace(library, providers={**library.providers, **raised})


def write_whole(path: Path, data: bytes) -> None:
    """Put *data* at *path* in one step: a reader sees the old file or the new one."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        draft = Path(file.name)
        try:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            draft.replace(path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise


def _line(look: Observation) -> tuple[object, ...]:
    return (look.protocol, look.host, look.port, look.security)
