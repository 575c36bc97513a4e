"""What the service is measured against: each goal with what came of it, as one table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One line of the table."""

    what: str
    goal: str
    value: str
    met: bool


def table(lines: Sequence[Measured]) -> Sequence[str]:
    """*lines* in columns, those that miss their goal first."""
    rows = [
        ("met" if each.met else "MISSED", each.what, each.goal, each.value)
        for each in sorted(lines, key=lambda each: each.met)
    ]
    titled = [("", "measure", "goal", "measured"), *rows]
    widths = [max(map(len, column)) for column in zip(*titled, strict=True)]
    return ["  ".join(map(str.ljust, row, widths)).rstrip() for row in titled]
