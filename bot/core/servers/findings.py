"""What a look at a mail server saw, and what follows from it: for operators as findings, for customers as one sentence."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Literal

from bot.core.providers import Protocol, Security, Server

Trouble = Literal[
    "host_varies",  # not looked at: the name differs per account
    "no_port",  # not looked at: the record names no port
    "port_not_allowed",  # not looked at: not a mail port
    "private_address",  # not looked at: the name leads into a private network
    "dns_failed",  # the name servers did not answer: says nothing about the provider
    "no_such_host",
    "refused",
    "timed_out",
    "unreachable",  # no way there: more often our own network than the provider
    "tls_failed",
    "no_starttls",
    "silent",  # connected, but never said anything
    "closed",  # hung up in the middle
    "too_much",  # sent more than any mail server would
    "garbage",  # does not speak this protocol
    "turned_away",  # speaks it, but does not want us (too many connections, blocked network)
    "failed",  # anything else, told in the detail
]
CertificateFault = Literal[
    "expired",
    "not_yet_valid",
    "wrong_name",
    "self_signed",
    "untrusted_chain",
    "weak",
    "unreadable",
    "not_accepted",
]
Plain = Literal["not_looked", "open", "tls_only", "closed"]
Level = Literal["fine", "skipped", "warning", "problem"]

NOT_LOOKED: frozenset[Trouble] = frozenset({"host_varies", "no_port", "port_not_allowed", "private_address"})
NOT_ANSWERING: frozenset[Trouble] = frozenset({"no_such_host", "refused", "timed_out", "silent", "closed"})
OLD_TLS = frozenset({"SSLv2", "SSLv3", "TLSv1", "TLSv1.1"})
EXPIRES_SOON = timedelta(days=14)
JAPAN = timezone(timedelta(hours=9))


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A server's certificate. `names` are those it is good for; wildcards and addresses included."""

    names: tuple[str, ...]
    subject: str
    issuer: str
    not_before: datetime
    not_after: datetime
    self_signed: bool = False

    def is_for(self, host: str) -> bool:
        """Whether the certificate names *host*; a `*` stands for one whole left-most label."""
        wanted = host.rstrip(".").lower()
        return any(_same_host(name.rstrip(".").lower(), wanted) for name in self.names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What one look at one server line saw. Everything a server sent is cut short and freed of control characters.

    `address` is the one that answered. `weakness` is why an up-to-date program would not shake hands (then nobody has
    checked the certificate), "" if it does.
    `plain` tells whether the same server still takes passwords unencrypted, on `plain_port`.
    """

    protocol: Protocol
    host: str
    port: int | None
    security: Security
    looked_at: datetime
    seconds: float = 0.0
    addresses: tuple[str, ...] = ()
    address: str = ""
    tls_version: str = ""
    cipher: str = ""
    certificate: Certificate | None = None
    faults: tuple[CertificateFault, ...] = ()
    weakness: str = ""
    greeting: str = ""
    capabilities: tuple[str, ...] = ()
    sign_in: tuple[str, ...] = ()
    plain: Plain = "not_looked"
    plain_port: int | None = None
    trouble: Trouble | None = None
    detail: str = ""

    def is_of(self, server: Server) -> bool:
        """Whether this was a look at *server*."""
        mine = (self.protocol, self.host, self.port, self.security)
        return mine == (server.protocol, server.host, server.port, server.security)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing found, by name; `about` adds what a person wants to know of it, in English."""

    name: str
    level: Level
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """All findings of a look, and the gravest level among them."""

    level: Level
    findings: tuple[Finding, ...]

    @property
    def failed(self) -> bool:
        return self.level == "problem"


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What a customer is told: the name of a message and its slots; an empty name means there is nothing to say.

    `temporary_measure` is False when the look found that unencrypted receiving is no longer possible.
    """

    message: str = ""
    slots: Mapping[str, str] = field(default_factory=dict)
    temporary_measure: bool = True


def judge(observation: Observation) -> Verdict:
    """Weigh what was seen."""
    findings = tuple(_findings(observation))
    gravity: tuple[Level, ...] = ("problem", "skipped", "warning", "fine")
    found = {finding.level for finding in findings}
    return Verdict(level=next((level for level in gravity if level in found), "fine"), findings=findings)


def advise(observations: Sequence[Observation]) -> Advice:
    """The one sentence for a customer of this provider, the gravest finding first."""
    looked = [observation for observation in observations if observation.trouble not in NOT_LOOKED]
    message, slots = next(_sentences(looked), ("", {}))
    return Advice(message=message, slots=slots, temporary_measure=_plain_is_possible(looked))


def _findings(observation: Observation) -> Iterator[Finding]:
    if observation.trouble is not None:
        level: Level = "skipped" if observation.trouble in NOT_LOOKED else "problem"
        yield Finding(name=observation.trouble, level=level, about=observation.detail)
    yield from _certificate_findings(observation)
    if observation.tls_version in OLD_TLS:
        yield Finding(name="old_tls", level="warning", about=observation.tls_version)
    elif observation.weakness and not observation.trouble:
        yield Finding(name="weak_tls", level="warning", about=observation.weakness)
    if observation.greeting and not observation.tls_version and not observation.trouble:
        yield Finding(name="not_encrypted", level="warning")
    if observation.protocol == "smtp" and observation.capabilities and not observation.sign_in:
        yield Finding(name="no_sign_in_offered", level="warning")
    if observation.plain != "not_looked":
        yield Finding(name=f"plain_{observation.plain}", level="fine", about=f"port {observation.plain_port}")


def _certificate_findings(observation: Observation) -> Iterator[Finding]:
    certificate = observation.certificate
    for fault in observation.faults:
        yield Finding(name=f"certificate_{fault}", level="problem", about=_about(fault, certificate))
    if certificate is None or observation.faults:
        return
    until = f"until {certificate.not_after:%Y-%m-%d}"
    if observation.weakness:
        yield Finding(name="certificate_not_checked", level="warning", about=until)
        return
    soon = certificate.not_after - observation.looked_at < EXPIRES_SOON
    yield Finding(
        name="certificate_expires_soon" if soon else "certificate_valid",
        level="warning" if soon else "fine",
        about=until,
    )


def _about(fault: CertificateFault, certificate: Certificate | None) -> str:
    if certificate is None:
        return ""
    match fault:
        case "expired":
            return f"since {certificate.not_after:%Y-%m-%d}"
        case "not_yet_valid":
            return f"from {certificate.not_before:%Y-%m-%d}"
        case "wrong_name":
            return f"is for {', '.join(certificate.names[:3]) or certificate.subject}"
        case "self_signed" | "untrusted_chain" | "weak" | "unreadable" | "not_accepted":
            return f"issued by {certificate.issuer}"


def _sentences(looked: Sequence[Observation]) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Everything that might be said, the gravest first. A fault of ours (no name service) yields nothing."""
    for observation in _with_fault(looked, {"expired"}):
        assert observation.certificate is not None
        yield (
            "look_certificate_expired",
            {"host": observation.host, **_day(observation.certificate.not_after)},
        )
    for observation in _with_fault(looked, {"wrong_name"}):
        yield "look_certificate_wrong_name", {"host": observation.host}
    for observation in looked:
        if observation.faults:
            yield "look_certificate_not_trusted", {"host": observation.host}
    for observation in looked:
        if observation.trouble in NOT_ANSWERING:
            yield "look_unreachable", {"host": observation.host, "port": str(observation.port)}
    for observation in looked:
        if observation.certificate is not None and not observation.trouble and not observation.weakness:
            yield (
                "look_certificate_valid",
                {"host": observation.host, **_day(observation.certificate.not_after)},
            )


def _with_fault(looked: Sequence[Observation], faults: set[CertificateFault]) -> list[Observation]:
    return [one for one in looked if one.certificate is not None and faults & set(one.faults)]


def _day(moment: datetime) -> dict[str, str]:
    """The day as customers count it, in Japan."""
    day = moment.astimezone(JAPAN)
    return {"year": str(day.year), "month": str(day.month), "day": str(day.day)}


def _plain_is_possible(looked: Sequence[Observation]) -> bool:
    """The temporary measure receives by POP where there is POP, so a look at IMAP counts only without one."""
    states = [(one.protocol, one.plain) for one in looked if one.plain != "not_looked"]
    of_pop = [plain for protocol, plain in states if protocol == "pop"]
    known = of_pop or [plain for _, plain in states]
    return not known or "open" in known


def _same_host(name: str, wanted: str) -> bool:
    if name == wanted:
        return True
    if name.startswith("*."):
        return "." in wanted and wanted.split(".", 1)[1] == name.removeprefix("*.")
    try:
        return ipaddress.ip_address(name) == ipaddress.ip_address(wanted)
    except ValueError:
        return False
