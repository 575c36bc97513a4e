"""The desk at work, with the shipped rules and words: what reaches whom, and what becomes of a ticket."""

from __future__ import annotations

import asyncio

import pytest

from bot.core.desk.operators import DELIVERED, FAILED, INSIDE
from bot.core.messages import Attachment, Edited, Joined, Left, Pressed, Said, Sticker, Unsent
from bot.core.tickets import TicketState
from bot.errors import QuotaExhaustedError, RefusedError
from tests.conftest import an_address
from tests.desk.counter import SATO, SUZUKI, Counter


@pytest.fixture
async def waiting(counter):
    """A customer has asked for a person."""
    await counter.customer("OCNのメールが届きません")
    await counter.customer("担当者と話したいです")
    return counter


@pytest.fixture
async def taken(waiting):
    """Sato has taken the ticket."""
    await waiting.press("ticket_take")
    return waiting


class TestWhoHasIt:
    async def test_of_two_who_press_at_once_one_wins_and_the_other_is_told_who(self, waiting):
        await asyncio.gather(waiting.press("ticket_take", by=SATO), waiting.press("ticket_take", by=SUZUKI))

        ticket = await waiting.ticket()
        loser = SUZUKI if ticket.taker_id == SATO else SATO
        [told] = [
            each for each in waiting.slack.handed if getattr(each.send.payload, "only_for", "") == loser
        ]
        assert ticket.taker_name in told.text

    async def test_somebody_else_takes_over_and_only_their_words_go_out_then(self, taken):
        await taken.press("ticket_transfer", by=SUZUKI)
        before = len(taken.line.texts)

        await taken.operator("佐藤のひとりごと", by=SATO)
        await taken.operator("鈴木が続けます", by=SUZUKI)

        assert ["鈴木が続けます"] == taken.line.texts[before:]

    async def test_the_taker_hands_over_by_name_and_the_next_one_is_called(self, taken):
        await taken.press("ticket_transfer", to=SUZUKI, to_name="鈴木")

        ticket = await taken.ticket()
        mentions = [
            mention
            for each in taken.slack.handed
            for part in getattr(getattr(each.send.payload, "reply", None), "parts", ())
            for mention in getattr(part, "mentions", ())
        ]
        assert (SUZUKI, "鈴木") == (ticket.taker_id, ticket.taker_name)
        assert SUZUKI in mentions

    async def test_the_bot_answers_again_after_a_return(self, taken):
        await taken.press("ticket_return")

        await taken.customer("OCNの受信ポートは？")

        assert "995" in taken.line.texts[-1]

    async def test_a_customer_who_comes_back_within_a_day_is_in_the_same_thread(self, taken):
        before = await taken.ticket()
        await taken.press("ticket_close", ending="solved")
        await taken.pass_time(hours=20)

        await taken.customer("担当者と話したいです")

        ticket = await taken.ticket()
        assert (before.id, before.desk, TicketState.WAITING, 1) == (
            ticket.id,
            ticket.desk,
            ticket.state,
            ticket.reopened,
        )

    async def test_what_was_closed_too_early_can_be_taken_up_again(self, taken):
        await taken.press("ticket_close")
        await taken.operator("あ、もうひとつ")
        offered = taken.slack.handed[-1].send.payload.reply.parts[-1].options[0]

        await taken.press(offered.action, value=offered.value)
        ts = await taken.operator("すみません、もうひとつだけ")

        assert taken.line.texts[-1] == "すみません、もうひとつだけ"
        assert "もうひとつ" not in taken.line.texts[-2]
        assert (ts, DELIVERED) in taken.slack.signs

    async def test_but_not_a_day_later_nor_while_the_customer_is_with_people_elsewhere(self, taken):
        closed = await taken.ticket()
        await taken.press("ticket_close")
        await taken.pass_time(hours=25)
        await taken.press("ticket_reopen", value=closed.id)
        later = await taken.ticket()
        await taken.customer("担当者と話したいです")

        await taken.press("ticket_reopen", value=closed.id)

        assert not later.open
        still = await taken.store.transact(lambda records: records.tickets.peek(closed.id))
        assert not still.open

    async def test_the_card_says_since_when_they_wait_again(self, taken):
        await taken.press("ticket_close", ending="solved")
        await taken.pass_time(hours=20)

        await taken.customer("担当者と話したいです")

        assert "今日 05:00 から" in taken.slack.revisions[-1]

    async def test_after_that_it_is_a_new_matter(self, taken):
        await taken.press("ticket_close")
        await taken.pass_time(hours=25)

        await taken.customer("担当者と話したいです")

        assert await taken.tickets() == 2

    async def test_a_customer_who_waits_can_cancel(self, waiting):
        await waiting.customer("もう大丈夫です")

        assert ((await waiting.ticket()).state, (await waiting.ticket()).ending) == (
            TicketState.CLOSED,
            "cancelled",
        )

    @pytest.mark.parametrize(
        "words", ["電話は結構です", "電話はいりません。ここでお願いします", "お名前はなくてもいいですか"]
    )
    async def test_who_declines_only_the_telephone_waits_on(self, waiting, words):
        await waiting.customer(words)

        assert (await waiting.ticket()).state is TicketState.WAITING

    async def test_a_customer_who_blocks_the_bot_is_sent_nothing_and_the_desk_knows(self, taken):
        await taken.customer(Left())
        before = len(taken.line.texts)

        ts = await taken.operator("お返事をお待ちしています")

        assert before == len(taken.line.texts)
        assert (ts, FAILED) in taken.slack.signs
        assert (await taken.ticket()).customer_left

    async def test_and_is_heard_again_when_they_come_back(self, taken):
        await taken.customer(Left())
        await taken.customer(Joined())

        ts = await taken.operator("おかえりなさい")

        assert "おかえりなさい" == taken.line.texts[-1]
        assert (ts, DELIVERED) in taken.slack.signs

    async def test_who_has_told_no_name_is_called_the_customer_and_others_by_name(self, waiting):
        before = next(text for text in waiting.slack.texts if "ご相談" in text)
        await waiting.customer("山田です。090-0000-0000、夕方に")

        assert "お客様のご相談" in before
        assert "山田 さんのご相談" in waiting.slack.revisions[-1]


