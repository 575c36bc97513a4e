"""Reads all content files into records, with every fault of every file at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pydantic import BaseModel

from bot.content.facts import (
    ClientsRecord,
    ErrorCodesRecord,
    FollowUpsRecord,
    LifecycleListRecord,
    SmallWordsRecord,
)
from bot.content.intents import IntentRecord
from bot.content.locate import shipped_root
from bot.content.messages import ButtonsRecord, MessagesRecord, RepliesRecord
from bot.content.providers import ProviderRecord
from bot.content.reading import Document, Fault, read_document
from bot.content.records import closest, parse
from bot.content.shop import ShopRecord
from bot.content.telling import told

if TYPE_CHECKING:
    from pathlib import Path

    from bot.content.locate import Places

T = TypeVar("T", bound=BaseModel)

MESSAGES, BUTTONS, REPLIES, SHOP = "_messages", "_buttons", "_replies", "shop"
CLIENTS, ERROR_CODES, LIFECYCLE = "clients", "error_codes", "lifecycle"
FOLLOW_UPS, SMALL_WORDS = "follow_ups", "small_words"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Generic[T]):
    """A record and the document it came from."""

    document: Document
    record: T


@dataclass(slots=True, kw_only=True)
class Collection:
    """All records that could be read, by id; `faults` is what kept the others from it."""

    intents: dict[str, Entry[IntentRecord]] = field(default_factory=dict)
    providers: dict[str, Entry[ProviderRecord]] = field(default_factory=dict)
    clients: Entry[ClientsRecord] | None = None
    error_codes: Entry[ErrorCodesRecord] | None = None
    lifecycle: Entry[LifecycleListRecord] | None = None
    follow_ups: Entry[FollowUpsRecord] | None = None
    small_words: Entry[SmallWordsRecord] | None = None
    messages: Entry[MessagesRecord] | None = None
    buttons: Entry[ButtonsRecord] | None = None
    replies: Entry[RepliesRecord] | None = None
    shop: Entry[ShopRecord] | None = None
    faults: list[Fault] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        """Everything as plain data, ready to be kept and to become core values."""
        return {
            "intents": [entry.record.plain() for entry in self.intents.values()],
            "providers": [entry.record.plain() for entry in self.providers.values()],
            "clients": self.clients.record.plain() if self.clients else [],
            "error_codes": self.error_codes.record.plain() if self.error_codes else [],
            "lifecycle": self.lifecycle.record.plain() if self.lifecycle else [],
            "follow_ups": self.follow_ups.record.plain() if self.follow_ups else [],
            "small_words": self.small_words.record.plain() if self.small_words else {},
            "messages": self.messages.record.plain() if self.messages else {},
            "buttons": self.buttons.record.plain() if self.buttons else {},
            "replies": self.replies.record.plain() if self.replies else {},
            "shop": self.shop.record.plain() if self.shop else None,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipped:
    """The project's own messages and buttons where the owner's have taken their place: the code knows them by name,
    and fills no more `{slots}` into a message than the project's own text has.
    """

    messages: Mapping[str, str] = field(default_factory=dict)
    buttons: frozenset[str] = frozenset()


def collect(places: Places) -> Collection:
    """Read and parse every file of *places*."""
    found = Collection()
    reader = _Reader(found.faults)
    named = {MESSAGES, BUTTONS, REPLIES, SHOP}
    for stem, path in places.intents.items():
        if stem in named:
            continue
        if stem.startswith("_"):
            found.faults.append(Fault(path, 1, told("no_such_file_here", hint=closest(stem, named))))
            continue
        intent = reader.read(path, IntentRecord)
        if intent:
            found.intents[stem] = intent
    for stem, path in places.providers.items():
        provider = reader.read(path, ProviderRecord)
        if provider:
            found.providers[stem] = provider
    found.messages = reader.find(places.intents, MESSAGES, MessagesRecord)
    found.buttons = reader.find(places.intents, BUTTONS, ButtonsRecord)
    found.replies = reader.find(places.intents, REPLIES, RepliesRecord)
    found.shop = reader.find(places.intents, SHOP, ShopRecord)
    found.clients = reader.find(places.lists, CLIENTS, ClientsRecord)
    found.error_codes = reader.find(places.lists, ERROR_CODES, ErrorCodesRecord)
    found.lifecycle = reader.find(places.lists, LIFECYCLE, LifecycleListRecord)
    found.follow_ups = reader.find(places.lists, FOLLOW_UPS, FollowUpsRecord)
    found.small_words = reader.find(places.lists, SMALL_WORDS, SmallWordsRecord)
    return found


def replaced(places: Places) -> Shipped:
    """What the owner's messages and buttons have taken the place of."""
    messages = _if_replaced(places, MESSAGES, MessagesRecord)
    buttons = _if_replaced(places, BUTTONS, ButtonsRecord)
    return Shipped(
        messages=messages.record.root if messages else {},
        buttons=frozenset(buttons.record.root) if buttons else frozenset(),
    )


def _if_replaced(places: Places, stem: str, model: type[T]) -> Entry[T] | None:
    shipped = shipped_root() / "intents" / f"{stem}.yaml"
    if places.intents.get(stem) == shipped or not shipped.is_file():
        return None
    return _Reader([]).read(shipped, model)


class _Reader:
    def __init__(self, faults: list[Fault]) -> None:
        self._faults = faults

    def find(self, places: Mapping[str, Path], stem: str, model: type[T]) -> Entry[T] | None:
        path = places.get(stem)
        return self.read(path, model) if path else None

    def read(self, path: Path, model: type[T]) -> Entry[T] | None:
        document = read_document(path)
        if not isinstance(document, Document):
            self._faults.extend(document)
            return None
        record = parse(document, model)
        if isinstance(record, tuple):
            self._faults.extend(record)
            return None
        return Entry(document=document, record=record)
