"""One day in a shop with two operators and five customers, over both platforms' stand-ins.

Morning: Hanako and Taro ask for people; both operators reach for Hanako at once. Noon: the service is restarted in the
middle of their talks. Afternoon: Ichiro takes a message back, the month's pushes run out, Jiro cancels, and Umeko gets by
without anybody. Evening: everything is closed, everybody has read what was meant for them, and nothing else.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace

import aiohttp

from tests.flows.at_the_desk import Desk, gets, read_by
from tests.flows.conftest import Shop, serving, settings_for

HANAKO, TARO, ICHIRO, JIRO, UMEKO = ("U" + digit * 32 for digit in "12345")
SATO, SUZUKI = "USATO", "USUZUKI"


async def test_a_day_at_the_desk(line, slack, tmp_path):
    settings = settings_for(line, slack, tmp_path)
    async with aiohttp.ClientSession() as http:
        shop = Shop(line=line, slack=slack, settings=settings, http=http)
        desk = Desk(shop=shop)
        async with serving(settings) as shop.url:
            hanako, taro = await the_morning(shop, desk)
        async with serving(settings) as shop.url:
            await the_noon(shop, desk, hanako, taro)
            ichiro, jiro = await the_afternoon(shop, desk, hanako)
            await the_evening(shop, desk, hanako, taro, ichiro)
    nobody_fell_out(shop, desk, hanako, taro, ichiro, jiro)


async def the_morning(shop, desk):
    """Hanako and Taro ask for a person. Both operators press 対応する on Hanako's card: one wins."""
    await asks_for_a_person(shop, HANAKO, "OCNのメールが届きません")
    hanako = await desk.card(1)
    await asks_for_a_person(shop, TARO, "ぷららで送信できません")
    taro = await desk.card(2)
    offered = replace(hanako, blocks=list(hanako.blocks))

    await asyncio.gather(
        desk.presses(SATO, "ticket_take", offered), desk.presses(SUZUKI, "ticket_take", offered)
    )
    await desk.reads("さんが対応します", hanako)
    await shop.slack.until(lambda: loser_is(shop, SATO) or loser_is(shop, SUZUKI))
    assert 1 == desk.thread(hanako).count("さんが対応します")

    await shop.slack.until(lambda: has_button(hanako, "ticket_release"))
    if loser_is(shop, SATO):  # the story goes on with Sato
        await desk.presses(SUZUKI, "ticket_release", hanako)
        await shop.slack.until(lambda: has_button(hanako, "ticket_take"))
        await desk.takes(SATO, hanako)
    await desk.takes(SUZUKI, taro)

    said = await desk.writes(SATO, "おはようございます。受信ポートはいくつになっていますか", hanako)
    await desk.writes(SUZUKI, "この方は先月も来ました", hanako)
    await desk.writes(SATO, "// パスワード間違いかも", hanako)
    await desk.marked(said, "white_check_mark")
    return hanako, taro


async def the_noon(shop, desk, hanako, taro):
    """After a restart the talks go on where they stood: same threads, same takers."""
    await shop.customer("110になっています", user=HANAKO)
    await desk.reads("110になっています", hanako)
    said = await desk.writes(SATO, "995に直してみてください", hanako)
    await desk.marked(said, "white_check_mark")

    others = await desk.writes(SATO, "鈴木さん、587では", taro)
    own = await desk.writes(SUZUKI, "送信ポートは465です", taro)
    await desk.marked(own, "white_check_mark")
    await desk.marked(others, "spiral_note_pad")


async def the_afternoon(shop, desk, hanako):
    """Ichiro takes a message back; the pushes run out; Jiro no longer needs anybody; Umeko never did."""
    await asks_for_a_person(shop, ICHIRO, "エラーが出ます")
    ichiro = await desk.card(3)
    await desk.takes(SUZUKI, ichiro)
    body = shop.line.event_body("住所は見本町1-2-3です", user=ICHIRO)
    await shop.webhook(body)
    await desk.reads("見本町1-2-3", ichiro)
    await shop.webhook(
        shop.line.event_body(type="unsend", unsend={"messageId": message_id(body)}, user=ICHIRO)
    )
    await shop.slack.until(lambda: "見本町" not in desk.thread(ichiro) + ichiro.shown)

    shop.line.quota = 0
    late = await desk.writes(SATO, "その後どうですか", hanako)
    await desk.marked(late, "warning")
    await desk.reads("今月のプッシュの上限", hanako)
    await shop.customer("届きました。ありがとうございます", user=HANAKO)
    await gets(shop, HANAKO, "その後どうですか")
    await desk.marked(late, "white_check_mark")

    await asks_for_a_person(shop, JIRO, "Gmailが受信できません")
    jiro = await desk.card(4)
    await shop.customer("もう大丈夫です", user=JIRO)
    await gets(shop, JIRO, "取り消しました")

    await shop.customer("OCNの受信ポートは？", user=UMEKO)
    await gets(shop, UMEKO, "995")
    return ichiro, jiro


async def the_evening(shop, desk, hanako, taro, ichiro):
    """A new month begins early: pushes work again, and everything is closed."""
    shop.line.quota = None
    for who, card, user in ((SATO, hanako, HANAKO), (SUZUKI, taro, TARO), (SUZUKI, ichiro, ICHIRO)):
        await desk.presses(who, "ticket_close", card)
        await gets(shop, user, "やりとりを終わります")
        await shop.slack.until(lambda card=card: card.buttons == [])
    await shop.tap("とても良い", user=ICHIRO)
    await gets(shop, ICHIRO, "お答えありがとうございます")


def nobody_fell_out(shop, desk, *cards):
    """What everybody has read in the end."""
    hanako = read_by(shop, HANAKO)
    assert [hanako.count(words) for words in ("おはようございます", "995に直して", "その後どうですか")] == [
        1,
        1,
        1,
    ]
    everybody = "\n".join(read_by(shop, user) for user in (HANAKO, TARO, ICHIRO, JIRO, UMEKO))
    for inside in ("先月も", "間違いかも", "587では"):
        assert inside not in everybody
    assert "465です" in read_by(shop, TARO)
    assert "465です" not in read_by(shop, HANAKO)
    assert [card.buttons for card in cards] == [[], [], [], []]
    assert len(desk.cards()) == 4
    assert shop.slack.complaints == []
    stored = b"".join(path.read_bytes() for path in shop.settings.madoguchi_data_dir.glob("*.sqlite3"))
    assert "見本町1-2-3".encode() not in stored


async def asks_for_a_person(shop, user, trouble):
    await shop.customer(trouble, user=user)
    await shop.customer("担当者と話したいです", user=user)
    await gets(shop, user, "担当者に")


def has_button(card, action):
    return any(button["action_id"] == action for button in card.buttons)


def loser_is(shop, user):
    """Whether *user* was told alone that somebody else has it."""
    return any(each.get("user") == user for each in shop.slack.ephemerals)


def message_id(body):
    import json

    return json.loads(body)["events"][0]["message"]["id"]
