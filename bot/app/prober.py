"""Looks at real mail servers, from the first look on."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.providers import Provider
    from bot.core.servers.discovery import Discovery
    from bot.core.servers.findings import Observation
    from bot.desk.ports import Prober


class LateProber:
    """Fulfils `bot.desk.ports.Prober`. Name service and certificates are loaded when somebody first wants a look: they
    take 0.2 s and 10 MB.
    """

    def __init__(self) -> None:
        self._awake: Prober | None = None

    async def look(self, provider: Provider) -> Sequence[Observation]:
        return await (await self._prober()).look(provider)

    async def discover(self, domain: str, providers: Sequence[Provider]) -> Discovery:
        return await (await self._prober()).discover(domain, providers)

    async def _prober(self) -> Prober:
        if self._awake is None:
            self._awake = await asyncio.to_thread(_live)
        return self._awake


def _live() -> Prober:
    from bot.probe.prober import LiveProber  # noqa: PLC0415 - see above

    return LiveProber.usual()
