"""A visit as a calendar file (iCalendar, RFC 5545), for the operators' own calendars."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.core.tickets import Ticket

_BYTES = 75
"""Of a line, as RFC 5545 allows; cut between characters, because a kana cut in the middle is none."""


def calendar(ticket: Ticket, title: str, place: str, details: str, now: datetime) -> str:
    """The file for the visit of *ticket*; the same ticket always makes the same entry, so a new time replaces the old."""
    visit = ticket.visit
    assert visit is not None
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//madoguchi//visits//JA",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{ticket.id}@madoguchi",
        f"SEQUENCE:{ticket.version}",
        f"DTSTAMP:{_utc(now)}",
        f"DTSTART:{_utc(visit.start)}",
        f"DTEND:{_utc(visit.end)}",
        f"SUMMARY:{_escaped(title)}",
        f"LOCATION:{_escaped(place)}",
        f"DESCRIPTION:{_escaped(details)}",
        "END:VEVENT",
        "END:VCALENDAR",
    )
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\r", "").replace("\n", "\\n")


def _folded(line: str) -> Iterable[str]:
    first = True
    while line:
        width = _width(line)
        yield line[:width] if first else f" {line[:width]}"
        line, first = line[width:], False


def _width(line: str) -> int:
    """How many characters of *line* fit a line of 75 bytes, its indent among them."""
    width, size = 0, 1
    for sign in line:
        size += len(sign.encode())
        if size > _BYTES:
            break
        width += 1
    return width
