"""A visit as a calendar takes it in: RFC 5545, also with Japanese names of any length."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from bot.core.desk.calendar import calendar
from bot.core.hours import JAPAN
from bot.core.tickets import Visit
from tests.conftest import START, a_ticket

VISIT = Visit(start=datetime(2026, 4, 3, 10, tzinfo=JAPAN), end=datetime(2026, 4, 3, 12, tzinfo=JAPAN))


def fields_of(text):
    """The event's fields, long lines put together again."""
    lines = text.replace("\r\n ", "").split("\r\n")
    return dict(line.split(":", 1) for line in lines if ":" in line)


def written(title="引っ越し（花子 様）", details="", **changes):
    return calendar(replace(a_ticket(), visit=VISIT, **changes), title, "", details, START)


def test_the_visit_stands_at_its_time():
    fields = fields_of(written())

    assert (fields["DTSTART"], fields["DTEND"]) == ("20260403T010000Z", "20260403T030000Z")
    assert fields["SUMMARY"] == "引っ越し（花子 様）"


def test_a_visit_that_was_moved_takes_the_place_of_the_old_one():
    first, second = fields_of(written(version=3)), fields_of(written(version=5))

    assert first["UID"] == second["UID"]
    assert int(first["SEQUENCE"]) < int(second["SEQUENCE"])


@pytest.mark.parametrize("details", ["お名前：花子\n電話：090-0000-0000", "a;b,c\\d", "あ" * 300])
def test_no_line_is_longer_than_allowed_and_nothing_is_lost(details):
    text = written(details=details)

    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    told = fields_of(text)["DESCRIPTION"].replace("\\n", "\n")
    for sign in (",", ";", "\\"):
        told = told.replace(f"\\{sign}", sign)
    assert told == details
