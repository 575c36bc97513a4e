"""The life of a ticket, model-checked: whatever people press, in whatever order, these facts hold."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.core.conversations import Mode
from bot.core.desk.states import (
    Cancel,
    Close,
    FallSilent,
    Operator,
    Refusal,
    Release,
    Reopen,
    Return,
    Take,
    Transfer,
    in_step,
    mode_of,
    moved,
)
from bot.core.tickets import Ticket, TicketState
from tests.conftest import START, a_conversation, a_ticket

SATO = Operator(id="U-sato", name="佐藤")
SUZUKI = Operator(id="U-suzuki", name="鈴木")
ITO = Operator(id="U-ito", name="伊藤")
operators = st.sampled_from([SATO, SUZUKI, ITO])


def taken(by=SATO) -> Ticket:
    ticket = moved(a_ticket(), Take(by=by), START)
    assert isinstance(ticket, Ticket)
    return ticket


def test_of_two_who_press_at_once_one_wins_and_the_other_is_refused():
    second = moved(taken(SATO), Take(by=SUZUKI), START)

    assert Refusal.TAKEN == second
    assert Refusal.YOURS == moved(taken(SATO), Take(by=SATO), START)


def test_somebody_else_answers_only_by_taking_over():
    over = moved(taken(SATO), Transfer(by=SUZUKI, to=SUZUKI), START)

    assert isinstance(over, Ticket)
    assert ("U-suzuki", "U-sato") == (over.taker_id, over.last_taker_id)


def test_nobody_gives_away_what_is_another_ones():
    assert Refusal.NOT_YOURS == moved(taken(SATO), Transfer(by=SUZUKI, to=ITO), START)
    assert Refusal.NOT_YOURS == moved(taken(SATO), Release(by=SUZUKI), START)
    assert Refusal.NOT_YOURS == moved(taken(SATO), Return(by=SUZUKI), START)
    assert Refusal.NOT_YOURS == moved(taken(SATO), Close(by=SUZUKI), START)


def test_an_operator_who_is_gone_lets_go():
    free = moved(taken(SATO), Release(by=None), START)

    assert isinstance(free, Ticket)
    assert (TicketState.WAITING, "", "佐藤") == (free.state, free.taker_id, free.last_taker_name)


@pytest.mark.parametrize(("hours", "again"), [(1, True), (24, True), (24.1, False)])
def test_a_closed_ticket_opens_again_within_a_day(hours, again):
    closed = moved(taken(), Close(by=SATO, ending="solved"), START)
    assert isinstance(closed, Ticket)

    reopened = moved(closed, Reopen(), START + timedelta(hours=hours))

    assert again == isinstance(reopened, Ticket)


def test_a_customer_cannot_cancel_what_a_person_is_busy_with():
    assert Refusal.TAKEN == moved(taken(), Cancel(), START)


class TicketLife(RuleBasedStateMachine):
    """Presses of three operators, the customer, and time, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.ticket = a_ticket()
        self.talk = a_conversation()
        self.at = START
        self.refused = 0

    def make(self, move) -> None:
        before = self.ticket
        after = moved(before, move, self.at)
        if isinstance(after, Refusal):
            self.refused += 1
            return
        assert after.step == before.step + 1
        assert (after.id, after.customer, after.opened_at) == (before.id, before.customer, before.opened_at)
        self.ticket = after
        self.talk = in_step(self.talk, after)

    @rule(by=operators)
    def take(self, by):
        free = self.ticket.state is TicketState.WAITING
        self.make(Take(by=by))
        assert not free or self.ticket.taker_id == by.id

    @rule(by=operators, to=operators)
    def transfer(self, by, to):
        holder = self.ticket.taker_id
        self.make(Transfer(by=by, to=to))
        assert self.ticket.taker_id in {holder, to.id}
        assert self.ticket.taker_id == holder or by.id in {holder, to.id}

    @rule(by=st.none() | operators)
    def release(self, by):
        holder = self.ticket.taker_id
        self.make(Release(by=by))
        assert by is None or holder in {self.ticket.taker_id, by.id}

    @rule(by=operators)
    def give_back(self, by):
        self.make(Return(by=by))

    @rule(
        by=operators,
        ending=st.sampled_from(["solved", "visit", "migration", "no_answer"]),
        note=st.text(max_size=5),
    )
    def close(self, by, ending, note):
        state, holder = self.ticket.state, self.ticket.taker_id
        self.make(Close(by=by, ending=ending, note=note))
        if state is TicketState.TAKEN and holder != by.id:
            assert self.ticket.open

    @rule()
    def cancel(self):
        state = self.ticket.state
        self.make(Cancel())
        assert (state is TicketState.WAITING) == (
            self.ticket.ending == "cancelled" and state is not TicketState.CLOSED
        )

    @rule()
    def fall_silent(self):
        self.make(FallSilent())

    @precondition(lambda self: not self.ticket.open)
    @rule()
    def reopen(self):
        soon = self.at - self.ticket.closed_at <= timedelta(hours=24)
        self.make(Reopen())
        assert self.ticket.open == soon

    @rule(hours=st.integers(0, 30))
    def time_passes(self, hours):
        self.at += timedelta(hours=hours)

    @invariant()
    def somebody_holds_it_exactly_while_it_is_taken(self):
        assert bool(self.ticket.taker_id) == (self.ticket.state is TicketState.TAKEN)
        assert (self.ticket.taken_at is not None) == (self.ticket.state is TicketState.TAKEN)

    @invariant()
    def it_has_an_end_exactly_while_it_is_closed(self):
        assert (self.ticket.closed_at is not None) == (self.ticket.state is TicketState.CLOSED)
        assert self.ticket.open or not self.ticket.unanswered_since

    @invariant()
    def the_conversation_is_where_the_ticket_is(self):
        if self.ticket.step == 0:
            return
        assert self.talk.mode is mode_of(self.ticket)
        assert (self.talk.ticket_id == self.ticket.id) == self.ticket.open
        assert self.talk.last_ticket_id == self.ticket.id
        assert self.talk.mode is not Mode.HUMAN or self.talk.question is None


TicketLife.TestCase.settings = settings(max_examples=60, stateful_step_count=40)
TestTicketLife = TicketLife.TestCase
