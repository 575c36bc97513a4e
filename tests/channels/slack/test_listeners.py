"""What is heard, over real HTTP with signed requests through bolt."""

from __future__ import annotations

import json
import logging
import time
from typing import TYPE_CHECKING

import pytest

from bot.core.messages import Address, Attachment, Channel, Edited, Pressed, Said, Speaker, Unsent
from bot.errors import StoreError
from tests.fakes.slack import Refused, Status

if TYPE_CHECKING:
    from tests.channels.slack.conftest import Door, Ear, FixedClock
    from tests.fakes.slack import FakeSlack


def slack_address(to: str, thread: str = "") -> Address:
    return Address(channel=Channel.SLACK, to=to, thread=thread, team="T1")


async def test_a_mention_is_heard_without_the_mention_and_answered_in_its_thread(
    slack: FakeSlack, door: Door, ear: Ear
) -> None:
    status = await door.post(slack.mention("OCN &lt;受信&gt;ポート", ts="1767000000.000100"))

    (utterance,) = ear.heard
    assert status == 200
    assert utterance.content == Said(text="OCN <受信>ポート", to_bot=True)
    assert utterance.address == slack_address("C1", "1767000000.000100")
    assert utterance.id == "slack:T1:C1:1767000000.000100"
    assert utterance.speaker == Speaker(id="U1")
    assert utterance.message_id == "1767000000.000100"
    assert utterance.said_at.timestamp() == pytest.approx(1767000000.0001)


async def test_a_mention_inside_a_thread_belongs_to_that_thread(
    slack: FakeSlack, door: Door, ear: Ear
) -> None:
    await door.post(slack.mention("送信は？", thread_ts="1767000000.000001"))

    assert [one.address for one in ear.heard] == [slack_address("C1", "1767000000.000001")]


async def test_a_direct_message_is_heard(slack: FakeSlack, door: Door, ear: Ear) -> None:
    await door.post(slack.direct_message("plala smtp 587?"))

    assert [(one.content, one.address) for one in ear.heard] == [
        (Said(text="plala smtp 587?"), slack_address("D1"))
    ]


async def test_an_assistant_thread_is_a_talk_of_its_own(slack: FakeSlack, door: Door, ear: Ear) -> None:
    await door.post(slack.direct_message("こんにちは", thread_ts="1767000000.000001"))

    assert [one.address for one in ear.heard] == [slack_address("D1", "1767000000.000001")]


async def test_a_thread_the_bot_takes_part_in_is_heard_without_a_mention(
    slack: FakeSlack, door: Door, ear: Ear
) -> None:
    ear.known = {slack_address("C1", "1767000000.000001")}

    await door.post(slack.says("gmailは", thread_ts="1767000000.000001"))
    await door.post(slack.says("昼どうする？", thread_ts="1767000000.000002"))
    await door.post(slack.says("おはよう"))

    assert [one.content for one in ear.heard] == [Said(text="gmailは")]


async def test_every_thread_of_the_operators_is_heard(slack: FakeSlack, door: Door, ear: Ear) -> None:
    await door.post(slack.says("もう少しお待ちください", channel="COPS", thread_ts="1767000000.000001"))
    await door.post(slack.says("おはよう", channel="COPS"))

    assert [(one.content, one.address) for one in ear.heard] == [
        (Said(text="もう少しお待ちください"), slack_address("COPS", "1767000000.000001"))
    ]


async def test_an_operator_who_calls_the_bot_by_name_is_marked_so(
    slack: FakeSlack, door: Door, ear: Ear
) -> None:
    request = {"channel": "COPS", "ts": "1767000000.000200", "thread_ts": "1767000000.000001"}

    await door.post(slack.mention("この人の設定は？", **request))
    await door.post(slack.says("<@UBOT> この人の設定は？", **request))

    first, second = ear.heard
    assert first == second
    assert first.content == Said(text="この人の設定は？", to_bot=True)


