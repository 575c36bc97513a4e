"""A provider's settings as customers may be given them: a card, or why there is none and where to look instead."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, assert_never

from bot.core.messages import Row, Section, SettingsCard, Text
from bot.core.slots import Role, Slots
from bot.core.wording import Wording, known, said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.library import Library
    from bot.core.messages import Part
    from bot.core.providers import Evidence, EvidenceKind, Protocol, Provider, Security, Server

IMAP_FIRST = frozenset({"iphone", "android", "mac"})
"""Programs that are set up with IMAP where there is a choice; the others get POP."""

_MAX_NOTES = 2
_STRENGTH: tuple[EvidenceKind, ...] = ("official", "look", "secondary", "article", "unverified")


def settings(provider: Provider, slots: Slots, role: Role | None, library: Library) -> tuple[Part, ...]:
    """The provider's values for *role* (None: both ways), as the talk's program and protocol need them."""
    card = _kept_card(provider, slots, role, library)
    return (card,) if card else official_page(provider, slots, library)


def _kept_card(provider: Provider, slots: Slots, role: Role | None, library: Library) -> SettingsCard | None:
    """The card, made once for all who use the same; that of a provider who is not the library's is not kept."""
    made_for = (provider.id, slots.client, slots.protocol, role)
    if library.providers.get(provider.id) is not provider:
        return _card(provider, slots, role, library)
    card = library.cards.get(made_for) or _card(provider, slots, role, library)
    if card:
        library.cards[made_for] = card
    return card


def _card(provider: Provider, slots: Slots, role: Role | None, library: Library) -> SettingsCard | None:
    """None: there are no values to give."""
    wanted = tuple(
        server
        for direction in ((role,) if role else (Role.INCOMING, Role.OUTGOING))
        for server in servers_for(provider, slots, direction)
    )
    if provider.ended or not wanted:
        return None
    return SettingsCard(
        title=said(library, Wording.CARD_TITLE, provider=provider.name),
        sections=tuple(_section(server, library) for server in wanted),
        notes=_notes(provider, slots, wanted, role, library),
        source=_source(wanted, library),
        link=provider.official_page,
        link_label=said(library, Wording.PAGE_LABEL, provider=provider.name)
        if provider.official_page
        else "",
    )


def servers_for(provider: Provider, slots: Slots, role: Role) -> tuple[Server, ...]:
    """The usable lines of one direction: of the best protocol one line, or one for each kind of address."""
    for protocol in _protocols(provider, slots, role):
        if usable := provider.usable(protocol):
            return _one_per_address_kind(usable)
    return ()


def all_usable(provider: Provider, role: Role) -> tuple[Server, ...]:
    """Every usable line of one direction, whatever the protocol."""
    protocols: tuple[Protocol, ...] = ("smtp",) if role is Role.OUTGOING else ("pop", "imap")
    return tuple(server for protocol in protocols for server in provider.usable(protocol))


def official_page(provider: Provider, slots: Slots, library: Library) -> tuple[Part, ...]:
    """Why no values are given, and where they stand."""
    facts = known(slots, library) | {"provider": provider.name, "page": provider.official_page}
    if provider.ended:
        return (
            Text(
                text=said(
                    library, Wording.PROVIDER_ENDED, **facts, notes="\n".join(provider.notes[:_MAX_NOTES])
                )
            ),
        )
    page = said(library, Wording.NO_VALUES_PAGE, **facts) if provider.official_page else ""
    if provider.answer_with_values and page:
        return (Text(text=page),)
    why = provider.why_no_values or said(library, Wording.NO_VALUES, **facts)
    notes = "\n".join(provider.notes[:_MAX_NOTES])
    return (Text(text="\n\n".join(filter(None, (why, page, notes)))),)


def security_name(security: Security, library: Library) -> str:
    match security:
        case "ssl":
            return said(library, Wording.SECURITY_SSL)
        case "starttls":
            return said(library, Wording.SECURITY_STARTTLS)
        case "none":
            return said(library, Wording.SECURITY_NONE)
        case "unspecified":
            return said(library, Wording.SECURITY_UNSPECIFIED)
    assert_never(security)


def username_name(server: Server, library: Library) -> str:
    match server.username:
        case "full_address":
            return said(library, Wording.USERNAME_FULL)
        case "local_part":
            return said(library, Wording.USERNAME_LOCAL)
        case "other" | "unknown":
            return server.username_note or said(library, Wording.USERNAME_OTHER)
    assert_never(server.username)


def host_name(server: Server, library: Library) -> str:
    return said(library, Wording.HOST_VARIES) if server.host_varies else server.host


def port_name(server: Server, library: Library) -> str:
    return str(server.port) if server.port else said(library, Wording.PORT_UNKNOWN)


