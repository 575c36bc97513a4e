"""What is kept to learn from, and that nothing in it tells whose it was."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.core.messages import Channel, Unsent
from tests.core.story import Story

UNCLEAR = "今夜はしょうゆラーメンが食べたい"
ELSEWHERE = "きょうの晩ごはんは何がいいですか"


@pytest.fixture(name="story")
def _story(library):
    return Story(library)


def kept(story):
    return [(miss.text, miss.reason) for miss in story.outcome.misses]


def test_a_message_answered_with_i_do_not_know_is_kept_with_what_was_understood(story):
    story.says(UNCLEAR)

    (miss,) = story.outcome.misses
    assert (UNCLEAR, "unknown", Channel.LINE) == (miss.text, miss.reason, miss.channel)
    assert date(2026, 4, 1) == miss.said_on
    assert miss.guesses[0].intent == "out_of_scope"
    assert len(miss.guesses) > 1


def test_the_second_miss_in_a_row_is_kept_too(story):
    story.says(UNCLEAR)

    story.says(ELSEWHERE)

    assert [(ELSEWHERE, "unknown")] == kept(story)


def questions(story):
    return [job for job in story.outcome.jobs if job.kind == "miss_question"]


@pytest.mark.parametrize("text", ["OCNのメールが届きません", "こんにちは", "ありがとうございました", "OCN"])
def test_what_was_answered_is_not_kept(story, text):
    story.says("メールが届きません")

    story.says(text)

    assert [] == kept(story)


@pytest.mark.parametrize(
    "denial",
    [
        "違う",
        "違います",
        "ちがいます。",
        "そうじゃない",
        "そうじゃなくて",
        "いや、そういうことじゃないんです",
        "ちゃうちゃう",
        "いえ、違うんですけど",
        "それじゃない！",
        "どれでもない",
    ],
)
def test_a_denial_keeps_the_message_before_it_and_not_the_denial(story, denial):
    story.says("メールの設定の番号を知りたい")

    story.says(denial)

    assert [("メールの設定の番号を知りたい", "denied")] == kept(story)


def test_what_a_denial_says_further_is_a_message_of_its_own(story):
    story.says("メールの設定の番号を知りたい")

    story.says(f"違う、{UNCLEAR}")

    assert [("メールの設定の番号を知りたい", "denied"), (f"違う、{UNCLEAR}", "unknown")] == kept(story)


def test_another_direction_after_a_denial_means_it_was_misunderstood(story):
    story.says("OCNのメールが届きません")

    story.says("違う、送れないんです")

    assert [("OCNのメールが届きません", "denied")] == kept(story)


@pytest.mark.parametrize(
    "slip", ["違います、ぷららです", "いや、OCNじゃなくてぷららでした", "違うプロバイダです"]
)
def test_a_slip_put_right_is_no_denial(story, slip):
    story.says("OCNのメールが届きません")

    story.says(slip)

    assert "denied" not in [reason for _, reason in kept(story)]


def test_a_wish_for_a_person_keeps_the_request_before_it(story):
    story.says("OCNのメールが届きません")

    story.says("担当者と話したいです")

    assert [("OCNのメールが届きません", "handed_off")] == kept(story)


def test_answers_and_complaints_between_request_and_wish_are_passed_over(story):
    story.says("メールが届きません")
    story.says("OCNです")
    story.says("まだ直りません")

    story.says("担当者と話したいです")

    assert [("メールが届きません", "handed_off")] == kept(story)


def test_a_wish_for_a_person_at_the_start_keeps_nothing(story):
    story.says("担当者と話したいです")

    assert [] == kept(story)


def test_an_old_talk_has_nothing_to_do_with_a_wish_of_today(story):
    story.says("OCNのメールが届きません")
    story.now += timedelta(hours=2)

    story.says("担当者と話したいです")

    assert [] == kept(story)


def test_a_message_kept_as_unknown_and_then_handed_off_is_the_same_miss(story):
    story.says(UNCLEAR)
    (unknown,) = story.outcome.misses

    story.says("担当者と話したいです")

    (handed_off,) = story.outcome.misses
    assert unknown.id == handed_off.id


def test_nothing_is_learnt_from_words_to_a_person(story):
    story.says("担当者と話したいです")
    story.presses("ticket_take")

    story.says(UNCLEAR)

    assert [] == kept(story)


@pytest.mark.parametrize(
    ("text", "kept_text"),
    [
        ("taro@yamada.example のラーメンが食べたい", "＊＊＊@＊＊＊ のラーメンが食べたい"),
        ("０９０－１２３４－５６７８ にラーメンの出前をして", "＊＊＊ にラーメンの出前をして"),
        ("東京都千代田区丸の内1-2-3 のラーメンが食べたい", "＊＊＊ のラーメンが食べたい"),
        ("山田と申します、今夜はラーメンが食べたい", "＊＊＊と申します、今夜はラーメンが食べたい"),
        ("hanako@ocn.ne.jp のラーメンが食べたい", "＊＊＊@ocn.ne.jp のラーメンが食べたい"),
        ("www.yamada.example のラーメンが食べたい", "＊＊＊ のラーメンが食べたい"),
        ("ａ＠ｙａｍａｄａ．ｅｘａｍｐｌｅ のラーメンが食べたい", "＊＊＊＠＊＊＊ のラーメンが食べたい"),
    ],
)
def test_nothing_private_is_kept(story, text, kept_text):
    story.says(text)

    (miss,) = story.outcome.misses
    assert kept_text == miss.text
    assert (None, ()) == (miss.slots.unknown_domain, miss.slots.hosts)


def test_no_password_is_kept_either(story):
    story.says("ラーメンが食べたい。パスワードは himitsu123 です")
    story.says("違う")

    assert story.outcome.misses
    assert "himitsu123" not in repr(story.outcome)


def test_a_miss_holds_no_id_of_a_person(story):
    story.says(UNCLEAR)

    assert "hanako" not in repr(story.outcome.misses).lower()


def test_what_says_nothing_without_its_private_parts_is_not_kept(story):
    story.says("taro@yamada.example")

    assert [] == kept(story)


def test_a_long_story_is_cut(story):
    story.says("あれがまたなっとるんや。" * 400)

    assert all(len(miss.text) <= 1000 for miss in story.outcome.misses)


def test_operators_are_asked_where_there_are_any(story, library):
    story.says(UNCLEAR)
    (job,) = questions(story)
    (miss,) = story.outcome.misses

    without = Story(library, desk=None)
    without.says(UNCLEAR)

    assert ("miss_question", {"miss": miss.id}, story.now) == (job.kind, job.details, job.due_at)
    assert (1, []) == (len(without.outcome.misses), questions(without))


def test_after_a_wish_for_a_person_operators_are_asked_later(story):
    story.says("OCNのメールが届きません")
    story.says("担当者と話したいです")

    (job,) = questions(story)
    assert story.now + timedelta(minutes=10) == job.due_at


def test_a_message_taken_back_is_not_found_again(story):
    story.says("OCNのメールが届きません")
    story.hears(Unsent(message_id="message-1"))

    story.says("違う")

    assert [] == kept(story)


def test_the_same_turn_finds_the_same_misses(library):
    first, second = Story(library), Story(library)
    first.says(UNCLEAR)
    second.says(UNCLEAR)

    assert first.outcome.misses == second.outcome.misses
