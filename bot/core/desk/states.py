"""The life of a ticket as a pure machine: waiting → taken by one operator → closed, and the ways back.

Every move gives the ticket after it, or the reason why it may not be made. Nothing else changes a ticket's state.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, assert_never

from bot.core.conversations import Mode
from bot.core.tickets import Ending, Ticket, TicketState

if TYPE_CHECKING:
    from bot.core.conversations import Conversation

REOPEN_WITHIN = timedelta(hours=24)
"""A customer who comes back so soon, or before the visit, is given the same thread, where everything can be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """A person at the desk."""

    id: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    by: Operator


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """The taker lets go; the next one may take it. `by` None: the taker is gone, and time lets go for them."""

    by: Operator | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """The taker hands it to somebody, or somebody takes it over for themselves."""

    by: Operator
    to: Operator


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """Back to the bot."""

    by: Operator


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    by: Operator
    ending: Ending = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel:
    """The customer no longer wants a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FallSilent:
    """The customer was asked whether all is well, and said nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopen:
    """The customer is back."""


Move = Take | Release | Transfer | Return | Close | Cancel | FallSilent | Reopen


class Refusal(StrEnum):
    """Why a move may not be made."""

    CLOSED = "closed"
    OPEN = "open"
    TAKEN = "taken"
    YOURS = "yours already"
    NOT_YOURS = "not yours"
    NOT_TAKEN = "not taken"
    TOO_LATE = "too late"


def moved(ticket: Ticket, move: Move, at: datetime) -> Ticket | Refusal:
    """The ticket after *move*, or why it stays as it is."""
    match move:
        case Take():
            return _taken(ticket, move.by, at)
        case Transfer():
            return _transferred(ticket, move, at)
        case Release():
            return _released(ticket, move.by)
        case Return(by=by):
            return _closed_by(ticket, by, "returned", "", at)
        case Close(by=by, ending=ending, note=note):
            return _closed_by(ticket, by, ending, note, at)
        case Cancel():
            return (
                _closed(ticket, "cancelled", at) if ticket.state is TicketState.WAITING else _why_not(ticket)
            )
        case FallSilent():
            return _closed(ticket, "silent", at) if ticket.state is TicketState.TAKEN else _why_not(ticket)
        case Reopen():
            return _reopened(ticket, at)
    assert_never(move)


def mode_of(ticket: Ticket) -> Mode:
    """Who answers the customer of *ticket*."""
    return {
        TicketState.WAITING: Mode.WAITING,
        TicketState.TAKEN: Mode.HUMAN,
        TicketState.CLOSED: Mode.BOT,
    }[ticket.state]


def in_step(conversation: Conversation, ticket: Ticket) -> Conversation:
    """The customer's conversation as it goes with *ticket*: one never moves without the other."""
    mode = mode_of(ticket)
    if mode is Mode.BOT:
        return replace(
            conversation,
            mode=mode,
            ticket_id="",
            last_ticket_id=ticket.id,
            question=None,
            failures=0,
            misses=0,
        )
    question = None if mode is Mode.HUMAN else conversation.question
    return replace(conversation, mode=mode, ticket_id=ticket.id, last_ticket_id=ticket.id, question=question)


def may_reopen(ticket: Ticket, kind: str, at: datetime) -> bool:
    """Whether who calls for people in a matter of this *kind* is given *ticket* again: while a visit is ahead in any matter,
    so that it is never out of sight.
    """
    same = ticket.kind == kind or visit_ahead(ticket, at)
    return same and isinstance(moved(ticket, Reopen(), at), Ticket)


def visit_ahead(ticket: Ticket, at: datetime) -> bool:
    return ticket.visit is not None and ticket.visit.start > at


def _taken(ticket: Ticket, by: Operator, at: datetime) -> Ticket | Refusal:
    if ticket.state is TicketState.CLOSED:
        return Refusal.CLOSED
    if ticket.state is TicketState.TAKEN:
        return Refusal.YOURS if ticket.taker_id == by.id else Refusal.TAKEN
    return _held_by(ticket, by, at)


def _transferred(ticket: Ticket, move: Transfer, at: datetime) -> Ticket | Refusal:
    if ticket.state is TicketState.CLOSED:
        return Refusal.CLOSED
    if ticket.state is TicketState.WAITING and move.by.id != move.to.id:
        return Refusal.NOT_TAKEN
    if ticket.taker_id == move.to.id:
        return Refusal.YOURS if move.by.id == move.to.id else Refusal.TAKEN
    if move.by.id not in {ticket.taker_id, move.to.id}:
        return Refusal.NOT_YOURS
    return _held_by(ticket, move.to, at)


def _held_by(ticket: Ticket, operator: Operator, at: datetime) -> Ticket:
    return replace(
        ticket,
        state=TicketState.TAKEN,
        step=ticket.step + 1,
        taker_id=operator.id,
        taker_name=operator.name,
        last_taker_id=ticket.taker_id or ticket.last_taker_id,
        last_taker_name=ticket.taker_name or ticket.last_taker_name,
        taken_at=at,
        promised_at=None,
        unanswered_since=ticket.unanswered_since or at,
    )


def _released(ticket: Ticket, by: Operator | None) -> Ticket | Refusal:
    if ticket.state is not TicketState.TAKEN:
        return _why_not(ticket)
    if by is not None and by.id != ticket.taker_id:
        return Refusal.NOT_YOURS
    return _free(ticket)


def _free(ticket: Ticket) -> Ticket:
    return replace(
        ticket,
        state=TicketState.WAITING,
        step=ticket.step + 1,
        taker_id="",
        taker_name="",
        last_taker_id=ticket.taker_id or ticket.last_taker_id,
        last_taker_name=ticket.taker_name or ticket.last_taker_name,
        taken_at=None,
        silence_asked_at=None,
    )


def _closed_by(ticket: Ticket, by: Operator, ending: Ending, note: str, at: datetime) -> Ticket | Refusal:
    """By its taker; while nobody has taken it, by anyone at the desk."""
    if ticket.state is TicketState.TAKEN and ticket.taker_id != by.id:
        return Refusal.NOT_YOURS
    if ticket.state is TicketState.CLOSED:
        return Refusal.CLOSED
    return replace(_closed(ticket, ending, at), note=note)


def _closed(ticket: Ticket, ending: Ending, at: datetime) -> Ticket:
    return replace(
        _free(ticket),
        state=TicketState.CLOSED,
        ending=ending,
        closed_at=at,
        promised_at=None,
        unanswered_since=None,
    )


def _reopened(ticket: Ticket, at: datetime) -> Ticket | Refusal:
    if ticket.state is not TicketState.CLOSED or ticket.closed_at is None:
        return Refusal.OPEN
    if at - ticket.closed_at > REOPEN_WITHIN and not visit_ahead(ticket, at):
        return Refusal.TOO_LATE
    return replace(
        _free(ticket),
        closed_at=None,
        ending="",
        reopened=ticket.reopened + 1,
        called_again_at=at,
        customer_left=False,
    )


def _why_not(ticket: Ticket) -> Refusal:
    return {
        TicketState.CLOSED: Refusal.CLOSED,
        TicketState.WAITING: Refusal.NOT_TAKEN,
        TicketState.TAKEN: Refusal.TAKEN,
    }[ticket.state]
