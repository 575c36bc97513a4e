"""The desk over real HTTP: marks, forms, pictures both ways, App Home, and a colleague as the customer."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from tests.fakes.line import Fault
from tests.fakes.slack import Post, Refused
from tests.flows.at_the_desk import Desk, gets, read_by
from tests.flows.conftest import DESK, Shop, serving, settings_for

HANAKO = "U" + "1" * 32
SATO, SUZUKI = "USATO", "USUZUKI"


@pytest.fixture(name="shop")
async def _shop(line, slack, tmp_path):
    settings = settings_for(line, slack, tmp_path, madoguchi_public_url="https://shop.example")
    async with serving(settings) as url, aiohttp.ClientSession() as http:
        yield Shop(line=line, slack=slack, settings=settings, url=url, http=http)


@pytest.fixture(name="desk")
def _desk(shop):
    return Desk(shop=shop)


@pytest.fixture(name="card")
async def _card(shop, desk):
    """Hanako has asked for a person, and Sato has taken her ticket."""
    await shop.customer("OCNのメールが届きません", user=HANAKO)
    await shop.line.wait_for(1)
    await shop.customer("担当者と話したいです", user=HANAKO)
    card = await desk.card()
    await desk.takes(SATO, card)
    await gets(shop, HANAKO, "担当者がお答えします")
    return card


async def test_the_takers_words_are_marked_when_they_arrive(desk, shop, card):
    said = await desk.writes(SATO, "お調べします", card)
    note = await desk.writes(SUZUKI, "前にも来た方です", card)

    await desk.marked(said, "white_check_mark")
    await desk.marked(note, "spiral_note_pad")
    assert "お調べします" in read_by(shop, HANAKO)
    assert "前にも来た" not in read_by(shop, HANAKO)


async def writes_while_the_first_is_refused(texts, desk, shop, card):
    """LINE asks for so many seconds that all lines are there by then, and those after the first wait for one another."""
    shop.line.fail("push", Fault.RATE)
    first = await desk.writes(SATO, texts[0], card)
    await shop.line.spoilt("push")
    return [first, *[await desk.writes(SATO, text, card) for text in texts[1:]]]


async def test_lines_typed_quickly_leave_in_one_push_and_keep_their_own_signs_and_quotes(desk, shop, card):
    before = len(shop.line.pushes)
    texts = ["お待たせしました", "受信は995です", "送信は465です", "どちらもSSLです"]

    said = await writes_while_the_first_is_refused(texts, desk, shop, card)
    for each in said:
        await desk.marked(each, "white_check_mark")
    _, together = shop.line.pushes[before:]
    quoted = together.ids[together.texts.index("送信は465です")]
    question = {"type": "text", "id": "881", "text": "こちらもですか", "quotedMessageId": quoted}
    await shop.customer(None, message=question, user=HANAKO)

    assert [push.texts for push in shop.line.pushes[before:]] == [texts[:1], texts[1:]]
    await desk.reads("「送信は465です」への返信", card)


async def test_lines_that_the_quota_holds_back_together_are_given_one_reason(desk, shop, card):
    shop.line.quota = 0

    said = await writes_while_the_first_is_refused(
        ["一つ目です", "二つ目です", "三つ目です"], desk, shop, card
    )
    for each in said:
        await desk.marked(each, "warning")
    await shop.customer("どうでしょうか", user=HANAKO)
    for each in said:
        await desk.marked(each, "white_check_mark")

    assert desk.thread(card).count("まだ届いていません") == 2
    assert [read_by(shop, HANAKO).count(text) for text in ("一つ目です", "二つ目です", "三つ目です")] == [
        1,
        1,
        1,
    ]


async def test_edits_and_deletions_are_followed_up(desk, shop, card):
    said = await desk.writes(SATO, "ポートは110です", card)
    await desk.marked(said, "white_check_mark")

    await shop.slack_sends(shop.slack.changes(said, "ポートは995です"))
    await gets(shop, HANAKO, "訂正いたします")
    await shop.slack_sends(shop.slack.deletes(said))

    await gets(shop, HANAKO, "取り消します")


async def test_closing_asks_how_it_ended_and_the_card_shows_it(desk, shop, card):
    await desk.presses(SATO, "ticket_close", card)
    await gets(shop, HANAKO, "やりとりを終わります")
    await shop.slack.until(lambda: bool(shop.slack.views))
    view = shop.slack.views[-1]["view"]

    await shop.slack_sends(shop.slack.submit(view, user=SATO, ending="visit", note="火曜に伺う"))

    await shop.slack.until(lambda: "火曜に伺う" in card.shown)
    assert "訪問を予約" in card.shown
    assert card.buttons == []
    assert "火曜" not in read_by(shop, HANAKO)
    assert shop.slack.complaints == []


async def test_it_is_closed_also_where_no_form_can_be_shown(desk, shop, card):
    shop.slack.fail("views.open", Refused("expired_trigger_id"))

    await desk.presses(SATO, "ticket_close", card)

    await gets(shop, HANAKO, "やりとりを終わります")


async def test_the_taker_hands_over_by_name(desk, shop, card):
    shop.slack.users[SUZUKI] = {"id": SUZUKI, "profile": {"display_name": "鈴木"}}
    await desk.presses(SATO, "ticket_transfer", card)
    await shop.slack.until(lambda: bool(shop.slack.views))

    await shop.slack_sends(shop.slack.submit(shop.slack.views[-1]["view"], user=SATO, to=SUZUKI))
    await desk.reads("鈴木 さんが引き継ぎました", card)
    said = await desk.writes(SUZUKI, "鈴木です。続けます", card)

    await desk.marked(said, "white_check_mark")
    assert any(f"<@{SUZUKI}>" in post.shown for post in shop.slack.posts if post.thread == card.ts)


async def test_a_customers_picture_is_shown_in_the_thread(desk, shop, card):
    shop.line.contents["777"] = (b"\x89PNG picture", "image/png")

    await shop.customer(
        None, message={"type": "image", "id": "777", "contentProvider": {"type": "line"}}, user=HANAKO
    )
    await shop.slack.until(lambda: bool(shop.slack.uploads) and bool(shop.slack.uploads[0]["channel"]))

    [upload] = shop.slack.uploads
    assert (upload["content"], upload["channel"], upload["thread"]) == (b"\x89PNG picture", DESK, card.ts)
    assert upload["name"].endswith(".png")


async def test_a_picture_that_is_taken_back_is_gone_from_the_thread_too(desk, shop, card):
    shop.line.contents["778"] = (b"\x89PNG private", "image/png")
    picture = {"type": "image", "id": "778", "contentProvider": {"type": "line"}}
    await shop.customer(None, message=picture, user=HANAKO)
    await shop.slack.until(lambda: bool(shop.slack.uploads) and bool(shop.slack.uploads[0]["channel"]))

    await shop.webhook(shop.line.event_body(type="unsend", unsend={"messageId": "778"}, user=HANAKO))

    await shop.slack.until(lambda: shop.slack.uploads == [])
    await desk.reads("取り消したメッセージ", card)


async def test_a_picture_that_line_no_longer_has_leaves_a_sign(desk, shop, card):
    picture = {"type": "image", "id": "779", "contentProvider": {"type": "line"}}

    await shop.customer(None, message=picture, user=HANAKO)

    await shop.slack.until(lambda: any("warning" in post.reactions for post in shop.slack.posts))


async def test_an_operators_picture_is_shown_to_the_customer_by_a_link_of_its_own(desk, shop, card):
    shop.slack.shared["FPIC"] = {"name": "設定.png", "mimetype": "image/png", "content": b"picture"}
    file = {"id": "FPIC", "name": "設定.png", "mimetype": "image/png"}

    said = await desk.writes(SATO, "", card, subtype="file_share", files=[file])
    await desk.marked(said, "white_check_mark")

    [picture] = shop.line.sent[-1].messages
    assert picture["originalContentUrl"].startswith("https://shop.example/media/")
    whole = await _fetched(shop, picture["originalContentUrl"])
    small = await _fetched(shop, picture["previewImageUrl"])
    assert (whole, small) == ((200, b"picture"), (200, b"small picture"))


async def test_a_link_that_was_changed_opens_nothing(desk, shop, card):
    shop.slack.shared["FPIC"] = {"name": "a.png", "mimetype": "image/png", "content": b"picture"}
    file = {"id": "FPIC", "name": "a.png", "mimetype": "image/png"}
    said = await desk.writes(SATO, "", card, subtype="file_share", files=[file])
    await desk.marked(said, "white_check_mark")
    address = shop.line.sent[-1].messages[0]["originalContentUrl"]

    changed = [
        address[:-2],
        address.replace("/media/", "/media/A"),
        f"{address}AA",
        "https://shop.example/media/x",
    ]

    assert [(await _fetched(shop, one))[0] for one in changed] == [404] * 4


async def _fetched(shop, address):
    async with shop.http.get(address.replace("https://shop.example", shop.url)) as answer:
        return answer.status, await answer.read()


async def _home(shop, user):
    """What *user* sees who opens the home just now."""
    before = len(shop.slack.views)
    await shop.slack_sends(
        shop.slack.event({"type": "app_home_opened", "user": user, "tab": "home", "channel": "D1"})
    )
    await shop.slack.until(lambda: len(shop.slack.views) > before)
    return str(shop.slack.views[-1]["view"])


async def test_the_home_of_an_operator_shows_what_is_theirs(desk, shop, card):
    shown = await _home(shop, SATO)

    assert "自分が対応中" in shown
    assert "担当者をご希望" in shown
    assert "取り次ぎ：1" in shown
    assert shop.slack.complaints == []


async def test_the_months_pushes_stand_on_the_home_soon_after_the_start(line, slack, tmp_path):
    line.quota = 200
    settings = settings_for(line, slack, tmp_path)
    async with serving(settings) as url, aiohttp.ClientSession() as http, asyncio.timeout(60):
        shop = Shop(line=line, slack=slack, settings=settings, url=url, http=http)
        while "0 / 200 通（残り 200 通）" not in await _home(shop, SATO):
            pass


async def test_a_phone_call_is_taken_in_by_a_form(desk, shop):
    await shop.slack_sends(shop.slack.command("受付", channel=DESK, user=SATO))
    view = shop.slack.views[-1]["view"]

    wrong = await _answer(shop, shop.slack.submit(view, user=SATO, name="山本", phone="12"))
    await shop.slack_sends(
        shop.slack.submit(view, user=SATO, name="山本", phone="049-200-0000", computers="2")
    )
    card = await desk.card()

    assert "phone" in wrong["errors"]
    assert "山本" in card.shown
    assert "049-200-0000" in card.shown
    assert shop.line.sent == []


async def _answer(shop, request):
    async with shop.http.post(
        f"{shop.url}/slack/events", data=request.body, headers=request.headers
    ) as answer:
        return await answer.json()


async def test_a_ready_made_reply_is_sent_by_command(desk, shop, card):
    await shop.slack_sends(shop.slack.command("reply お待ち", channel=DESK, user=SATO))

    await gets(shop, HANAKO, "お調べしますので、少しお待ちください")


async def test_a_command_for_another_ones_customer_sends_nothing(desk, shop, card):
    before = len(shop.line.sent)

    await shop.slack_sends(shop.slack.command("reply お待ち", channel=DESK, user=SUZUKI))
    await shop.slack.until(lambda: bool(shop.slack.responses) or bool(shop.slack.ephemerals))

    assert before == len(shop.line.sent)
    assert "対応中のお客様がいません" in str(shop.slack.responses) + str(shop.slack.ephemerals)


async def test_a_colleague_in_slack_is_a_customer_like_any_other(desk, shop):
    await shop.slack_sends(
        shop.slack.direct_message("OCNのメールが届きません", user="UMORI", channel="DMORI")
    )
    await shop.slack.until(lambda: any(post.channel == "DMORI" for post in shop.slack.posts))
    await shop.slack_sends(shop.slack.direct_message("担当者と話したいです", user="UMORI", channel="DMORI"))
    card = await desk.card()
    await desk.takes(SATO, card)

    said = await desk.writes(SATO, "席に伺います", card)
    await desk.marked(said, "white_check_mark")
    await shop.slack_sends(shop.slack.direct_message("お願いします", user="UMORI", channel="DMORI"))

    await desk.reads("お願いします", card)
    told = [post.shown for post in shop.slack.posts if post.channel == "DMORI"]
    assert any("席に伺います" in text for text in told)


async def test_a_draft_is_edited_before_it_is_sent(desk, shop, card):
    await shop.customer("OCNの受信ポートは何番ですか", user=HANAKO)
    await desk.reads("何番ですか", card)
    await desk.presses(SATO, "ticket_draft", card)
    await shop.slack.until(lambda: bool(shop.slack.responses) or bool(shop.slack.ephemerals))
    shown = [*shop.slack.responses, *shop.slack.ephemerals][-1]
    value = next(
        button["value"]
        for block in shown["blocks"]
        for button in block.get("elements", [])
        if button.get("action_id") == "ticket_draft_edit"
    )
    post = Post(channel=DESK, ts=shop.slack.new_ts())
    await shop.slack_sends(shop.slack.press("ticket_draft_edit", value, post=post, user=SATO, ephemeral=True))
    await shop.slack.until(lambda: bool(shop.slack.views))
    view = shop.slack.views[-1]["view"]
    offered = view["blocks"][0]["element"]["initial_value"]

    await shop.slack_sends(shop.slack.submit(view, user=SATO, text="受信は995番です。"))
    await gets(shop, HANAKO, "受信は995番です。")

    assert "995" in offered
    assert offered not in read_by(shop, HANAKO)
    await desk.reads("お客様に送りました", card)


async def test_what_a_colleague_rewrites_and_deletes_is_followed_up_at_the_desk(desk, shop):
    await shop.slack_sends(shop.slack.direct_message("担当者と話したいです", user="UMORI", channel="DMORI"))
    card = await desk.card()
    await desk.takes(SATO, card)
    said = shop.slack.someone_says("DMORI", "内線は12です", user="UMORI")
    await shop.slack_sends(
        shop.slack.direct_message("内線は12です", user="UMORI", channel="DMORI", ts=said.ts)
    )
    await desk.reads("内線は12です", card)

    await shop.slack_sends(shop.slack.changes(said, "内線は34です"))
    await desk.reads("内線は34です", card)
    await desk.reads("書き直しました", card)
    assert "内線は12です" not in desk.thread(card)

    await shop.slack_sends(shop.slack.deletes(said))
    await desk.reads("取り消しました", card)
    assert "内線" not in desk.thread(card)


async def test_a_colleague_says_how_it_was(desk, shop):
    await shop.slack_sends(shop.slack.direct_message("担当者と話したいです", user="UMORI", channel="DMORI"))
    card = await desk.card()
    await desk.takes(SATO, card)
    await desk.presses(SATO, "ticket_close", card)
    await shop.slack.until(lambda: bool(_asked(shop, "DMORI")))
    (asked,) = _asked(shop, "DMORI")
    best = asked.buttons[0]

    await shop.slack_sends(
        shop.slack.press(best["action_id"], best["value"], post=asked, user="UMORI", label="とても良い")
    )

    await desk.reads("評価：5", card)


def _asked(shop, channel):
    """The messages there that have buttons."""
    return [post for post in shop.slack.posts if post.channel == channel and post.buttons]


async def test_pictures_pass_between_a_colleague_and_the_desk(desk, shop):
    shop.slack.shared["FASKED"] = {"name": "画面.png", "mimetype": "image/png", "content": b"their screen"}
    shop.slack.shared["FTOLD"] = {"name": "答え.png", "mimetype": "image/png", "content": b"the answer"}
    await shop.slack_sends(shop.slack.direct_message("担当者と話したいです", user="UMORI", channel="DMORI"))
    card = await desk.card()
    await desk.takes(SATO, card)

    asked = {"id": "FASKED", "name": "画面.png", "mimetype": "image/png"}
    await shop.slack_sends(
        shop.slack.direct_message("", user="UMORI", channel="DMORI", subtype="file_share", files=[asked])
    )
    told = {"id": "FTOLD", "name": "答え.png", "mimetype": "image/png"}
    said = await desk.writes(SATO, "", card, subtype="file_share", files=[told])
    await desk.marked(said, "white_check_mark")
    await shop.slack.until(lambda: len([one for one in shop.slack.uploads if one["channel"]]) == 2)

    shown = {(one["content"], one["channel"]) for one in shop.slack.uploads}
    assert shown == {(b"their screen", DESK), (b"the answer", "DMORI")}


async def test_who_asks_by_command_talks_with_people_in_the_direct_messages(desk, shop):
    shop.slack.users["UMORI"] = {"id": "UMORI", "profile": {"display_name": "森"}}
    shop.slack.not_member.add("CELSEWHERE")
    await shop.slack_sends(shop.slack.command("OCNのメールが届きません", channel="CELSEWHERE", user="UMORI"))
    await shop.slack.until(lambda: bool(shop.slack.responses))
    answer = Post(channel="CELSEWHERE", ts=shop.slack.new_ts())

    await shop.slack_sends(
        shop.slack.press("say:1", "担当者と話したいです", post=answer, user="UMORI", ephemeral=True)
    )
    card = await desk.card()
    await desk.takes(SATO, card)
    said = await desk.writes(SATO, "席に伺います", card)
    await desk.marked(said, "white_check_mark")
    await shop.slack_sends(shop.slack.direct_message("お願いします", user="UMORI", channel="DMORI"))
    await desk.reads("森：お願いします", card)
    await shop.slack_sends(shop.slack.command("何時ごろですか", channel="CELSEWHERE", user="UMORI"))
    await desk.reads("森：何時ごろですか", card)

    await shop.slack.until(lambda: "担当者に伝えました" in str(shop.slack.responses[-1]))
    assert "担当者に取り次ぎました" in str(shop.slack.responses)
    told = [post.shown for post in shop.slack.posts if post.channel == "DMORI"]
    assert "このダイレクトメッセージに届きます" in told[0]
    assert told[-1] == "席に伺います"
    assert "森 さんのご相談" in card.shown


async def test_the_card_bears_the_customers_name_and_picture(desk, shop):
    shop.line.profiles[HANAKO] = {"displayName": "花子", "pictureUrl": "https://profile.example/hanako.png"}
    await shop.customer("担当者と話したいです", user=HANAKO)
    card = await desk.card()

    await shop.slack.until(lambda: "花子" in card.shown)

    assert "https://profile.example/hanako.png" in str(card.blocks)
