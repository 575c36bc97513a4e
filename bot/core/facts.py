"""Facts that are no provider's: mail programs, error codes, ends of support."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.providers import Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorCode:
    """An error code or SMTP reply. `code` is upper-case hex with 0x, or digits; `connection`: it tells that the server was not
    reached, or not securely.
    """

    code: str
    meaning: str
    causes: tuple[str, ...] = ()
    first_check: str = ""
    symbol: str = ""
    temporary: bool = False
    connection: bool = False
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A mail program: `steps` lead to the screen with ports and SSL; `ended` is the day its support ended ("" if it runs)."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    outgoing_steps: tuple[str, ...] = ()
    caution: str = ""
    ended: str = ""
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LifecycleDate:
    """A date on which a product's support ends or ended, as a sentence for customers."""

    id: str
    product: str
    date: str
    text: str
    evidence: tuple[Evidence, ...] = ()