class TestMarks:
    async def test_what_line_accepted_is_marked_as_delivered(self, taken):
        ts = await taken.operator("お調べします")

        assert [(ts, DELIVERED)] == [sign for sign in taken.slack.signs if sign[0] == ts]

    async def test_what_line_refused_is_marked_with_the_reason(self, taken):
        taken.line.down = RefusedError("LINE 400: Failed to send messages")

        ts = await taken.operator("お調べします")

        assert (ts, FAILED) in taken.slack.signs
        assert any("Failed to send" in text for text in taken.slack.texts)

    async def test_notes_and_other_peoples_words_are_marked_as_kept_inside(self, taken):
        before = len(taken.line.texts)

        first = await taken.operator("// 前にも来た方です")
        second = await taken.operator("この方、知っています", by=SUZUKI)
        third = await taken.operator("お待たせしました\n　メモ：折り返し要\nいま調べています")

        assert {(first, INSIDE), (second, INSIDE), (third, INSIDE), (third, DELIVERED)} <= set(
            taken.slack.signs
        )
        assert ["お待たせしました\nいま調べています"] == taken.line.texts[before:]

    async def test_nobodys_words_go_out_before_somebody_has_taken_it(self, waiting):
        before = len(waiting.line.texts)

        await waiting.operator("こんにちは")

        assert before == len(waiting.line.texts)


