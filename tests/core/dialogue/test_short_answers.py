"""The small words of a talk."""

from __future__ import annotations

import pytest

from bot.core.dialogue import short_answers as short
from bot.core.dialogue.acknowledgements import acknowledges


@pytest.mark.parametrize(
    "text",
    [
        "はい",
        "ハイ",
        "うん、お願いします",
        "じゃあお願いします",
        "ではお願いいたします",
        "頼みます",
        "ぜひ",
        "OK",
        "ＯＫ",
        "それでお願いします",
        "はい、呼んでください",
    ],
)
def test_words_of_consent_are_a_yes(text, library):
    assert short.says_yes(text, library)


@pytest.mark.parametrize(
    "text",
    [
        "いいえ",
        "いや、結構です",
        "大丈夫です",
        "いらないです",
        "また今度にします",
        "うーん、ちょっと考えます",
        "自分でやってみます",
        "今はいいです",
    ],
)
def test_words_of_refusal_are_a_no(text, library):
    assert short.says_no(text, library)
    assert not short.says_yes(text, library)


@pytest.mark.parametrize(
    "text",
    ["はいと言ってもメールが来ません", "お願いしたのに来ない", "OCNです", "", "……", "いいメールソフトはどれ"],
)
def test_anything_more_is_neither(text, library):
    assert not short.says_yes(text, library)
    assert not short.says_no(text, library)


@pytest.mark.parametrize(
    "text",
    ["もう大丈夫です", "やっぱりやめます", "キャンセルで", "自分でできました、もういいです", "直りました"],
)
def test_a_person_is_no_longer_wanted(text, library):
    assert short.cancels(text, library)


@pytest.mark.parametrize(
    "text",
    [
        "更新はしていないのに",
        "アップデートしてへんのに届かん",
        "だから更新はしてないって",
        "Windows Updateはやってません",
    ],
)
def test_an_update_that_was_not_made(text, library):
    assert short.denies_update(text, library)


@pytest.mark.parametrize("text", ["更新したら届かない", "更新していいですか", "更新後から送れません"])
def test_an_update_that_was_made(text, library):
    assert not short.denies_update(text, library)


@pytest.mark.parametrize(
    ("text", "ssl"),
    [
        ("SSLなしです", False),
        ("SSLはついてません", False),
        ("暗号化は使っていません", False),
        ("SSLにチェックは入っています", None),
        ("SSLありです", True),
        ("SSLは何ですか", None),
    ],
)
def test_encryption_as_it_is_on_the_screen(text, ssl, library):
    assert ssl is short.tells_ssl(text, library)


@pytest.mark.parametrize(
    "text", ["受信も送信もできません", "届かないし送れない", "送受信できません", "両方だめです"]
)
def test_both_ways(text, library):
    assert short.says_both_ways(text, library)


@pytest.mark.parametrize("text", ["受信はできるけど送信ができません", "届きません", "送れません"])
def test_one_way_only(text, library):
    assert not short.says_both_ways(text, library)


@pytest.mark.parametrize("text", ["もういい加減にして", "ふざけんな", "責任者を出せ", "役に立たないな"])
def test_anger_is_heard(text, library):
    assert short.is_angry(text, library)


def test_a_question_takes_nothing_back(library):
    assert short.corrects("OCNでした", library)
    assert not short.corrects("送信は何番でしたっけ", library)


@pytest.mark.parametrize("text", ["キタ！", "いけたで！", "お、入ってきた", "つながりました"])
def test_one_word_is_enough_for_good_news(text, library):
    assert short.works_now(text, library)


@pytest.mark.parametrize("text", ["写真撮って送りますね", "今からスクショ送ります", "画面の写真を送るわ"])
def test_what_is_on_its_way_is_announced(text, library):
    assert short.announces(text, library)


@pytest.mark.parametrize("text", ["写真を送ったら戻ってきた", "写真を送っていいですか"])
def test_a_picture_that_was_sent_or_asked_about_is_not(text, library):
    assert not short.announces(text, library)


@pytest.mark.parametrize("text", ["全部やりました", "再起動済", "言われた通りにしました"])
def test_all_that_was_said_was_done(text, library):
    assert short.did_all(text, library)


@pytest.mark.parametrize("text", ["あ" * 200 + "？", "あお" * 100 + "？", "うん" * 100 + "？"])
def test_a_long_cry_is_read_at_once_and_answers_nothing(text, library):
    assert not short.says_yes(text, library)
    assert not acknowledges(text, library)
