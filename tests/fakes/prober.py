"""A prober that sees what it is told to see, and writes down whom it was asked about."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import timedelta

from bot.core.servers.discovery import Discovery
from bot.core.servers.findings import Certificate, Observation
from bot.core.servers.looking import lines_to_look_at
from tests.fakes.clock import START

YEAR = timedelta(days=365)


def a_certificate(**changes) -> Certificate:
    certificate = Certificate(
        names=("pop.ocn.ne.jp",),
        subject="CN=pop.ocn.ne.jp",
        issuer="Test",
        not_before=START - YEAR / 2,
        not_after=START + YEAR,
    )
    return replace(certificate, **changes)


def well(host="pop.ocn.ne.jp", **changes) -> Observation:
    """A look at a server with which all is well."""
    seen = Observation(
        protocol="pop",
        host=host,
        port=995,
        security="ssl",
        looked_at=START,
        tls_version="TLSv1.3",
        greeting="+OK",
        certificate=a_certificate(names=(host,)),
    )
    return replace(seen, **changes)


def expired(**changes) -> Observation:
    certificate = a_certificate(not_after=START - timedelta(days=3))
    return well(certificate=certificate, faults=("expired",), **changes)


def refused(trouble="refused", **changes) -> Observation:
    return well(tls_version="", greeting="", certificate=None, trouble=trouble, **changes)


@dataclass
class FakeProber:
    """Fulfils `bot.desk.ports.Prober`. `sees` is by provider; all is well with the others. Looks wait for `open`."""

    sees: dict[str, list[Observation]] = field(default_factory=dict)
    found: dict[str, Discovery] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    open: asyncio.Event = field(default_factory=asyncio.Event)
    begun: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.open.set()

    async def look(self, provider):
        self.asked.append(provider.id)
        self.begun.set()
        await self.open.wait()
        usual = [well(line.host, protocol=line.protocol) for line in lines_to_look_at(provider)]
        return self.sees.get(provider.id, usual)

    async def discover(self, domain, providers):
        del providers
        self.asked.append(domain)
        return self.found.get(domain, Discovery(domain=domain))