class TestFollowedUp:
    async def test_an_edit_after_the_fact_is_sent_as_a_correction(self, taken):
        ts = await taken.operator("ポートは110です")

        await taken.operator(Edited(message_id=ts, text="ポートは995です"))

        assert "訂正" in taken.line.texts[-1]
        assert "995" in taken.line.texts[-1]

    async def test_an_edit_never_sends_what_was_a_note(self, taken):
        ts = await taken.operator("// 要注意の方")
        before = len(taken.line.texts)

        await taken.operator(Edited(message_id=ts, text="要注意の方"))

        assert before == len(taken.line.texts)

    async def test_a_deleted_message_is_taken_back_in_words(self, taken):
        ts = await taken.operator("ポートは110です")

        await taken.operator(Unsent(message_id=ts))

        assert "取り消します" in taken.line.texts[-1]

    async def test_a_deleted_message_that_has_not_gone_yet_never_goes(self, taken):
        taken.line.down = QuotaExhaustedError("quota: monthly limit")
        ts = await taken.operator("まちがいです")
        await taken.operator(Unsent(message_id=ts))
        taken.line.down = None

        await taken.customer("まだですか")

        assert not any("まちがい" in text for text in taken.line.texts)

    async def test_what_has_not_gone_yet_goes_as_it_reads_after_an_edit(self, taken):
        taken.line.down = QuotaExhaustedError("quota: monthly limit")
        ts = await taken.operator("ポートは110です")
        await taken.operator(Edited(message_id=ts, text="ポートは995です"))
        taken.line.down = None

        await taken.customer("まだですか")

        assert taken.line.texts[-1] == "ポートは995です"
        assert (ts, DELIVERED) in taken.slack.signs

    async def test_what_has_not_gone_yet_may_be_made_a_note(self, taken):
        taken.line.down = QuotaExhaustedError("quota: monthly limit")
        ts = await taken.operator("要注意の方")
        await taken.operator(Edited(message_id=ts, text="// 要注意の方"))
        taken.line.down = None

        await taken.customer("まだですか")

        assert not any("要注意" in text for text in taken.line.texts)
        assert (ts, INSIDE) in taken.slack.signs

    async def test_what_a_customer_takes_back_is_blanked_at_the_desk(self, taken):
        message_id = await taken.customer("住所は見本町1-2-3です")
        assert any("見本町" in text for text in taken.slack.texts)

        await taken.customer(Unsent(message_id=message_id))

        revised = [each for each in taken.slack.handed if "取り消したメッセージ" in each.text]
        assert len(revised) == 1
        stored = await taken.store.transact(lambda records: records.chronicle.lines(an_address()))
        assert not any("見本町" in line.text for line in stored)

    async def test_a_quote_names_what_it_answers_to(self, taken):
        ts = await taken.operator("ポートは995ですか")
        relayed = await taken.store.transact(lambda records: records.chronicle.relayed(_ticket_id(taken), ts))

        await taken.customer("はい、そうです", quoted_id=relayed.copies[0])

        assert "ポートは995ですか" in taken.slack.texts[-1]
        assert "はい、そうです" in taken.slack.texts[-1]

    async def test_a_telephone_number_told_to_the_taker_stands_on_the_card(self, taken):
        await taken.operator("お電話番号をうかがえますか")

        await taken.customer("山田と申します。０９０－００００－００００です")

        contact = (await taken.ticket()).contact
        assert (contact.name, contact.phone) == ("山田", "090-0000-0000")
        assert "090-0000-0000" in taken.slack.revisions[-1]

    async def test_a_picture_sent_while_waiting_is_told_to_be_with_people(self, waiting):
        await waiting.customer(Attachment(media="image", content_id="1"))

        assert "担当者に伝えました" in waiting.line.texts[-1]
        assert "写真やファイルを送りました" in waiting.slack.texts[-1]

    async def test_stickers_come_with_their_meaning(self, taken):
        await taken.customer(Sticker(package_id="1", sticker_id="2", keywords=("ありがとう",)))

        assert "ありがとう" in taken.slack.texts[-1]

    async def test_nothing_of_a_very_long_text_is_lost(self, taken):
        before = len(taken.line.texts)
        text = "".join(f"{number}行めの説明です。" for number in range(4_000))

        ts = await taken.operator(text)

        assert text == "".join(taken.line.texts[before:])
        assert [(ts, DELIVERED)] == [sign for sign in taken.slack.signs if sign[0] == ts]

    async def test_order_is_kept_both_ways(self, taken):
        before = len(taken.line.texts)

        for number in range(5):
            await taken.operator(f"{number}番目")

        assert [f"{number}番目" for number in range(5)] == taken.line.texts[before:]


class TestFreeWays:
    async def test_the_persons_answer_uses_the_reply_that_the_bot_left_unused(self, taken):
        await taken.customer("ポートは何番ですか")

        await taken.operator("995です")
        await taken.operator("SSLもお願いします")

        first, second = taken.line.handed[-2:]
        assert first.send.handle is not None
        assert second.send.handle is None

    async def test_what_the_quota_holds_back_comes_with_the_next_free_reply(self, taken):
        taken.line.down = QuotaExhaustedError("quota: monthly limit")
        ts = await taken.operator("お調べしました")
        assert (ts, FAILED) in taken.slack.signs

        await taken.customer("どうでしょうか")

        assert "お調べしました" in taken.line.texts[-1]
        assert taken.line.handed[-1].send.handle is not None
        assert (ts, DELIVERED) in taken.slack.signs

    async def test_it_is_said_once(self, taken):
        taken.line.down = QuotaExhaustedError("quota: monthly limit")
        await taken.operator("お調べしました")
        await taken.customer("どうでしょうか")

        await taken.customer("もしもし")

        assert 1 == sum("お調べしました" in text for text in taken.line.texts)