@pytest.mark.parametrize(
    "more",
    [
        {"bot_id": "BOTHER"},
        {"bot_id": "BBOT", "user": "UBOT"},
        {"user": "UBOT"},
        {"subtype": "bot_message"},
        {"subtype": "message_changed"},
        {"subtype": "message_deleted", "hidden": True},
        {"subtype": "channel_join"},
    ],
    ids=lambda more: "-".join(map(str, more.values())),
)
@pytest.mark.parametrize("channel", ["COPS", "D1"])
async def test_bots_edits_deletions_and_joins_are_not_heard(
    slack: FakeSlack, door: Door, ear: Ear, more: dict[str, str], channel: str
) -> None:
    event = {
        "channel": channel,
        "channel_type": "im",
        "user": "U1",
        "text": "x",
        "ts": slack.new_ts(),
        **more,
    }

    status = await door.post(slack.event({"type": "message", "thread_ts": "1767000000.000001", **event}))

    assert (status, ear.heard) == (200, [])


async def test_another_bots_mention_is_not_answered(slack: FakeSlack, door: Door, ear: Ear) -> None:
    status = await door.post(slack.mention("教えて", bot_id="BOTHER"))

    assert (status, ear.heard) == (200, [])


async def test_a_picture_is_heard_beside_the_words_it_came_with(
    slack: FakeSlack, door: Door, ear: Ear
) -> None:
    files = [
        {"id": "F1", "name": "画面.png", "mimetype": "image/png"},
        {"id": "F2", "mimetype": "text/plain"},
    ]

    await door.post(
        slack.direct_message("これです", subtype="file_share", files=files, ts="1767000000.000001")
    )

    assert [(one.id, one.content) for one in ear.heard] == [
        ("slack:T1:D1:1767000000.000001", Said(text="これです")),
        (
            "slack:T1:D1:1767000000.000001:F1",
            Attachment(media="image", content_id="F1", name="画面.png"),
        ),
        ("slack:T1:D1:1767000000.000001:F2", Attachment(media="file", content_id="F2")),
    ]


async def test_a_retry_of_slack_is_the_same_utterance(slack: FakeSlack, door: Door, ear: Ear) -> None:
    event = slack.mention("OCN").payload["event"]

    await door.post(slack.event(event))
    await door.post(slack.event(event, retry=1))

    first, second = ear.heard
    assert first == second


async def test_the_command_is_heard_in_private(
    slack: FakeSlack, door: Door, ear: Ear, clock: FixedClock
) -> None:
    request = slack.command("ocn 設定", user="U7", trigger_id="12.34")

    answer = await door.answer(request)

    (utterance,) = ear.heard
    assert answer == (200, "")
    assert utterance.id == "slack:T1:command:12.34"
    assert utterance.content == Said(text="ocn 設定", to_bot=True)
    assert utterance.address == slack_address("D7")
    assert utterance.speaker == Speaker(id="U7", name="taro")
    assert utterance.said_at == clock.now()
    assert utterance.handle is not None
    assert utterance.handle.token == request.payload["response_url"]


async def test_where_direct_talks_cannot_be_opened_the_command_stays_where_it_was_given(
    slack: FakeSlack, door: Door, ear: Ear
) -> None:
    slack.fail("conversations.open", Refused("missing_scope"))

    await door.post(slack.command("ocn 設定", user="U7"))

    assert [one.address for one in ear.heard] == [slack_address("C1", "@U7")]


async def test_people_are_called_as_their_colleagues_call_them(
    slack: FakeSlack, door: Door, ear: Ear
) -> None:
    slack.users["U7"] = {"id": "U7", "profile": {"display_name": "佐藤"}}
    card = slack.someone_says("COPS", "card")

    await door.post(slack.direct_message("ocn 設定", user="U7"))
    await door.post(slack.mention("ocn 設定", user="U7"))
    await door.post(slack.press("ticket_take", post=card, user="U7"))

    assert [one.speaker for one in ear.heard] == [Speaker(id="U7", name="佐藤")] * 3
    assert [call.method for call in slack.calls].count("users.info") == 1


@pytest.mark.parametrize("text", ["help", "", " 使い方 "])
async def test_help_is_shown_at_once_to_the_asker_alone(
    slack: FakeSlack, door: Door, ear: Ear, text: str
) -> None:
    status, body = await door.answer(slack.command(text))

    shown = json.loads(body)
    assert (status, ear.heard) == (200, [])
    assert shown["response_type"] == "ephemeral"
    assert "困りごと" in shown["text"]


