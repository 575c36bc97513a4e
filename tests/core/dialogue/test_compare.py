"""My settings are …, against the right ones."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.console.render import text_of
from bot.core.dialogue.compare import comparison, findings_for
from bot.core.messages import Reply, SettingsCard
from bot.core.providers import Provider, Server
from bot.core.slots import Port, Role, Slots
from tests.core.story import Story

OURS = Provider(
    id="ours",
    name="うちのネット",
    answer_with_values=True,
    servers=(
        Server(
            protocol="pop",
            host="pop.ours.example",
            port=995,
            security="ssl",
            username="full_address",
            usable=True,
        ),
        Server(
            protocol="imap",
            host="imap.ours.example",
            port=993,
            security="ssl",
            username="full_address",
            usable=True,
        ),
        Server(
            protocol="smtp",
            host="smtp.ours.example",
            port=465,
            security="ssl",
            username="full_address",
            usable=True,
        ),
        Server(
            protocol="smtp",
            host="smtp.ours.example",
            port=587,
            security="starttls",
            username="full_address",
            usable=True,
        ),
    ),
)
INCOMING, OUTGOING = Role.INCOMING, Role.OUTGOING


@pytest.fixture(name="ours")
def _ours(library):
    return replace(library, providers={"ours": OURS})


def ports(*told):
    return Slots(
        provider="ours", ports=tuple(Port(role=role, port=port, ssl=ssl) for role, port, ssl in told)
    )


def shown(slots, library):
    return text_of([Reply(parts=comparison(OURS, slots, library))])


def test_only_what_is_wrong_is_named(ours):
    text = shown(ports((INCOMING, 110, False), (OUTGOING, 465, True)), ours)

    assert "110 → 995" in text
    assert "なし → 使用する" in text
    assert "→ 465" not in text
    assert "送信（465番・SSLあり）は合っています" in text


def test_all_right_is_said_to_be_right(ours):
    text = shown(ports((INCOMING, 995, True), (OUTGOING, 465, True)), ours)

    assert "受信（995番・SSLあり）、送信（465番・SSLあり）" in text
    assert "→" not in text


def test_another_line_of_the_same_provider_is_right_too(ours):
    findings = findings_for(OURS, ports((OUTGOING, 587, True)), ours)

    assert [True, True] == [finding.same for finding in findings]


def test_an_imap_port_is_held_against_imap(ours):
    text = shown(ports((INCOMING, 143, None)), ours)

    assert "143 → 993" in text


def test_the_right_number_without_a_word_on_encryption_is_right(ours):
    findings = findings_for(OURS, ports((INCOMING, 995, None)), ours)

    assert [True] == [finding.same for finding in findings]


def test_a_wrong_number_brings_the_right_encryption_with_it(ours):
    text = shown(ports((INCOMING, 110, None)), ours)

    assert "暗号化（SSL）：使用する" in text


def test_the_right_number_without_encryption_names_the_encryption_alone(ours):
    text = shown(ports((OUTGOING, 465, False)), ours)

    assert "なし → 使用する" in text
    assert "465 →" not in text


def test_a_misspelt_host_is_named(ours):
    text = shown(Slots(provider="ours", hosts=("pop.our.example",)), ours)

    assert "pop.our.example → pop.ours.example" in text


def test_a_right_host_is_right_whatever_it_is_used_for(ours):
    text = shown(Slots(provider="ours", hosts=("smtp.ours.example",)), ours)

    assert "送信（smtp.ours.example）" in text
    assert "→" not in text


def test_the_form_of_the_user_name_is_compared(ours):
    text = shown(Slots(provider="ours", username="local_part"), ours)

    assert "メールアドレスの＠より前 → メールアドレスの全部" in text


def test_a_provider_without_values_is_never_compared(ours):
    closed = replace(
        OURS,
        answer_with_values=False,
        why_no_values="確かめられていません。",
        official_page="https://ours.example/",
    )
    slots = ports((INCOMING, 110, False))

    text = text_of([Reply(parts=comparison(closed, slots, ours))])

    assert "995" not in text
    assert "確かめられていません。" in text
    assert "https://ours.example/" in text


def the_card(slots, library):
    (card,) = (part for part in comparison(OURS, slots, library) if isinstance(part, SettingsCard))
    return card


def cells(card):
    """Every row as what is reported, what is right, and the mark."""
    return [(row.reported, row.value, row.mark) for section in card.sections for row in section.rows]


def test_reported_and_right_stand_side_by_side_and_only_wrong_ones_are_marked(ours):
    slots = replace(
        ports((INCOMING, 110, False), (OUTGOING, 465, True)),
        hosts=("pop.our.example", "smtp.ours.example"),
        username="local_part",
    )

    card = the_card(slots, ours)

    assert ("いまの設定", "正しい設定") == card.columns
    assert [
        ("110", "995", "wrong"),
        ("なし", "使用する（SSL/TLS）", "wrong"),
        ("pop.our.example", "pop.ours.example", "wrong"),
        ("メールアドレスの＠より前", "メールアドレスの全部", "wrong"),
        ("465", "465", ""),
        ("使用する（SSL/TLS）", "使用する（SSL/TLS）", ""),
        ("smtp.ours.example", "smtp.ours.example", ""),
    ] == cells(card)


def test_what_was_not_told_is_not_called_wrong(ours):
    assert [("110", "995", "wrong"), ("", "使用する（SSL/TLS）", "")] == cells(
        the_card(ports((INCOMING, 110, None)), ours)
    )


_ANY_PORTS = st.lists(
    st.tuples(
        st.sampled_from([INCOMING, OUTGOING]),
        st.sampled_from([25, 110, 143, 465, 587, 993, 995, 2525]),
        st.sampled_from([None, True, False]),
    ),
    max_size=2,
    unique_by=lambda told: told[0],
)


@given(
    told=_ANY_PORTS,
    hosts=st.lists(
        st.sampled_from(["pop.ours.example", "imap.our.example", "smtp.ours.example"]), max_size=2
    ),
    username=st.sampled_from([None, "full_address", "local_part"]),
)
def test_any_mix_is_told_cell_by_cell(ours, told, hosts, username):
    slots = replace(ports(*told), hosts=tuple(hosts), username=username)

    findings = findings_for(OURS, slots, ours)
    wrong = [finding for finding in findings if not finding.same]

    parts = comparison(OURS, slots, ours) if findings else ()
    cards = [part for part in parts if isinstance(part, SettingsCard)]
    assert bool(wrong) == bool(cards)
    if wrong:
        marked = {value for reported, value, mark in cells(cards[0]) if mark == "wrong"}
        assert {finding.right for finding in wrong if finding.reported} == marked
        assert len(findings) == len(cells(cards[0]))


def test_numbers_that_come_over_several_messages_are_compared_together(library):
    story = Story(library=library)
    story.says("OCNです。設定の番号は合っていますか")
    story.says("受信のポートは110です")
    story.says("送信は465でSSLありです")
    story.says("サーバーは pop.ocn.ne.jp です")
    story.says("送信サーバーは smtp.ocm.ne.jp です")

    (send,) = story.outcome.sends
    (card,) = (part for part in send.payload.reply.parts if isinstance(part, SettingsCard))
    shown = {(reported, mark) for reported, _, mark in cells(card)}

    assert {
        ("110", "wrong"),
        ("465", ""),
        ("pop.ocn.ne.jp", ""),
        ("smtp.ocm.ne.jp", "wrong"),
    } <= shown


def test_whoever_has_the_right_number_is_told_of_the_encryption_too(library):
    story = Story(library=library)

    answer = story.says("OCNの送信は465で合っていますか")

    assert "合っています" in answer
    assert "送信の暗号化（SSL）は「使用する（SSL/TLS）」です" in answer