class TestPromises:
    async def test_the_card_counts_down_what_is_left_of_the_promise(self, waiting):
        opened = [each.text for each in waiting.slack.handed if "お返事の約束" in each.text]
        await waiting.pass_time(minutes=5)
        await waiting.pass_time(minutes=6)

        assert "あと10分" in opened[0]
        assert ["あと5分" in waiting.slack.revisions[0], "過ぎています" in waiting.slack.revisions[-1]] == [
            True,
            True,
        ]

    async def test_a_restart_forgets_no_promise(self, waiting):
        after = Counter(store=waiting.store, clock=waiting.clock, library=waiting.library)

        await after.pass_time(minutes=11)
        await after.pass_time(minutes=20)

        assert ["お待ちです" in after.slack.texts[0], "まだどなたも" in after.slack.texts[-1]] == [True, True]

    async def test_the_channel_is_called_when_nobody_takes_it(self, waiting):
        await waiting.pass_time(minutes=9)
        before = len(waiting.slack.texts)

        await waiting.pass_time(minutes=2)

        [called] = waiting.slack.texts[before:]
        assert "お待ちです" in called

    async def test_people_are_called_again_and_again_until_somebody_does(self, waiting):
        for _ in range(4):
            await waiting.pass_time(minutes=31)

        assert 3 <= sum("まだどなたも" in text for text in waiting.slack.texts)

    async def test_nobody_is_called_once_it_is_taken(self, taken):
        await taken.operator("お調べします")
        before = len(taken.slack.texts)

        await taken.pass_time(minutes=60)

        assert before == len(taken.slack.texts)

    async def test_a_taker_who_does_not_answer_is_reminded_and_then_let_go(self, taken):
        await taken.operator("こんにちは")
        await taken.customer("まだ届きません")

        await taken.pass_time(minutes=16)
        assert "お返事を待っています" in taken.slack.texts[-1]
        await taken.pass_time(minutes=30)

        assert (await taken.ticket()).state is TicketState.WAITING
        assert "佐藤 さんのお返事がないため" in taken.slack.texts[-1]

    async def test_a_silent_customer_is_asked_and_then_let_go(self, taken):
        await taken.operator("直りましたでしょうか")

        await taken.pass_time(hours=24, minutes=1)
        assert "その後、いかがでしょうか" in taken.line.texts[-1]
        await taken.pass_time(hours=24, minutes=1)

        ticket = await taken.ticket()
        assert (TicketState.CLOSED, "silent") == (ticket.state, ticket.ending)
        assert "終わります" in taken.line.texts[-1]

    async def test_a_customer_who_answers_in_time_is_not_let_go(self, taken):
        await taken.operator("直りましたでしょうか")
        await taken.pass_time(hours=24, minutes=1)

        await taken.customer("まだです")
        await taken.operator("では、次を試してください")
        await taken.pass_time(hours=23)

        assert (await taken.ticket()).state is TicketState.TAKEN


class TestAfterIt:
    async def test_how_it_was_is_asked_in_the_free_reply_where_there_is_one(self, taken):
        await taken.operator("直りましたか")
        await taken.customer("直りました")
        await taken.press("ticket_close", ending="solved")

        asked = taken.line.handed[-1]
        assert "いかがでしたか" in asked.text
        assert asked.send.handle is not None

    async def test_how_it_was_is_asked_once_with_the_closing_words(self, taken):
        await taken.press("ticket_close", ending="solved", note="パスワードの打ち間違い")
        ticket = await taken.ticket()

        await taken.customer(Pressed(action="csat", value=f"{ticket.id}:5", label="とても良い"))
        await taken.customer(Pressed(action="csat", value=f"{ticket.id}:1", label="良くない"))

        after = await taken.ticket()
        assert ("solved", "パスワードの打ち間違い", 5) == (after.ending, after.note, after.csat)

    async def test_the_history_tells_it_all(self, taken):
        await taken.operator("お調べします")
        await taken.press("ticket_close", ending="solved")

        ticket = await taken.ticket()
        events = await taken.store.transact(lambda records: records.chronicle.events(ticket.id))

        assert ["opened", "taken", "answered", "closed"] == [event.kind for event in events]

    async def test_how_it_ended_can_be_told_after_it_was_closed(self, taken):
        await taken.press("ticket_close")

        await taken.press("ticket_close", ending="visit", note="火曜に伺う")

        ticket = await taken.ticket()
        assert ("visit", "火曜に伺う") == (ticket.ending, ticket.note)


