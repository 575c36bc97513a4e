"""Names into addresses, and which addresses may be connected to at all."""

from __future__ import annotations

import asyncio
import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import dns.asyncresolver
import dns.exception
import dns.rdatatype
import dns.resolver
from dns.rdtypes.ANY.MX import MX
from dns.rdtypes.IN.SRV import SRV

from bot.probe.stopped import StoppedError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dns.rdata import Rdata

LOOPBACK = ("127.0.0.1", "::1")
NAT64 = ipaddress.ip_network("64:ff9b::/96")


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A server named by an SRV record; the lower `priority` and the higher `weight` come first."""

    host: str
    port: int
    priority: int = 0
    weight: int = 0


class Resolver(Protocol):
    """What a look needs of the name service. Each raises StoppedError when there is no answer."""

    async def addresses(self, host: str) -> Sequence[str]:
        """All addresses of *host*, IPv4 and IPv6."""
        ...

    async def services(self, name: str) -> Sequence[Service]:
        """The SRV records of *name*, best first; empty where there are none."""
        ...

    async def exchangers(self, domain: str) -> Sequence[str]:
        """The hosts that take mail for *domain*, best first; empty where there are none."""
        ...


class DnsResolver:
    """Asks the name servers of this machine, or those that *resolver* names."""

    def __init__(self, resolver: dns.asyncresolver.Resolver | None = None, *, seconds: float = 5.0) -> None:
        self._resolver = resolver
        self._seconds = seconds

    async def addresses(self, host: str) -> Sequence[str]:
        if is_address(host):
            return (host,)
        if host.lower().rstrip(".").rpartition(".")[2] == "localhost":
            return LOOPBACK
        both = await asyncio.gather(
            self._ask(host, dns.rdatatype.A), self._ask(host, dns.rdatatype.AAAA), return_exceptions=True
        )
        found = [
            record.to_text() for answer in both if not isinstance(answer, BaseException) for record in answer
        ]
        if not found:
            raise next(
                (fault for fault in both if isinstance(fault, BaseException)),
                StoppedError("no_such_host", "the name exists, but has no address"),
            )
        return tuple(dict.fromkeys(found))

    async def services(self, name: str) -> Sequence[Service]:
        records = await self._ask_or_none(name, dns.rdatatype.SRV)
        services = [
            Service(
                host=str(record.target).rstrip("."),
                port=record.port,
                priority=record.priority,
                weight=record.weight,
            )
            for record in records
            if isinstance(record, SRV)
        ]
        ranked = sorted(services, key=lambda service: (service.priority, -service.weight, service.host))
        return tuple(service for service in ranked if service.host)

    async def exchangers(self, domain: str) -> Sequence[str]:
        records = await self._ask_or_none(domain, dns.rdatatype.MX)
        ranked = sorted(
            (record.preference, str(record.exchange).rstrip("."))
            for record in records
            if isinstance(record, MX)
        )
        return tuple(host for _, host in ranked if host)

    async def _ask_or_none(self, name: str, kind: dns.rdatatype.RdataType) -> Sequence[Rdata]:
        try:
            return await self._ask(name, kind)
        except StoppedError as stopped:
            if stopped.trouble == "no_such_host":
                return ()
            raise

    async def _ask(self, name: str, kind: dns.rdatatype.RdataType) -> Sequence[Rdata]:
        try:
            resolver = self._resolver or dns.asyncresolver.Resolver()
            answer = await resolver.resolve(
                name, kind, lifetime=self._seconds, search=False, raise_on_no_answer=False
            )
        except dns.resolver.NXDOMAIN:
            raise StoppedError("no_such_host", "the name does not exist") from None
        except (dns.exception.DNSException, OSError, ValueError) as error:
            raise StoppedError("dns_failed", f"{type(error).__name__}: {error}") from error
        return tuple(answer) if answer.rrset is not None else ()


def is_address(host: str) -> bool:
    """Whether *host* is an IP address rather than a name."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def is_public(address: str) -> bool:
    """Whether *address* lies in the public internet; one that carries an IPv4 address inside is judged by that."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        inner = (
            ip.ipv4_mapped or ip.sixtofour or (ipaddress.IPv4Address(ip.packed[-4:]) if ip in NAT64 else None)
        )
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


async def permitted_addresses(host: str, resolver: Resolver, *, allow_private: bool) -> tuple[str, ...]:
    """The addresses of *host* that may be connected to. Connect to these, not to the name: it may change meanwhile.

    Raises:
        StoppedError: there are none.
    """
    found = tuple(address for address in await resolver.addresses(host) if is_address(address))
    if not found:
        raise StoppedError("no_such_host", "the name exists, but has no address")
    permitted = found if allow_private else tuple(address for address in found if is_public(address))
    if not permitted:
        raise StoppedError("private_address", f"{host} leads to {', '.join(found[:3])}")
    return permitted
