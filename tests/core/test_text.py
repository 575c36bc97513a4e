from __future__ import annotations

import timeit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.text import fold, fold_words, hiragana, plain


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


def test_fold_words_keeps_where_words_end():
    assert fold_words(" Ｓｏ-net／pop995 (SSL) ") == "so net pop995 ssl"


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
def test_fold_is_fold_words_without_blanks(text):
    assert fold(text) == fold(fold_words(text))


@given(st.text(max_size=60))
def test_hiragana_keeps_the_length(text):
    assert len(text) == len(hiragana(text))


def test_folding_a_message_takes_microseconds():
    message = "ビッグローブのメールが昨日から届かなくて困っております。"

    fastest = min(timeit.repeat(lambda: fold(message), number=500, repeat=5)) / 500

    assert fastest < 60e-6  # 5 µs on an idle core; the bound leaves room for a busy one
