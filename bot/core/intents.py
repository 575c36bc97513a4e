"""Intents as authors define them in YAML, and the blocks their replies are built from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from bot.core.word_lists import WordList

BlockKind = Literal[
    "text",  # a named text of the intent, slots filled in
    "settings",  # the settings card of the provider; argument: both | incoming | outgoing
    "steps",  # the menu path of the client
    "compare",  # the user's numbers against the right ones
    "error_code",  # meaning, causes, first check of the code
    "temporary_measure",  # the provider's temporary values, where allowed
    "client_dates",  # lifecycle date of the client
    "provider_page",  # the official page, and why no values are given
    "price",  # the shop's prices
    "offer_migration",
    "offer_handoff",
    "choices",  # named buttons
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One building block of a reply; `argument` is the text's name, the role, or the buttons' names with a comma between."""

    kind: BlockKind
    argument: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """One thing people want. `title` is how the bot names it (also its button), `needs` the slots it asks for, in order,
    `reply` what it answers with once they are known, `terse` the same for staff (empty: a short form of `reply`).
    """

    id: str
    title: str
    phrases: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    reply: tuple[Block, ...] = ()
    terse: tuple[Block, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """Words (`said`) that, after one of the intents `after`, ask for `intent`: for its `text` (or its block of that name),
    or, where that is "", for all of it, as a talk goes on or `afresh`.
    """

    after: frozenset[str]
    intent: str
    said: WordList
    text: str = ""
    afresh: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """How well a text fits an intent: probability-like `score` 0..1, and the phrase of it that spoke for it, if one did."""

    intent: str
    score: float
    phrase: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clue:
    """One reason for or against an intent: what fired (a cue's name, a phrase, a piece of text) and its weight."""

    name: str
    found: str
    intent: str
    weight: float
