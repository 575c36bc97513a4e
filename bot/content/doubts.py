"""What should be looked at, but keeps nobody from working: old evidence, blocks that never show, phrases of two intents."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, cast

from bot.content.checking import WORD_LISTS
from bot.content.locate import is_shipped
from bot.content.phrases import expand
from bot.content.records import closest, source_uses
from bot.content.telling import term, told
from bot.core.dialogue.plan import needed
from bot.core.intents import Block
from bot.core.text import fold
from bot.core.understanding import OUT_OF_SCOPE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from bot.content.collecting import Collection
    from bot.content.providers import ProviderRecord, ServerRecord
    from bot.content.reading import Fault
    from bot.core.intents import BlockKind


def warnings(content: Collection, today: date) -> list[Fault]:
    """What should be looked at, but keeps nobody from working."""
    found = chain(
        content.lent,
        _old_evidence(content, today),
        _unused_sources(content),
        _sample_shop(content),
        _spare_messages(content),
        _spare_word_lists(content),
        _no_tests(content),
        _never_shown(content),
        _phrases_of_two(content),
    )
    return sorted(set(found))


def _old_evidence(content: Collection, today: date) -> Iterator[Fault]:
    """One finding a file: the usable lines whose newest dated evidence is more than a year old, or undated."""
    year_ago = f"{today.year - 1}{today.isoformat()[4:]}"
    for name, entry in content.providers.items():
        if not entry.record.answer_with_values:
            continue
        old = [n for n, server in enumerate(entry.record.servers) if _is_old(entry.record, server, year_ago)]
        if old:
            lines = "、".join(str(entry.document.line(("servers", n))) for n in old)
            yield entry.document.fault(("servers", old[0]), told("old_evidence", lines=lines, provider=name))


def _is_old(record: ProviderRecord, server: ServerRecord, year_ago: str) -> bool:
    return server.usable and max(_last_day(record.sources[name].date) for name in server.evidence) < year_ago


def _last_day(day: str) -> str:
    """A bare year or month counts to its end; no date at all is older than any."""
    return day + "-12-31"[len(day) - 4 :] if day else ""


def _unused_sources(content: Collection) -> Iterator[Fault]:
    lists = (content.clients, content.error_codes, content.lifecycle)
    documents = [entry.document for entry in (*content.providers.values(), *lists) if entry is not None]
    for document in documents:
        used = {name for _, name in source_uses(document.data)}
        for name in document.data.get("sources", {}):
            if name not in used:
                yield document.fault(("sources", name), told("unused_source", name=name))


def _sample_shop(content: Collection) -> Iterator[Fault]:
    if content.shop is not None and content.shop.record.sample:
        yield content.shop.document.fault(("sample",), told("sample_shop"))


def _spare_messages(content: Collection) -> Iterator[Fault]:
    """Messages of the owner that the project's own file does not have: nobody says them."""
    shipped = content.shipped_messages
    if content.messages is None or not shipped:
        return
    for name in content.messages.record.root:
        if name not in shipped:
            message = told("spare_message", name=name, hint=closest(name, shipped))
            yield content.messages.document.fault((name,), message)


def _spare_word_lists(content: Collection) -> Iterator[Fault]:
    if content.small_words is None:
        return
    for section, known in WORD_LISTS.items():
        for name in getattr(content.small_words.record, section):
            if name not in known:
                message = told("spare_word_list", name=name, hint=closest(name, known))
                yield content.small_words.document.fault((section, name), message)


def _no_tests(content: Collection) -> Iterator[Fault]:
    for entry in content.intents.values():
        if not entry.record.tests:
            yield entry.document.fault((), told("no_tests"))


def _never_shown(content: Collection) -> Iterator[Fault]:
    """Blocks whose slot nothing asks for. Shipped intents do so on purpose: more for who has said more."""
    for entry in content.intents.values():
        if is_shipped(entry.document.path):
            continue
        for where, kind, argument in entry.record.blocks():
            slot = needed(Block(kind=cast("BlockKind", kind), argument=argument))
            if slot and slot not in entry.record.needs:
                message = told("never_shown", kind=kind, slot=term("of_slots", slot), need=slot)
                yield entry.document.fault(where, message)


def _phrases_of_two(content: Collection) -> Iterator[Fault]:
    """Phrases of an owner that another intent has too, word for word: one finding a template.

    What was out of scope may well become an owner's matter.
    """
    owners: dict[str, set[str]] = {}
    for name, entry in content.intents.items():
        for phrase in entry.record.plain()["phrases"]:
            owners.setdefault(fold(phrase), set()).add(name)
    for name, entry in content.intents.items():
        if is_shipped(entry.document.path):
            continue
        for n, template in enumerate(entry.record.phrases):
            others = {phrase: owners[fold(phrase)] - {name, OUT_OF_SCOPE} for phrase in expand(template)}
            shared = next((phrase for phrase in others if others[phrase]), None)
            if shared is not None:
                message = told("phrase_twice", phrase=shared, other="、".join(sorted(others[shared])))
                yield entry.document.fault(("phrases", n), message)
