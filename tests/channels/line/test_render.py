from __future__ import annotations

import json
from typing import get_args

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from linebot.v3.messaging import FlexMessage

from bot.channels.line import postback
from bot.channels.line.render import Link, messages_of, settings_text, steps_text
from bot.channels.line.text import cleaned, units
from bot.core.messages import (
    Channel,
    Choice,
    Choices,
    Document,
    Media,
    Part,
    Pressed,
    Reply,
    Row,
    Section,
    SettingsCard,
    Steps,
    Text,
    TicketCard,
)
from tests.fakes.line_rules import faults_of

CARD = SettingsCard(
    title="OCN の設定",
    sections=(
        Section(
            heading="受信サーバー",
            rows=(
                Row(label="サーバー", value="pop.example.ne.jp"),
                Row(label="ポート", value="110", mark="wrong"),
                Row(label="正しいポート", value="995", mark="right"),
                Row(label="暗号化", value="SSLを使う"),
            ),
        ),
    ),
    notes=("契約によって違うことがあります。",),
    source="公式ページ 2026-01",
    link="https://example.ne.jp/mail",
    link_label="公式ページを開く",
)


def said(*parts, sender=""):
    return messages_of(Reply(parts=parts), sender=sender)


def buttons(message):
    return [item["action"] for item in message["quickReply"]["items"]]


def everything(component):
    """All components of a bubble, from the outside in."""
    yield component
    for block in ("header", "body", "footer"):
        if block in component:
            yield from everything(component[block])
    for child in component.get("contents", ()):
        yield from everything(child)


# Text


def test_each_text_is_a_message():
    assert said(Text(text="一"), Text(text="二")) == [
        {"type": "text", "text": "一"},
        {"type": "text", "text": "二"},
    ]


@pytest.mark.parametrize("text", ["", " \n", "\x00"])
def test_nothing_to_say_is_silence(text):
    assert said(Text(text=text)) == []
    assert said() == []


def test_a_text_over_the_limit_is_split_at_a_line_end():
    line = "あ" * 99 + "\n"

    messages = said(Text(text=line * 60))

    assert [units(message["text"].rstrip("\n")) for message in messages] == [4999, 999]
    assert faults_of(messages) == []


def test_texts_are_joined_when_they_would_be_too_many():
    messages = said(*(Text(text=f"第{number}文") for number in range(7)))

    assert messages == [{"type": "text", "text": "\n\n".join(f"第{number}文" for number in range(7))}]


def test_cards_keep_their_shape_while_joining_the_texts_is_enough():
    messages = said(*[Text(text="a")] * 4, CARD, Text(text="b"))

    assert [message["type"] for message in messages] == ["text", "flex", "text"]


def test_cards_are_written_out_when_there_are_too_many_objects():
    messages = said(*[CARD] * 6)

    assert [message["type"] for message in messages] == ["text"]
    assert messages[0]["text"].count("pop.example.ne.jp") == 6


def test_the_longest_reply_fills_five_messages_and_says_that_it_was_cut():
    messages = said(Text(text="あ" * 40_000))

    assert len(messages) == 5
    assert sum(units(message["text"]) for message in messages) == 25_000
    assert messages[-1]["text"].endswith("…")
    assert faults_of(messages) == []


# Settings card


def test_a_card_is_a_bubble_with_its_values_in_the_alternative_text():
    [message] = said(CARD)

    assert faults_of([message]) == []
    assert message["altText"] == (
        "OCN の設定\n■ 受信サーバー\nサーバー: pop.example.ne.jp\nポート: ✗ 110\n正しいポート: ✓ 995\n暗号化: SSLを使う\n"
        "契約によって違うことがあります。\n公式ページ 2026-01\n公式ページを開く\nhttps://example.ne.jp/mail"
    )


def test_values_are_in_big_type_that_follows_the_readers_own_size():
    [message] = said(CARD)
    values = [
        part
        for part in everything(message["contents"])
        if part.get("text") in ("pop.example.ne.jp", "SSLを使う")
    ]

    assert [(value["size"], value["weight"], value["scaling"], value["wrap"]) for value in values] == [
        ("xl", "bold", True, True)
    ] * 2


def test_wrong_and_right_differ_by_a_sign_and_not_by_colour_alone():
    [message] = said(CARD)
    colours = {part.get("text"): part.get("color") for part in everything(message["contents"])}

    assert colours["✗ 110"] == "#C62828"
    assert colours["✓ 995"] == "#1B6E2E"


def test_a_tap_copies_names_and_numbers_without_their_sign():
    [message] = said(CARD)
    copies = [
        part["action"]
        for part in everything(message["contents"])
        if part["type"] == "box" and "action" in part
    ]

    assert [copy["clipboardText"] for copy in copies] == ["pop.example.ne.jp", "110", "995"]
    assert {copy["type"] for copy in copies} == {"clipboard"}