async def test_the_shortcut_asks_with_the_words_of_the_message(
    slack: FakeSlack, door: Door, ear: Ear
) -> None:
    post = slack.someone_says("C1", "x")

    status = await door.post(slack.shortcut("<https://a.example|0x800CCC0F> が出ます", post=post))

    (utterance,) = ear.heard
    assert status == 200
    assert utterance.content == Said(text="0x800CCC0F https://a.example が出ます", to_bot=True)
    assert utterance.address == slack_address("C1", post.ts)
    assert utterance.speaker == Speaker(id="U1", name="taro")


async def test_a_button_of_the_desk_is_heard_as_its_fixed_action(
    slack: FakeSlack, door: Door, ear: Ear
) -> None:
    card = slack.someone_says("COPS", "card")

    status = await door.post(slack.press("ticket_take", "ticket-1", label="対応する", post=card))

    (utterance,) = ear.heard
    assert status == 200
    assert utterance.content == Pressed(action="ticket_take", value="ticket-1", label="対応する")
    assert utterance.address == slack_address("COPS", card.ts)
    assert utterance.speaker == Speaker(id="U1", name="taro")
    assert utterance.message_id == card.ts


async def test_two_presses_of_one_button_are_two_utterances_and_a_retry_is_not(
    slack: FakeSlack, door: Door, ear: Ear
) -> None:
    card = slack.someone_says("COPS", "card")
    first, second = slack.press("ticket_take", post=card), slack.press("ticket_take", post=card)

    for request in (first, second, first):
        await door.post(request)

    ids = [one.id for one in ear.heard]
    assert ids[0] == ids[2] != ids[1]


async def test_a_choice_goes_on_in_the_talk_where_it_stood(slack: FakeSlack, door: Door, ear: Ear) -> None:
    asked = slack.someone_says("C1", "どちら？", thread="1767000000.000001")
    asked_alone = slack.someone_says("D1", "どちら？")

    await door.post(slack.press("say:2", "OCNです", post=asked))
    await door.post(slack.press("say:1", "OCNです", post=asked_alone))
    await door.post(slack.press("say:1", "OCNです", post=asked, ephemeral=True, user="U7"))

    assert [one.content for one in ear.heard] == [Pressed(action="say", value="OCNです", label="押す")] * 3
    assert [one.address for one in ear.heard] == [
        slack_address("C1", "1767000000.000001"),
        slack_address("D1"),
        slack_address("D7"),
    ]
    assert [one.handle is not None for one in ear.heard] == [False, False, True]


async def test_a_new_assistant_thread_is_offered_prompts(slack: FakeSlack, door: Door) -> None:
    thread = {"user_id": "U1", "channel_id": "D1", "thread_ts": "1767000000.000001", "context": {}}

    status = await door.post(slack.event({"type": "assistant_thread_started", "assistant_thread": thread}))
    await slack.until(lambda: bool(slack.prompts))

    assert status == 200
    assert slack.prompts[0]["prompts"] == [
        {"title": "受信できない", "message": "メールが受信できません"},
        {"title": "使い方", "message": "使い方"},
    ]


async def test_prompts_that_slack_refuses_are_let_go(slack: FakeSlack, door: Door) -> None:
    slack.fail("assistant.threads.setSuggestedPrompts", Refused("not_allowed_token_type"))
    thread = {"user_id": "U1", "channel_id": "D1", "thread_ts": "1767000000.000001"}

    status = await door.post(slack.event({"type": "assistant_thread_started", "assistant_thread": thread}))
    await slack.until(lambda: slack.calls[-1].method == "assistant.threads.setSuggestedPrompts")

    assert status == 200


@pytest.mark.parametrize(
    "payload",
    [
        {"type": "event_callback", "event": {"type": "app_home_opened", "user": "U1"}},
        {"type": "event_callback", "event": {"type": "assistant_thread_context_changed"}},
        {"type": "event_callback", "event": {"type": "team_join"}},
        {"type": "event_callback", "event": {"type": "message", "text": "no ts, no channel"}},
        {"type": "event_callback", "event": {"type": "message", "channel": "D1", "user": "U1", "ts": "soon"}},
        {"type": "event_callback", "event": {"type": "app_mention", "text": 5, "files": 7, "user": []}},
        {"type": "app_rate_limited", "minute_rate_limited": 1},
        {"type": "something_new"},
        {},
    ],
)
async def test_what_is_unknown_or_incomplete_is_acknowledged_and_left_alone(
    slack: FakeSlack, door: Door, ear: Ear, payload: dict[str, object]
) -> None:
    status = await door.post(slack.signed({"team_id": "T1", **payload}))

    assert (status, ear.heard) == (200, [])