class TestHelp:
    async def test_who_holds_several_customers_is_asked_whom_a_ready_made_reply_is_for(self, taken):
        first = await taken.ticket()
        await taken.pass_time(minutes=1)
        await taken.customer("担当者と話したいです", user="U-taro")
        await taken.press("ticket_take")
        before = len(taken.line.texts)

        await taken.commands("reply お待ち")
        asked = taken.slack.handed[-1].send.payload.reply.parts[0]
        chosen = next(option for option in asked.options if option.value.startswith(first.id))
        await taken.press(chosen.action, value=chosen.value)

        assert len(asked.options) == 2
        assert ["お調べしますので" in text for text in taken.line.texts[before:]] == [True]
        assert taken.line.handed[-1].target.to == first.customer.to

    async def test_a_name_that_is_none_is_answered_with_those_there_are(self, taken):
        await taken.commands("reply なにか")

        assert "お待ち" in taken.slack.texts[-1]

    async def test_a_draft_is_seen_by_the_taker_alone_until_they_send_it(self, taken):
        await taken.customer("OCNの受信ポートは何番ですか")
        before = len(taken.line.texts)

        await taken.press("ticket_draft")

        draft = taken.slack.handed[-1]
        assert (SATO, True) == (draft.send.payload.only_for, "995" in draft.text)
        assert before == len(taken.line.texts)
        ticket = await taken.ticket()
        await taken.press("ticket_draft_send", value=f"{ticket.id}:受信は995番です")
        assert "受信は995番です" == taken.line.texts[-1]

    async def test_a_command_in_anothers_thread_never_reaches_ones_own_customer(self, taken):
        other = await taken.ticket()
        await taken.customer("担当者と話したいです", user="U-taro")
        await taken.press("ticket_take", by=SUZUKI)
        before = len(taken.line.texts)

        await taken.operator(Said(text="reply はじめ", to_bot=True), by=SUZUKI, ticket=other)

        assert before == len(taken.line.texts)

    async def test_a_ready_made_reply_goes_out_with_the_customers_facts(self, taken):
        ticket = await taken.ticket()

        await taken.press("ticket_canned", value=f"{ticket.id}:はじめ")

        assert "佐藤" in taken.line.texts[-1]

    async def test_there_is_no_draft_where_the_bot_would_hand_over(self, taken):
        await taken.customer("今夜はしょうゆラーメンが食べたい")

        await taken.press("ticket_draft")

        assert "作れませんでした" in taken.slack.texts[-1]

    async def test_a_draft_that_is_not_wanted_goes_nowhere(self, taken):
        before = len(taken.line.texts)

        await taken.press("ticket_draft_drop")

        assert before == len(taken.line.texts)

    async def test_only_the_taker_gets_help(self, taken):
        ticket = await taken.ticket()
        before = len(taken.line.texts)

        for action in ("ticket_draft", "ticket_draft_send", "ticket_canned"):
            await taken.press(action, by=SUZUKI, value=f"{ticket.id}:はじめ")

        assert before == len(taken.line.texts)

    async def test_a_picture_of_the_takers_needs_a_public_address(self, taken):
        ts = await taken.shows("設定.png")

        assert (ts, FAILED) in taken.slack.signs
        assert "MADOGUCHI_PUBLIC_URL" in taken.slack.texts[-1] or "公開アドレス" in taken.slack.texts[-1]

    async def test_a_place_is_told_by_its_name(self, taken):
        await taken.customer(Attachment(media="location", content_id="1", name="見本駅"))

        assert "見本駅" in taken.slack.texts[-1]


def _ticket_id(counter):
    return next(each.send.ticket_id for each in counter.slack.handed if each.send.ticket_id)