def test_the_official_page_is_a_button():
    [message] = said(CARD)

    assert message["contents"]["footer"]["contents"][0]["action"] == {
        "type": "uri",
        "label": "公式ページを開く",
        "uri": "https://example.ne.jp/mail",
    }


def test_a_link_without_a_label_shows_its_host():
    [message] = said(SettingsCard(title="t", sections=CARD.sections, link="https://example.ne.jp/a/b"))

    assert message["contents"]["footer"]["contents"][0]["action"]["label"] == "example.ne.jp"


@pytest.mark.parametrize(
    "link", ["file:///etc/hosts", "example.ne.jp", "https://例え.jp/", "https://x/" + "a" * 1000]
)
def test_a_link_that_line_cannot_open_is_written_out(link):
    [message] = said(SettingsCard(title="t", sections=CARD.sections, link=link))

    assert "footer" not in message["contents"]
    assert link in [part.get("text") for part in everything(message["contents"])]
    assert faults_of([message]) == []


def test_a_card_too_large_for_a_bubble_is_text():
    rows = tuple(Row(label=f"項目{number}", value="値" * 50) for number in range(60))

    [message] = said(SettingsCard(title="t", sections=(Section(heading="h", rows=rows),)))

    assert message["type"] == "text"
    assert "項目59" in message["text"]


def test_a_card_with_nothing_in_it_is_not_sent():
    assert (
        said(SettingsCard(title="", sections=(Section(heading="", rows=(Row(label="", value=""),)),))) == []
    )


# Steps


def test_steps_are_numbered_one_a_line():
    assert steps_text(Steps(title="手順", lines=("開く", "押す"))) == "手順\n① 開く\n② 押す"


def test_numbers_go_on_after_the_circles_end():
    lines = steps_text(Steps(title="", lines=("行",) * 51)).split("\n")

    assert [lines[index][0] for index in (19, 20, 34, 35, 49)] == ["⑳", "㉑", "㉟", "㊱", "㊿"]
    assert lines[50] == "51. 行"


# Choices


def test_choices_hang_on_the_last_message():
    messages = said(
        Choices(prompt="どれですか", options=(Choice(label="受信"), Choice(label="送信"))), Text(text="後")
    )

    assert "quickReply" not in messages[0]
    assert [action["label"] for action in buttons(messages[1])] == ["受信", "送信"]


def test_a_button_shows_what_was_pressed_and_carries_what_it_says():
    [message] = said(Choices(prompt="?", options=(Choice(label="受信", says="受信できません"),)))
    [action] = buttons(message)

    assert (action["type"], action["displayText"]) == ("postback", "受信")
    assert postback.read(action["data"]) == Pressed(action="say", value="受信できません", label="受信")


def test_a_button_carries_its_action():
    [message] = said(Choices(prompt="?", options=(Choice(label="取消", action="ticket_close", value="t-1"),)))

    assert postback.read(buttons(message)[0]["data"]) == Pressed(
        action="ticket_close", value="t-1", label="取消"
    )


def test_a_long_label_is_cut_on_the_button_and_whole_in_the_chat():
    label = "Windows Liveメールを使い続けたいのですが"
    [message] = said(Choices(prompt="?", options=(Choice(label=label),)))
    [action] = buttons(message)

    assert action["label"] == "Windows Liveメールを使い続…"
    assert action["displayText"] == label


def test_what_a_postback_cannot_carry_is_typed_for_the_person():
    [message] = said(Choices(prompt="?", options=(Choice(label="長い", says="長" * 300),)))

    assert buttons(message) == [{"type": "message", "label": "長い", "text": "長" * 300}]


def test_the_fourteenth_choice_is_written_out():
    options = tuple(Choice(label=f"第{number}") for number in range(15))

    messages = said(Choices(prompt="どれ?", options=options))

    assert len(buttons(messages[-1])) == 13
    assert messages[-1]["text"] == "・第13\n・第14"


def test_buttons_alone_get_a_message_to_hang_on():
    [message] = said(Choices(prompt="", options=(Choice(label="はい"), Choice(label="いいえ"))))

    assert message["text"] == "・はい\n・いいえ"
    assert len(buttons(message)) == 2


# Tickets and senders


def test_a_ticket_card_that_comes_here_is_text_without_buttons():
    card = TicketCard(
        ticket_id="t",
        title="依頼",
        rows=(Row(label="名前", value="客"),),
        talk=("客: はい",),
        state="待ち",
        buttons=(Choice(label="対応する", action="ticket_take"),),
    )

    assert said(card) == [{"type": "text", "text": "依頼\n待ち\n名前: 客\n客: はい"}]


def test_the_sender_is_named_on_every_message():
    messages = said(Text(text="一"), Text(text="二"), sender="担当 佐藤")

    assert [message["sender"] for message in messages] == [{"name": "担当 佐藤"}] * 2


