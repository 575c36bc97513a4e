"""The library: all that the shop and the project know, loaded from YAML and ready to ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate

from bot.core.extract import SlotFinder
from bot.core.facts import Client, ErrorCode, LifecycleDate
from bot.core.hours import Opening
from bot.core.intents import FollowUp, Intent
from bot.core.matching import Matcher
from bot.core.messages import Choice, SettingsCard
from bot.core.providers import Provider
from bot.core.slots import Role
from bot.core.spelling import one_spelling
from bot.core.visits import Visits
from bot.core.word_lists import SmallWords


@dataclass(frozen=True, slots=True, kw_only=True)
class Promises:
    """In minutes of opening time: until somebody takes a ticket, until people are called by name (and again, as long as
    nobody does), until a taker who does not answer is reminded, until the ticket is free again. In hours by the clock:
    until a silent customer is asked, and until the ticket is closed then.
    """

    take: int = 10
    escalate: int = 30
    answer: int = 15
    gone: int = 45
    silent: int = 24
    close: int = 24


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


CardFor = tuple[str, str | None, str | None, Role | None]
"""What a card of settings depends on: provider, program, protocol and direction."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Library:
    """Everything `understand`, `decide` and `answer` may know. Mappings are by id.

    `messages`: texts of the bot's own voice; `buttons`: named choices. `matcher` and `slot_finder` are built once from
    the rest, and so is what every turn asks for.
    """

    intents: Mapping[str, Intent]
    providers: Mapping[str, Provider]
    clients: Mapping[str, Client]
    error_codes: Mapping[str, ErrorCode]
    lifecycle: Mapping[str, LifecycleDate]
    messages: Mapping[str, str]
    buttons: Mapping[str, Choice]
    follow_ups: tuple[FollowUp, ...] = ()
    """In the order in which they are looked at."""
    small_words: SmallWords = field(default_factory=SmallWords)
    shop: Shop
    replies: Mapping[str, str] = field(default_factory=dict)
    """Ready-made replies for operators, by name."""
    slot_finder: SlotFinder
    matcher: Matcher
    cards: dict[CardFor, SettingsCard] = field(default_factory=dict, init=False, repr=False)
    """Settings as they were made for somebody: the next one with the same gets the same card."""

    @cached_property
    def client_names(self) -> Mapping[str, str]:
        """The mail program that each name stands for, the names in one spelling and the longest first."""
        named = {
            one_spelling(name): client.id
            for client in self.clients.values()
            for name in (client.name, *client.aliases)
        }
        return {name: named[name] for name in sorted(named, key=len, reverse=True)}

    def buttons_of(self, group: str) -> tuple[Choice, ...]:
        """The buttons whose names begin with *group*, in the order of the file: an owner adds one by writing it there."""
        return self._button_groups.get(group, ())

    @cached_property
    def _button_groups(self) -> Mapping[str, tuple[Choice, ...]]:
        groups: dict[str, tuple[Choice, ...]] = {}
        for name, button in self.buttons.items():
            words = name.split("_")
            for group in map("_".join, accumulate([word] for word in words[:-1])):
                groups[group] = (*groups.get(group, ()), button)
        return groups