def _protocols(provider: Provider, slots: Slots, role: Role) -> tuple[Protocol, ...]:
    """What was asked for, else what the program is set up with, else what stands first in the provider's record."""
    if role is Role.OUTGOING:
        return ("smtp",)
    if slots.protocol not in {"pop", "imap"} and slots.client not in IMAP_FIRST:
        first = next(
            (server.protocol for server in provider.servers if server.incoming and server.usable), "pop"
        )
        return ("imap", "pop") if first == "imap" else ("pop", "imap")
    return ("pop", "imap") if slots.protocol == "pop" else ("imap", "pop")


def _one_per_address_kind(usable: Sequence[Server]) -> tuple[Server, ...]:
    first: dict[str, Server] = {}
    for server in usable:
        first.setdefault(server.applies_to, server)
    return tuple(first.values())[:2]


def _section(server: Server, library: Library) -> Section:
    heading = Wording.CARD_INCOMING if server.incoming else Wording.CARD_OUTGOING
    return Section(
        heading=said(library, heading, protocol=server.protocol.upper())
        + (f" {server.applies_to}" if server.applies_to else ""),
        rows=(
            Row(label=said(library, Wording.ROW_HOST), value=host_name(server, library)),
            Row(label=said(library, Wording.ROW_PORT), value=port_name(server, library)),
            Row(label=said(library, Wording.ROW_SECURITY), value=security_name(server.security, library)),
            Row(label=said(library, Wording.ROW_USERNAME), value=username_name(server, library)),
        ),
    )


def _notes(
    provider: Provider, slots: Slots, shown: Sequence[Server], role: Role | None, library: Library
) -> tuple[str, ...]:
    """What to mind, the most needed first; the article's caveat is always the last."""
    notes = [provider.sign_in_note, *(server.note for server in shown), *provider.notes]
    asked = slots.protocol if slots.protocol in {"pop", "imap"} else None
    incoming = next((server for server in shown if server.incoming), None)
    if incoming and asked and incoming.protocol != asked:
        notes.insert(
            0,
            said(
                library, Wording.NO_VALUES_PROTOCOL, protocol=asked.upper(), other=incoming.protocol.upper()
            ),
        )
    elif incoming and not asked and role is None and slots.client not in IMAP_FIRST:
        other = "imap" if incoming.protocol == "pop" else "pop"
        if provider.usable(other):  # type: ignore[arg-type]  # one of the two literals
            notes.append(said(library, Wording.OTHER_PROTOCOL, other=other.upper()))
    if role is None and not all(any(server.incoming == way for server in shown) for way in (True, False)):
        notes.insert(0, said(library, Wording.NO_VALUES_ROLE))
    kept = list(dict.fromkeys(note for note in notes if note))[:_MAX_NOTES]
    facts = known(Slots(provider=provider.id, client=slots.client), library)
    return (*kept, said(library, Wording.CAVEAT, **facts))


def _source(shown: Sequence[Server], library: Library) -> str:
    found = [evidence for server in shown for evidence in server.evidence]
    if not found:
        return ""
    best = min(found, key=lambda evidence: (_STRENGTH.index(evidence.kind), _age(evidence)))
    kind = said(library, _kind_name(best.kind))
    date = _date_name(best.date, library)
    if best.kind == "look":
        return said(library, Wording.SOURCE_LOOKED, kind=kind, date=date)
    source = _FOR_THOSE_WHO_CHECK.sub("", best.source)
    if not date or best.date in source:
        return said(library, Wording.SOURCE_UNDATED, kind=kind, source=source)
    return said(library, Wording.SOURCE, kind=kind, source=source, date=date)


_FOR_THOSE_WHO_CHECK = re.compile(r"\s*(?:（[^（）]*）|\([^()]*\))\s*$")
"""What stands in brackets at the end of a source: customers have no use for it."""


def _date_name(date: str, library: Library) -> str:
    """「2026年3月12日」, 「2026年3月」 or 「2026年」"""
    wordings = (Wording.DATE_YEAR, Wording.DATE_MONTH, Wording.DATE_DAY)
    parts = [int(part) for part in date.split("-") if part]
    if not parts:
        return ""
    return said(library, wordings[len(parts) - 1], **dict(zip(("year", "month", "day"), parts, strict=False)))


def _age(evidence: Evidence) -> int:
    """Sorts the newest first, undated last."""
    return -int(evidence.date.replace("-", "").ljust(8, "0")) if evidence.date else 0


def _kind_name(kind: EvidenceKind) -> Wording:
    match kind:
        case "official":
            return Wording.SOURCE_OFFICIAL
        case "look":
            return Wording.SOURCE_LOOK
        case "secondary":
            return Wording.SOURCE_SECONDARY
        case "article":
            return Wording.SOURCE_ARTICLE
        case "unverified":
            return Wording.SOURCE_UNVERIFIED
    assert_never(kind)
