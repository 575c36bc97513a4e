"""Autodiscovery for a domain that is not in the records: its autoconfig file, its SRV records, who takes its mail.

Only the domain is told to anybody, never an address. Whatever is found is unverified.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.core.providers import Evidence, Protocol, Security, Server
from bot.core.servers.discovery import LARGEST, Discovery, is_host_name, provider_of, read_autoconfig
from bot.errors import ContentError
from bot.probe.look import MAIL_PORTS
from bot.probe.names import Resolver, permitted_addresses
from bot.probe.stopped import StoppedError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.providers import Provider

PLACES = (
    "https://autoconfig.{}/mail/config-v1.1.xml",
    "https://{}/.well-known/autoconfig/mail/config-v1.1.xml",
)
SERVICES: tuple[tuple[str, Protocol, Security], ...] = (
    ("_imaps._tcp", "imap", "ssl"),
    ("_imap._tcp", "imap", "starttls"),
    ("_pop3s._tcp", "pop", "ssl"),
    ("_pop3._tcp", "pop", "starttls"),
    ("_submissions._tcp", "smtp", "ssl"),
    ("_submission._tcp", "smtp", "starttls"),
)
MOST_REDIRECTS = 3
MOST_PER_SERVICE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscoveryRules:
    """How to search. `https_port` differs only in tests; `seconds` bounds the whole search."""

    resolver: Resolver
    trust: ssl.SSLContext
    allow_private: bool = False
    seconds: float = 15.0
    step: float = 5.0
    https_port: int = 443


async def discover(domain: str, providers: Sequence[Provider], rules: DiscoveryRules) -> Discovery:
    """What *domain* says of its own mail servers, most trustworthy first; `how` is "nothing" where it says nothing."""
    name = _ascii(domain)
    if not is_host_name(name):
        return Discovery(domain=domain, source="not a domain")
    searches = (_by_autoconfig(name, rules), _by_srv(name, rules), _by_mx(name, providers, rules))
    try:
        async with asyncio.timeout(rules.seconds):
            found = await asyncio.gather(*searches)
    except TimeoutError:
        return Discovery(domain=domain, source="took too long")
    return next((one for one in found if one is not None), Discovery(domain=name))


def permitted_url(url: str) -> str:
    """*url*, if it is https to a named host at the usual port; an address would escape the check of names.

    Raises:
        StoppedError: it is anything else.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme != "https" or parts.username is not None or (parts.port or 443) != 443:
        raise StoppedError("port_not_allowed", "only https at its own port")
    if not is_host_name(host):
        raise StoppedError("private_address", "not a named host")
    return parts._replace(netloc=host, fragment="").geturl()


async def _by_autoconfig(domain: str, rules: DiscoveryRules) -> Discovery | None:
    for place in PLACES:
        url = place.format(domain)
        try:
            xml = await _fetch(url, rules)
            config = read_autoconfig(xml, evidence=Evidence(source=url, kind="unverified"), domain=domain)
        except (StoppedError, ContentError, aiohttp.ClientError, OSError, TimeoutError, ValueError):
            continue
        servers = tuple(server for server in config.servers if _may_be_told(server))
        if servers:
            return Discovery(domain=domain, how="autoconfig", servers=servers, source=url)
    return None


def _may_be_told(server: Server) -> bool:
    """An unverified line is worth telling only if it keeps the password safe."""
    return server.security in {"ssl", "starttls"} and server.port in MAIL_PORTS


async def _by_srv(domain: str, rules: DiscoveryRules) -> Discovery | None:
    answers = await asyncio.gather(
        *(
            _servers_of(f"{service}.{domain}", protocol, security, rules)
            for service, protocol, security in SERVICES
        )
    )
    servers = tuple(server for answer in answers for server in answer)
    return (
        Discovery(domain=domain, how="srv", servers=servers, source=f"SRV records of {domain}")
        if servers
        else None
    )


async def _servers_of(
    name: str, protocol: Protocol, security: Security, rules: DiscoveryRules
) -> list[Server]:
    try:
        services = await rules.resolver.services(name)
    except StoppedError:
        return []
    evidence = Evidence(source=f"SRV record {name}", kind="unverified")
    return [
        Server(
            protocol=protocol,
            host=service.host.lower(),
            port=service.port,
            security=security,
            evidence=(evidence,),
        )
        for service in services[:MOST_PER_SERVICE]
        if is_host_name(service.host.lower()) and service.port in MAIL_PORTS
    ]


async def _by_mx(domain: str, providers: Sequence[Provider], rules: DiscoveryRules) -> Discovery | None:
    try:
        exchangers = await rules.resolver.exchangers(domain)
    except StoppedError:
        return None
    provider = provider_of(exchangers, providers)
    if provider is None:
        return None
    return Discovery(domain=domain, how="mx", provider_id=provider.id, source=f"MX records of {domain}")


async def _fetch(url: str, rules: DiscoveryRules) -> bytes:
    """The file at *url*: https only, each hop checked anew, no larger than it may be."""
    timeout = aiohttp.ClientTimeout(total=rules.step)
    connector = aiohttp.TCPConnector(resolver=_Checked(rules), ssl=rules.trust, use_dns_cache=False, limit=2)
    session = aiohttp.ClientSession(
        connector=connector,
        timeout=timeout,
        trust_env=False,
        auto_decompress=False,  # a small file could unpack into a huge one
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"Accept-Encoding": "identity", "User-Agent": "madoguchi"},
    )
    async with session:
        for _ in range(MOST_REDIRECTS + 1):
            async with session.get(_at_port(permitted_url(url), rules), allow_redirects=False) as response:
                if response.status == 200:
                    return await _body(response)
                if response.status not in {301, 302, 303, 307, 308}:
                    raise StoppedError("garbage", f"status {response.status}")
                url = urljoin(url, response.headers.get("Location", ""))
    raise StoppedError("too_much", "too many redirects")


async def _body(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_chunked(8192):
        body += chunk
        if len(body) > LARGEST:
            raise StoppedError("too_much", f"larger than {LARGEST} bytes")
    return bytes(body)


def _at_port(url: str, rules: DiscoveryRules) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=f"{parts.netloc}:{rules.https_port}").geturl()


class _Checked(AbstractResolver):
    """Gives aiohttp only addresses that may be connected to."""

    def __init__(self, rules: DiscoveryRules) -> None:
        self._rules = rules

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        del family
        try:
            addresses = await permitted_addresses(
                host, self._rules.resolver, allow_private=self._rules.allow_private
            )
        except StoppedError as stopped:
            raise OSError(str(stopped)) from stopped
        return [_result(host, address, port) for address in addresses]

    async def close(self) -> None:
        """Nothing is held."""


def _result(host: str, address: str, port: int) -> ResolveResult:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return ResolveResult(
        hostname=host, host=address, port=port, family=family, proto=0, flags=socket.AI_NUMERICHOST
    )


def _ascii(domain: str) -> str:
    try:
        return domain.strip().rstrip(".").lower().encode("idna").decode("ascii")
    except UnicodeError:
        return ""
