"""Mail providers: what is known of them, and whether it may be given out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Protocol = Literal["pop", "imap", "smtp"]
Security = Literal["ssl", "starttls", "none", "unspecified"]
UsernameForm = Literal["full_address", "local_part", "other", "unknown"]
PlainStatus = Literal["unknown", "offered", "being_retired", "retired", "not_offered"]
EvidenceKind = Literal["official", "secondary", "article", "unverified", "look"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Where a value comes from: a reference a person can open or find, what kind of source it is (`look`: we
    connected to the server and saw it), and its date (`YYYY`, `YYYY-MM` or `YYYY-MM-DD`, "" when the source
    bears none).
    """

    source: str
    kind: EvidenceKind
    date: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """One server line. `host` may hold a placeholder for a part that differs per account (see `host_varies`).
    `usable` is whether the line may be given to customers; `applies_to` narrows it to some addresses.
    """

    protocol: Protocol
    host: str
    port: int | None
    security: Security
    username: UsernameForm = "unknown"
    username_note: str = ""
    usable: bool = False
    host_varies: bool = False
    applies_to: str = ""
    note: str = ""
    evidence: tuple[Evidence, ...] = ()

    @property
    def incoming(self) -> bool:
        return self.protocol != "smtp"


@dataclass(frozen=True, slots=True, kw_only=True)
class TemporaryMeasure:
    """Values to get by with for a while when a certificate warning will not go away."""

    enabled: bool
    incoming_port: int
    incoming_ssl: bool
    outgoing_port: int
    outgoing_ssl: bool
    remarks: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """A mail provider. `answer_with_values` is the record's own permission to give numbers at all.
    `sign_in` says which credential mail programs need. `notes` are for customers, in Japanese.
    `plain_connection` tells a customer how things stand with connections without encryption ("": nothing is known),
    `plain_status` the same for the program.
    `candidates` are values nobody has verified: never given out until a look at the server proves them.
    `ended` is the date the service ended, "" while it runs.
    """

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    servers: tuple[Server, ...] = ()
    candidates: tuple[Server, ...] = ()
    answer_with_values: bool = False
    why_no_values: str = ""
    sign_in: Literal["password", "app_password", "oauth2", "oauth2_or_app_password"] = "password"
    sign_in_note: str = ""
    plain_connection: str = ""
    plain_status: PlainStatus = "unknown"
    temporary_measure: TemporaryMeasure | None = None
    notes: tuple[str, ...] = ()
    official_page: str = ""
    ended: str = ""

    def usable(self, protocol: Protocol) -> tuple[Server, ...]:
        """The lines of *protocol* that may be given to customers, best first."""
        if not self.answer_with_values:
            return ()
        return tuple(server for server in self.servers if server.protocol == protocol and server.usable)
