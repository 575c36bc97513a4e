"""From the bot to people and back."""

from __future__ import annotations

import pytest

from bot.core.conversations import Mode
from bot.core.messages import Attachment, Left, React, Sticker, Unsent
from bot.core.tickets import Contact, TicketState
from tests.core.story import DESK, HANAKO, THREAD, Story


def _marks(story):
    """The emoji put on the operator's message, where nothing else went anywhere."""
    assert all(isinstance(send.payload, React) for send in story.outcome.sends)
    return [send.payload.emoji for send in story.outcome.sends]


@pytest.fixture(name="story")
def _story(library):
    return Story(library)


@pytest.fixture(name="waiting")
def _waiting(story):
    story.says("OCNのメールが届きません")
    story.says("担当者と話したい")
    return story


@pytest.fixture(name="taken")
def _taken(waiting):
    waiting.presses("ticket_take")
    return waiting


class TestOpening:
    def test_a_wish_for_a_person_opens_a_ticket_at_once(self, waiting):
        assert waiting.outcome.handoff
        assert Mode.WAITING is waiting.hanako.mode
        assert "担当者に取り次ぎました" in waiting.told(HANAKO)
        assert waiting.ticket.id == waiting.hanako.ticket_id

    def test_the_card_shows_who_what_and_the_talk_so_far(self, waiting):
        (send,) = [send for send in waiting.outcome.sends if send.address == DESK]
        (card,) = send.payload.reply.parts

        assert waiting.ticket.card_send_id == send.id
        assert (waiting.ticket.id, f"desk:{waiting.ticket.id}") == (send.ticket_id, send.lane)
        assert {"お客様": "花子", "プロバイダ": "OCN", "用件": "担当者をご希望"}.items() <= {
            row.label: row.value for row in card.rows
        }.items()
        assert "お客様：OCNのメールが届きません" == card.talk[0]
        assert ["ticket_take", "ticket_close"] == [button.action for button in card.buttons]

    def test_details_left_with_the_wish_are_taken_along(self, story):
        story.says("担当者に電話してほしい。090-0000-0000")

        assert "090-0000-0000" == story.ticket.contact.phone
        assert "name" == story.outcome.asks

    def test_details_left_later_go_onto_the_card(self, waiting):
        text = waiting.says("山田です。090-0000-0000、夕方に")

        assert Contact(name="山田", phone="090-0000-0000", time="夕方") == waiting.ticket.contact
        assert "お名前：山田" in text
        (card,) = waiting.revised()
        assert "090-0000-0000" in [row.value for row in card.rows]

    @pytest.mark.parametrize(
        "number", ["０９０ー００００ー００００", "090−0000−0000", "090‐0000‐0000", "０９０００００００００"]
    )
    def test_a_number_is_found_whatever_hyphens_it_is_typed_with(self, waiting, number):
        waiting.says(f"山田です。{number}")

        assert Contact(name="山田", phone="090-0000-0000") == waiting.ticket.contact

    def test_a_word_that_only_goes_on_is_nobodys_name(self, waiting):
        waiting.says("電話は090-0000-0000です。あと、エラーコードも出ています")

        assert Contact(phone="090-0000-0000") == waiting.ticket.contact

    def test_a_phone_number_that_cannot_be_one_is_asked_for_again(self, waiting):
        text = waiting.says("090-0000-000")

        assert "けた数" in text
        assert "phone" == waiting.outcome.asks

    def test_twice_not_resolved_asks_for_contact_and_then_opens(self, story):
        story.says("OCNで受信できません。Outlookです")
        story.says("直りません")
        assert not story.outcome.handoff

        story.says("まだ直りません")
        assert ("contact", True) == (story.outcome.asks, story.outcome.handoff)
        assert story.ticket is None

        story.says("山田です 080-0000-0000 夕方にお願いします")
        assert "案内しても直らない" == story.ticket.reason
        assert story.outcome.handoff

    def test_a_refused_offer_opens_nothing(self, story):
        story.says("OCNで受信できません。Outlookです")
        story.says("直りません")
        story.says("まだ直りません")

        story.says("いえ、結構です")

        assert story.ticket is None
        assert story.hanako.question is None

    def test_without_a_desk_the_shops_phone_is_given(self, library):
        story = Story(library, desk=None)

        text = story.says("担当者と話したい")

        assert library.shop.phone in text
        assert library.shop.hours in text
        assert story.ticket is not None
        assert Mode.BOT is story.hanako.mode
        assert [HANAKO] == [send.address for send in story.outcome.sends]

    def test_a_second_wish_opens_no_second_ticket(self, waiting):
        first = waiting.ticket.id

        text = waiting.says("担当者と早く話したい")

        assert first == waiting.ticket.id
        assert "もうお伝えしてあります" in text


class TestMigration:
    def test_the_move_is_booked_step_by_step(self, story):
        story.says("ライブメールからOutlookへの引っ越しをお願いしたい")
        story.says("お願いします")
        assert "contact" == story.outcome.asks

        story.says("田中です")
        assert "phone" == story.outcome.asks
        story.says("090-0000-0000")
        assert "time" == story.outcome.asks
        assert ["午前中", "午後", "夕方", "いつでも"] == story.choices()
        assert story.ticket is None

        text = story.says("いつでも")
        assert "migration" == story.ticket.kind
        assert Contact(name="田中", phone="090-0000-0000", time="いつでも") == story.ticket.contact
        assert "お名前：田中" in text
        assert story.outcome.handoff

    def test_the_price_comes_from_the_shop(self, story, library):
        text = story.says("ライブメールの引っ越しはいくらですか")

        assert all(price in text for price in library.shop.prices.values())


