"""Times at which the shop can come: offered while they are free, in the days ahead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from bot.core.hours import JAPAN, Span
from bot.core.tickets import Visit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.core.hours import Opening


@dataclass(frozen=True, slots=True, kw_only=True)
class Visits:
    """`times` of each day on which the shop is open, `from_day` to `days` ahead, so many customers `at_once`."""

    times: tuple[Span, ...]
    days: int = 14
    from_day: int = 1
    at_once: int = 1


def free_visits(
    visits: Visits, opening: Opening | None, booked: Iterable[Visit], now: datetime
) -> Iterator[Visit]:
    """The times that nobody has booked, the next one first."""
    taken = [visit.start for visit in booked]
    for visit in _times(visits, opening, now):
        if taken.count(visit.start) < visits.at_once:
            yield visit


def is_free(
    visit: Visit, visits: Visits, opening: Opening | None, booked: Iterable[Visit], now: datetime
) -> bool:
    return any(visit == each for each in free_visits(visits, opening, booked, now))


def _times(visits: Visits, opening: Opening | None, now: datetime) -> Iterator[Visit]:
    today = now.astimezone(JAPAN).date()
    for ahead in range(visits.from_day, visits.days + 1):
        day = today + timedelta(days=ahead)
        if opening is not None and not opening.spans(day):
            continue
        midnight = datetime.combine(day, time(), JAPAN)
        for span in visits.times:
            yield Visit(
                start=midnight + timedelta(minutes=span.start), end=midnight + timedelta(minutes=span.end)
            )
