"""The owner's own facts (intents/shop.yaml)."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from bot.content.records import Record, Words
from bot.content.telling import told

FIRST_YEAR, LAST_YEAR = 2025, 2040
"""The holidays that are worked out; a later release takes them further."""

_RANGE = re.compile(r"(\d{1,2}):(\d{2})\s*[-〜~–]\s*(\d{1,2}):(\d{2})")
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\.\.(\d{4}-\d{2}-\d{2}))?")


def _minutes(text: str) -> tuple[int, int]:
    found = _RANGE.fullmatch(text.strip())
    if not found:
        raise ValueError(told("time_of_day"))
    first, last = int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])
    if not first < last <= 24 * 60 or int(found[2]) > 59 or int(found[4]) > 59:
        raise ValueError(told("time_order"))
    return first, last


def _is_range(text: str) -> str:
    _minutes(text)
    return text


def _are_in_order(texts: tuple[str, ...]) -> tuple[str, ...]:
    ranges = [_minutes(text) for text in texts]
    if any(after[0] < before[1] for before, after in pairwise(ranges)):
        raise ValueError(told("ranges_order"))
    return texts


def _days(text: str) -> list[date]:
    found = _DAY.fullmatch(text.strip())
    if not found:
        raise ValueError(told("day_form"))
    first = date.fromisoformat(found[1])
    last = date.fromisoformat(found[2] or found[1])
    if last < first or last - first > timedelta(days=366):
        raise ValueError(told("day_order"))
    return [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]


def _is_days(text: str) -> str:
    _days(text)
    return text


Range = Annotated[str, AfterValidator(_is_range)]
Ranges = Annotated[tuple[Range, ...], AfterValidator(_are_in_order)]
Days = Annotated[str, AfterValidator(_is_days)]
SlackId = Annotated[str, Field(pattern=r"^[UWS][A-Z0-9]+$")]


class WeekRecord(Record):
    """When people answer on each day of the week; a day that is left out is closed."""

    mon: Ranges = ()
    tue: Ranges = ()
    wed: Ranges = ()
    thu: Ranges = ()
    fri: Ranges = ()
    sat: Ranges = ()
    sun: Ranges = ()

    def plain(self) -> list[list[tuple[int, int]]]:
        return [[_minutes(text) for text in getattr(self, day)] for day in WeekRecord.model_fields]


class PromisesRecord(Record):
    """How soon customers are answered, in minutes of opening time; and in hours, how long a customer may be silent."""

    take: Annotated[int, Field(ge=1)] = 10
    """Until somebody has taken a ticket; then the channel is called."""
    escalate: Annotated[int, Field(ge=1)] = 30
    """Until `people` are called by name; again after each so many minutes."""
    answer: Annotated[int, Field(ge=1)] = 15
    """Until the taker is reminded of a customer who waits."""
    gone: Annotated[int, Field(ge=1)] = 45
    """Until a taker who does not answer loses the ticket to whoever takes it."""
    silent: Annotated[int, Field(ge=1)] = 24
    """Until a customer who says nothing is asked whether all is well."""
    close: Annotated[int, Field(ge=1)] = 24
    """From then until the ticket is closed."""

    @model_validator(mode="after")
    def _grow(self) -> Self:
        if self.escalate < self.take or self.gone < self.answer:
            raise ValueError(told("promises_order"))
        return self


class VisitsRecord(Record):
    """The times at which the shop comes to customers, on the days on which it is open."""

    times: Annotated[Ranges, Field(min_length=1)]
    days: Annotated[int, Field(ge=1, le=60)] = 14
    """How many days ahead may be chosen."""
    from_day: Annotated[int, Field(ge=0, le=30)] = 1
    """The first of them: 0 is today."""
    at_once: Annotated[int, Field(ge=1)] = 1
    """How many customers may choose the same time."""

    def plain(self) -> dict[str, Any]:
        return self.model_dump() | {"times": [_minutes(text) for text in self.times]}


class ShopRecord(Record):
    """What customers may be told about the shop."""

    sample: bool = False
    """Delete this line once the file tells of your own shop; until then `check` reminds you."""
    name: Words
    phone: str = ""
    hours: str = ""
    closed: str = ""
    address: str = ""
    prices: dict[Words, Words] = Field(default_factory=dict)
    """What is offered: its price, both as customers read them."""
    visit: str = ""
    """The offer of a visit, as customers read it."""
    opening: WeekRecord | None = None
    """When people answer; left out: always."""
    holidays: Literal["closed", "open"] = "closed"
    """What Japanese holidays are, when `opening` is given."""
    closed_days: tuple[Days, ...] = ()
    """More days on which nobody answers: 2026-12-30, or 2026-12-29..2027-01-03."""
    promises: PromisesRecord = Field(default_factory=PromisesRecord)
    people: tuple[SlackId, ...] = ()
    """Slack ids of those who are called by name when nobody takes a ticket."""
    visits: VisitsRecord | None = None
    """The times customers may choose for a visit; left out: they are asked in words."""
    operator_names: bool = False
    """Whether customers see the name of the operator who writes."""

    def plain(self) -> dict[str, Any]:
        told = ("name", "phone", "hours", "closed", "address", "prices", "visit", "people", "operator_names")
        return {name: getattr(self, name) for name in told} | {
            "opening": self._opening(),
            "promises": self.promises.model_dump(),
            "visits": self.visits.plain() if self.visits else None,
        }

    def _opening(self) -> dict[str, Any] | None:
        if self.opening is None:
            return None
        closed = sorted(day for text in self.closed_days for day in _days(text))
        return {
            "week": self.opening.plain(),
            "holidays": _holidays() if self.holidays == "closed" else [],
            "closed": [day.isoformat() for day in closed],
        }


def _holidays() -> list[str]:
    """Japan's holidays, moved and inserted ones among them."""
    import jpholiday  # noqa: PLC0415 - only when the content has changed

    years = range(FIRST_YEAR, LAST_YEAR + 1)
    return [day.isoformat() for year in years for day, _ in jpholiday.year_holidays(year)]
