"""My settings are …: the numbers a customer reports, against the right ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.dialogue.settings_card import (
    all_usable,
    host_name,
    official_page,
    port_name,
    security_name,
    servers_for,
    username_name,
)
from bot.core.messages import Row, Section, SettingsCard, Text
from bot.core.slots import Role
from bot.core.wording import Wording, known, said

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.core.library import Library
    from bot.core.messages import Part
    from bot.core.providers import Provider, Server
    from bot.core.slots import Port, Slots

_IMAP_PORTS = frozenset({143, 993})


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One reported value: what the customer has (`short`: in a few words), what it should be, and
    whether that is the same.
    """

    role: Role
    row: Wording
    reported: str
    right: str
    same: bool
    short: str


def reports_numbers(slots: Slots) -> bool:
    """Whether the talk holds values to compare."""
    return bool(slots.ports or slots.hosts or slots.username)


def way_of_host(host: str, otherwise: Role = Role.INCOMING) -> Role:
    """Which way mail travels through a server of this name; *otherwise* where the name does not tell."""
    if host.lower().startswith(("smtp", "mail-out", "send")):
        return Role.OUTGOING
    return Role.INCOMING if host.lower().startswith(("pop", "imap")) else otherwise


def comparison(provider: Provider, slots: Slots, library: Library) -> tuple[Part, ...]:
    """Every reported value beside the right one, where something is wrong; says so when all is right."""
    findings = findings_for(provider, slots, library)
    if not findings:
        return (*_noted(provider, slots, library), *official_page(provider, slots, library))
    facts = known(slots, library) | {"provider": provider.name}
    wrong = [finding for finding in findings if not finding.same]
    right = [finding for finding in findings if finding.same]
    if not wrong:
        told = said(library, Wording.COMPARE_ALL_RIGHT, **facts, values=_list(right, library))
        return (Text(text="\n".join((told, *_encryption_untold(provider, slots, library)))),)
    intro = said(library, Wording.COMPARE_WRONG, **facts)
    if right:
        intro += "\n" + said(library, Wording.COMPARE_SOME_RIGHT, **facts, values=_list(right, library))
    card = SettingsCard(
        title=said(library, Wording.COMPARE_TITLE, **facts),
        sections=tuple(
            _section(role, findings, library) for role in Role if any(f.role is role for f in findings)
        ),
        columns=(said(library, Wording.COMPARE_YOURS), said(library, Wording.COMPARE_RIGHT)),
        notes=(said(library, Wording.CAVEAT, **facts),),
    )
    return (Text(text=intro), card)


def _noted(provider: Provider, slots: Slots, library: Library) -> tuple[Text, ...]:
    """What was told of a provider whose values nobody knows: it is not passed over."""
    numbers = "、".join(said(library, Wording.COMPARE_PORT, value=port.port) for port in slots.ports)
    if not numbers:
        return ()
    facts = known(slots, library) | {"provider": provider.name}
    return (Text(text=said(library, Wording.COMPARE_NOTED, **facts, values=numbers)),)


def findings_for(provider: Provider, slots: Slots, library: Library) -> tuple[Finding, ...]:
    """Each reported value that can be judged, incoming first."""
    findings = [
        finding
        for port in sorted(slots.ports, key=lambda port: port.role)
        for finding in _port_findings(port, provider, slots, library)
    ]
    findings += [
        finding for host in slots.hosts if (finding := _host_finding(host, provider, slots, library))
    ]
    if slots.username and (servers := servers_for(provider, slots, Role.INCOMING)):
        findings.append(_username_finding(slots.username, servers[0], library))
    return tuple(findings)


def _port_findings(port: Port, provider: Provider, slots: Slots, library: Library) -> tuple[Finding, ...]:
    servers = [server for server in _candidates(port, provider, slots) if server.port]
    if not servers:
        return ()
    server = next((server for server in servers if server.port == port.port), servers[0])
    number = Finding(
        role=port.role,
        row=Wording.ROW_PORT,
        reported=str(port.port),
        right=port_name(server, library),
        same=server.port == port.port,
        short=said(library, Wording.COMPARE_PORT, value=port.port),
    )
    if port.ssl is None and number.same:
        return (number,)
    encrypted = server.security in {"ssl", "starttls"}
    security = Finding(
        role=port.role,
        row=Wording.ROW_SECURITY,
        reported=_reported_security(port, library),
        right=security_name(server.security, library),
        same=server.security == "unspecified" or port.ssl == encrypted,
        short=said(library, Wording.COMPARE_SSL_ON if port.ssl else Wording.COMPARE_SSL_OFF),
    )
    return (number, security)


