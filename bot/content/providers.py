"""Provider records: one YAML file a provider."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from bot.content.records import Day, Record, SourceNames, Sources, Words, evidence
from bot.content.telling import told
from bot.core.providers import PlainStatus, Protocol, Security, UsernameForm  # noqa: TC001  # pydantic reads them

PortNumber = Annotated[int, Field(ge=1, le=65535)]
PLACEHOLDERS = "<>*?"
"""Signs in a host name that stand for a part that differs per account."""


class ServerRecord(Record):
    """One server line."""

    protocol: Protocol
    host: Words
    """The server's name. A part that differs per account stands as `<…>`, `*` or `?`, with `host_varies: true`."""
    port: PortNumber | None
    """null when no source shows it."""
    security: Security
    """ssl: SSL/TLS from the start; starttls; none: unencrypted; unspecified: the source gives the port only."""
    username: UsernameForm = "unknown"
    username_note: str = ""
    """Needed with `username: other`: what to enter, in Japanese for customers."""
    usable: bool = False
    """May be given to customers."""
    host_varies: bool = False
    """The name differs per account: customers are sent to their papers for it."""
    applies_to: str = ""
    """Which addresses or contracts the line is for, in Japanese; empty: all."""
    note: str = ""
    """A remark for customers on this line, in Japanese."""
    explained: str = ""
    """Why port and security go together although they usually do not; silences that finding of `check`."""
    evidence: SourceNames

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        if any(sign in self.host for sign in PLACEHOLDERS) and not self.host_varies:
            raise ValueError(told("placeholder_in_host", host=self.host))
        if self.username == "other" and not self.username_note:
            raise ValueError(told("username_note_missing"))
        if self.usable and (self.port is None or self.security not in {"ssl", "starttls"}):
            raise ValueError(told("usable_needs"))
        return self


class CandidateRecord(Record):
    """A value nobody has verified. It is never given out; `providers verify` may raise it to a server line."""

    protocol: Protocol
    host: Words
    port: PortNumber | None = None
    security: Security = "unspecified"
    host_varies: bool = False
    note: str = ""
    evidence: SourceNames


class SignInRecord(Record):
    """Which credential mail programs need."""

    kind: Literal["password", "app_password", "oauth2", "oauth2_or_app_password"] = "password"
    note: str = ""
    """What a customer must do first, in Japanese."""
    evidence: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _has_evidence(self) -> Self:
        if self.model_fields_set - {"evidence"} and not self.evidence:
            raise ValueError(told("evidence_missing", key="sign_in"))
        return self


class PlainConnectionRecord(Record):
    """How things stand with connections without encryption."""

    status: PlainStatus = "unknown"
    text: str = ""
    """The same for customers, in Japanese."""
    since: str = ""
    evidence: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _has_evidence(self) -> Self:
        if self.status != "unknown" and not self.evidence:
            raise ValueError(told("evidence_missing", key="plain_connection"))
        return self


class PortAndSsl(Record):
    port: PortNumber
    ssl: bool


class TemporaryMeasureRecord(Record):
    """Values to get by with for a while when a certificate warning will not go away."""

    enabled: bool
    """false: never offered."""
    incoming: PortAndSsl
    outgoing: PortAndSsl
    remarks: tuple[Words, ...] = ()
    """Honest remarks for customers, in Japanese."""
    evidence: SourceNames


class NoteRecord(Record):
    """A remark for customers."""

    text: Words
    evidence: SourceNames


class PageRecord(Record):
    url: Annotated[str, Field(pattern=r"^https?://\S+$")]
    evidence: SourceNames


class EndedRecord(Record):
    date: Day
    evidence: SourceNames


class ProviderRecord(Record):
    """A mail provider and every value known of it, each with its sources."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    """The file's name without `.yaml`."""
    name: Words
    """As customers read it."""
    aliases: tuple[Words, ...] = ()
    """Other names and spellings (typing errors need not be listed)."""
    category: Literal["isp", "regional", "mobile", "free", "hosting", "global"]
    domains: tuple[Annotated[str, Field(pattern=r"^[a-z0-9*?.-]+$")], ...] = ()
    """Domains of its mail addresses; `*` stands for any characters, `?` for one."""
    evidence: SourceNames
    """What shows that this provider and its domains exist."""
    ended: EndedRecord | None = None
    """When the service ended; left out while it runs."""
    answer_with_values: bool
    """Whether customers are told numbers at all."""
    why_no_values: str = ""
    """Needed when they are not: why, kindly, in Japanese."""
    official_page: PageRecord | None = None
    servers: tuple[ServerRecord, ...] = ()
    candidates: tuple[CandidateRecord, ...] = ()
    sign_in: SignInRecord = SignInRecord()
    plain_connection: PlainConnectionRecord = PlainConnectionRecord()
    temporary_measure: TemporaryMeasureRecord | None = None
    notes: tuple[NoteRecord, ...] = ()
    internal: tuple[Words, ...] = ()
    """Remarks for the maintainers; never shown to customers."""
    sources: Sources

    @model_validator(mode="after")
    def _permits_or_explains(self) -> Self:
        if not self.answer_with_values and not self.why_no_values:
            raise ValueError(told("why_no_values_missing"))
        if self.answer_with_values and not any(server.usable for server in self.servers):
            raise ValueError(told("no_usable_server"))
        return self

    def plain(self) -> dict[str, Any]:
        """The fields of the core's Provider, as plain data."""
        return {
            "id": self.id,
            "name": self.name,
            "aliases": self.aliases,
            "domains": self.domains,
            "servers": [
                server.model_dump(exclude={"explained", "evidence"})
                | {"evidence": evidence(server.evidence, self.sources)}
                for server in self.servers
            ],
            "candidates": [
                candidate.model_dump(exclude={"evidence"})
                | {"evidence": evidence(candidate.evidence, self.sources)}
                for candidate in self.candidates
            ],
            "answer_with_values": self.answer_with_values,
            "why_no_values": self.why_no_values,
            "sign_in": self.sign_in.kind,
            "sign_in_note": self.sign_in.note,
            "plain_connection": self.plain_connection.text,
            "plain_status": self.plain_connection.status,
            "temporary_measure": self._plain_measure(),
            "notes": [note.text for note in self.notes],
            "official_page": self.official_page.url if self.official_page else "",
            "ended": self.ended.date if self.ended else "",
        }

    def _plain_measure(self) -> dict[str, Any] | None:
        measure = self.temporary_measure
        if measure is None:
            return None
        return {
            "enabled": measure.enabled,
            "incoming_port": measure.incoming.port,
            "incoming_ssl": measure.incoming.ssl,
            "outgoing_port": measure.outgoing.port,
            "outgoing_ssl": measure.outgoing.ssl,
            "remarks": measure.remarks,
            "evidence": evidence(measure.evidence, self.sources),
        }
