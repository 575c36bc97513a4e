"""Time through opening hours: lunch breaks, holidays, closed days, and shops that name no hours."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.hours import JAPAN, Opening, Span, after, between, is_open, next_open

MORNING, AFTERNOON = Span(start=600, end=720), Span(start=780, end=1020)
WEEKDAYS = Opening(
    week=(((MORNING, AFTERNOON),) * 5 + ((),) * 2),
    holidays=frozenset({date(2026, 11, 23)}),
    closed=frozenset({date(2026, 12, 30)}),
)
moments = st.integers(0, 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=JAPAN) + timedelta(minutes=minutes)
)


def japan(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=JAPAN)


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        ("2026-11-24T10:00", "2026-11-24T10:00"),
        ("2026-11-24T12:00", "2026-11-24T13:00"),
        ("2026-11-24T17:00", "2026-11-25T10:00"),
        ("2026-11-20T18:00", "2026-11-24T10:00"),
        ("2026-12-29T17:30", "2026-12-31T10:00"),
    ],
    ids=["the first minute", "lunch", "the evening", "a weekend and a holiday", "a closed day"],
)
def test_people_answer_from_the_next_opening_on(at, opens):
    assert japan(opens) == next_open(WEEKDAYS, japan(at))


def test_a_promise_runs_only_while_people_are_there():
    assert japan("2026-11-24T13:05") == after(WEEKDAYS, japan("2026-11-24T11:55"), timedelta(minutes=10))
    assert japan("2026-11-24T10:10") == after(WEEKDAYS, japan("2026-11-20T17:30"), timedelta(minutes=10))


def test_a_shop_without_hours_is_always_open():
    at = japan("2026-11-22T03:00")

    assert is_open(None, at)
    assert at + timedelta(minutes=10) == after(None, at, timedelta(minutes=10))


def test_a_shop_that_never_opens_promises_nothing():
    never = Opening(week=((),) * 7)

    assert next_open(never, japan("2026-11-24T10:00")) is None
    assert after(never, japan("2026-11-24T10:00"), timedelta(minutes=10)) is None


@given(at=moments, minutes=st.integers(0, 2000))
def test_as_much_opening_time_passes_as_was_asked_for(at, minutes):
    due = after(WEEKDAYS, at, timedelta(minutes=minutes))

    assert due is not None
    assert timedelta(minutes=minutes) == between(WEEKDAYS, at, due)


@given(at=moments)
def test_what_is_found_to_be_open_is_open(at):
    opens = next_open(WEEKDAYS, at)

    assert opens is not None
    assert opens >= at
    assert is_open(WEEKDAYS, opens)
    assert timedelta() == between(WEEKDAYS, at, opens)
