"""The fitted numbers: one weight for each feature and intent, and how scores become probabilities."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from math import exp
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from ahocorasick_rs import AhoCorasick
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.core.matching.features import Names, Seen

_TINY = np.float32(1e-9)
"""For a family without known features, whose sum is nothing anyway."""


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


class Family(Protocol):
    """The features of one family, a row each."""

    def rows(self, seen: Any) -> Iterable[int]:
        """The rows of those that are *seen*, none twice."""


class Pieces:
    """A family of pieces of text, found in one pass."""

    def __init__(self, pieces: Iterable[str], first: int) -> None:
        self._pieces = AhoCorasick(pieces, store_patterns=False)
        self._first = first

    def rows(self, seen: str) -> Iterable[int]:
        return {
            self._first + place
            for place, _, _ in self._pieces.find_matches_as_indexes(seen, overlapping=True)
        }


class Named:
    """A family of names."""

    def __init__(self, names: Iterable[str], first: int) -> None:
        self._rows = {name: row for row, name in enumerate(names, first)}

    def rows(self, seen: Names) -> Iterable[int]:
        return set(filter(None, map(self._rows.get, seen)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A linear model over features: `names` of each family, and a row of `weights` (rows x intents) for each of them, in
    their order. Row 0 belongs to none, so that a row is never taken for nothing.

    `rarity` is a feature's inverse document frequency; a family's features are brought to length 1.
    `temperature` turns the sums into probabilities. `unfitted` is the start of an intent that has no weights yet.
    `sounds` are readings of words and phrases, noted when it was fitted.
    `phrase_weight` is what an equal phrase that came after the fit, and for which no weight speaks yet, adds to its intent;
    less in proportion down to a likeness of `phrase_floor`.
    """

    intents: tuple[str, ...]
    names: tuple[Sequence[str], ...]
    rarity: NDArray[np.float32]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    temperature: float
    unfitted: float
    phrase_weight: float
    phrase_floor: float
    thresholds: Thresholds
    sounds: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    starts: tuple[int, ...] = field(init=False, repr=False)
    """The first row of each family."""
    families: tuple[Family, ...] = field(init=False, repr=False)
    table: NDArray[np.float32] = field(init=False, repr=False)
    """What `sums` adds up: a feature's weights times its rarity, and in the last column the square of its rarity."""

    def __post_init__(self) -> None:
        starts = tuple(accumulate(map(len, self.names[:-1]), initial=1))
        kinds = zip(_KINDS, self.names, starts, strict=True)
        object.__setattr__(self, "starts", starts)
        object.__setattr__(self, "families", tuple(kind(names, start) for kind, names, start in kinds))
        rarity = self.rarity[:, None]
        object.__setattr__(self, "table", np.hstack([self.weights * rarity, rarity**2]))

    def sums(self, seen: Seen) -> NDArray[np.float32]:
        """The sum of weights for each intent."""
        rows, starts = self._rows(seen)
        families = np.add.reduceat(self.table.take(rows, axis=0), starts)
        families /= _lengths(families[:, -1:])
        sums: NDArray[np.float32] = self.bias + families[:, :-1].sum(axis=0)
        return sums

    def probabilities(self, sums: Sequence[float]) -> list[float]:
        """The sums as scores between 0 and 1 that add up to 1."""
        highest = max(sums)
        powers = [exp((value - highest) * self.temperature) for value in sums]
        total = sum(powers)
        return [power / total for power in powers]

    def reasons(self, seen: Seen, intent: str) -> list[tuple[int, str, float]]:
        """What each feature adds for *intent*: (family, name, weight). With the bias they add up to its sum."""
        rows, amounts = self.amounts(seen)
        worth = amounts * self.weights[rows, self.intents.index(intent)]
        return [(*self.feature(row), float(weight)) for row, weight in zip(rows.tolist(), worth, strict=True)]

    def feature(self, row: int) -> tuple[int, str]:
        """The feature of *row*: its family and its name."""
        family = bisect_right(self.starts, row) - 1
        return family, self.names[family][row - self.starts[family]]

    def amounts(self, seen: Seen) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """The rows of the features that are known, and how much each counts."""
        rows, starts = self._rows(seen)
        amounts = self.rarity[rows]
        lengths = _lengths(np.add.reduceat(amounts**2, starts))
        amounts /= lengths.repeat(np.diff([*starts, len(rows)]))
        known = np.flatnonzero(rows)
        return rows[known], amounts[known]

    def _rows(self, seen: Seen) -> tuple[NDArray[np.intp], list[int]]:
        """The rows of the features that are known, and where each family starts: with row 0, so that none is empty."""
        rows: list[int] = []
        starts = []
        for family, its in zip(self.families, seen, strict=True):
            starts.append(len(rows))
            rows.append(0)
            rows += family.rows(its)
        return np.array(rows, dtype=np.intp), starts


_KINDS = (Pieces, Pieces, Named, Named)
"""Of the families in their order."""


def _lengths(squares: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths: NDArray[np.float32] = np.sqrt(np.maximum(squares, _TINY))
    return lengths
