"""Heard, and off to do something."""

from __future__ import annotations

import pytest

from bot.core.dialogue.acknowledgements import acknowledges


@pytest.mark.parametrize(
    "text",
    [
        "わかりました、変更します",
        "了解です",
        "なるほど",
        "承知しました",
        "やってみます",
        "あとで試してみます",
        "わかりました。明日確認してみます",
        "なるほど、兄に相談してみます",
        "へえ、そういうことですか",
        "ほな、あとでやっときます",
        "わがった、やってみるべ",
        "了解、客に伝えます",
        "ちょっと待っててください、見てきます",
    ],
)
def test_heard_and_off_to_do_it(text, library):
    assert acknowledges(text, library)


@pytest.mark.parametrize(
    "text",
    [
        "わかりましたがまだ届きません",
        "了解、でもエラーが出ます",
        "メール",
        "お願いします",
        "わかりません",
        "どこを直しますか",
        "警告が出ます",
        "やってみたけどだめでした",
    ],
)
def test_heard_but_with_more_to_say_is_not_just_heard(text, library):
    assert not acknowledges(text, library)
