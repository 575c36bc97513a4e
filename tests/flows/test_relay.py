"""The hand-off: from the LINE customer into a Slack thread and back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.fakes.slack import Accepted, Hang, Status
from tests.flows.conftest import DESK


@pytest.fixture(name="ticket")
async def _ticket(shop):
    """A customer has asked for a person; the card stands at the desk."""
    await shop.customer("OCNのメールが届きません")
    await shop.line.wait_for(1)
    await shop.customer("担当者と話したいです")
    await shop.line.wait_for(2)
    await shop.slack.until(lambda: bool(shop.slack.posts))
    return replace(shop.slack.posts[0])


def _press(shop, card, action, user="UOPERATOR"):
    value = next(button["value"] for button in card.buttons if button["action_id"] == action)
    return shop.slack.press(action, value, post=card, user=user)


async def test_a_wish_for_a_person_puts_a_card_with_the_talk_on_the_desk(shop, ticket):
    assert ticket.channel == DESK
    assert "OCN" in ticket.shown
    assert "OCNのメールが届きません" in ticket.shown
    assert {button["action_id"] for button in ticket.buttons} >= {"ticket_take", "ticket_close"}


async def test_the_takers_words_reach_the_customer_and_the_customers_words_the_thread(shop, ticket):
    before = len(shop.line.sent)
    await shop.slack_sends(_press(shop, ticket, "ticket_take"))
    await shop.line.wait_for(before + 1)

    await shop.slack_sends(
        shop.slack.says("お電話番号をうかがえますか", channel=DESK, user="UOPERATOR", thread_ts=ticket.ts)
    )
    await shop.line.wait_for(before + 2)
    await shop.customer("OCNの受信ポートは995ですか")
    await shop.slack.until(lambda: any("995ですか" in post.shown for post in shop.slack.posts))

    assert "お電話番号をうかがえますか" in await shop.answer(before + 2)
    relayed = next(post for post in shop.slack.posts if "995ですか" in post.shown)
    assert (relayed.channel, relayed.thread) == (DESK, ticket.ts)
    assert len(shop.line.sent) == before + 2  # the bot keeps silent while a person talks


async def test_words_of_others_and_memos_stay_inside(shop, ticket):
    before = len(shop.line.sent)
    await shop.slack_sends(_press(shop, ticket, "ticket_take"))
    await shop.line.wait_for(before + 1)

    for user, text in [
        ("UOTHER", "この人は前にも来た"),
        ("UOPERATOR", "// 要注意"),
        ("UOPERATOR", "メモ 折り返し"),
    ]:
        await shop.slack_sends(shop.slack.says(text, channel=DESK, user=user, thread_ts=ticket.ts))
    await shop.slack_sends(
        shop.slack.says("お待たせしました", channel=DESK, user="UOPERATOR", thread_ts=ticket.ts)
    )
    await shop.line.wait_for(before + 2)

    heard = "\n".join(text for sent in shop.line.sent for text in sent.texts)
    assert "お待たせしました" in heard
    assert not any(word in heard for word in ("前にも来た", "要注意", "折り返し"))


async def test_closing_gives_the_customer_back_to_the_bot(shop, ticket):
    before = len(shop.line.sent)
    await shop.slack_sends(_press(shop, ticket, "ticket_take"))
    await shop.line.wait_for(before + 1)

    await shop.slack_sends(_press(shop, ticket, "ticket_close"))
    await shop.line.wait_for(before + 2)
    await shop.customer("ぷららの送信ポートは？")
    await shop.line.wait_for(before + 3)

    assert "secure.plala.or.jp" in await shop.answer(before + 3) or "ぷらら" in await shop.answer(before + 3)
    await shop.slack.until(lambda: any(post.ts == ticket.ts for post in shop.slack.updates))


async def test_the_second_operator_is_told_who_has_it(shop, ticket):
    await shop.slack_sends(_press(shop, ticket, "ticket_take", user="UFIRST"))
    await shop.slack.until(lambda: bool(shop.slack.updates))

    await shop.slack_sends(_press(shop, ticket, "ticket_take", user="USECOND"))
    await shop.slack.until(lambda: bool(shop.slack.ephemerals) or bool(shop.slack.responses))

    told = str(shop.slack.ephemerals) + str(shop.slack.responses)
    assert "UFIRST" in told or "taro" in told


async def test_a_password_typed_during_a_hand_off_is_not_relayed(shop, ticket):
    await shop.customer("パスワードは Himitsu-0000 です")
    await shop.slack.until(lambda: len([p for p in shop.slack.posts if p.thread == ticket.ts]) >= 1)

    everything = str(shop.slack.posts) + str(shop.slack.updates)
    assert "Himitsu-0000" not in everything


async def test_the_takers_words_reach_the_customer_while_slacks_answer_to_the_card_is_awaited(shop):
    shop.slack.fail("chat.postMessage", Accepted(then=Hang()))
    await shop.customer("担当者と話したいです")
    await shop.line.wait_for(1)
    await shop.slack.until(lambda: bool(shop.slack.posts))
    card = replace(shop.slack.posts[0])

    await shop.slack_sends(_press(shop, card, "ticket_take"))
    await shop.line.wait_for(2)
    await shop.slack_sends(
        shop.slack.says("お電話番号をうかがえますか", channel=DESK, user="UOPERATOR", thread_ts=card.ts)
    )

    assert "お電話番号をうかがえますか" in await shop.answer(3)


async def test_words_under_a_card_come_again_when_slack_cannot_say_yet_what_began_their_thread(shop):
    shop.slack.fail("chat.postMessage", Accepted(then=Hang()))
    shop.slack.fail("conversations.replies", Status(503))
    await shop.customer("担当者と話したいです")
    await shop.slack.until(lambda: bool(shop.slack.posts))
    card = replace(shop.slack.posts[0])
    await shop.slack_sends(_press(shop, card, "ticket_take"))
    words = shop.slack.says("少しお待ちください", channel=DESK, user="UOPERATOR", thread_ts=card.ts)

    statuses = [await shop.delivered(words), await shop.delivered(words)]

    assert statuses == [500, 200]
    assert "少しお待ちください" in await shop.answer(3)
