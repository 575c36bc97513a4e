"""What single files cannot know: names that must exist elsewhere, things claimed twice, ports that contradict."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bot.content.intents import placeholders
from bot.content.records import closest
from bot.content.telling import told
from bot.core.dialogue.aspects import Aspect
from bot.core.dialogue.short_answers import Small
from bot.core.text import fold
from bot.core.understanding import OUT_OF_SCOPE
from bot.core.wording import PLACEHOLDERS, Wording

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from bot.content.collecting import Collection, Entry
    from bot.content.facts import WordListRecord
    from bot.content.intents import IntentRecord
    from bot.content.providers import ServerRecord
    from bot.content.reading import Document, Fault

_USUAL_SECURITY = {995: "ssl", 993: "ssl", 465: "ssl", 110: "none", 143: "none", 25: "none"}
_ALWAYS_ENCRYPTED = frozenset({465, 993, 995})
_INCOMING_PORTS = frozenset({110, 995, 143, 993})
_OUTGOING_PORTS = frozenset({25, 465, 587})

WORD_LISTS: Mapping[str, frozenset[str]] = {"said": frozenset(Small), "aspects": frozenset(Aspect)}
"""The lists of short words that the code asks for by name, by their section."""


def problems(content: Collection) -> list[Fault]:
    """Everything that keeps *content* from being used, in the order of files and lines."""
    found = list(content.faults)
    for check in (
        _ids,
        _domains,
        _aliases,
        _ports,
        _intents,
        _follow_ups,
        _small_words,
        _buttons_of_intents,
        _messages_of_the_code,
        _slots_of_messages,
        _slots_of_replies,
    ):
        found += check(content)
    return sorted(set(found))


def _ids(content: Collection) -> Iterator[Fault]:
    found = [(stem, entry.record.id, entry.document) for stem, entry in content.intents.items()]
    found += [(stem, entry.record.id, entry.document) for stem, entry in content.providers.items()]
    for stem, name, document in found:
        if name != stem:
            yield document.fault(("id",), told("id_not_file", id=name, stem=stem))


def _domains(content: Collection) -> Iterator[Fault]:
    yield from _claimed_twice(content, "domains", lambda domain: domain.lower(), "domain_twice")
    for entry in content.providers.values():
        for n, domain in enumerate(entry.record.domains):
            if set(domain) <= set("*?."):
                yield entry.document.fault(("domains", n), told("domain_matches_all", domain=domain))


def _aliases(content: Collection) -> Iterator[Fault]:
    yield from _claimed_twice(content, "aliases", fold, "name_twice")
    if content.clients is None:
        return
    owners: dict[str, str] = {}
    for key, client in content.clients.record.clients.items():
        for n, alias in enumerate((client.name, *client.aliases)):
            other = owners.setdefault(fold(alias), key)
            if other != key:
                where = ("clients", key, "aliases", n - 1) if n else ("clients", key, "name")
                yield content.clients.document.fault(where, told("name_twice", what=alias, other=other))


def _claimed_twice(
    content: Collection, key: str, comparable: Callable[[str], str], sentence: str
) -> Iterator[Fault]:
    owners: dict[str, str] = {}
    for provider, entry in content.providers.items():
        names: list[tuple[tuple[str | int, ...], str]] = [
            ((key, n), value) for n, value in enumerate(getattr(entry.record, key))
        ]
        if key == "aliases":
            names.insert(0, (("name",), entry.record.name))
        for where, value in names:
            other = owners.setdefault(comparable(value), provider)
            if other != provider:
                yield entry.document.fault(where, told(sentence, what=value, other=other))


def _ports(content: Collection) -> Iterator[Fault]:
    for entry in content.providers.values():
        for n, server in enumerate(entry.record.servers):
            contradiction = None if server.explained else _contradiction(server)
            if contradiction:
                yield entry.document.fault(("servers", n, "port"), contradiction)
        measure = entry.record.temporary_measure
        if measure is None:
            continue
        for role, values in (("incoming", measure.incoming), ("outgoing", measure.outgoing)):
            if values.port in _ALWAYS_ENCRYPTED and not values.ssl and not measure.remarks:
                where = ("temporary_measure", role, "port")
                yield entry.document.fault(where, told("temporary_port", port=values.port))


def _contradiction(server: ServerRecord) -> str | None:
    usual = _OUTGOING_PORTS if server.protocol == "smtp" else _INCOMING_PORTS
    if server.port is None:
        return None
    if server.port in (_INCOMING_PORTS | _OUTGOING_PORTS) - usual:
        return told("port_of_other_protocol", port=server.port, protocol=server.protocol)
    if server.port in _ALWAYS_ENCRYPTED and server.security in {"none", "starttls"}:
        return told("port_with_ssl", port=server.port, security=server.security)
    if _USUAL_SECURITY.get(server.port) == "none" and server.security == "ssl":
        return told("port_without_ssl", port=server.port)
    return None


def _intents(content: Collection) -> Iterator[Fault]:
    for entry in content.intents.values():
        record, document = entry.record, entry.document
        for where, kind, argument in record.blocks():
            if kind == "text" and argument not in record.texts:
                hint = closest(argument, record.texts)
                yield document.fault(where, told("no_such_text", name=argument, hint=hint))
        for name, text in record.texts.items():
            yield from _placeholder_faults(document, ("texts", name), text, PLACEHOLDERS)
        for n, test in enumerate(record.tests):
            yield from _unknown_ids(content, entry, ("tests", n), test.model_dump())


def _follow_ups(content: Collection) -> Iterator[Fault]:
    if content.follow_ups is None:
        return
    document = content.follow_ups.document
    for n, record in enumerate(content.follow_ups.record.follow_ups):
        named = [(("after", place), name) for place, name in enumerate(record.after)]
        for where, name in (*named, (("intent",), record.intent)):
            if name not in content.intents:
                hint = closest(name, content.intents)
                yield document.fault(("follow_ups", n, *where), told("no_such_intent", name=name, hint=hint))
        yield from _patterns(document, ("follow_ups", n), record)


def _small_words(content: Collection) -> Iterator[Fault]:
    """The program asks for its lists by name; a subject is that of an intent. An owner's lists lack none: see `lent`."""
    if content.small_words is None:
        return
    document, record = content.small_words.document, content.small_words.record
    for section, wanted in WORD_LISTS.items():
        for name in sorted(wanted - getattr(record, section).keys()):
            yield document.fault((section,), told("word_list_missing", name=name))
    for name in record.subjects:
        if name not in content.intents:
            hint = closest(name, content.intents)
            yield document.fault(("subjects", name), told("no_such_intent", name=name, hint=hint))
    for section in ("said", "aspects", "subjects"):
        for name, words in getattr(record, section).items():
            yield from _patterns(document, (section, name), words)


