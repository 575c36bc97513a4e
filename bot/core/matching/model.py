"""The fitted numbers: one weight for each feature and intent, and how scores become probabilities."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.core.matching.features import Names


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """When to answer, when to ask which, when to say "I do not know"; calibrated by `madoguchi tune`.

    `clear`: the first match is served when its score reaches this. Below it, the intents whose score reaches `candidate` are
    offered, if the first reaches `unsure`; otherwise the text is unknown. `also`: what a part of a message must reach to
    count as a request of its own where a word such as 「ついでに」 adds one, `apart`: where it is only a new sentence.
    """

    clear: float = 0.6
    unsure: float = 0.25
    candidate: float = 0.12
    also: float = 0.5
    apart: float = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A linear model over features. Row `rows[family][name]` of `weights` (rows x intents) belongs to a feature,
    `names[row]` is its name. Row 0 belongs to none, so that a row is never taken for nothing.

    `rarity` is a feature's inverse document frequency; a family's features are brought to length 1, times its scale.
    `temperature` turns the sums into probabilities. `unfitted` is the start of an intent that has no weights yet.
    `sounds` are readings of words and phrases, noted when it was fitted.
    `phrase_weight` is what an equal phrase adds to its intent, less in proportion down to a likeness of `phrase_floor`;
    `fresh_weight` the same for a phrase that came after the fit, whose author no weight speaks for yet.
    """

    intents: tuple[str, ...]
    rows: tuple[Mapping[str, int], ...]
    names: tuple[str, ...]
    rarity: NDArray[np.float32]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    scales: tuple[float, ...]
    temperature: float
    unfitted: float
    phrase_weight: float
    phrase_floor: float
    thresholds: Thresholds
    fresh_weight: float = 4.0
    sounds: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    starts: tuple[int, ...] = field(init=False, repr=False)
    """The first row of each family."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "starts", tuple(next(iter(rows.values()), 0) for rows in self.rows))

    def sums(self, found: Sequence[Names]) -> NDArray[np.float32]:
        """The sum of weights for each intent."""
        return self.sums_of(*self.amounts(found))

    def sums_of(self, rows: NDArray[np.intp], amounts: NDArray[np.float32]) -> NDArray[np.float32]:
        """The same, for known amounts."""
        sums: NDArray[np.float32] = self.bias + amounts @ self.weights[rows]
        return sums

    def probabilities(self, sums: NDArray[np.float32]) -> NDArray[np.float32]:
        """The sums as scores between 0 and 1 that add up to 1."""
        powers = np.exp((sums - sums.max()) * self.temperature)
        shares: NDArray[np.float32] = powers / powers.sum()
        return shares

    def reasons(self, found: Sequence[Names], intent: str) -> list[tuple[int, str, float]]:
        """What each feature adds for *intent*: (family, name, weight). With the bias they add up to its sum."""
        rows, amounts = self.amounts(found)
        worth = amounts * self.weights[rows, self.intents.index(intent)]
        return [
            (self.family_of(row), self.names[row], float(weight))
            for row, weight in zip(rows.tolist(), worth, strict=True)
        ]

    def family_of(self, row: int) -> int:
        """Which family the feature of *row* belongs to; families follow one another."""
        return bisect_right(self.starts, row) - 1

    def amounts(self, found: Iterable[Names]) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """The rows of the features that are known, and how much each counts."""
        rows: list[int] = []
        ends = [0]
        for index, names in zip(self.rows, found, strict=True):
            rows += filter(None, dict.fromkeys(map(index.get, names)))
            ends.append(len(rows))
        places = np.array(rows, dtype=np.intp)
        amounts = self.rarity[places]
        for start, end, scale in zip(ends, ends[1:], self.scales, strict=False):
            part = amounts[start:end]
            part *= scale / (math.sqrt(part.dot(part)) or 1.0)
        return places, amounts
