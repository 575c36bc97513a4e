from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.line import postback
from bot.channels.line.text import cleaned, units
from bot.core.messages import Choice, Pressed

WORDS = st.text(max_size=30).map(cleaned)


@given(WORDS.filter(bool), WORDS.filter(bool), WORDS)
def test_an_action_comes_back_as_it_went(action, value, label):
    data = postback.written(Choice(label=label, action=action, value=value))

    assert Pressed(action=action, value=value, label=label) == postback.read(data)


def test_a_button_without_an_action_says_its_words():
    data = postback.written(Choice(label="受信できない", says="メールが受信できません"))

    assert Pressed(action="say", value="メールが受信できません", label="受信できない") == postback.read(data)


def test_a_button_without_words_says_its_label():
    assert Pressed(action="say", value="はい", label="はい") == postback.read(
        postback.written(Choice(label="はい"))
    )


def test_a_long_label_gives_way_to_the_value():
    data = postback.written(Choice(label="長" * 200, says="値" * 150))

    assert units(data) <= 300
    assert Pressed(action="say", value="値" * 150, label="") == postback.read(data)


def test_what_does_not_fit_is_not_written():
    assert postback.written(Choice(label="x", says="値" * 300)) is None


@pytest.mark.parametrize(
    "data", ["", "action=faq", "[]", "7", '{"a":""}', '{"a":1,"v":"x"}', '{"a":"x"}', "[" * 200_000]
)
def test_foreign_data_is_no_button_of_ours(data):
    assert postback.read(data) is None
