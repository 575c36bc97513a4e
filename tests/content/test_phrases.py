"""Templates stand for the phrases an author means."""

from __future__ import annotations

import pytest

from bot.content.phrases import expand


@pytest.mark.parametrize(
    ("template", "phrases"),
    [
        ("届かない", ["届かない"]),
        ("メールが[急に]届かない", ["メールが届かない", "メールが急に届かない"]),
        ("(受信|送信)できない", ["受信できない", "送信できない"]),
        ("[昨日から|今朝から]来ない", ["来ない", "昨日から来ない", "今朝から来ない"]),
        ("(メール[が]|便りが)来ない", ["メール来ない", "メールが来ない", "便りが来ない"]),
        ("a|b", ["a|b"]),
        ("[あ][い]", ["い", "あ", "あい"]),
        ("(同じ|同じ)", ["同じ"]),
    ],
)
def test_a_template_stands_for_all_its_phrases(template, phrases):
    assert sorted(phrases) == sorted(expand(template))


@pytest.mark.parametrize(
    "template",
    [
        "メール[が来ない",
        "メール)来ない",
        "(a[b)c]",
        "来ない]",
        "(" * 3,
        "[a|b|c|d|e][a|b|c|d|e][a|b|c|d|e][a|b|c|d|e]",
    ],
)
def test_a_broken_or_boundless_template_is_refused(template):
    with pytest.raises(ValueError, match=r"かっこ|がありません|通り"):
        expand(template)