@pytest.mark.parametrize(
    "payload",
    [
        {"type": "block_actions", "actions": [{"action_id": ""}]},
        {"type": "block_actions", "actions": [{"action_id": "ticket_take"}]},
        {"type": "message_action", "callback_id": "look_up_message"},
        {"type": "message_action", "callback_id": "another"},
        {"type": "view_submission", "view": {}},
        {"type": "view_submission", "view": {"type": "modal", "callback_id": "another"}},
    ],
)
async def test_an_unknown_or_incomplete_interaction_is_acknowledged_and_left_alone(
    slack: FakeSlack, door: Door, ear: Ear, payload: dict[str, object]
) -> None:
    user = {"user": {"id": "U1"}, "team": {"id": "T1"}}

    status = await door.post(slack.interaction({**user, **payload}))

    assert (status, ear.heard) == (200, [])


async def test_an_interaction_that_slack_cannot_have_made_is_refused(
    slack: FakeSlack, door: Door, ear: Ear
) -> None:
    status = await door.post(slack.interaction({"type": "block_actions", "actions": []}))

    assert (status, ear.heard) == (400, [])


async def test_slack_may_verify_the_address(slack: FakeSlack, door: Door) -> None:
    status, body = await door.answer(slack.signed({"type": "url_verification", "challenge": "abc"}))

    assert (status, json.loads(body)["challenge"]) == (200, "abc")


async def test_what_was_not_saved_is_not_acknowledged(slack: FakeSlack, door: Door, ear: Ear) -> None:
    ear.failure = StoreError("the database is away")
    requests = [
        slack.mention("OCN"),
        slack.direct_message("OCN"),
        slack.says("OCN", thread_ts="1767000000.000001"),
        slack.command("OCN"),
        slack.press("ticket_take", "ticket-1"),
        slack.shortcut("OCN"),
    ]

    statuses = [await door.post(request) for request in requests]

    assert statuses == [500] * 6


async def test_an_event_is_not_lost_while_slack_cannot_say_who_the_bot_is(
    slack: FakeSlack, door: Door, ear: Ear
) -> None:
    slack.fail("auth.test", Status(503))
    request = slack.mention("OCN")

    statuses = [await door.post(request), await door.post(request)]

    assert statuses == [500, 200]
    assert len(ear.heard) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Slack-Signature": "v0=00"},
        {"X-Slack-Signature": ""},
        {"X-Slack-Signature": "v0=é"},
        {"X-Slack-Request-Timestamp": "yesterday"},
        {"X-Slack-Request-Timestamp": "1767000000"},
    ],
    ids=str,
)
async def test_a_wrong_signature_is_refused_and_nothing_happens(
    slack: FakeSlack, door: Door, ear: Ear, headers: dict[str, str]
) -> None:
    status = await door.post(slack.mention("OCN"), **headers)

    assert (status, ear.heard, slack.calls) == (401, [], [])


async def test_a_request_signed_six_minutes_ago_is_refused(slack: FakeSlack, door: Door, ear: Ear) -> None:
    request = slack.mention("OCN")
    then = str(int(time.time()) - 360)

    status = await door.post(
        request,
        **{"X-Slack-Request-Timestamp": then, "X-Slack-Signature": slack.signature(then, request.body)},
    )

    assert (status, ear.heard) == (401, [])


async def test_an_unsigned_ssl_check_is_refused_like_any_other(slack: FakeSlack, door: Door) -> None:
    request = slack.signed_raw(b"ssl_check=1&token=x", "application/x-www-form-urlencoded")

    assert await door.post(request, **{"X-Slack-Signature": "v0=00"}) == 401


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b'"x"',
        b'{"event": 5}',
        b'{"event": {"type": 5}}',
        b"payload=%7B",
        b'{"type": "event_callback", "event": null}',
    ],
)
async def test_a_malformed_body_is_refused(slack: FakeSlack, door: Door, ear: Ear, body: bytes) -> None:
    status = await door.post(slack.signed_raw(body))

    assert (status, ear.heard) == (400, [])


