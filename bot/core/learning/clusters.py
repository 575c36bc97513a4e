"""Clusters: misses that say nearly the same, so that people are asked about each thing once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process

from bot.core.misses import Miss
from bot.core.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from bot.core.intents import Match

LIKENESS = 70.0
"""Per cent of letters in common, from which on two messages count as one thing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Misses alike, oldest first; the first one leads."""

    misses: tuple[Miss, ...]

    @property
    def leader(self) -> Miss:
        return self.misses[0]

    @property
    def newest(self) -> date:
        return max(miss.said_on for miss in self.misses)

    @property
    def guesses(self) -> tuple[Match, ...]:
        return self.leader.guesses


def clustered(misses: Iterable[Miss]) -> tuple[Cluster, ...]:
    """The clusters of *misses*, largest first, then newest. The order in which *misses* come does not matter."""
    groups: list[list[Miss]] = []
    leaders: list[Miss] = []
    words: list[str] = []
    for miss in sorted(misses, key=lambda miss: (miss.said_on, miss.id)):
        place = _nearest(miss, leaders, words)
        if place is None:
            groups.append([miss])
            leaders.append(miss)
            words.append(fold(miss.text))
        else:
            groups[place].append(miss)
    found = [Cluster(misses=tuple(group)) for group in groups]
    return tuple(sorted(found, key=lambda cluster: (-len(cluster.misses), -cluster.newest.toordinal())))


def alike(miss: Miss, others: Sequence[Miss]) -> bool:
    """Whether one of *others* says nearly the same as *miss*."""
    return _nearest(miss, others, [fold(other.text) for other in others]) is not None


def _nearest(miss: Miss, leaders: Sequence[Miss], words: Sequence[str]) -> int | None:
    """The place of the leader most like *miss*. One that names the other direction is not like it: 受信 is not 送信."""
    found = process.extract(fold(miss.text), words, scorer=fuzz.ratio, score_cutoff=LIKENESS, limit=_CLOSEST)
    return next((place for _, _, place in found if not _opposed(miss, leaders[place])), None)


_CLOSEST = 5


def _opposed(one: Miss, other: Miss) -> bool:
    return bool(
        one.slots.direction and other.slots.direction and one.slots.direction is not other.slots.direction
    )
