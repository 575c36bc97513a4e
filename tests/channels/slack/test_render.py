"""What Slack is shown: the words that must be there, and limits that hold whatever comes in."""

from __future__ import annotations

from typing import Any, get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.slack.render import MAX_FALLBACK, Message, render
from bot.core.messages import (
    Channel,
    Choice,
    Choices,
    Document,
    Media,
    Part,
    Reply,
    Row,
    Section,
    SettingsCard,
    Steps,
    Text,
    TicketCard,
)
from tests.fakes.slack_blocks import effects, problems, texts

SETTINGS = SettingsCard(
    title="OCNの受信設定",
    sections=(
        Section(
            heading="受信サーバー（POP）",
            rows=(
                Row(label="サーバー名", value="pop.ocn.example", mark="right"),
                Row(label="ポート", value="110 → 995", mark="wrong"),
                Row(label="暗号化", value="SSL/TLS"),
            ),
        ),
        Section(heading="送信サーバー", rows=(Row(label="ポート", value="465"),)),
    ),
    notes=("契約によって違うことがあります。",),
    source="出典: OCN公式 2026-03",
    link="https://ocn.example/help?a=1&b=2",
    link_label="公式ページ",
)
TICKET = TicketCard(
    ticket_id="ticket-1",
    title="担当者への取り次ぎ",
    rows=(Row(label="お名前", value="山田"), Row(label="プロバイダ", value="")),
    talk=("お客様: <!channel> *届かない* https://a.example", "窓口: 承知しました"),
    state="対応待ち",
    buttons=(
        Choice(label="対応する", action="ticket_take", value="ticket-1", style="primary"),
        Choice(label="終了", action="ticket_close", value="ticket-1", style="danger"),
    ),
)


def shown(message: Message) -> str:
    return "\n".join(texts(message.blocks))


def kinds(message: Message) -> list[str]:
    return [block["type"] for block in message.blocks]


def buttons(message: Message) -> list[dict[str, Any]]:
    return [one for block in message.blocks if block["type"] == "actions" for one in block["elements"]]


def test_text_is_one_section_of_verbatim_mrkdwn() -> None:
    message = render(Reply(parts=(Text(text="1 < 2 & 3\n次の行"),)))

    text = {"type": "mrkdwn", "text": "1 &lt; 2 &amp; 3\n次の行", "verbatim": True}
    assert message.blocks == ({"type": "section", "text": text},)
    assert message.text == "1 &lt; 2 &amp; 3\n次の行"


def test_settings_are_a_table_with_marks_a_link_and_a_source() -> None:
    message = render(Reply(parts=(SETTINGS,)))

    receiving = message.blocks[1]
    assert kinds(message) == ["header", "section", "section", "section", "context"]
    assert receiving["text"]["text"] == "*受信サーバー（POP）*"
    assert [field["text"] for field in receiving["fields"]] == [
        "*サーバー名*\n✓ pop.ocn.example",
        "*ポート*\n✗ 110 → 995",
        "*暗号化*\nSSL/TLS",
    ]
    assert [one["text"] for one in message.blocks[-1]["elements"]] == [
        "<https://ocn.example/help?a=1&amp;b=2|公式ページ>",
        "出典: OCN公式 2026-03",
    ]
    assert "✗ 110 → 995" in message.text


def test_steps_are_numbered() -> None:
    message = render(Reply(parts=(Steps(title="Outlook の場合", lines=("ファイルを押す", "次へを押す")),)))

    assert shown(message) == "*Outlook の場合*\n1. ファイルを押す\n2. 次へを押す"


def test_choices_say_their_words_and_fixed_actions_keep_their_ids() -> None:
    part = Choices(
        prompt="どちらですか",
        options=(
            Choice(label="受信", says="受信できない"),
            Choice(label="送信"),
            Choice(label="担当者へ", action="handoff", value="x"),
            Choice(label="もう一度", action="handoff", value="y"),
        ),
    )

    made = buttons(render(Reply(parts=(Text(text="はい"), part, part))))

    assert [(one["action_id"].partition(":")[0], one["value"]) for one in made[:4]] == [
        ("say", "受信できない"),
        ("say", "送信"),
        ("handoff", "x"),
        ("handoff", "y"),
    ]
    assert made[2]["action_id"] == "handoff"
    assert len({one["action_id"] for one in made}) == 8


