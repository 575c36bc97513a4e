"""The form of a migration: a few questions with buttons, a summary to confirm, a visit that can be moved or cancelled.

The ticket stands from the start, so that whoever leaves the form half filled is called all the same.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.core.desk import promises
from bot.core.desk.calendar import calendar
from bot.core.desk.states import visit_ahead
from bot.core.dialogue import short_answers as short
from bot.core.hours import JAPAN
from bot.core.jobs import Job
from bot.core.messages import Choice, Choices, Document, Reply, Say, Send, Text
from bot.core.outbox import to_desk
from bot.core.spelling import one_spelling
from bot.core.tickets import Ticket, TicketState, Visit
from bot.core.visits import free_visits, is_free
from bot.core.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from bot.core.desk.matter import Matter
    from bot.core.library import Library
    from bot.core.slots import Slots

INTAKE = "intake"
"""The action of the form's buttons; their value is what is answered, a colon and the answer."""

COMPUTERS, PROGRAM, VISIT, CONFIRM = "computers", "program", "visit", "confirm"

_OFFERED = 10
_UNKNOWN, _BY_PHONE, _YES, _AGAIN = "?", "phone", "yes", "again"
_NUMBER = re.compile(
    r"(\d{1,2}|[一二三四五六七八九十])\s*(台|つ|個|だい)?(です|だけ|くらい|ぐらい|かな|ね|よ)*"
)
_KANJI = {sign: str(number) for number, sign in enumerate("一二三四五六七八九十", 1)}
_CHANGES = re.compile(r"(変更|変え|かえ|ずら|別の日|違う日|ほかの日|他の日|早め|遅らせ)")
_CANCELS = re.compile(r"(キャンセル|取り消|取消|取りやめ|中止|やめ(たい|ます|て))")
_VISIT_WORDS = re.compile(r"(日程|日にち|日時|予約|訪問|引っ越し|引越|時間|来て|来る|約束|その日|曜日)")
_LONGEST = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What an answer to the form leads to: the ticket after it, what is said back, what is set for later."""

    ticket: Ticket
    reply: Reply
    jobs: tuple[Job, ...] = ()
    sends: tuple[Send, ...] = ()


def begun(ticket: Ticket, slots: Slots, library: Library) -> Ticket:
    """The ticket of a migration with what the talk has told already, and its first question open."""
    client = library.clients.get(slots.client or "")
    ticket = replace(ticket, program=client.name if client else "")
    return replace(ticket, intake=_next(ticket, library))


def question(matter: Matter) -> Reply:
    """The question that is open now; nothing when the form is done."""
    match matter.ticket.intake:
        case "computers":
            return _asking(matter, Wording.INTAKE_COMPUTERS, _buttons(COMPUTERS, matter))
        case "program":
            return _asking(matter, Wording.INTAKE_PROGRAM, _buttons(PROGRAM, matter))
        case "visit":
            return _asking(matter, Wording.INTAKE_VISIT, _visit_buttons(matter))
        case "confirm":
            summary = matter.words(Wording.INTAKE_SUMMARY, summary=summary_of(matter))
            return Reply(parts=(Text(text=summary), Choices(prompt="", options=_buttons(CONFIRM, matter))))
        case _:
            return Reply()


def answered(text: str, slots: Slots, matter: Matter) -> Filled | None:
    """*text* as the answer to the open question; None if it is none, and is talk like any other."""
    match matter.ticket.intake:
        case "computers":
            value = _computers(text, matter.library)
        case "program":
            value = _program(text, slots, matter.library)
        case "visit":
            value = _chosen_visit(text, matter)
        case "confirm":
            value = _consent(text, matter.library)
        case _:
            return None
    return _filled(matter.ticket.intake, value, matter) if value else None


def pressed(value: str, matter: Matter) -> Filled | None:
    """A button of the form; an old one changes what was answered before."""
    what, _, answer = value.partition(":")
    if not answer or matter.ticket.kind != "migration" or not matter.ticket.open:
        return None
    return _filled(what, answer, matter)


def calls_off(text: str) -> bool:
    """Whether *text* says so in words, and does not only mean that nothing more is needed."""
    return bool(_CANCELS.search(text))


def wants_change(text: str, ticket: Ticket, now: datetime) -> bool:
    """Whether the customer asks to move the visit that is ahead."""
    return _ahead(ticket, now) and bool(_CHANGES.search(text)) and _about_the_visit(text)


def wants_cancel(text: str, ticket: Ticket, now: datetime) -> bool:
    """Whether the customer calls off the visit that is ahead."""
    return _ahead(ticket, now) and calls_off(text) and _about_the_visit(text)


def changing(matter: Matter) -> Filled:
    """The visit's question again; the old time stays booked until a new one is chosen."""
    asks = VISIT if matter.library.shop.visits else ""
    after = replace(matter, ticket=replace(matter.ticket, intake=asks, confirmed=False))
    reply = (
        question(after) if asks else Reply(parts=(Text(text=after.words(Wording.VISIT_CHANGE_BY_PERSON)),))
    )
    sends = (*after.card(), *after.note(Wording.DESK_VISIT_CHANGING, broadcast=True))
    return Filled(ticket=after.ticket, reply=reply, sends=sends)


