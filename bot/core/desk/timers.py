"""What happens when time has passed: people are called, takers reminded, silent customers asked and let go."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.desk import cards, promises, survey
from bot.core.desk.states import FallSilent, Refusal, Release, moved
from bot.core.messages import Reply, Text
from bot.core.outcome import Outcome
from bot.core.tickets import TicketState
from bot.core.wording import Wording

if TYPE_CHECKING:
    from bot.core.desk.matter import Matter
    from bot.core.messages import Lapsed

EVERYONE = "here"
"""Calls everybody who is present in the channel."""


def lapsed(timer: Lapsed, matter: Matter) -> Outcome:
    """The timer is worth something only if what it was set on still stands."""
    ticket = matter.ticket
    waiting = ticket.state is TicketState.WAITING and timer.mark == str(ticket.step)
    owing = ticket.state is TicketState.TAKEN and timer.mark == promises.answer_mark(ticket)
    silent = ticket.state is TicketState.TAKEN and timer.mark == promises.silence_mark(ticket)
    match timer.what:
        case promises.REFRESH if waiting:
            return Outcome(sends=matter.card())
        case promises.UNTAKEN if waiting:
            return _untaken(matter)
        case promises.ESCALATE if waiting:
            return _escalated(matter)
        case promises.UNANSWERED if owing and ticket.unanswered_since:
            return _reminded(matter)
        case promises.GONE if owing and ticket.unanswered_since:
            return _gone(matter)
        case promises.SILENT if silent and not ticket.unanswered_since:
            return _asked(matter)
        case promises.SILENT_CLOSE if silent and ticket.silence_asked_at:
            return _fallen_silent(matter)
        case promises.VISIT if ticket.ending != "cancelled" and timer.mark == promises.visit_mark(ticket):
            return _visit_tomorrow(matter)
        case _:
            return Outcome()


def free_again(after: Matter, wording: Wording, kind: str) -> Outcome:
    """The ticket waits once more: card and thread tell it, and the timers of waiting start anew."""
    ticket, jobs = promises.waits(after.ticket, after.library, after.policy.now)
    fresh = replace(after, ticket=ticket)
    told = after.customer_told(Wording.HANDOFF_RELEASED) if kind == "released" else ()
    take = (cards.take_button(ticket, after.library),)
    return fresh.outcome(
        *fresh.card(),
        *fresh.note(
            wording,
            buttons=take,
            broadcast=True,
            mentions=() if told else (EVERYONE,),
            who=ticket.last_taker_name or fresh.words(Wording.OPERATOR_UNNAMED),
        ),
        *told,
        jobs=jobs,
        events=(fresh.event(kind, ticket.last_taker_name),),
    )


def _untaken(matter: Matter) -> Outcome:
    take = (cards.take_button(matter.ticket, matter.library),)
    minutes = matter.library.shop.promises.take
    called = matter.note(
        Wording.DESK_UNTAKEN, mentions=(EVERYONE,), broadcast=True, buttons=take, minutes=minutes
    )
    return Outcome(sends=(*matter.card(), *called))


def _escalated(matter: Matter) -> Outcome:
    shop = matter.library.shop
    called = matter.note(
        Wording.DESK_ESCALATED,
        mentions=shop.people or (EVERYONE,),
        broadcast=True,
        buttons=(cards.take_button(matter.ticket, matter.library),),
        minutes=shop.promises.escalate,
    )
    again = promises.called_again(matter.ticket, matter.library, matter.policy.now)
    return Outcome(sends=(*matter.card(), *called), jobs=again)


def _reminded(matter: Matter) -> Outcome:
    minutes = matter.library.shop.promises.answer
    called = matter.note(Wording.DESK_UNANSWERED, mentions=(matter.ticket.taker_id,), minutes=minutes)
    return Outcome(sends=called)


def _gone(matter: Matter) -> Outcome:
    """The taker does not answer: the customer is nobody's, until somebody else takes over."""
    after = moved(matter.ticket, Release(by=None), matter.policy.now)
    if isinstance(after, Refusal):
        return Outcome()
    return free_again(matter.now_at(after), Wording.DESK_TAKER_GONE, "abandoned")


def _asked(matter: Matter) -> Outcome:
    ticket = replace(matter.ticket, silence_asked_at=matter.policy.now)
    after = replace(matter, ticket=ticket)
    return after.outcome(
        *after.customer_told(Wording.SILENT_ASK),
        *after.note(Wording.DESK_SILENT_ASKED),
        jobs=promises.closes_soon(ticket, matter.library, matter.policy.now),
    )


def _fallen_silent(matter: Matter) -> Outcome:
    ticket = moved(matter.ticket, FallSilent(), matter.policy.now)
    if isinstance(ticket, Refusal):
        return Outcome()
    after = matter.now_at(ticket)
    reply = survey.asked(Reply(parts=(Text(text=after.words(Wording.SILENT_CLOSED)),)), after)
    return after.outcome(
        *after.card(),
        *after.note(Wording.DESK_SILENT_CLOSED),
        *after.customer_hears(reply, purpose="closed"),
        events=(after.event("closed", ticket.ending),),
    )


def _visit_tomorrow(matter: Matter) -> Outcome:
    visit = matter.ticket.visit
    assert visit is not None
    when = promises.span(visit.start, visit.end, matter.library)
    told = matter.customer_told(Wording.VISIT_TOMORROW, when=when)
    wording = Wording.DESK_VISIT_REMINDED if told else Wording.DESK_VISIT_TO_BE_CALLED
    return matter.outcome(*told, *matter.note(wording, broadcast=not told, when=when))