def _patterns(document: Document, where: tuple[str | int, ...], words: WordListRecord) -> Iterator[Fault]:
    for place, pattern in enumerate(words.patterns):
        if why := _no_expression(pattern):
            yield document.fault((*where, "patterns", place), told("wrong_value", key="patterns", why=why))


def _no_expression(pattern: str) -> str:
    """Why *pattern* is no regular expression, "" where it is one."""
    try:
        re.compile(pattern)
    except re.error as error:
        return str(error)
    return ""


def _unknown_ids(
    content: Collection, entry: Entry[IntentRecord], where: tuple[str | int, ...], test: dict[str, Any]
) -> Iterator[Fault]:
    known: dict[str, Iterable[str]] = {
        "intent": (*content.intents, OUT_OF_SCOPE),
        "provider": content.providers,
        "client": content.clients.record.clients if content.clients else (),
    }
    for key, ids in known.items():
        value = test[key]
        if value and value not in ids:
            yield entry.document.fault(
                (*where, key), told(f"no_such_{key}", name=value, hint=closest(value, ids))
            )


def _buttons_of_intents(content: Collection) -> Iterator[Fault]:
    if content.buttons is None:
        return
    known = {*content.buttons.record.root, *content.intents}
    for entry in content.intents.values():
        named = [(("choices", n), name) for n, name in enumerate(entry.record.choices)]
        named += [
            (where, name)
            for where, kind, argument in entry.record.blocks()
            if kind == "choices"
            for name in argument.split(",")
        ]
        for where, name in named:
            if name not in known:
                hint = closest(name, known)
                yield entry.document.fault(where, told("no_such_button", name=name, hint=hint))


def _messages_of_the_code(content: Collection) -> Iterator[Fault]:
    if content.messages is not None:
        for name in sorted({word.value for word in Wording} - content.messages.record.root.keys()):
            yield content.messages.document.fault((), told("message_missing", name=name))


def _slots_of_messages(content: Collection) -> Iterator[Fault]:
    """An owner's text may name what is filled into the project's own, and no more."""
    if content.messages is None or not content.shipped_messages:
        return
    for name, text in content.messages.record.root.items():
        allowed = {*PLACEHOLDERS, *_named(content.shipped_messages.get(name, ""))}
        yield from _placeholder_faults(content.messages.document, (name,), text, allowed)


def _slots_of_replies(content: Collection) -> Iterator[Fault]:
    if content.replies is None:
        return
    for name, text in content.replies.record.root.items():
        allowed = {*PLACEHOLDERS, "name", "taker"}
        yield from _placeholder_faults(content.replies.document, (name,), text, allowed)


def _placeholder_faults(
    document: Document, where: tuple[str | int, ...], text: str, allowed: Iterable[str]
) -> Iterator[Fault]:
    try:
        names = placeholders(text)
    except ValueError:
        yield document.fault(where, told("braces"))
        return
    for name in names:
        if name not in allowed:
            yield document.fault(where, told("nothing_fills_in", name=name, hint=closest(name, allowed)))


def _named(text: str) -> list[str]:
    try:
        return placeholders(text)
    except ValueError:
        return []
