"""Reports of trouble with a provider, and what operators know of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

SLOT = timedelta(minutes=5)
"""Reports are kept by the slot of time they fall into."""

EpisodeState = Literal["suspected", "confirmed", "dismissed", "ended"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One person has trouble with a provider; `at` is when its slot begins. `who` tells people of one day apart, and
    leads back to nobody.
    """

    provider: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """One trouble of a provider, from the first alert until it has been quiet. `seen_at` is when it was last noticed,
    `until` until when customers are told of it, once an operator, `by`, has confirmed it.
    """

    provider: str
    began_at: datetime
    seen_at: datetime
    cause: Literal["reports", "look"]
    state: EpisodeState = "suspected"
    until: datetime | None = None
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Ids of providers: `closed` no longer receive without encryption, as the latest look found; `troubled` are those
    whose trouble an operator has confirmed.
    """

    closed: frozenset[str] = frozenset()
    troubled: frozenset[str] = frozenset()


def slot_of(moment: datetime) -> datetime:
    """When the slot that *moment* falls into begins."""
    return datetime.fromtimestamp(
        moment.timestamp() // SLOT.total_seconds() * SLOT.total_seconds(), moment.tzinfo or UTC
    )
