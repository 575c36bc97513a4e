"""A telephone number, however it is typed, is written as Japan writes it; what cannot be one is none."""

from __future__ import annotations

import pytest

from bot.core.desk.phone import written


@pytest.mark.parametrize(
    "typed",
    [
        "09000000000",
        "090-0000-0000",
        "０９０ー００００ー００００",
        "090−0000−0000",
        "090 0000 0000",
        "+81 90-0000-0000",
        "０９０（００００）００００",
    ],
)
def test_one_number_is_written_in_one_way(typed):
    assert written(typed) == "090-0000-0000"


@pytest.mark.parametrize("number", ["03-0000-0000", "049-200-0000", "0120-000-000", "0800-000-0000"])
def test_every_kind_of_japanese_number_is_taken(number):
    assert written(number.replace("-", "")).replace("-", "") == number.replace("-", "")


@pytest.mark.parametrize(
    "typed", ["", "12", "090-0000-000", "03-0000-00000", "1-800-555-0100", "+1 800 555 0100", "電話します"]
)
def test_what_cannot_be_a_japanese_number_is_none(typed):
    assert written(typed) == ""
