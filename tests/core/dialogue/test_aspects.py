"""What a short question asks about, and whether it can only be about what was said before."""

from __future__ import annotations

import pytest

from bot.core.dialogue.aspects import Aspect, aspects, is_elliptical, leans, names_nothing, points_back


@pytest.mark.parametrize(
    ("text", "aspect"),
    [
        ("なんで？", Aspect.WHY),
        ("原因は何でしょう", Aspect.WHY),
        ("いつまでこうしておくの", Aspect.HOW_LONG),
        ("何日かかりますか", Aspect.HOW_LONG),
        ("ほかには？", Aspect.ELSE),
        ("どうすりゃええの", Aspect.HOW),
        ("次はどうするんですか", Aspect.HOW),
        ("どこを見るの", Aspect.WHERE),
        ("何番でしたっけ", Aspect.NUMBERS),
        ("おいくらですか", Aspect.PRICE),
        ("何に替えたらいいかしら", Aspect.ALTERNATIVES),
        ("どっちですか", Aspect.WHICH),
        ("番号を直してもだめ？", Aspect.WILL_IT_HELP),
        ("これで全部ですか", Aspect.CONFIRM),
        ("危なくないですか", Aspect.IS_IT_SAFE),
        ("公式のページは", Aspect.PAGE),
        ("もう少し詳しく", Aspect.MEANING),
    ],
)
def test_the_weightiest_thing_asked_comes_first(text, aspect, library):
    assert aspect is aspects(text, library)[0]


@pytest.mark.parametrize(
    "text", ["メールが届きません", "OCNです", "ありがとうございました", "メールアドレスが"]
)
def test_a_statement_asks_nothing(text, library):
    assert () == aspects(text, library)


@pytest.mark.parametrize(
    "text", ["他には？", "設定の番号は", "対処方法は？", "ソフトはどれですか", "それは いつまでですか"]
)
def test_words_of_this_counter_and_small_words_name_nothing_foreign(text, library):
    assert is_elliptical(text, (), library)


@pytest.mark.parametrize(
    "text",
    [
        "今日は寒いですねえ",
        "近くに駐車場はありますか",
        "テレビが映らない",
        "プリンターの紙はどこ",
        "何時まで開いてますか",
    ],
)
def test_other_things_are_no_ellipsis(text, library):
    assert not is_elliptical(text, (), library)


def test_only_small_words_name_nothing_at_all(library):
    assert names_nothing("じゃあどうすればいいの", library)
    assert not names_nothing("更新はどうすればいいの", library)


@pytest.mark.parametrize("text", ["それをしたらどうなるの", "で、それはどこですか", "そうしたら消えますか"])
def test_a_word_for_what_was_said_points_back(text, library):
    assert points_back(text, library)


@pytest.mark.parametrize(
    "text", ["それと送信もだめです", "それでもだめ", "それから電話がほしい", "それにしても暑い"]
)
def test_words_that_only_join_do_not(text, library):
    assert not points_back(text, library)


def test_a_change_of_subject_does_not_lean(library):
    assert leans("今週末でもいいですか", library)
    assert not leans("ところで今週末でもいいですか", library)