def test_a_long_sender_name_is_cut():
    [message] = said(Text(text="一"), sender="とても長い名前のサポート窓口の担当者さとう")

    assert units(message["sender"]["name"]) <= 20


# Any reply at all

CHARACTERS = st.characters() | st.sampled_from([*"あアｱ漢。、\n　", "👨‍👩‍👧‍👦", "🇯🇵", "か\u3099", "\x00"])
WORDS = st.lists(CHARACTERS, max_size=20).map("".join)
LONG = st.builds(lambda text, times: text * times, WORDS, st.integers(min_value=0, max_value=400))
ROWS = st.builds(Row, label=WORDS, value=WORDS, mark=st.sampled_from(["", "wrong", "right"]))
SECTIONS = st.builds(Section, heading=WORDS, rows=st.lists(ROWS, max_size=6).map(tuple))
OPTIONS = st.builds(Choice, label=st.text(max_size=25))
ODD_OPTIONS = st.builds(
    Choice, label=WORDS | LONG, says=WORDS | LONG, action=st.just("") | WORDS, value=WORDS | LONG
)


def parts(options):
    return {
        Text: st.builds(Text, text=LONG),
        SettingsCard: st.builds(
            SettingsCard,
            title=WORDS,
            sections=st.lists(SECTIONS, max_size=4).map(tuple),
            notes=st.lists(WORDS, max_size=3).map(tuple),
            source=WORDS,
            link=WORDS | st.just("https://example.ne.jp/"),
            link_label=WORDS,
        ),
        Steps: st.builds(Steps, title=WORDS, lines=st.lists(WORDS, max_size=55).map(tuple)),
        Choices: st.builds(Choices, prompt=WORDS, options=st.lists(options, max_size=20).map(tuple)),
        TicketCard: st.builds(
            TicketCard,
            ticket_id=st.just("t"),
            title=WORDS,
            rows=st.lists(ROWS, max_size=3).map(tuple),
            talk=st.lists(WORDS, max_size=3).map(tuple),
            state=WORDS,
        ),
        Media: st.builds(
            Media,
            media=st.sampled_from(["image", "video", "file"]),
            source=st.just(Channel.SLACK),
            content_id=st.just("F1"),
            name=WORDS,
        ),
        Document: st.builds(Document, name=WORDS, text=WORDS),
    }


def link(media):
    return Link(whole="https://shop.example/media/whole", small="https://shop.example/media/small")


def replies(options):
    return st.builds(Reply, parts=st.lists(st.one_of(*parts(options).values()), max_size=9).map(tuple))


def test_every_kind_of_part_is_tried():
    assert set(get_args(Part)) == set(parts(OPTIONS))


@settings(max_examples=80)
@given(replies(ODD_OPTIONS), WORDS)
def test_any_reply_keeps_every_rule_of_line(reply, sender):
    messages = messages_of(reply, sender=sender, link=link)

    assert not messages or faults_of(messages) == []
    json.dumps(messages, ensure_ascii=False).encode()


@settings(max_examples=80)
@given(replies(OPTIONS))
def test_no_word_of_a_reply_is_lost(reply):
    assume(sum(units(text) + 2 for text in texts(reply)) < 24_000)

    messages = messages_of(reply)

    seen = squeezed("".join(filter(None, (words for message in messages for words in shown(message)))))
    assert [text for text in texts(reply) if squeezed(text) not in seen] == []


def texts(reply):
    """Every text a person should see, as far as it is not blank."""
    for part in reply.parts:
        match part:
            case Text(text=text):
                yield text
            case SettingsCard(title=title, notes=notes, source=source, sections=sections):
                yield from (title, *notes, source, *(section.heading for section in sections))
                yield from (
                    text for section in sections for row in section.rows for text in (row.label, row.value)
                )
            case Steps(title=title, lines=lines):
                yield from (title, *lines)
            case Choices(prompt=prompt, options=options):
                yield from (prompt, *(option.label for option in options))
            case TicketCard(title=title, state=state, talk=talk):
                yield from (title, state, *talk)


def shown(message):
    """Every text of a message that a person sees."""
    yield message.get("text")
    yield from (part.get("text") for part in everything(message.get("contents", {})))
    for item in message.get("quickReply", {}).get("items", ()):
        yield item["action"]["displayText"]


def squeezed(text):
    return "".join(cleaned(text).split())


def test_the_card_in_words_loses_nothing():
    words = settings_text(CARD)

    assert all(row.label in words and row.value in words for section in CARD.sections for row in section.rows)


def test_the_vendors_own_models_read_a_card_with_buttons_without_losing_a_field():
    [message] = said(
        CARD, Choices(prompt="", options=(Choice(label="直った", action="solved"), Choice(label="まだ")))
    )

    assert FlexMessage.from_dict(message).to_dict() == message
