"""A customer on LINE, from the signed webhook to what LINE accepts."""

from __future__ import annotations

import base64

from tests.fakes.line import USER, Fault


async def test_a_customer_gets_the_settings_of_the_provider_in_the_free_reply(shop):
    await shop.customer("OCNのメールの設定を教えてください")

    answer = await shop.answer(1)

    assert "pop.ocn.ne.jp" in answer
    assert "995" in answer
    assert "465" in answer
    assert len(shop.line.replies) == 1
    assert shop.line.pushes == []


async def test_a_talk_with_buttons_leads_from_the_symptom_to_the_steps_of_the_mail_program(shop):
    await shop.customer("昨日からメールが来ません")
    await shop.line.wait_for(1)
    await shop.tap("OCN")
    await shop.line.wait_for(2)
    await shop.tap("Outlook")

    assert "プロバイダ" in await shop.answer(1)
    assert "995" in await shop.answer(2)
    assert "ファイル" in await shop.answer(3)
    assert [sent.to for sent in shop.line.sent] == [USER] * 3


async def test_two_customers_do_not_share_what_they_told(shop):
    await shop.customer("昨日からメールが来ません", user="U-hanako")
    await shop.line.wait_for(1)
    await shop.customer("ぷららのメールの設定", user="U-taro")
    await shop.line.wait_for(2)
    await shop.customer("OCNです", user="U-hanako")

    answer = await shop.answer(3)

    assert "995" in answer
    assert "plala" not in answer.lower()


async def test_a_second_delivery_of_the_same_event_changes_nothing(shop):
    body = shop.line.event_body("OCNの受信ポートは？")
    await shop.webhook(body)
    await shop.line.wait_for(1)

    status = await shop.webhook(shop.line.redelivered(body))
    await shop.customer("ありがとう")
    await shop.line.wait_for(2)

    assert status == 200
    assert len(shop.line.sent) == 2


async def test_a_wrong_signature_is_refused_and_nothing_happens(shop):
    body = shop.line.event_body("OCNの受信ポートは？")
    wrong = {"x-line-signature": base64.b64encode(b"0" * 32).decode()}

    statuses = [await shop.webhook(body, wrong), await shop.webhook(body, {})]
    await shop.customer("OCNの受信ポートは？", user="U-other")
    sent = await shop.line.wait_for(1)

    assert statuses == [401, 401]
    assert [each.to for each in sent] == ["U-other"]


async def test_the_verify_button_is_answered(shop):
    assert await shop.webhook(shop.line.body()) == 200


async def test_odd_input_never_makes_a_server_error(shop):
    odd = [
        "",
        " ",
        "😀😀",
        "\x00\x1b[31m",
        "あ" * 10_000,
        "{{{%s}}}",
        "'; DROP TABLE conversations;--",
        "\u202e逆",
    ]

    statuses = [await shop.customer(text, user=f"U-{number}") for number, text in enumerate(odd)]
    await shop.customer("OCNの受信ポートは？", user="U-last")
    while "U-last" not in {sent.to for sent in shop.line.sent}:
        await shop.line.wait_for(len(shop.line.sent) + 1)

    assert statuses == [200] * len(odd)


async def test_every_other_event_type_is_acknowledged(shop):
    kinds = [
        {"type": "follow"},
        {"type": "unfollow"},
        {"type": "join", "source": {"type": "group", "groupId": "G1"}},
        {"type": "leave", "source": {"type": "group", "groupId": "G1"}},
        {"type": "message", "message": {"type": "sticker", "id": "1", "packageId": "1", "stickerId": "2"}},
        {
            "type": "message",
            "message": {"type": "image", "id": "2", "contentProvider": {"type": "line"}},
        },
        {"type": "unsend", "unsend": {"messageId": "1"}},
        {"type": "beacon", "beacon": {"hwid": "1", "type": "enter"}},
        {"type": "something_new_in_2030"},
        {"type": "message", "message": {"type": "hologram", "id": "3"}},
    ]

    statuses = [await shop.webhook(shop.line.event_body(**kind)) for kind in kinds]

    assert statuses == [200] * len(kinds)


async def test_a_standby_channel_keeps_silent(shop):
    await shop.customer("OCNの受信ポートは？", mode="standby")
    await shop.customer("OCNの受信ポートは？", user="U-active")

    sent = await shop.line.wait_for(1)

    assert [each.to for each in sent] == ["U-active"]


async def test_in_a_group_only_what_is_meant_for_the_bot_is_answered(shop):
    await shop.customer("OCNの受信ポートは？", group="G1")
    await shop.customer("窓口 OCNの受信ポートは？", group="G1")

    answer = await shop.answer(1)

    assert "995" in answer
    assert [sent.to for sent in shop.line.sent] == ["G1"]


async def test_a_reply_that_gets_no_answer_is_said_once(shop):
    shop.line.fail("reply", Fault.ACCEPTED_ERROR)

    await shop.customer("OCNの受信ポートは？")
    await shop.line.wait_for(1)
    await shop.customer("ありがとう")
    await shop.line.wait_for(2)

    assert len(shop.line.sent) == 2


async def test_a_password_is_neither_answered_back_nor_stored_nor_passed_on(shop):
    await shop.customer("OCNです。パスワードは Himitsu-0000 です。合ってますか")

    answer = await shop.answer(1)
    stored = b"".join(
        path.read_bytes() for path in shop.settings.madoguchi_data_dir.glob("madoguchi.sqlite3*")
    )

    assert "Himitsu-0000" not in answer
    assert b"Himitsu-0000" not in stored
    assert "パスワード" in answer


async def test_the_service_tells_that_it_is_alive_and_ready(shop):
    alive, ready = await shop.get("/healthz"), await shop.get("/readyz")

    assert alive[0] == 200
    assert ready[0] == 200
