"""How providers stand at the moment, as far as it bears on every answer."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from bot.core.dialogue.reading import SMALL_TALK
from bot.core.messages import Text
from bot.core.wording import Wording, known, said

if TYPE_CHECKING:
    from bot.core.dialogue.talk import Turn
    from bot.core.library import Library
    from bot.core.messages import Part
    from bot.core.providers import Provider
    from bot.core.reports import Standing


def as_it_stands(library: Library, standing: Standing) -> Library:
    """*library* without temporary measures that a look found impossible."""
    return _without_measures(library, standing.closed) if standing.closed else library


@lru_cache(maxsize=1)
def _without_measures(library: Library, provider_ids: frozenset[str]) -> Library:
    """Asked for in every turn, and the same for hours."""
    impossible = {
        provider_id: _without_measure(provider)
        for provider_id in provider_ids
        if (provider := library.providers.get(provider_id)) and provider.temporary_measure
    }
    return replace(library, providers={**library.providers, **impossible}) if impossible else library


def notice(turn: Turn, standing: Standing, library: Library) -> tuple[Part, ...]:
    """What goes in front of the answers that customers of a troubled provider get."""
    slots = turn.conversation.slots
    if slots.provider not in standing.troubled or turn.decision.kind != "answer":
        return ()
    if turn.intent in SMALL_TALK:
        return ()
    return (Text(text=said(library, Wording.TROUBLE_NOTICE, **known(slots, library))),)


def _without_measure(provider: Provider) -> Provider:
    assert provider.temporary_measure is not None
    return replace(provider, temporary_measure=replace(provider.temporary_measure, enabled=False))
