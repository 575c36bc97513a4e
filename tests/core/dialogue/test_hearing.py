"""What of a message is meant."""

from __future__ import annotations

import pytest

from bot.core.dialogue.hearing import hear


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("送れないんじゃなくて届かないんです", "届かないんです"),
        ("受信ではなく送信です", "送信です"),
        ("メールが届きません", "メールが届きません"),
        ("ごめんなさい、アンドロイドでした", "アンドロイドでした"),
        ("DTIは前の会社で、今はぷららです", "今はぷららです"),
        ("前はODNでしたが今はOCNです", "今はOCNです"),
        ("警告は出ていません。送信ができないんです", "送信ができないんです"),
        ("アンドロイドではありません、iPhoneです", "iPhoneです"),
        ("ぷららではないです", "ぷららではないです"),
        ("設定を変えていないのに送れません", "設定を変えていないのに送れません"),
        ("更新してないけど大丈夫？", "更新してないけど大丈夫？"),
    ],
)
def test_not_this_but_that_means_that(text, meant, library):
    assert meant == hear(text, library).meant


def test_what_is_denied_is_kept_apart(library):
    assert "ぷらら" == hear("ぷららじゃなくてOCNです", library).denied
