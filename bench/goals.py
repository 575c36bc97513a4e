"""What the service is measured against: each goal with what came of it. Tables are Markdown, as docs/capacity.md has them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


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
        ("met" if each.met else "missed", each.what, each.goal, each.value)
        for each in sorted(lines, key=lambda each: each.met)
    ]
    return _table(("", "measure", "goal", "measured"), rows)


def cost(parts: Mapping[str, float], together: float) -> Sequence[str]:
    """Microseconds of each part, what is left of all of them *together*, and the whole."""
    named = {
        **parts,
        "the rest: log lines, metrics, threads that wait for one another": together - sum(parts.values()),
    }
    rows = [(name, _milliseconds(each)) for name, each in named.items()]
    return _table(
        ("part", "CPU"), [*rows, ("**together, under full load**", f"**{_milliseconds(together)}**")]
    )


def _milliseconds(microseconds: float) -> str:
    return f"{microseconds / 1e3:.2f} ms"


def _table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> Sequence[str]:
    return [f"| {' | '.join(row)} |" for row in (titles, ["---"] * len(titles), *rows)]
