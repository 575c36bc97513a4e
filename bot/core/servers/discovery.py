"""Settings that a domain publishes about itself: reading autoconfig and ISPDB files, which come from strangers, and
telling a known provider by the hosts that take its mail.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Literal
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree
from defusedxml.common import DefusedXmlException

from bot.core.providers import Evidence, Protocol, Provider, Security, Server, UsernameForm
from bot.errors import ContentError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

LARGEST = 64 * 1024
MOST_SERVERS = 12
MOST_DOMAINS = 200
PROTOCOLS: Mapping[str, Protocol] = {"pop3": "pop", "imap": "imap", "smtp": "smtp"}
SECURITIES: Mapping[str, Security] = {"SSL": "ssl", "STARTTLS": "starttls", "plain": "none"}
USERNAMES: Mapping[str, UsernameForm] = {
    "%EMAILADDRESS%": "full_address",
    "%EMAILLOCALPART%@%EMAILDOMAIN%": "full_address",
    "%EMAILLOCALPART%": "local_part",
}
NAME_OF_HOST = re.compile(
    r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+"
)
SHARED_SUFFIX = re.compile(r"(ac|ad|co|ed|go|gr|lg|ne|or)\.jp|[^.]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Autoconfig:
    """What a clientConfig file says. A host with a placeholder in it has `host_varies`."""

    id: str
    name: str
    domains: tuple[str, ...]
    servers: tuple[Server, ...]
    pages: tuple[str, ...] = ()
    oauth2: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """What was found out about a domain that is not in the records. Nothing of it is verified: no server is `usable`."""

    domain: str
    how: Literal["autoconfig", "srv", "mx", "nothing"] = "nothing"
    provider_id: str = ""
    servers: tuple[Server, ...] = ()
    source: str = ""


def is_host_name(name: str) -> bool:
    """Whether *name* is a host name of at least two labels, in ASCII and small letters; addresses are none."""
    return NAME_OF_HOST.fullmatch(name) is not None and not name.rpartition(".")[2].isdigit()


def read_autoconfig(xml: bytes, *, evidence: Evidence, domain: str = "") -> Autoconfig:
    """Read a clientConfig file that may be hostile. *domain*, if given, takes the place of %EMAILDOMAIN%.

    Raises:
        ContentError: it is not such a file, or too large, or has a document type or entities.
    """
    about = _email_provider(xml)
    found = [
        _server(element, evidence, domain)
        for element in about
        if element.tag in {"incomingServer", "outgoingServer"}
    ]
    servers = tuple(server for server in found if server is not None)[:MOST_SERVERS]
    if not servers:
        raise ContentError(["names no POP, IMAP or SMTP server"])
    domains = [text.lower() for text in _texts(about, "domain")]
    return Autoconfig(
        id=about.get("id", "")[:253],
        name=next(iter((*_texts(about, "displayName"), *_texts(about, "displayShortName"))), ""),
        domains=tuple(name for name in domains if is_host_name(name))[:MOST_DOMAINS],
        servers=servers,
        pages=tuple(page.get("url", "") for page in about.iter("documentation"))[:3],
        oauth2=any(way == "OAuth2" for element in about for way in _texts(element, "authentication")),
    )


def provider_of(exchangers: Iterable[str], providers: Iterable[Provider]) -> Provider | None:
    """The known provider behind the hosts that take a domain's mail, if it is one of *providers*."""
    known = [provider for provider in providers if not provider.ended]
    for exchanger in exchangers:
        for name in _name_and_parents(exchanger.lower()):
            found = next((provider for provider in known if _belongs(name, provider)), None)
            if found is not None:
                return found
    return None


def _email_provider(xml: bytes) -> Element:
    if len(xml) > LARGEST:
        raise ContentError([f"is larger than {LARGEST // 1024} KiB"])
    try:
        root: Element = defusedxml.ElementTree.fromstring(xml, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise ContentError(
            [f"is not XML that can be taken: {type(error).__name__}: {str(error)[:200]}"]
        ) from None
    about = root.find("emailProvider") if root.tag == "clientConfig" else None
    if about is None:
        raise ContentError(["is not a clientConfig file"])
    return about


def _server(element: Element, evidence: Evidence, domain: str) -> Server | None:
    """The server in *element*; None for kinds and values that mean nothing here."""
    protocol = PROTOCOLS.get(element.get("type", ""))
    host = _text(element, "hostname").lower().replace("%emaildomain%", domain or "%emaildomain%")
    port = _text(element, "port")
    security = SECURITIES.get(_text(element, "socketType"))
    varies = "%" in host
    if protocol is None or security is None or not re.fullmatch(r"[0-9]{1,5}", port, re.ASCII):
        return None
    if (protocol == "smtp") is not (element.tag == "outgoingServer") or not 1 <= int(port) <= 65535:
        return None
    if not is_host_name(re.sub(r"%[a-z]+%", "x", host)):
        return None
    return Server(
        protocol=protocol,
        host=re.sub(r"%([a-z]+)%", r"<\1>", host),
        port=int(port),
        security=security,
        username=USERNAMES.get(_text(element, "username"), "unknown"),
        host_varies=varies,
        evidence=(evidence,),
    )


def _text(element: Element, tag: str) -> str:
    return next(_texts(element, tag), "")


def _texts(element: Element, tag: str) -> Iterator[str]:
    return (text for child in element.findall(tag) if (text := " ".join((child.text or "").split())[:253]))


def _name_and_parents(host: str) -> Iterator[str]:
    """`mx1.example.ne.jp`, `example.ne.jp`: up to, but without, what many owners share."""
    while host and not SHARED_SUFFIX.fullmatch(host):
        yield host
        host = host.partition(".")[2]


def _belongs(name: str, provider: Provider) -> bool:
    """Whether *name* is a domain of *provider*, or the one its servers stand in."""
    of_servers = {server.host.partition(".")[2] for server in provider.servers if not server.host_varies}
    return name in of_servers or any(fnmatchcase(name, domain) for domain in provider.domains)
