from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.line.inbound import Unheard, utterance_of
from bot.core.messages import (
    Address,
    Attachment,
    Channel,
    Handle,
    Joined,
    Left,
    Pressed,
    Said,
    Speaker,
    Sticker,
    Unsent,
    Utterance,
)
from tests.fakes.line import GROUP, USER, FakeLine

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


@pytest.fixture(name="event")
def _event():
    """Builds LINE events, all of them sent at NOW."""
    return FakeLine(now=lambda: NOW).event


def heard(event, **options):
    return utterance_of(event, received_at=NOW, **options)


def content(event, **options):
    utterance = heard(event, **options)
    assert isinstance(utterance, Utterance), utterance
    return utterance.content


def message(**fields):
    return {"id": "5001", "quoteToken": "q", **fields}


def mention(text, *places):
    """A text with mentionees at (index, length, whether it is the bot)."""
    mentionees = [
        {"type": "user", "index": index, "length": length, "isSelf": is_self}
        for index, length, is_self in places
    ]
    return message(type="text", text=text, mention={"mentionees": mentionees})


def test_a_text_message_becomes_an_utterance(event):
    raw = event("メールが来ません", replyToken="t1", webhookEventId="01E")
    raw["message"] |= {"id": "5001", "quotedMessageId": "4999"}

    assert heard(raw) == Utterance(
        id="01E",
        address=Address(channel=Channel.LINE, to=USER),
        speaker=Speaker(id=USER),
        content=Said(text="メールが来ません"),
        said_at=NOW,
        handle=Handle(token="t1", expires_at=NOW + timedelta(seconds=50)),
        message_id="5001",
        quoted_id="4999",
    )


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {"type": "sticker", "packageId": "11", "stickerId": "22", "keywords": ["Thanks", "Bow"]},
            Sticker(package_id="11", sticker_id="22", keywords=("Thanks", "Bow")),
        ),
        (
            {
                "type": "sticker",
                "packageId": "1",
                "stickerId": "2",
                "stickerResourceType": "NEWEST",
                "text": "了解",
            },
            Sticker(package_id="1", sticker_id="2", keywords=("了解",)),
        ),
        ({"type": "image"}, Attachment(media="image", content_id="5001")),
        ({"type": "video"}, Attachment(media="video", content_id="5001")),
        ({"type": "audio"}, Attachment(media="audio", content_id="5001")),
        (
            {"type": "file", "fileName": "設定.pdf"},
            Attachment(media="file", content_id="5001", name="設定.pdf"),
        ),
        (
            {"type": "location", "title": "店", "address": "東京都", "latitude": 35.6, "longitude": 139.7},
            Attachment(media="location", content_id="5001", name="店 東京都"),
        ),
    ],
    ids=["スタンプ", "新しい種類のスタンプ", "画像", "動画", "音声", "ファイル", "位置情報"],
)
def test_every_kind_of_message_has_its_content(event, fields, expected):
    assert expected == content(event(message=message(**fields)))


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"type": "follow", "follow": {"isUnblocked": False}}, Joined()),
        ({"type": "join"}, Joined()),
        ({"type": "unfollow"}, Left()),
        ({"type": "leave"}, Left()),
        ({"type": "unsend", "unsend": {"messageId": "4998"}}, Unsent(message_id="4998")),
        (
            {"type": "postback", "postback": {"data": '{"a":"solved","v":"1","l":"直った"}'}},
            Pressed(action="solved", value="1", label="直った"),
        ),
    ],
    ids=["友だち追加", "グループに招待", "ブロック", "グループから退会", "送信取消", "ボタン"],
)
def test_every_kind_of_event_has_its_content(event, fields, expected):
    assert expected == content(event(**fields))


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"type": "novel"}, "unknown kind"),
        ({"type": "memberJoined"}, "unknown kind"),
        ({"message": message(type="novel")}, "unknown kind"),
        ({"type": "postback", "postback": {"data": "rich-menu=1"}}, "unknown kind"),
        ({"mode": "standby"}, "not active"),
        ({"replyToken": "0" * 32}, "dummy of the verify button"),
        ({"replyToken": "f" * 32}, "dummy of the verify button"),
        ({"source": None}, "no event id or no source"),
        ({"source": {"type": "user"}}, "no event id or no source"),
        ({"webhookEventId": None}, "no event id or no source"),
        ({"message": "text"}, "unknown kind"),
        ({"type": ["text"]}, "unknown kind"),
    ],
)
def test_what_is_not_for_us_is_passed_over_with_a_reason(event, fields, why):
    passed = heard(event("こんにちは", **fields))

    assert isinstance(passed, Unheard)
    assert why == passed.why


@pytest.mark.parametrize("event", [None, 7, "text", [], {}, {"type": "message"}])
def test_what_is_no_event_at_all_is_passed_over(event):
    assert isinstance(heard(event), Unheard)


@pytest.mark.parametrize("text", ["", " ", "🙂🙂", "長" * 10_000])
def test_odd_texts_are_heard_as_they_are(event, text):
    assert Said(text=text) == content(event(text))


def test_control_characters_are_not_heard(event):
    assert Said(text="受信\nできない") == content(event("受信\r\nで\x00き\x07ない\ud83d"))


