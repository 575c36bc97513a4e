"""What the customer is promised, and the timers that keep it: computed through opening hours, durable as jobs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from bot.core.hours import JAPAN, after, between, is_open, next_open
from bot.core.jobs import Job
from bot.core.tickets import TicketState
from bot.core.wording import Wording, said

if TYPE_CHECKING:
    from bot.core.hours import Opening
    from bot.core.library import Library
    from bot.core.tickets import Ticket

TIMER = "ticket_timer"
"""The kind of job that comes back as a `Lapsed`."""

REFRESH, UNTAKEN, ESCALATE = "refresh", "untaken", "escalate"
UNANSWERED, GONE = "unanswered", "gone"
SILENT, SILENT_CLOSE = "silent", "silent_close"
VISIT = "visit"

_EVENING = time(18, 0)


def waits(ticket: Ticket, library: Library, now: datetime) -> tuple[Ticket, tuple[Job, ...]]:
    """*ticket* with the promise made to its waiting customer, and the timers for it."""
    shop = library.shop
    promised = after(shop.opening, now, timedelta(minutes=shop.promises.take))
    half = after(shop.opening, now, timedelta(minutes=shop.promises.take / 2))
    called = after(shop.opening, now, timedelta(minutes=shop.promises.escalate))
    timers = ((REFRESH, half), (UNTAKEN, promised), (ESCALATE, called))
    jobs = [timer(ticket, what, at, str(ticket.step)) for what, at in timers if at is not None]
    return replace(ticket, promised_at=promised), tuple(jobs)


def called_again(ticket: Ticket, library: Library, now: datetime) -> tuple[Job, ...]:
    """People are called again and again while nobody takes the ticket."""
    at = after(library.shop.opening, now, timedelta(minutes=library.shop.promises.escalate))
    return (timer(ticket, ESCALATE, at, str(ticket.step)),) if at else ()


def owes_an_answer(ticket: Ticket, library: Library) -> tuple[Job, ...]:
    """Timers for the taker, from when the customer began to wait."""
    since = ticket.unanswered_since
    if since is None or ticket.state is not TicketState.TAKEN:
        return ()
    shop = library.shop
    timers = ((UNANSWERED, shop.promises.answer), (GONE, shop.promises.gone))
    due = ((what, after(shop.opening, since, timedelta(minutes=minutes))) for what, minutes in timers)
    return tuple(timer(ticket, what, at, answer_mark(ticket)) for what, at in due if at is not None)


def awaits_the_customer(ticket: Ticket, library: Library) -> tuple[Job, ...]:
    """The timer for a customer who may have fallen silent."""
    said_at = ticket.operator_said_at
    if said_at is None:
        return ()
    at = said_at + timedelta(hours=library.shop.promises.silent)
    return (timer(ticket, SILENT, at, silence_mark(ticket)),)


def closes_soon(ticket: Ticket, library: Library, now: datetime) -> tuple[Job, ...]:
    at = now + timedelta(hours=library.shop.promises.close)
    return (timer(ticket, SILENT_CLOSE, at, silence_mark(ticket)),)


def evening_before(ticket: Ticket, now: datetime) -> tuple[Job, ...]:
    """The reminder of a visit, unless that evening is over."""
    if ticket.visit is None:
        return ()
    day = ticket.visit.start.astimezone(JAPAN).date() - timedelta(days=1)
    at = datetime.combine(day, _EVENING, JAPAN)
    return (timer(ticket, VISIT, at, visit_mark(ticket)),) if at > now else ()


def timer(ticket: Ticket, what: str, at: datetime, mark: str) -> Job:
    return Job(
        id=f"{ticket.id}:{what}:{mark}:{at.isoformat()}",
        kind=TIMER,
        due_at=at,
        details={"ticket": ticket.id, "what": what, "mark": mark},
    )


def answer_mark(ticket: Ticket) -> str:
    """What a reminder of the taker is about; another once they answered, or the ticket moved."""
    return f"{ticket.step}/{ticket.unanswered_since and ticket.unanswered_since.isoformat()}"


def silence_mark(ticket: Ticket) -> str:
    """What a wait for the customer is about; another once anybody spoke."""
    said_at = (ticket.operator_said_at, ticket.customer_said_at)
    return "/".join((str(ticket.step), *(at.isoformat() if at else "" for at in said_at)))


def visit_mark(ticket: Ticket) -> str:
    return ticket.visit.start.isoformat() if ticket.visit else ""


def is_closed_now(library: Library, now: datetime) -> bool:
    return not is_open(library.shop.opening, now)


def opens_at(library: Library, now: datetime) -> str:
    """When people answer again, in words; "" if nobody knows."""
    opens = next_open(library.shop.opening, now)
    return moment(opens, library, now) if opens else ""


def moment(at: datetime, library: Library, now: datetime) -> str:
    """A time in words: 「今日 13:00」, 「11月25日（水） 10:00」."""
    local = at.astimezone(JAPAN)
    if local.date() == now.astimezone(JAPAN).date():
        return said(library, Wording.MOMENT_TODAY, time=f"{local:%H:%M}")
    return said(library, Wording.MOMENT, day=day(local.date(), library), time=f"{local:%H:%M}")


def day(on: date, library: Library) -> str:
    weekday = said(library, Wording.WEEKDAYS)[on.weekday()]
    return said(library, Wording.DAY, month=on.month, day=on.day, weekday=weekday)


def span(start: datetime, end: datetime, library: Library) -> str:
    """「11月25日（水） 10:00〜12:00」"""
    first, last = start.astimezone(JAPAN), end.astimezone(JAPAN)
    return said(
        library,
        Wording.SPAN,
        day=day(first.date(), library),
        start=f"{first:%H:%M}",
        end=f"{last:%H:%M}",
    )


def minutes_left(opening: Opening | None, until: datetime, now: datetime) -> int:
    """Whole minutes of opening time until *until*, never below 0."""
    return int(between(opening, now, until).total_seconds() // 60)
