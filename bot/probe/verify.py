"""Looks at all server lines of many providers: at the same time, but politely."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.providers import Provider, Server
from bot.core.servers.candidates import concrete
from bot.core.servers.findings import Observation
from bot.probe.look import look

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from bot.probe.look import Rules

AT_ONCE_PER_PROVIDER = 4
AT_ONCE = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A server line to look at; `candidate` if it is still to be proved."""

    provider_id: str
    server: Server
    candidate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A line and what was seen."""

    line: Line
    observation: Observation


def lines_of(provider: Provider) -> tuple[Line, ...]:
    """Every line of *provider* that a look can be about; none once the service has ended."""
    if provider.ended:
        return ()
    known = [Line(provider_id=provider.id, server=server) for server in provider.servers]
    candidates = [
        Line(provider_id=provider.id, server=server, candidate=True)
        for candidate in provider.candidates
        for server in concrete(candidate)
    ]
    return (*known, *candidates)


async def verify(lines: Sequence[Line], rules: Rules) -> AsyncGenerator[Looked, None]:
    """Look at all *lines*; each is yielded as soon as it is done. The same server line is looked at once."""
    asking: dict[tuple[object, ...], list[Line]] = defaultdict(list)
    for line in lines:
        server = line.server
        asking[server.protocol, server.host, server.port, server.security].append(line)
    turns = _Turns()
    tasks = [asyncio.create_task(_looked(same, rules, turns)) for same in asking.values()]
    try:
        for done in asyncio.as_completed(tasks):
            for looked in await done:
                yield looked
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class _Turns:
    """Who may go when: one look at a server at a time, few at once for a provider, a bound on all."""

    def __init__(self) -> None:
        self._hosts: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._providers: defaultdict[str, asyncio.Semaphore] = defaultdict(
            lambda: asyncio.Semaphore(AT_ONCE_PER_PROVIDER)
        )
        self._all = asyncio.Semaphore(AT_ONCE)

    async def take(self, line: Line, stack: AsyncExitStack) -> None:
        await stack.enter_async_context(self._hosts[line.server.host])
        await stack.enter_async_context(self._providers[line.provider_id])
        await stack.enter_async_context(self._all)


async def _looked(same: Sequence[Line], rules: Rules, turns: _Turns) -> list[Looked]:
    async with AsyncExitStack() as stack:
        await turns.take(same[0], stack)
        observation = await look(same[0].server, rules)
    return [Looked(line=line, observation=observation) for line in same]
