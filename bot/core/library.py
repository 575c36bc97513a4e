"""The library: all that the shop and the project know, loaded from YAML and ready to ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.core.desk.hours import Opening
from bot.core.desk.promises import Promises
from bot.core.desk.visits import Visits
from bot.core.extract import SlotFinder
from bot.core.intents import Intent
from bot.core.matching import Matcher
from bot.core.messages import Choice
from bot.core.providers import Evidence, Provider


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """The owner's own facts: what customers may be told about the shop."""

    name: str
    phone: str = ""
    hours: str = ""
    closed: str = ""
    address: str = ""
    prices: Mapping[str, str] = field(default_factory=dict)
    visit: str = ""
    opening: Opening | None = None
    """When people answer; None: always."""
    promises: Promises = Promises()
    people: tuple[str, ...] = ()
    """The Slack ids of those who are called by name when nobody takes a ticket."""
    visits: Visits | None = None
    operator_names: bool = False
    """Whether customers see which operator writes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """Everything `understand`, `decide` and `answer` may know. Mappings are by id.

    `messages`: texts of the bot's own voice; `buttons`: named choices. `matcher` and `slot_finder` are built once from
    the rest.
    """

    intents: Mapping[str, Intent]
    providers: Mapping[str, Provider]
    clients: Mapping[str, Client]
    error_codes: Mapping[str, ErrorCode]
    lifecycle: Mapping[str, LifecycleDate]
    messages: Mapping[str, str]
    buttons: Mapping[str, Choice]
    shop: Shop
    replies: Mapping[str, str] = field(default_factory=dict)
    """Ready-made replies for operators, by name."""
    slot_finder: SlotFinder
    matcher: Matcher