def called_off(matter: Matter) -> Filled:
    """No visit any more; the time is free for others."""
    visit = matter.ticket.visit
    assert visit is not None
    when = promises.span(visit.start, visit.end, matter.library)
    after = replace(matter, ticket=replace(matter.ticket, visit=None, confirmed=False, intake=""))
    reply = Reply(parts=(Text(text=after.words(Wording.VISIT_CANCELLED, when=when)),))
    sends = (*after.card(), *after.note(Wording.DESK_VISIT_CANCELLED, broadcast=True, when=when))
    return Filled(ticket=after.ticket, reply=reply, sends=sends)


def summary_of(matter: Matter) -> str:
    """What was filled in, one line each."""
    ticket = matter.ticket
    visit = promises.span(ticket.visit.start, ticket.visit.end, matter.library) if ticket.visit else ""
    rows = (
        (Wording.CONTACT_NAME, ticket.contact.name),
        (Wording.CONTACT_PHONE, ticket.contact.phone),
        (Wording.CONTACT_TIME, "" if visit else ticket.contact.time),
        (Wording.INTAKE_ROW_COMPUTERS, ticket.computers),
        (Wording.INTAKE_ROW_PROGRAM, ticket.program),
        (Wording.INTAKE_ROW_VISIT, visit),
    )
    return "\n".join(matter.words(wording, value=value) for wording, value in rows if value)


def agreed(matter: Matter) -> tuple[tuple[Send, ...], tuple[Job, ...]]:
    """What follows once all is agreed: the desk has the visit for its calendar, the customer is reminded of it."""
    sends = (
        *matter.card(),
        *matter.note(Wording.DESK_INTAKE_DONE, summary=summary_of(matter), broadcast=True),
    )
    if matter.ticket.visit is None:
        return sends, ()
    title = matter.words(Wording.CALENDAR_TITLE)
    text = calendar(matter.ticket, title, "", summary_of(matter), matter.policy.now)
    file = Say(reply=Reply(parts=(Document(name="visit.ics", text=text),)))
    filed = to_desk(matter.utterance, matter.ticket, file, matter.policy, purpose="calendar")
    return (*sends, *filed), promises.evening_before(matter.ticket, matter.policy.now)


def _filled(what: str, answer: str, matter: Matter) -> Filled:
    ticket = matter.ticket
    match what:
        case "computers":
            ticket = replace(ticket, computers=_words_for(answer, matter))
        case "program":
            ticket = replace(ticket, program=_words_for(answer, matter))
        case "visit":
            if answer != _BY_PHONE and not _is_still_free(answer, matter):
                return _taken_meanwhile(matter)
            ticket = replace(ticket, visit=None if answer == _BY_PHONE else _visit_at(answer, matter))
        case _:
            return _confirmed(answer, matter)
    ticket = replace(ticket, intake=_next(ticket, matter.library, past=what))
    after = replace(matter, ticket=ticket)
    return Filled(ticket=ticket, reply=question(after), sends=after.card())


def _confirmed(answer: str, matter: Matter) -> Filled:
    if answer != _YES:
        blank = replace(matter.ticket, computers="", program="", visit=None, confirmed=False)
        after = replace(matter, ticket=replace(blank, intake=_next(blank, matter.library)))
        return Filled(ticket=after.ticket, reply=question(after), sends=after.card())
    visit = matter.ticket.visit
    if visit and not matter.ticket.confirmed and not _is_still_free(visit.start.isoformat(), matter):
        return _taken_meanwhile(matter)
    after = replace(matter, ticket=replace(matter.ticket, confirmed=True, intake=""))
    sends, jobs = ((), ()) if matter.ticket.confirmed else agreed(after)
    told = Wording.INTAKE_DONE_VISIT if after.ticket.visit else Wording.INTAKE_DONE
    when = promises.span(visit.start, visit.end, matter.library) if visit else ""
    return Filled(
        ticket=after.ticket,
        reply=Reply(parts=(Text(text=after.words(told, when=when)),)),
        jobs=jobs,
        sends=sends,
    )