def _encryption_untold(provider: Provider, slots: Slots, library: Library) -> Iterator[str]:
    """How encryption should be, for each port that was told without a word of it."""
    for port in slots.ports:
        server = next((each for each in _candidates(port, provider, slots) if each.port == port.port), None)
        if server and port.ssl is None and server.security != "unspecified":
            heading = Wording.COMPARE_INCOMING if port.role is Role.INCOMING else Wording.COMPARE_OUTGOING
            yield said(
                library,
                Wording.COMPARE_ENCRYPTION,
                way=said(library, heading),
                value=security_name(server.security, library),
            )


def _candidates(port: Port, provider: Provider, slots: Slots) -> Sequence[Server]:
    """The lines the reported port may be meant for, the likeliest first."""
    usable = all_usable(provider, port.role)
    if port.role is Role.OUTGOING:
        return usable
    if told := [server for server in usable if server.protocol == slots.protocol]:
        return told
    protocol = "imap" if port.port in _IMAP_PORTS else "pop"
    return sorted(usable, key=lambda server: server.protocol != protocol)


def _host_finding(host: str, provider: Provider, slots: Slots, library: Library) -> Finding | None:
    role = way_of_host(host, slots.direction or Role.INCOMING)
    usable = [server for server in all_usable(provider, role) if not server.host_varies]
    everywhere = [server for way in Role for server in all_usable(provider, way) if not server.host_varies]
    if not usable:
        return None
    if same := next((server for server in everywhere if server.host == host.lower()), None):
        role = Role.INCOMING if same.incoming else Role.OUTGOING
        return Finding(role=role, row=Wording.ROW_HOST, reported=host, right=same.host, same=True, short=host)
    right = servers_for(provider, slots, role)[0]
    name = host_name(right, library)
    return Finding(role=role, row=Wording.ROW_HOST, reported=host, right=name, same=False, short=host)


def _username_finding(form: str, server: Server, library: Library) -> Finding:
    reported = Wording.USERNAME_FULL if form == "full_address" else Wording.USERNAME_LOCAL
    return Finding(
        role=Role.INCOMING,
        row=Wording.ROW_USERNAME,
        reported=said(library, reported),
        right=username_name(server, library),
        same=form == server.username,
        short=said(library, reported),
    )


def _reported_security(port: Port, library: Library) -> str:
    if port.ssl is None:
        return ""
    return said(library, Wording.SECURITY_SSL if port.ssl else Wording.SECURITY_NONE)


def _section(role: Role, findings: Sequence[Finding], library: Library) -> Section:
    heading = Wording.COMPARE_INCOMING if role is Role.INCOMING else Wording.COMPARE_OUTGOING
    return Section(
        heading=said(library, heading),
        rows=tuple(_row(finding, library) for finding in findings if finding.role is role),
    )


def _row(finding: Finding, library: Library) -> Row:
    """What was not told is only shown as it should be: nobody knows whether it is wrong."""
    wrong = bool(finding.reported) and not finding.same
    return Row(
        label=said(library, finding.row),
        value=finding.right,
        reported=finding.reported,
        mark="wrong" if wrong else "",
    )


def _list(findings: Sequence[Finding], library: Library) -> str:
    """「受信（995番・SSLあり）、送信（465番・SSLあり）」"""
    wordings = {
        Role.INCOMING: Wording.COMPARE_INCOMING_VALUES,
        Role.OUTGOING: Wording.COMPARE_OUTGOING_VALUES,
    }
    told = {role: [finding.short for finding in findings if finding.role is role] for role in wordings}
    return "、".join(
        said(library, wordings[role], values="・".join(values)) for role, values in told.items() if values
    )
