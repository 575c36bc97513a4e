"""A domain that no record knows: asking it for its settings, and saying what it published, as unverified as that is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from bot.core.conversations import Mode
from bot.core.dialogue.settings_card import host_name, port_name, security_name, settings, username_name
from bot.core.hours import JAPAN
from bot.core.jobs import Job
from bot.core.messages import Row, Section, SettingsCard, Text
from bot.core.outcome import Outcome
from bot.core.servers.looking import address_details, said_later
from bot.core.wording import Wording, said

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.core.conversations import Conversation
    from bot.core.dialogue.talk import Turn
    from bot.core.library import Library
    from bot.core.messages import Part, Utterance
    from bot.core.outcome import Policy
    from bot.core.providers import Server
    from bot.core.servers.discovery import Discovery

DISCOVER = "discover"
"""The job that asks a domain for its settings."""

_MOST_LINES = 3
_NAMESPACE = UUID("6c1d0f0e-4f5b-5a0e-9a55-646973636f76")


def discovery_jobs(turn: Turn, utterance: Utterance, policy: Policy) -> tuple[Job, ...]:
    """Ask the domain, where that is wanted and no record knows it; in one talk once a day."""
    slots = turn.conversation.slots
    if not policy.discover or not slots.unknown_domain or slots.provider:
        return ()
    if turn.decision.kind != "answer":
        return ()
    day = policy.now.astimezone(JAPAN).date()
    name = f"{slots.unknown_domain}\n{day}\n{utterance.address.key}"
    details = {"domain": slots.unknown_domain, **address_details(utterance.address)}
    return (Job(id=str(uuid5(_NAMESPACE, name)), kind=DISCOVER, due_at=policy.now, details=details),)


def discovery_told(
    job: Job, conversation: Conversation, found: Discovery, library: Library, now: datetime
) -> Outcome:
    """The second message: the known provider behind the domain, or what the domain published, marked as unverified."""
    domain = job.details["domain"]
    moved_on = conversation.slots.provider or conversation.mode is Mode.HUMAN
    if conversation.blocked or moved_on or conversation.slots.unknown_domain != domain:
        return Outcome()
    parts = _parts(domain, found, conversation, library)
    return said_later(parts, conversation, send_id=str(uuid5(_NAMESPACE, job.id)), now=now)


def _parts(domain: str, found: Discovery, conversation: Conversation, library: Library) -> tuple[Part, ...]:
    provider = library.providers.get(found.provider_id)
    if provider is not None:
        text = said(library, Wording.DISCOVERED_KNOWN, domain=domain, provider=provider.name)
        slots = replace(conversation.slots, provider=provider.id)
        return (Text(text=text), *settings(provider, slots, None, library))
    if not found.servers:
        return (Text(text=said(library, Wording.DISCOVERED_NOTHING, domain=domain)),)
    card = SettingsCard(
        title=said(library, Wording.DISCOVERED_TITLE, domain=domain),
        sections=tuple(_section(server, library) for server in _best(found.servers)),
        notes=(said(library, Wording.DISCOVERED_CAVEAT),),
        source=said(
            library,
            Wording.SOURCE_UNDATED,
            kind=said(library, Wording.SOURCE_UNVERIFIED),
            source=found.source,
        ),
    )
    return (Text(text=said(library, Wording.DISCOVERED, domain=domain)), card)


def _best(servers: Sequence[Server]) -> tuple[Server, ...]:
    """One line a protocol, receiving first."""
    first: dict[str, Server] = {}
    for server in sorted(servers, key=lambda server: not server.incoming):
        first.setdefault(server.protocol, server)
    return tuple(first.values())[:_MOST_LINES]


def _section(server: Server, library: Library) -> Section:
    heading = Wording.CARD_INCOMING if server.incoming else Wording.CARD_OUTGOING
    return Section(
        heading=said(library, heading, protocol=server.protocol.upper()),
        rows=(
            Row(label=said(library, Wording.ROW_HOST), value=host_name(server, library)),
            Row(label=said(library, Wording.ROW_PORT), value=port_name(server, library)),
            Row(label=said(library, Wording.ROW_SECURITY), value=security_name(server.security, library)),
            Row(label=said(library, Wording.ROW_USERNAME), value=username_name(server, library)),
        ),
    )
