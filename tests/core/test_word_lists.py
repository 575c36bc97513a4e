"""Lists of words that owners can add to."""

from __future__ import annotations

import pytest

from bot.core.word_lists import WordList


@pytest.mark.parametrize("text", ["ホットイテいいですか", "ほっといて", "ﾎｯﾄｲﾃ"])
def test_a_word_is_found_however_it_is_written(text):
    assert WordList(words=("ほっといて",)).found_in(text)


def test_a_pattern_is_compared_with_the_one_spelling():
    changed = WordList(patterns=(r"(受信|送信)の番号",))

    assert changed.found_in("じゅしんの ばんごう")
    assert not changed.found_in("番号")


def test_of_two_words_the_longer_one_is_cut_out():
    assert "" == WordList(words=("方", "方法")).pattern.sub("", "方法")


def test_an_empty_list_says_nothing():
    assert not WordList().found_in("何か")
    assert not WordList().found_in("")
