from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.text import fold, hiragana, plain


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("ﾒｰﾙ", "めーる"),
        ("メ-ル", "めーる"),
        ("メ〜ル", "めーる"),
        ("メ―ル", "めーる"),
        ("メ−ル", "めーる"),
        ("メーーール", "めーる"),
        ("めーる", "めーる"),
        ("ｱｲﾏｯﾌﾟ", "あいまつぷ"),
        ("アイマッフ゜", "あいまつぷ"),
        ("ｱｲﾏｯﾌ ﾟ", "あいまつぷ"),
        ("アイマッッップ", "あいまつぷ"),
        ("か゛いこく", "がいこく"),
        ("ニフティ", "にふてい"),
        ("ニフテイ", "にふてい"),
        ("ヴ", "ぶ"),
        ("つづき", "つずき"),
        ("ＯＣＮ　ＰＯＰ", "ocnpop"),
        ("９９５番", "995番"),
        ("①", "1"),
        ("So-net", "sonet"),
        ("Yahoo!BB", "yahoobb"),
        ("25→465", "25465"),
        ("届かないです〜〜", "届かないです"),
        ("メール😀が👨‍👩‍👧来ない❗️", "めーるが来ない"),
        ("a\u200bb\x00c\ufeffd", "abcd"),
        ("ま゜", "ま"),
        ("！？。、", ""),
        ("", ""),
    ],
)
def test_spellings_of_one_word_fold_to_one(written, folded):
    assert folded == fold(written)


def test_plain_keeps_script_punctuation_and_lines():
    assert plain("ﾌﾟﾗﾗ：９９５、\n送信") == "プララ:995、\n送信"


def test_a_dash_between_numbers_or_kanji_is_no_long_vowel():
    assert plain("受信-送信 １１０－２５") == "受信-送信 110-25"


def test_a_dash_after_the_last_kana_is_dropped_by_fold():
    assert fold("サ-バ-") == "さーば"


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(text):
    folded = fold(text)

    assert folded == fold(folded)


@given(st.text(max_size=60))
def test_hiragana_keeps_the_length(text):
    assert len(text) == len(hiragana(text))
