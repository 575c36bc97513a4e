"""My settings are …, against the right ones."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.channels.console.render import text_of
from bot.core.compare import comparison, findings_for
from bot.core.messages import Reply
from bot.core.providers import Provider, Server
from bot.core.slots import Port, Role, Slots

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
