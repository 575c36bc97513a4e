"""How the desk stands for one operator: their tickets, who waits, today's figures, the month's pushes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from statistics import median
from typing import TYPE_CHECKING

from bot.core.hours import JAPAN
from bot.core.outcome import Pushes
from bot.core.tickets import Ticket, TicketEvent, TicketState
from bot.desk.pushes import pushes_on_record

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.desk.ports import Records


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Of one day. `first_answer` is the median number of seconds until a person answered, `csat` the mean mark."""

    answered: int = 0
    opened: int = 0
    closed: int = 0
    first_answer: int | None = None
    csat: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """`misses` are those that wait to be taught."""

    mine: tuple[Ticket, ...]
    waiting: tuple[Ticket, ...]
    figures: Figures
    pushes: Pushes | None
    misses: int


def board(operator_id: str, now: datetime, records: Records) -> Board:
    """The board of *operator_id* at *now*."""
    midnight = datetime.combine(now.astimezone(JAPAN).date(), time(), JAPAN)
    tickets = records.chronicle.open_tickets()
    unlabelled = [filed for filed in records.misses.waiting(now) if filed.label is None]
    return Board(
        mine=tuple(ticket for ticket in tickets if ticket.taker_id == operator_id),
        waiting=tuple(ticket for ticket in tickets if ticket.state is TicketState.WAITING),
        figures=figures(records.chronicle.since(midnight), records.chronicle.answered_since(midnight)),
        pushes=pushes_on_record(records),
        misses=len(unlabelled),
    )


def figures(events: Sequence[TicketEvent], answered: int) -> Figures:
    """What *events* add up to; *answered* is how often the bot answered."""
    first = [int(event.detail) for event in events if event.kind == "answered"]
    marks = [int(event.detail) for event in events if event.kind == "csat"]
    return Figures(
        answered=answered,
        opened=_count(events, ("opened", "reopened")),
        closed=_count(events, ("closed",)),
        first_answer=int(median(first)) if first else None,
        csat=round(sum(marks) / len(marks), 1) if marks else None,
    )


def _count(events: Iterable[TicketEvent], kinds: Sequence[str]) -> int:
    return sum(event.kind in kinds for event in events)