def test_a_ticket_card_shows_rows_state_the_talk_to_the_letter_and_its_buttons() -> None:
    message = render(Reply(parts=(TICKET,)))

    quote = message.blocks[3]["elements"][0]
    assert kinds(message) == ["header", "section", "context", "rich_text", "actions"]
    assert quote["type"] == "rich_text_quote"
    assert quote["elements"] == [{"type": "text", "text": "\n".join(TICKET.talk)}]
    assert "*お名前*\n山田" in shown(message)
    assert "*プロバイダ*\n—" in shown(message)
    assert [(one["action_id"], one["value"], one["style"]) for one in buttons(message)] == [
        ("ticket_take", "ticket-1", "primary"),
        ("ticket_close", "ticket-1", "danger"),
    ]


def test_a_closed_ticket_is_small_and_has_nothing_to_press() -> None:
    closed = TicketCard(
        ticket_id="t", title=TICKET.title, rows=TICKET.rows, state="終了", closed=True, buttons=TICKET.buttons
    )

    message = render(Reply(parts=(closed,)))

    assert kinds(message) == ["context", "context"]
    assert "終了" in shown(message)


def test_a_long_talk_keeps_its_latest_lines() -> None:
    talk = tuple(f"{number}行目 " + "あ" * 200 for number in range(100))

    message = render(Reply(parts=(TicketCard(ticket_id="t", title="x", rows=(), talk=talk),)))

    assert "99行目" in shown(message)
    assert "\n50行目" not in shown(message)
    assert "…" in shown(message)


def test_ten_thousand_characters_are_all_shown() -> None:
    message = render(Reply(parts=(Text(text="メ" * 10_000),)))

    assert shown(message).replace("\n", "") == "メ" * 10_000


def test_buttons_survive_a_text_that_is_too_long() -> None:
    message = render(
        Reply(parts=(Text(text="メ" * 40_000), Choices(prompt="", options=(Choice(label="はい"),))))
    )

    assert [one["text"]["text"] for one in buttons(message)] == ["はい"]
    assert "…" in shown(message)


def test_silence_is_no_message() -> None:
    assert not render(Reply())
    assert not render(Reply(parts=(Text(text=" \n"), Choices(prompt="", options=()))))


WORDS = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            "<!channel>",
            "<@U1> <#C1> <!subteam^S1>",
            "<https://a.example|押して>",
            "https://a.example @channel @here",
            "&lt;!here&gt;",
            "\x00\ud800",
            "あ" * 3_100,
            "<" * 2_900,
            "&" * 9_000,
            "\n" * 50,
            "*_~`" * 30,
        ]
    ),
)
MANY_WORDS = st.lists(WORDS, max_size=30).map(tuple)
ROWS = st.lists(
    st.builds(Row, label=WORDS, value=WORDS, mark=st.sampled_from(["", "wrong", "right"])), max_size=25
).map(tuple)
OPTIONS = st.lists(
    st.builds(
        Choice,
        label=WORDS,
        says=WORDS,
        action=st.sampled_from(["", "", "ticket_take", "ticket_close"]),
        value=WORDS,
        style=st.sampled_from(["", "primary", "danger"]),
    ),
    max_size=60,
).map(tuple)
PARTS = st.one_of(
    st.builds(Text, text=WORDS),
    st.builds(
        SettingsCard,
        title=WORDS,
        sections=st.lists(st.builds(Section, heading=WORDS, rows=ROWS), max_size=6).map(tuple),
        notes=MANY_WORDS,
        source=WORDS,
        link=WORDS.filter(lambda url: not url.startswith("http")),
        link_label=WORDS,
    ),
    st.builds(Steps, title=WORDS, lines=MANY_WORDS),
    st.builds(Media, media=st.just("image"), source=st.just(Channel.LINE), content_id=WORDS, name=WORDS),
    st.builds(Document, name=WORDS, text=WORDS),
    st.builds(Choices, prompt=WORDS, options=OPTIONS),
    st.builds(
        TicketCard,
        ticket_id=st.just("t"),
        title=WORDS,
        rows=ROWS,
        talk=MANY_WORDS,
        state=WORDS,
        closed=st.booleans(),
        buttons=OPTIONS,
    ),
)
REPLIES = st.builds(Reply, parts=st.lists(PARTS, max_size=8).map(tuple))


@settings(max_examples=150)
@given(REPLIES)
def test_whatever_is_said_slack_takes_it_and_it_mentions_nobody_and_links_nowhere(reply: Reply) -> None:
    message = render(reply)

    assert list(problems(list(message.blocks))) == []
    assert effects(message.text, message.blocks) == set()
    assert len(message.text) <= MAX_FALLBACK
    assert bool(message.text) or not message


def test_every_kind_of_part_is_in_the_property_above() -> None:
    assert {Text, SettingsCard, Steps, Choices, TicketCard, Media, Document} == set(get_args(Part))