def _taken_meanwhile(matter: Matter) -> Filled:
    ticket = replace(matter.ticket, visit=None, intake=VISIT)
    after = replace(matter, ticket=ticket)
    sorry = Text(text=after.words(Wording.INTAKE_VISIT_TAKEN))
    return Filled(ticket=ticket, reply=Reply(parts=(sorry, *question(after).parts)))


def _next(ticket: Ticket, library: Library, *, past: str = "") -> str:
    """The first thing not known yet; at the end the summary."""
    if not ticket.computers:
        return COMPUTERS
    if not ticket.program:
        return PROGRAM
    if library.shop.visits and not ticket.visit and past != VISIT:
        return VISIT
    return CONFIRM


def _asking(matter: Matter, wording: Wording, options: tuple[Choice, ...]) -> Reply:
    return Reply(parts=(Choices(prompt=matter.words(wording), options=options),))


def _buttons(what: str, matter: Matter) -> tuple[Choice, ...]:
    """The buttons of a question, from the file: `intake_computers_…`; their `value` is the answer."""
    return tuple(
        replace(button, action=INTAKE, value=f"{what}:{button.value or button.label}")
        for button in matter.library.buttons_of(f"intake_{what}")
    )


def _visit_buttons(matter: Matter) -> tuple[Choice, ...]:
    offered = [
        Choice(label=_label(visit, matter.library), action=INTAKE, value=f"{VISIT}:{visit.start.isoformat()}")
        for visit in _offers(matter)
    ]
    return (*offered, *_buttons(VISIT, matter))


def _offers(matter: Matter) -> Sequence[Visit]:
    """Free times, spread over the days ahead rather than all of the first days."""
    free = list(_free(matter))
    if len(free) <= _OFFERED:
        return free
    step = len(free) / _OFFERED
    return [free[int(place * step)] for place in range(_OFFERED)]


def _free(matter: Matter) -> Iterator[Visit]:
    shop = matter.library.shop
    if shop.visits is None:
        return iter(())
    return free_visits(shop.visits, shop.opening, _booked_by_others(matter), matter.policy.now)


def _booked_by_others(matter: Matter) -> list[Visit]:
    booked = list(matter.scene.booked)
    if matter.ticket.visit in booked:
        booked.remove(matter.ticket.visit)
    return booked


def _is_still_free(start: str, matter: Matter) -> bool:
    visits = matter.library.shop.visits
    visit = _visit_at(start, matter)
    if visits is None or visit is None:
        return False
    opening = matter.library.shop.opening
    return is_free(visit, visits, opening, _booked_by_others(matter), matter.policy.now)


def _visit_at(start: str, matter: Matter) -> Visit | None:
    return next((visit for visit in _free(matter) if visit.start.isoformat() == start), None)


def _label(visit: Visit, library: Library) -> str:
    """Short enough for a button of LINE."""
    local = visit.start.astimezone(JAPAN)
    return f"{promises.day(local.date(), library)} {local:%H:%M}"


def _consent(text: str, library: Library) -> str:
    if short.says_yes(text, library):
        return _YES
    return _AGAIN if short.corrects(text, library) else ""


def _chosen_visit(text: str, matter: Matter) -> str:
    plain = one_spelling(text)
    for visit in _free(matter):
        if one_spelling(_label(visit, matter.library)) in plain:
            return visit.start.isoformat()
    by_phone = any(one_spelling(button.label) == plain for button in _buttons(VISIT, matter))
    return _BY_PHONE if by_phone or short.says_unsure(text, matter.library) else ""


def _computers(text: str, library: Library) -> str:
    found = _NUMBER.fullmatch(re.sub(r"[、。\s]", "", unicodedata.normalize("NFKC", text)))
    if found:
        return _KANJI.get(found[1], found[1])
    return _UNKNOWN if short.says_unsure(text, library) else ""


def _program(text: str, slots: Slots, library: Library) -> str:
    client = library.clients.get(slots.client or "")
    if client and len(text) <= _LONGEST and not short.asks(text, library):
        return client.name
    return _UNKNOWN if short.says_unsure(text, library) else ""


def _words_for(answer: str, matter: Matter) -> str:
    return matter.words(Wording.INTAKE_UNKNOWN) if answer == _UNKNOWN else answer[:_LONGEST]


def _ahead(ticket: Ticket, now: datetime) -> bool:
    return visit_ahead(ticket, now) and ticket.state is not TicketState.TAKEN


def _about_the_visit(text: str) -> bool:
    return bool(_VISIT_WORDS.search(text))
