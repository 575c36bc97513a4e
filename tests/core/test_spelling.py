"""One spelling for short words."""

from __future__ import annotations

import pytest

from bot.core.spelling import one_spelling


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("ｿｳｼﾝﾊ?", "送信は?"),
        ("その ばんごうは どの がめん", "その番号はどの画面"),
        ("とどきません", "届きません"),
        ("うけとれて よくなりました", "うけとれてよくなりました"),
        ("ひらがなで", "ひらがなで"),
    ],
)
def test_what_is_written_in_kana_reads_like_the_rest(text, plain):
    assert plain == one_spelling(text)
