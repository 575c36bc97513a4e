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
from bot.content.messages import ButtonsRecord, MessagesRecord, RepliesRecord
from bot.content.providers import ProviderRecord
from bot.content.reading import Document, Fault, read_document
from bot.content.records import closest, parse
from bot.content.shop import ShopRecord
from bot.content.telling import told
from bot.core.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from bot.content.locate import Places

T = TypeVar("T", bound=BaseModel)
Facts = TypeVar("Facts", ClientsRecord, ErrorCodesRecord, LifecycleListRecord)

MESSAGES, BUTTONS, REPLIES, SHOP = "_messages", "_buttons", "_replies", "shop"
CLIENTS, ERROR_CODES, LIFECYCLE = "clients", "error_codes", "lifecycle"
FOLLOW_UPS, SMALL_WORDS = "follow_ups", "small_words"

_NAMED = 8
"""How many names one line gives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Generic[T]):
    """A record and the document it came from."""

    document: Document
    record: T


@dataclass(slots=True, kw_only=True)
class Collection:
    """All records that could be read, by id; `faults` is what kept the others from it.

    `shipped_messages` are the project's own, where an owner's have taken their place; `lent` tells what an owner's lists
    lacked of the project's own, which is in them now: the code knows it by name.
    """

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
    shipped_messages: Mapping[str, str] = field(default_factory=dict)
    lent: list[Fault] = field(default_factory=list)

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
    _lend_what_is_new(found, places.behind)
    return found


def _lend_what_is_new(found: Collection, behind: Mapping[str, Path]) -> None:
    """What an update adds to a list that an owner has copied must not keep the service from starting."""
    reader = _Reader([])
    messages = reader.find(behind, MESSAGES, MessagesRecord)
    buttons = reader.find(behind, BUTTONS, ButtonsRecord)
    words = reader.find(behind, SMALL_WORDS, SmallWordsRecord)
    if messages:
        found.shipped_messages = messages.record.root
    found.lent += _lent(found.messages, messages, lambda record: [record.root])
    found.lent += _lent(found.buttons, buttons, lambda record: [record.root])
    found.lent += _lent(found.small_words, words, lambda record: [record.said, record.aspects])
    found.lent += _lent_clients(found.clients, reader.find(behind, CLIENTS, ClientsRecord))
    found.lent += _lent_facts(found.error_codes, reader.find(behind, ERROR_CODES, ErrorCodesRecord))
    found.lent += _lent_facts(found.lifecycle, reader.find(behind, LIFECYCLE, LifecycleListRecord))


def _lent_clients(own: Entry[ClientsRecord] | None, shipped: Entry[ClientsRecord] | None) -> Iterator[Fault]:
    """A name that the owner has given to another program stays with that one."""
    if own is None or shipped is None:
        return
    taken = {fold(name) for client in own.record.clients.values() for name in (client.name, *client.aliases)}
    for key, client in list(shipped.record.clients.items()):
        if key not in own.record.clients and fold(client.name) in taken:
            del shipped.record.clients[key]
            continue
        free = tuple(alias for alias in client.aliases if fold(alias) not in taken)
        shipped.record.clients[key] = client.model_copy(update={"aliases": free})
    yield from _lent_facts(own, shipped)


def _lent_facts(own: Entry[Facts] | None, shipped: Entry[Facts] | None) -> Iterator[Fault]:
    """Lent with their sources, under names that an owner's file does not use."""
    if own is None or shipped is None:
        return
    own.record.sources.update({_lent_name(name): source for name, source in shipped.record.sources.items()})
    facts = shipped.record.facts
    facts.update(
        {
            key: fact.model_copy(update={"evidence": tuple(map(_lent_name, fact.evidence))})
            for key, fact in facts.items()
        }
    )
    yield from _lent(own, shipped, lambda record: [record.facts])


def _lent_name(source: str) -> str:
    return f"{source} (lent)"


def _lent(
    own: Entry[T] | None, shipped: Entry[T] | None, named: Callable[[T], Sequence[dict[str, Any]]]
) -> Iterator[Fault]:
    """Put what *own* lacks of *shipped* into it, and tell the names in one line. `named`: the mappings of a record."""
    if own is None or shipped is None:
        return
    names: list[str] = []
    for mine, theirs in zip(named(own.record), named(shipped.record), strict=True):
        new = {name: value for name, value in theirs.items() if name not in mine}
        mine.update(new)
        names += new
    if names:
        rest = told("and_more", count=len(names) - _NAMED) if names[_NAMED:] else ""
        yield own.document.fault((), told("lent", names="、".join(names[:_NAMED]), rest=rest))


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