class TestWaiting:
    def test_everything_goes_to_the_thread(self, waiting):
        waiting.says("今日中にお願いしたいのですが")

        assert "花子：今日中にお願いしたいのですが" in waiting.told(DESK)
        assert [waiting.ticket.id] * len(waiting.outcome.sends[:1]) == [waiting.outcome.sends[0].ticket_id]

    def test_the_bot_says_once_that_a_person_was_called(self, waiting):
        first = waiting.says("あのう")
        second = waiting.says("えーと")

        assert "担当者に伝えました" in first
        assert "" == second

    def test_a_clear_question_about_mail_is_still_answered(self, waiting):
        text = waiting.says("OCNの送信のポート番号は何番ですか")

        assert "465" in text
        assert "花子：OCNの送信のポート番号は何番ですか" in waiting.told(DESK)

    def test_a_customer_who_no_longer_wants_anybody_closes_it(self, waiting):
        text = waiting.says("もう大丈夫です")

        assert "取り消しました" in text
        assert TicketState.CLOSED is waiting.ticket.state
        assert Mode.BOT is waiting.hanako.mode
        assert "取り消しました" in waiting.told(DESK)
        (card,) = waiting.revised()
        assert card.closed


class TestTaken:
    def test_the_customer_is_told_and_the_card_shows_the_taker(self, taken):
        assert "ここからは担当者がお答えします" in taken.told(HANAKO)
        (card,) = taken.revised()
        assert "ken さんが対応中" == card.state
        assert Mode.HUMAN is taken.hanako.mode

    def test_the_takers_words_reach_the_customer(self, taken):
        taken.operator("お電話しました。いかがでしょうか。")

        assert "お電話しました。いかがでしょうか。" == taken.told(HANAKO)
        assert "operator" == taken.outcome.lines[0][1].who

    @pytest.mark.parametrize("text", ["// 怒っているかも", "／／内緒", "メモ：前にも来た人", "  // これも"])
    def test_notes_stay_in_the_thread(self, taken, text):
        taken.operator(text)

        assert ["🗒"] == _marks(taken)

    def test_other_peoples_words_stay_in_the_thread(self, taken):
        taken.operator("たぶん設定ミスだよ", who="U-aya")

        assert ["🗒"] == _marks(taken)

    def test_the_bot_keeps_silent_and_carries(self, taken):
        told = taken.says("OCNの送信のポート番号は何番ですか")

        assert "" == told
        assert "花子：OCNの送信のポート番号は何番ですか" == taken.told(DESK)

    def test_pictures_and_stickers_are_announced(self, taken):
        taken.hears(Attachment(media="image", content_id="1"))
        assert "写真やファイルを送りました" in taken.told(DESK)

        taken.hears(Sticker(package_id="1", sticker_id="2", keywords=("Cry",)))
        assert "スタンプ" in taken.told(DESK)
        assert "Cry" in taken.told(DESK)

    def test_a_second_taker_is_told_who_has_it(self, taken):
        told = taken.presses("ticket_take", who="U-aya")

        assert "ken さんが対応中です。" == told
        assert "U-aya" == taken.outcome.sends[0].payload.only_for
        assert "U-ken" == taken.ticket.taker_id

    def test_closing_gives_the_customer_back_to_the_bot(self, taken):
        taken.presses("ticket_close")

        assert "担当者とのやりとりを終わります" in taken.told(HANAKO)
        (card,) = taken.revised()
        assert card.closed
        assert () == card.buttons
        assert (Mode.BOT, "") == (taken.hanako.mode, taken.hanako.ticket_id)
        assert "465" in taken.says("OCNの送信のポート番号は何番ですか")

    def test_words_after_the_close_do_not_reach_the_customer(self, taken):
        taken.presses("ticket_close")

        told = taken.operator("あ、もうひとつ")

        assert "もう完了しています" in told
        assert "" == taken.told(HANAKO)

    def test_letting_go_lets_another_take(self, taken):
        taken.presses("ticket_release")
        assert Mode.WAITING is taken.hanako.mode

        taken.presses("ticket_take", who="U-aya")
        assert "U-aya" == taken.ticket.taker_id

    def test_only_the_taker_lets_go(self, taken):
        told = taken.presses("ticket_release", who="U-aya")

        assert "ken さんが対応中です" in told
        assert "U-ken" == taken.ticket.taker_id

    def test_returning_to_the_bot_ends_it_kindly(self, taken):
        taken.presses("ticket_return")

        assert "自動の窓口" in taken.told(HANAKO)
        assert Mode.BOT is taken.hanako.mode

    def test_a_customer_who_left_is_sent_nothing_and_the_desk_knows(self, taken):
        taken.hears(Left())
        assert "ブロック" in taken.told(DESK)

        told = taken.operator("もしもし")
        assert "ブロック" in told
        assert "" == taken.told(HANAKO)

    def test_a_message_taken_back_leaves_the_card_too(self, taken):
        message = taken.hanako.recent[0].message_id
        assert any("届きません" in line for line in taken.ticket.talk)

        taken.hears(Unsent(message_id=message))

        assert not any("届きません" in line for line in taken.ticket.talk)
        assert "取り消しました" in taken.told(DESK)


def test_words_before_anyone_took_it_do_not_reach_the_customer(waiting):
    told = waiting.operator("どうしましょうか")

    assert "まだ誰も対応していない" in told
    assert "" == waiting.told(HANAKO)
    assert "U-ken" in [getattr(send.payload, "only_for", "") for send in waiting.outcome.sends]


def test_answers_at_the_desk_go_to_the_thread_they_were_asked_in(taken):
    taken.presses("ticket_take", who="U-aya")

    assert [THREAD] == [send.address for send in taken.outcome.sends]
