"""Opening hours in Japan: several ranges a day, holidays, closed days; and how time passes through them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

JAPAN = timezone(timedelta(hours=9), "JST")

_LOOK_AHEAD = 400
"""Days; a shop that does not open within them does not open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From `start` to before `end`, in minutes since midnight; 24:00 is 1440."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """When people answer. `week` begins on Monday; on `holidays` and `closed` days nobody does."""

    week: tuple[tuple[Span, ...], ...]
    holidays: frozenset[date] = frozenset()
    closed: frozenset[date] = frozenset()

    def spans(self, day: date) -> tuple[Span, ...]:
        """The ranges of *day*, in order."""
        if day in self.holidays or day in self.closed:
            return ()
        return self.week[day.weekday()]


def is_open(opening: Opening | None, at: datetime) -> bool:
    """Whether people answer at *at*; a shop that names no hours always does."""
    return opening is None or next_open(opening, at) == at


def next_open(opening: Opening | None, at: datetime) -> datetime | None:
    """*at* itself if people answer then, else when they begin to; None if they never do."""
    if opening is None:
        return at
    return next((max(at, start) for start, end in _ranges(opening, at) if end > at), None)


def after(opening: Opening | None, at: datetime, duration: timedelta) -> datetime | None:
    """When *duration* of opening time has passed since *at*; None if that never happens."""
    if opening is None:
        return at + duration
    left = duration
    for start, end in _ranges(opening, at):
        begin = max(at, start)
        if end - begin >= left:
            return begin + left
        left -= max(end - begin, timedelta())
    return None


def between(opening: Opening | None, start: datetime, end: datetime) -> timedelta:
    """How much opening time lies between *start* and *end*."""
    if end <= start:
        return timedelta()
    if opening is None:
        return end - start
    total = timedelta()
    for begin, finish in _ranges(opening, start):
        if begin >= end:
            break
        total += max(min(end, finish) - max(start, begin), timedelta())
    return total


def _ranges(opening: Opening, at: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The opening ranges from the day of *at* on, one after another."""
    today = at.astimezone(JAPAN).date()
    for ahead in range(_LOOK_AHEAD):
        day = today + timedelta(days=ahead)
        midnight = datetime.combine(day, time(), JAPAN)
        for span in opening.spans(day):
            yield midnight + timedelta(minutes=span.start), midnight + timedelta(minutes=span.end)
