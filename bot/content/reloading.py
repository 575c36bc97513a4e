"""Watches the owner's folders while the service runs: what passes the check takes effect, anything else changes nothing."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bot.core.library import Library
from bot.errors import ContentError, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

log = logging.getLogger(__name__)

State = frozenset[tuple[str, int, int]]
"""Every YAML file of the folders: path, size, time of change."""


def state_of(intents_dir: Path | None, providers_dir: Path | None) -> State:
    """How the owner's folders stand."""
    folders = (intents_dir, intents_dir and intents_dir / "_lists", providers_dir)
    return frozenset(found for folder in folders if folder for found in _files(folder))


@dataclass(kw_only=True, slots=True, eq=False)
class Reloader:
    """`loaded` is how the folders stood before the content in force was loaded, so that no change in between is missed.

    `renewed` is called with the new library, `refused` with the problems as path:line. `seconds` lie between two looks.
    """

    intents_dir: Path | None
    providers_dir: Path | None
    renewed: Callable[[Library], Awaitable[None]]
    refused: Callable[[Sequence[str]], Awaitable[None]]
    loaded: State
    seconds: float = 2.0
    _tried: State = field(init=False)
    _seen: State = field(init=False)

    def __post_init__(self) -> None:
        self._tried = self._seen = self.loaded

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            await asyncio.sleep(self.seconds)
            try:
                await self.look()
            except StoreError:
                log.warning("operators could not be told of a change", extra={"action": "reload_untold"})

    async def look(self) -> None:
        """Look once. A change counts when the next look finds it standing still: editors save in several steps."""
        state = await asyncio.to_thread(state_of, self.intents_dir, self.providers_dir)
        still, self._seen = state == self._seen, state
        if not still or state == self._tried:
            return
        self._tried = state
        try:
            library = await asyncio.to_thread(self._load)
        except ContentError as error:
            await self._refuse(error.problems)
        except Exception as error:
            log.exception("changed content could not be loaded", extra={"action": "reload"})
            await self._refuse([f"{type(error).__name__}: {error}"])
        else:
            log.info("changed content takes effect", extra={"action": "reload", "files": len(state)})
            await self.renewed(library)

    async def _refuse(self, problems: Sequence[str]) -> None:
        for problem in problems:
            log.error(
                "changed content is refused: %s",
                problem,
                extra={"action": "reload_refused", "where": problem},
            )
        await self.refused(problems)

    def _load(self) -> Library:
        from bot.content.findings import proven_library  # noqa: PLC0415 - pydantic is needed only after a change

        return proven_library(intents_dir=self.intents_dir, providers_dir=self.providers_dir)


def _files(folder: Path) -> Iterator[tuple[str, int, int]]:
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.endswith((".yaml", ".yml")) and not entry.name.startswith("."):
                    stat = entry.stat()
                    yield entry.path, stat.st_size, stat.st_mtime_ns
    except OSError:  # gone, or going just now: the next look sees how it stands then
        return
