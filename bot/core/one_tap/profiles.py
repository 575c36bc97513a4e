"""A provider's settings in the forms that programs take by themselves: Apple profile, Thunderbird autoconfig, ISPDB.

None of them holds an address or a password: the device asks its owner for them.
"""

from __future__ import annotations

import plistlib
import uuid
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.core.providers import Protocol, Provider, Server, UsernameForm

APPLE_TYPES: Mapping[str, str] = {"pop": "EmailTypePOP", "imap": "EmailTypeIMAP"}
XML_TYPES: Mapping[Protocol, str] = {"pop": "pop3", "imap": "imap", "smtp": "smtp"}
XML_SECURITY: Mapping[str, str] = {"ssl": "SSL", "starttls": "STARTTLS"}
XML_USERNAMES: Mapping[UsernameForm, str] = {
    "full_address": "%EMAILADDRESS%",
    "local_part": "%EMAILLOCALPART%",
}
XML_SIGN_IN: Mapping[str, tuple[str, ...]] = {
    "password": ("password-cleartext",),
    "app_password": ("password-cleartext",),
    "oauth2": ("OAuth2",),
    "oauth2_or_app_password": ("OAuth2", "password-cleartext"),
}
NAMESPACE = uuid.UUID("6f3a0c0e-4c0e-5d3c-9d3e-6d61646f6775")


def apple_profile(
    provider: Provider, incoming: Literal["pop", "imap"], *, description: str = ""
) -> bytes | None:
    """A configuration profile (.mobileconfig) for iPhone, iPad and Mac.

    None where it could not work: no usable line for everybody, or a sign-in that is no password. *description* is
    shown before the profile is installed. The same values always make the same profile; new ones take its place.
    """
    receiving, sending = _lines(provider, incoming)[:1], _lines(provider, "smtp")[:1]
    if not receiving or not sending or provider.sign_in == "oauth2":
        return None
    name = f"madoguchi.mail.{provider.id}.{incoming}"
    account = _apple_account(provider, receiving[0], sending[0])
    account |= _payload("com.apple.mail.managed", f"{name}.account", provider.name, account)
    profile: dict[str, Any] = {"PayloadContent": [account]}
    profile |= _payload("Configuration", name, provider.name, account)
    if description:
        profile["PayloadDescription"] = description
    return plistlib.dumps(profile)


def autoconfig_xml(provider: Provider, domain: str) -> bytes | None:
    """What Thunderbird asks `/.well-known/autoconfig/mail/config-v1.1.xml` of *domain* for; None where nothing is usable."""
    return _client_config(provider, provider.id, [domain])


def ispdb_xml(provider: Provider) -> bytes | None:
    """A file for Thunderbird's ISPDB, named after its first domain; None where nothing is usable or no domain is plain."""
    domains = [domain for domain in provider.domains if not set("*?") & set(domain)]
    return _client_config(provider, domains[0], domains) if domains else None


def _lines(provider: Provider, protocol: Protocol) -> list[Server]:
    """Encrypted lines that hold for every customer, best first."""
    if provider.ended:
        return []
    return [
        line
        for line in provider.usable(protocol)
        if line.port and line.security in XML_SECURITY and not line.host_varies and not line.applies_to
    ]


def _apple_account(provider: Provider, receiving: Server, sending: Server) -> dict[str, Any]:
    return {
        "EmailAccountDescription": provider.name,
        "EmailAccountType": APPLE_TYPES[receiving.protocol],
        "IncomingMailServerAuthentication": "EmailAuthPassword",
        "IncomingMailServerHostName": receiving.host,
        "IncomingMailServerPortNumber": receiving.port,
        "IncomingMailServerUseSSL": True,
        "OutgoingMailServerAuthentication": "EmailAuthPassword",
        "OutgoingMailServerHostName": sending.host,
        "OutgoingMailServerPortNumber": sending.port,
        "OutgoingMailServerUseSSL": True,
        "OutgoingPasswordSameAsIncomingPassword": True,
    }


def _payload(kind: str, identifier: str, name: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """What every payload says of itself."""
    same = f"{identifier} {sorted(values.items(), key=lambda item: item[0])}"
    return {
        "PayloadType": kind,
        "PayloadVersion": 1,
        "PayloadIdentifier": identifier,
        "PayloadUUID": str(uuid.uuid5(NAMESPACE, same)).upper(),
        "PayloadDisplayName": name,
    }


def _client_config(provider: Provider, config_id: str, domains: Sequence[str]) -> bytes | None:
    """The common form, version 1.1. A line whose user name has no placeholder in it is left out."""
    incoming = [*_nameable(_lines(provider, "imap")), *_nameable(_lines(provider, "pop"))]
    outgoing = _nameable(_lines(provider, "smtp"))
    if not incoming or not outgoing:
        return None
    root = ET.Element("clientConfig", version="1.1")
    about = ET.SubElement(root, "emailProvider", id=config_id)
    for domain in domains:
        ET.SubElement(about, "domain").text = domain
    ET.SubElement(about, "displayName").text = provider.name
    ET.SubElement(about, "displayShortName").text = provider.name
    for line in incoming:
        _add_server(about, "incomingServer", line, provider)
    for line in outgoing:
        _add_server(about, "outgoingServer", line, provider)
    if provider.official_page:
        page = ET.SubElement(about, "documentation", url=provider.official_page)
        ET.SubElement(page, "descr", lang="ja").text = provider.name
    ET.indent(root)
    xml: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
    return xml + b"\n"


def _nameable(lines: Sequence[Server]) -> list[Server]:
    return [line for line in lines if line.username in XML_USERNAMES]


def _add_server(about: ET.Element, role: str, line: Server, provider: Provider) -> None:
    server = ET.SubElement(about, role, type=XML_TYPES[line.protocol])
    ET.SubElement(server, "hostname").text = line.host
    ET.SubElement(server, "port").text = str(line.port)
    ET.SubElement(server, "socketType").text = XML_SECURITY[line.security]
    ET.SubElement(server, "username").text = XML_USERNAMES[line.username]
    for way in XML_SIGN_IN[provider.sign_in]:
        ET.SubElement(server, "authentication").text = way