@pytest.mark.parametrize(
    "actions", [[None], [], ["x"], 5, None, [{}], [{"action_id": None}], [{"action_id": 5}]]
)
async def test_buttons_that_are_none_are_refused(
    slack: FakeSlack, door: Door, ear: Ear, actions: object
) -> None:
    status = await door.post(slack.interaction({"type": "block_actions", "actions": actions}))

    assert (status, ear.heard) == (400, [])


async def test_a_message_of_an_unknown_make_is_passed_over(slack: FakeSlack, door: Door, ear: Ear) -> None:
    status = await door.post(
        slack.signed_raw(b'{"type": "event_callback", "event": {"type": "message", "subtype": []}}')
    )

    assert (status, ear.heard) == (200, [])


async def test_a_body_that_is_no_text_is_refused(slack: FakeSlack, door: Door) -> None:
    assert await door.post(slack.signed_raw(b"\xff\xfe")) == 401


async def test_a_huge_body_is_refused_before_anything_else(slack: FakeSlack, door: Door) -> None:
    assert await door.post(slack.signed_raw(b"x" * (1024 * 1024 + 1))) == 413


async def test_ten_thousand_characters_arrive_whole(slack: FakeSlack, door: Door, ear: Ear) -> None:
    await door.post(slack.direct_message("メ" * 10_000))

    assert [one.content for one in ear.heard] == [Said(text="メ" * 10_000)]


async def test_no_words_of_people_are_logged(
    slack: FakeSlack, door: Door, ear: Ear, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    ear.failure = StoreError("away")
    secret = "ひみつの言葉"

    await door.post(slack.mention(secret))
    await door.post(slack.mention(secret), **{"X-Slack-Signature": "v0=00"})
    await door.post(slack.event({"type": "unknown", "text": secret}))
    await door.post(slack.interaction({"type": "view_submission", "view": {"note": secret}}))

    assert secret not in caplog.text
    assert {"slack_not_saved", "slack_refused", "slack_unhandled"} <= {
        getattr(record, "action", "") for record in caplog.records
    }


async def test_emoji_are_heard_as_characters(slack: FakeSlack, door: Door, ear: Ear) -> None:
    emoji = [
        {"type": "emoji", "name": "technologist", "unicode": "1f469-200d-1f4bb"},
        {"type": "emoji", "name": "our_shop"},
    ]
    blocks = [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": emoji}]}]

    await door.post(slack.direct_message(":technologist: です :our_shop:", blocks=blocks))

    assert [one.content for one in ear.heard] == [Said(text="👩‍💻 です :our_shop:")]


async def test_an_edit_in_a_thread_of_the_operators_is_heard_once_it_changes_words(
    slack: FakeSlack, door: Door, ear: Ear
) -> None:
    post = slack.someone_says("COPS", "110です", user="U1", thread="1767000000.000001")

    await door.post(slack.changes(post, "995です"))
    await door.post(slack.changes(post, "995です"))

    (utterance,) = ear.heard
    assert utterance.content == Edited(message_id=post.ts, text="995です")
    assert utterance.address == slack_address("COPS", "1767000000.000001")
    assert utterance.speaker == Speaker(id="U1")


async def test_a_deletion_in_a_thread_of_the_operators_is_heard(
    slack: FakeSlack, door: Door, ear: Ear
) -> None:
    post = slack.someone_says("COPS", "110です", user="U1", thread="1767000000.000001")

    await door.post(slack.deletes(post))

    assert [one.content for one in ear.heard] == [Unsent(message_id=post.ts)]


async def test_edits_elsewhere_and_of_the_bots_own_messages_are_not(
    slack: FakeSlack, door: Door, ear: Ear
) -> None:
    elsewhere = slack.someone_says("C1", "昼どうする", user="U1", thread="1767000000.000001")
    own = slack.someone_says("COPS", "カード", user="UBOT", thread="1767000000.000001")

    await door.post(slack.changes(elsewhere, "夜どうする"))
    await door.post(slack.changes(own, "新しいカード"))

    assert ear.heard == []