def test_a_group_is_the_address_and_its_member_the_speaker(event):
    utterance = heard(event(group=GROUP, message=mention("@窓口 OCN", (0, 3, True))))

    assert Address(channel=Channel.LINE, to=GROUP) == utterance.address
    assert Speaker(id=USER) == utterance.speaker


def test_a_room_is_an_address_too(event):
    room = {"type": "room", "roomId": "R" + "1" * 32, "userId": USER}
    utterance = heard(event(source=room, message=mention("@窓口 OCN", (0, 3, True))))

    assert utterance.address.to == "R" + "1" * 32


def test_a_group_member_without_an_id_is_heard_all_the_same(event):
    utterance = heard(
        event(source={"type": "group", "groupId": GROUP}, message=mention("@窓口 OCN", (0, 3, True)))
    )

    assert Speaker(id="") == utterance.speaker
    assert Said(text="OCN") == utterance.content


@pytest.mark.parametrize(
    ("text", "places", "expected"),
    [
        ("@窓口 OCNのポートは", [(0, 3, True)], "OCNのポートは"),
        ("🍎ねえ@窓口 教えて", [(4, 3, True)], "🍎ねえ 教えて"),
        ("@山田 @窓口 見て", [(0, 3, False), (4, 3, True)], "@山田  見て"),
        ("@窓口 @窓口 おーい", [(0, 3, True), (4, 3, True)], "おーい"),
        ("@窓口", [(0, 3, True)], ""),
        ("置き場所がずれた", [(3, 99, True)], "置き場所がずれた"),
    ],
    ids=["先頭", "絵文字の後", "他の人も", "二度", "呼んだだけ", "位置が合わない"],
)
def test_a_mention_calls_the_bot_and_is_not_part_of_the_words(event, text, places, expected):
    assert Said(text=expected) == content(event(group=GROUP, message=mention(text, *places)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("窓口、教えて", "教えて"),
        ("窓口 教えて", "教えて"),
        ("@窓口　教えて", "教えて"),
        ("窓口!", ""),
        ("窓口", ""),
    ],
)
def test_a_call_name_calls_the_bot_in_a_group(event, text, expected):
    assert Said(text=expected) == content(event(text, group=GROUP), call_names=["窓口"])


@pytest.mark.parametrize("text", ["窓口に電話した", "今日の窓口、混んでた", "こんにちは"])
def test_talk_among_people_is_not_heard(event, text):
    assert isinstance(heard(event(text, group=GROUP), call_names=["窓口"]), Unheard)


def test_a_mention_of_somebody_else_is_not_heard(event):
    assert isinstance(heard(event(group=GROUP, message=mention("@山田 見て", (0, 3, False)))), Unheard)


def test_pictures_and_stickers_of_a_group_are_not_heard(event):
    assert isinstance(heard(event(group=GROUP, message=message(type="image"))), Unheard)


def test_buttons_and_unsends_of_a_group_are_heard(event):
    pressed = event(group=GROUP, type="postback", postback={"data": '{"a":"say","v":"はい"}'})

    assert Pressed(action="say", value="はい") == content(pressed)
    assert Unsent(message_id="1") == content(event(group=GROUP, type="unsend", unsend={"messageId": "1"}))


def test_the_token_of_a_redelivery_lives_from_its_receipt(event):
    raw = event(deliveryContext={"isRedelivery": True}, timestamp=ms(NOW - timedelta(minutes=5)))

    assert NOW + timedelta(seconds=50) == heard(raw).handle.expires_at


def test_the_token_of_a_redelivery_ends_twenty_minutes_after_the_event(event):
    late = event(
        deliveryContext={"isRedelivery": True}, timestamp=ms(NOW - timedelta(minutes=19, seconds=30))
    )
    too_late = event(deliveryContext={"isRedelivery": True}, timestamp=ms(NOW - timedelta(minutes=21)))

    assert NOW + timedelta(seconds=30) == heard(late).handle.expires_at
    assert heard(too_late).handle is None


def test_an_event_without_a_token_has_no_handle(event):
    assert heard(event(type="unfollow")).handle is None


@pytest.mark.parametrize("timestamp", [None, "soon", 10**30, True])
def test_an_event_with_no_sensible_time_was_said_when_it_came(event, timestamp):
    utterance = heard(event("x", timestamp=timestamp))

    assert utterance.said_at.tzinfo is UTC
    assert timestamp is True or utterance.said_at == NOW


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda children: (
        st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=5), children, max_size=3)
    ),
    max_leaves=5,
)
TOP = ("type", "mode", "source", "timestamp", "webhookEventId", "replyToken", "message", "postback", "unsend")
INSIDE = ("type", "id", "text", "mention", "mentionees", "groupId", "userId", "keywords", "data", "messageId")
INNER = st.dictionaries(
    st.sampled_from(INSIDE), JSON | st.sampled_from(["text", "sticker", "image"]), max_size=6
)


@given(st.dictionaries(st.sampled_from(TOP), JSON | INNER | st.just("message"), max_size=8))
def test_no_event_however_odd_raises(event):
    assert isinstance(heard(event), Utterance | Unheard)


def ms(moment):
    return int(moment.timestamp() * 1000)
