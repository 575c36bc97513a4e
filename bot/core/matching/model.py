"""The fitted numbers: one weight for each feature and intent, and how scores become probabilities."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from bot.core.matching.features import Names


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """When to answer, when to ask which, when to say "I do not know"; calibrated by `madoguchi tune`.

    `clear`: the first match is served when its score reaches this. Below it, the intents whose score reaches `candidate` are
    offered, if the first reaches `unsure`; otherwise the text is unknown. `also`: what a part of a message must reach to
    count as a further request.
    """

    clear: float = 0.6
    unsure: float = 0.25
    candidate: float = 0.12
    also: float = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A linear model over features. Row `rows[family][name]` of `weights` (rows x intents) belongs to a feature.

    `rarity` is a feature's inverse document frequency; a family's features are brought to length 1, times its scale.
    `temperature` turns the sums into probabilities. `unfitted` is the start of an intent that has no weights yet.
    `sounds` are readings of words and phrases, noted when it was fitted.
    `phrase_weight` is what an equal phrase adds to its intent, less in proportion down to a likeness of `phrase_floor`.
    """

    intents: tuple[str, ...]
    rows: tuple[Mapping[str, int], ...]
    rarity: NDArray[np.float32]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    scales: tuple[float, ...]
    temperature: float
    unfitted: float
    phrase_weight: float
    phrase_floor: float
    thresholds: Thresholds
    sounds: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)

    def sums(self, found: Sequence[Names]) -> NDArray[np.float32]:
        """The sum of weights for each intent."""
        rows, amounts = self.amounts(found)
        sums: NDArray[np.float32] = self.bias + amounts @ self.weights[rows]
        return sums

    def probabilities(self, sums: NDArray[np.float32]) -> NDArray[np.float32]:
        """The sums as scores between 0 and 1 that add up to 1."""
        powers = np.exp((sums - sums.max()) * self.temperature)
        shares: NDArray[np.float32] = powers / powers.sum()
        return shares

    def reasons(self, found: Sequence[Names], intent: str) -> list[tuple[int, str, float]]:
        """What each feature adds for *intent*: (family, name, weight). With the bias they add up to its sum."""
        known = [sorted(name for name in names if name in self.rows[n]) for n, names in enumerate(found)]
        rows, amounts = self.amounts(known)
        worth = amounts * self.weights[rows, self.intents.index(intent)]
        named = ((family, name) for family, names in enumerate(known) for name in names)
        return [(family, name, float(weight)) for (family, name), weight in zip(named, worth, strict=True)]

    def main_reasons(self, found: Sequence[Names], column: int, most: int) -> list[tuple[int, str, float]]:
        """The *most* weightiest of the reasons for the intent at *column*, heaviest first."""
        rows, amounts = self.amounts(found)
        worth = amounts * self.weights[rows, column]
        if not len(rows):
            return []
        named = [
            (family, name)
            for family, names in enumerate(found)
            for name in names
            if name in self.rows[family]
        ]
        heaviest = np.argsort(-np.abs(worth))[:most]
        picked = [(*named[place], float(worth[place])) for place in heaviest.tolist()]
        return sorted(picked, key=lambda reason: (-abs(reason[2]), reason[:2]))

    def amounts(self, found: Iterable[Iterable[str]]) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """The rows of the features that are known, and how much each counts."""
        rows: list[int] = []
        ends = [0]
        for index, names in zip(self.rows, found, strict=True):
            rows += [index[name] for name in names if name in index]
            ends.append(len(rows))
        places = np.array(rows, dtype=np.intp)
        amounts = self.rarity[places]
        for family, scale in enumerate(self.scales):
            part = amounts[ends[family] : ends[family + 1]]
            part *= scale / (math.sqrt(float(part @ part)) or 1.0)
        return places, amounts
