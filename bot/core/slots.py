"""What the talk has told so far, slot by slot."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum


class Role(StrEnum):
    """Which way mail travels: what POP and IMAP do, and what SMTP does."""

    INCOMING = "incoming"
    OUTGOING = "outgoing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Port:
    """A mail port that the user wrote. `ssl` is None when nothing was said of encryption for it."""

    role: Role
    port: int
    ssl: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Slots:
    """Slots of one utterance, or of a talk; None or () means not told.

    `provider`, `client`, `error_code` are ids of the library (`error_code` is upper-case hex with 0x, or SMTP digits);
    `unknown_domain` is a mail domain that no record knows; `direction` what fails or is asked for.
    `hosts` are server names the user wrote; `username` the form reported ("full_address" or "local_part").
    """

    provider: str | None = None
    client: str | None = None
    protocol: str | None = None
    direction: Role | None = None
    error_code: str | None = None
    ports: tuple[Port, ...] = ()
    hosts: tuple[str, ...] = ()
    username: str | None = None
    unknown_domain: str | None = None

    @property
    def told(self) -> bool:
        """Whether any slot is."""
        return self != _NOTHING

    def merged(self, newer: Slots) -> Slots:
        """These slots with everything that *newer* tells laid over them."""
        return Slots(**{name: getattr(newer, name) or getattr(self, name) for name in _NAMES})


_NAMES = tuple(field.name for field in fields(Slots))
_NOTHING = Slots()
