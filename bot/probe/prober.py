"""Looks and searches as the running service makes them: short, because a customer waits for what they find."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING

from bot.core.servers.looking import lines_to_look_at
from bot.probe.certificates import strict_context
from bot.probe.discover import DiscoveryRules, discover
from bot.probe.look import Rules
from bot.probe.names import DnsResolver
from bot.probe.verify import Line, verify
from bot.probe.wire import Limits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.providers import Provider
    from bot.core.servers.discovery import Discovery
    from bot.core.servers.findings import Observation

SECONDS = 12.0


class LiveProber:
    """Fulfils `bot.desk.ports.Prober`. `seconds` bounds all looks at one provider; what is not seen by then is left out."""

    def __init__(self, rules: Rules, discovery: DiscoveryRules, *, seconds: float = SECONDS) -> None:
        self._rules = rules
        self._discovery = discovery
        self._seconds = seconds

    @classmethod
    def usual(cls) -> LiveProber:
        """By this computer's name servers and certificate authorities, at public addresses only."""
        resolver, trust = DnsResolver(), strict_context()
        return cls(
            Rules(resolver=resolver, trust=trust, limits=Limits(step=4.0, total=10.0)),
            DiscoveryRules(resolver=resolver, trust=trust),
        )

    async def look(self, provider: Provider) -> Sequence[Observation]:
        lines = [Line(provider_id=provider.id, server=server) for server in lines_to_look_at(provider)]
        seen: list[Observation] = []
        try:
            async with asyncio.timeout(self._seconds), aclosing(verify(lines, self._rules)) as looks:
                async for looked in looks:
                    seen.append(looked.observation)  # noqa: PERF401 - what was seen in time is kept
        except TimeoutError:
            pass
        return seen

    async def discover(self, domain: str, providers: Sequence[Provider]) -> Discovery:
        return await discover(domain, providers, self._discovery)
