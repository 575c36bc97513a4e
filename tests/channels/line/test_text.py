from __future__ import annotations

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.line.text import (
    cleaned,
    clusters,
    packed,
    shortened,
    shortened_label,
    split,
    units,
)

FAMILY = "👨‍👩‍👧‍👦"
TEXTS = st.text(
    st.sampled_from([*"あア漢a 。\n", "が", "ﾊ", "ﾞ", "🍎", "🇯", "🇵", "\u200d", "👍", "🏽"]), max_size=200
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a", 1), ("あ", 1), ("🍎", 2), ("𠮟る", 3), (FAMILY, 11)],
    ids=["英字", "かな", "絵文字", "第二面の漢字", "家族"],
)
def test_a_text_is_as_long_as_its_utf16_units(text, expected):
    assert expected == units(text)


@pytest.mark.parametrize(
    ("text", "expected"), [("ﾊﾟ", 1), ("か\u3099", 1), (FAMILY, 1), ("🇯🇵", 1), ("あい", 2)]
)
def test_a_label_is_as_long_as_a_person_sees_it(text, expected):
    assert expected == clusters(text)


def test_control_characters_and_broken_surrogates_go_and_line_ends_become_one_kind():
    assert cleaned("一\r\n二\r三\t四\x00\x1b\x7f\x85\ud83d") == "一\n二\n三\t四"


def test_ten_thousand_characters_stay_as_they_are():
    text = "受信できません。" * 1250

    assert text == cleaned(text)


def test_a_long_text_is_cut_at_a_line_end():
    assert split("一二三四五六\n七八九", 8) == ["一二三四五六", "七八九"]


def test_a_line_end_too_near_the_start_is_no_place_to_cut():
    assert split("一\n二三四五六七八九", 7) == ["一\n二三四五六", "七八九"]


def test_a_family_is_never_torn():
    assert split("ああ" + FAMILY, 11) == ["ああ", FAMILY]


def test_a_character_larger_than_the_limit_is_cut_after_all():
    assert split("か" + "\u3099" * 7, 5) == ["か" + "\u3099" * 4, "\u3099" * 3]


@given(TEXTS, st.integers(min_value=24, max_value=60))
def test_pieces_fit_and_lose_nothing_but_line_ends(text, limit):
    pieces = split(text, limit)

    assert all(units(piece) <= limit for piece in pieces)
    assert text.replace("\n", "") == "".join(pieces).replace("\n", "")


@given(TEXTS, st.integers(min_value=24, max_value=60))
def test_packed_pieces_fit_and_lose_nothing(text, limit):
    pieces = packed(text, limit)

    assert all(units(piece) <= limit for piece in pieces)
    assert text == "".join(pieces)


@given(TEXTS, st.integers(min_value=24, max_value=60))
def test_a_seam_lies_between_two_visible_characters(text, limit):
    whole = regex.findall(r"\X", text)
    fits = all(units(cluster) <= limit for cluster in whole)

    pieces = packed(text, limit)

    assert not fits or whole == [cluster for piece in pieces for cluster in regex.findall(r"\X", piece)]


@given(TEXTS, st.integers(min_value=2, max_value=60))
def test_a_shortened_text_fits_and_shows_that_something_went(text, limit):
    short = shortened(text, limit)

    assert units(short) <= limit
    assert (short == text) == (units(text) <= limit)
    assert short == text or short.endswith("…")


@given(TEXTS, st.integers(min_value=2, max_value=20))
def test_a_shortened_label_fits_and_shows_that_something_went(text, limit):
    short = shortened_label(text, limit)

    assert clusters(short) <= limit
    assert short == text or short.endswith("…")
