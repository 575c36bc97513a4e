"""The whole decision on one event."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.conversations import Mode
from bot.core.messages import (
    Address,
    Attachment,
    Channel,
    Joined,
    Left,
    Pressed,
    Sticker,
    Unsent,
)
from tests.core.story import DESK, HANAKO, Story, a_handle

STAFF = Address(channel=Channel.SLACK, to="C-staff", team="T-shop", thread="1.1")


@pytest.fixture(name="story")
def _story(library):
    return Story(library)


def test_the_first_reply_uses_the_one_time_handle(story):
    handle = a_handle()

    story.says("メールが届きません", handle=handle)

    (send,) = story.outcome.sends
    assert handle == send.handle
    assert HANAKO.key == send.lane


def test_the_same_event_makes_the_same_rows(library):
    first, second = Story(library), Story(library)

    first.says("担当者と話したい")
    second.says("担当者と話したい")

    assert [send.id for send in first.outcome.sends] == [send.id for send in second.outcome.sends]
    assert 2 == len({send.id for send in first.outcome.sends})
    assert first.ticket.id == second.ticket.id


def test_every_choice_of_an_answer_has_a_button(story):
    story.says("メールが届きません")

    assert "OCN" in story.choices()
    assert "わからない" in story.choices()
    assert len(story.choices()) <= 13


def test_a_button_is_as_good_as_typing(story):
    story.says("メールが届きません")

    text = story.hears(Pressed(action="say", label="OCN"))

    assert "995" in text


def test_slots_survive_a_change_of_topic(story):
    story.says("OCNのポート番号は？")
    story.says("更新は止めてもいいですか")

    text = story.says("メールが届かなくなりました")

    assert "pop.ocn.ne.jp" in text


def test_a_correction_replaces_the_provider_and_its_values(story):
    story.says("OCNのポート番号は？")

    text = story.says("あ、間違えました、Gmailでした")

    assert "gmail.com" in text
    assert "ocn.ne.jp" not in text
    assert "gmail" == story.hanako.slots.provider


def test_a_question_in_between_is_answered_and_the_open_one_asked_again(story):
    story.says("メールが送れません")

    text = story.says("ポート番号って何ですか")

    assert "部屋番号" in text
    assert "先ほどの続きです" in text
    assert "provider" == story.outcome.asks
    assert "465" in story.says("OCN")


def test_numbers_are_remembered_until_the_provider_is_known(story):
    story.says("受信110、SSLなしになっていますが合っていますか")

    text = story.says("OCNです")

    assert "110 → 995" in text


def test_numbers_of_several_messages_are_compared_together(story):
    story.says("OCNです。受信が110になっています")

    text = story.says("受信を995、SSLありにしました。送信は25です")

    assert "受信（995番・SSLあり）は合っています" in text
    assert "25 → 465" in text


def test_conversations_do_not_mix(story):
    taro = Address(channel=Channel.LINE, to="U-taro")
    story.says("OCNのメールが届きません")

    story.says("メールが送れません", at=taro)

    assert "provider" == story.outcome.asks


def test_a_password_is_nowhere_to_be_found_afterwards(story):
    text = story.says("OCNで受信できません。パスワードは Sakura#1948 です")

    assert "変更してください" in text
    assert "auth_failed" == story.outcome.intent
    assert "Sakura#1948" not in repr(story.outcome)


def test_a_password_does_not_reach_the_operators_either(story):
    story.says("担当者と話したい")

    story.says("パスワードは Sakura#1948 です")

    assert "Sakura#1948" not in repr(story.outcome)


def test_the_mail_address_is_kept_by_its_domain_only(story):
    story.says("アドレスは hanako.s@ocn.ne.jp です。受信できません")

    assert "ocn" == story.hanako.slots.provider
    assert "hanako.s" not in repr(story.outcome)


def test_both_sides_of_the_talk_are_remembered_but_no_more_than_twelve_lines(story):
    for _ in range(9):
        story.says("OCNのポート番号は？")

    recent = story.hanako.recent
    assert 12 == len(recent)
    assert ["customer", "bot"] == [line.who for line in recent[-2:]]
    assert "OCNのポート番号は？" == recent[-2].text
    assert 2 == len(story.outcome.lines)


def test_after_a_night_an_old_question_is_forgotten_and_the_provider_is_not(story):
    story.says("OCNのメールが届きません")
    story.now += timedelta(hours=13)

    story.says("おはようございます")

    assert "greeting" == story.outcome.intent
    assert "ocn" == story.hanako.slots.provider
    assert story.hanako.question is None


class TestSmallThings:
    def test_a_newcomer_is_welcomed_with_buttons(self, story):
        text = story.hears(Joined())

        assert "友だち追加ありがとうございます" in text
        assert story.choices()

    def test_someone_who_left_is_sent_nothing(self, story):
        story.hears(Left())

        assert () == story.outcome.sends
        assert story.hanako.blocked

    def test_someone_who_came_back_is_no_longer_blocked(self, story):
        story.hears(Left())

        story.hears(Joined())

        assert not story.hanako.blocked

    @pytest.mark.parametrize("text", ["", "   ", "😊😊", "…", "\u200b\n", "！？"])
    def test_a_message_without_words_gets_a_kind_word(self, story, text):
        assert "文字でお書きください" in story.says(text)

    def test_a_message_without_words_leaves_the_question_open(self, story):
        story.says("メールが届きません")

        story.says("😊")

        assert "provider" == story.outcome.asks
        assert "995" in story.says("OCN")

    def test_a_thankful_sticker_is_thanked_back(self, story):
        sticker = Sticker(package_id="1", sticker_id="2", keywords=("Thank you", "Bow"))

        assert "こちらこそ" in story.hears(sticker)

    def test_a_picture_cannot_be_read_yet(self, story):
        text = story.hears(Attachment(media="image", content_id="1"))

        assert "文字でお送りください" in text
        assert ["担当者と話す"] == story.choices()

    def test_what_was_taken_back_is_forgotten(self, story):
        story.says("うちの住所は川越です")
        message = story.hanako.recent[0].message_id

        story.hears(Unsent(message_id=message))

        assert (message,) == story.outcome.forget
        assert "川越" not in repr(story.hanako)

    def test_an_unknown_button_does_nothing(self, story):
        story.hears(Pressed(action="something_old"))

        assert () == story.outcome.sends


class TestMisses:
    def test_the_first_miss_says_what_can_be_done_and_no_port_table(self, story):
        text = story.says("カレーの作り方を教えて")

        assert "お手伝いできます" in text
        assert "995" not in text
        assert not story.outcome.handoff

    def test_the_second_in_a_row_offers_a_person(self, story):
        story.says("カレーの作り方を教えて")

        text = story.says("では明日の天気は")

        assert "担当者をお呼びしましょうか" in text
        assert story.outcome.handoff

    def test_an_accepted_offer_opens_a_ticket(self, story):
        story.says("カレーの作り方を教えて")
        story.says("では明日の天気は")

        story.says("はい、お願いします")

        assert story.ticket is not None
        assert Mode.WAITING is story.hanako.mode

    def test_an_understood_message_in_between_starts_the_count_again(self, story):
        story.says("カレーの作り方を教えて")
        story.says("OCNのポート番号は？")

        story.says("では明日の天気は")

        assert not story.outcome.handoff


class TestTheTemporaryMeasure:
    def test_safe_checks_come_first_and_the_measure_is_labelled(self, story):
        text = story.says("OCNで証明書の警告が出ます")

        assert text.index("日付と時刻") < text.index("一時的な設定") < text.index("110")
        assert "2019年10月" in text
        assert "途中で読まれる" in text
        assert "元の設定に戻し" in text
        assert "一時設定にした" in story.choices()

    def test_live_mail_is_never_offered_it(self, story):
        text = story.says("ライブメールでOCNを使っていて、証明書の警告が出ます")

        assert "110" not in text
        assert "一時設定にした" not in story.choices()

    def test_a_provider_whose_record_does_not_allow_it_is_never_offered_it(self, story):
        text = story.says("BIGLOBEで証明書の警告が出ます")

        assert "110" not in text
        assert "一時設定にした" not in story.choices()

    @pytest.mark.parametrize("typed", [True, False])
    def test_taking_it_books_a_reminder_in_three_days(self, story, typed):
        story.says("OCNで証明書の警告が出ます")

        if typed:
            story.says("一時設定にした")
        else:
            story.hears(Pressed(action="temporary_taken", value="ocn", label="一時設定にした"))

        (job,) = story.outcome.jobs
        assert "revert_reminder" == job.kind
        assert story.now + timedelta(days=3) == job.due_at
        assert {
            "provider": "ocn",
            "channel": "line",
            "to": "U-hanako",
            "thread": "",
            "team": "",
        } == job.details

    def test_going_back_gives_the_normal_values(self, story):
        story.says("OCNで証明書の警告が出ます")
        story.says("一時設定にした")

        text = story.says("元に戻したいです")

        assert "995" in text
        assert "465" in text


class TestStaff:
    def test_the_answer_is_terse(self, story):
        text = story.says("ocn 設定", at=STAFF)

        assert "995" in text
        assert "お困り" not in text
        assert [] == story.choices(STAFF)

    def test_the_provider_is_not_carried_into_a_line_that_names_another(self, story):
        story.says("ocn imap", at=STAFF)

        story.says("gmail", at=STAFF)

        slots = story.conversations[STAFF].slots
        assert ("gmail", None) == (slots.provider, slots.protocol)

    def test_a_line_that_names_none_goes_on_with_the_last(self, story):
        story.says("ocn", at=STAFF)

        text = story.says("smtpは", at=STAFF)

        assert "smtp.ocn.ne.jp" in text
        assert "pop.ocn.ne.jp" not in text

    def test_a_number_with_a_question_mark_is_compared(self, story):
        assert "587 → 465" in story.says("ocn smtp 587?", at=STAFF)

    def test_talk_among_operators_is_none_of_the_bots_business(self, story):
        story.says("このお客様、昨日も来てたよ", at=DESK)

        assert () == story.outcome.sends


ANYTHING = st.text(max_size=60) | st.sampled_from(
    [
        "はい",
        "いいえ",
        "OCN",
        "わからない",
        "受信110",
        "0x800CCC0E",
        "担当者",
        "直らない",
        "Outlook",
        "ライブメール",
        "夕方",
    ]
)


@settings(max_examples=60)
@given(texts=st.lists(ANYTHING, min_size=1, max_size=6), channel=st.sampled_from(Channel))
def test_no_words_in_any_order_ever_break_it(library, texts, channel):
    story = Story(library)
    here = Address(channel=channel, to="someone")

    for text in texts:
        story.says(text, at=here)

    assert story.outcome.conversations
