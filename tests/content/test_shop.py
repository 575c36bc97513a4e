"""The shop's hours, holidays, promises and visits, as an owner writes them."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from bot.content.building import shop
from bot.content.shop import ShopRecord

HOURS = {"mon": ["10:00-12:00", "13:00〜17:00"], "sat": ["9:30-24:00"]}


def a_shop(**fields):
    return shop(ShopRecord.model_validate({"name": "見本", **fields}).plain())


def test_a_shop_that_names_no_hours_is_always_open():
    assert a_shop().opening is None


def test_hours_are_several_ranges_a_day():
    opening = a_shop(opening=HOURS).opening

    assert [(span.start, span.end) for span in opening.week[0]] == [(600, 720), (780, 1020)]
    assert [(span.start, span.end) for span in opening.week[5]] == [(570, 1440)]
    assert opening.week[6] == ()


def test_holidays_are_japans_with_moved_ones():
    opening = a_shop(opening=HOURS).opening

    assert {date(2026, 5, 6), date(2026, 9, 22), date(2027, 1, 1), date(2040, 11, 23)} <= opening.holidays
    assert date(2026, 5, 7) not in opening.holidays


def test_a_shop_may_open_on_holidays():
    assert a_shop(opening=HOURS, holidays="open").opening.holidays == frozenset()


def test_closed_days_are_days_or_ranges_of_days():
    opening = a_shop(opening=HOURS, closed_days=["2026-12-30..2027-01-02", "2027-08-13"]).opening

    assert opening.closed == {
        date(2026, 12, 30),
        date(2026, 12, 31),
        date(2027, 1, 1),
        date(2027, 1, 2),
        date(2027, 8, 13),
    }


@pytest.mark.parametrize(
    "fields",
    [
        {"opening": {"mon": ["17:00-10:00"]}},
        {"opening": {"mon": ["10:00-25:00"]}},
        {"opening": {"mon": ["10時から"]}},
        {"opening": {"mon": ["10:00-13:00", "12:00-15:00"]}},
        {"opening": {"funday": []}},
        {"closed_days": ["12-30"]},
        {"closed_days": ["2026-12-30..2026-12-01"]},
        {"promises": {"take": 0}},
        {"promises": {"take": 30, "escalate": 10}},
        {"people": ["@taro"]},
        {"visits": {"times": []}},
        {"holidays": "maybe"},
    ],
    ids=str,
)
def test_what_makes_no_sense_is_refused(fields):
    with pytest.raises(ValidationError):
        ShopRecord.model_validate({"name": "見本", **fields})


def test_visits_are_times_that_customers_choose():
    visits = a_shop(visits={"times": ["10:00-12:00"], "at_once": 2}).visits

    assert (visits.times[0].start, visits.at_once) == (600, 2)
