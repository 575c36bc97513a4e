"""Settings as customers may be given them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.dialogue.settings_card import settings
from bot.core.messages import SettingsCard, Text
from bot.core.providers import Evidence, Provider, Server
from bot.core.slots import Role, Slots

OFFICIAL = Evidence(source="https://ours.example/help", kind="official", date="2026-05")
BLOG = Evidence(source="https://blog.example/", kind="secondary", date="2026-09")
POP = Server(
    protocol="pop", host="pop.ours.example", port=995, security="ssl", usable=True, evidence=(BLOG, OFFICIAL)
)
IMAP = Server(protocol="imap", host="imap.ours.example", port=993, security="ssl", usable=True)
SMTP = Server(protocol="smtp", host="smtp.ours.example", port=465, security="ssl", usable=True)
OURS = Provider(id="ours", name="うちのネット", answer_with_values=True, servers=(POP, IMAP, SMTP))


@pytest.fixture(name="show")
def _show(library):
    def show(provider=OURS, role=None, **slots):
        (part,) = settings(provider, Slots(provider="ours", **slots), role, library)
        return part

    return show


def hosts(card):
    return [row.value for section in card.sections for row in section.rows if row.label == "サーバー名"]


def test_programs_on_a_pc_get_pop(show):
    assert ["pop.ours.example", "smtp.ours.example"] == hosts(show(client="outlook"))


def test_phones_get_imap(show):
    assert ["imap.ours.example", "smtp.ours.example"] == hosts(show(client="iphone"))


def test_the_protocol_asked_for_wins(show):
    assert ["imap.ours.example"] == hosts(show(role=Role.INCOMING, client="outlook", protocol="imap"))


def test_one_direction_shows_that_direction_only(show):
    assert ["smtp.ours.example"] == hosts(show(role=Role.OUTGOING))


def test_the_other_protocol_is_shown_and_told_when_the_one_asked_for_is_not_known(show):
    only_pop = replace(OURS, servers=(POP, SMTP))

    card = show(only_pop, protocol="imap")

    assert "pop.ours.example" in hosts(card)
    assert "IMAPの確かな値がないため、POPの値をお見せしています。" in card.notes


def test_the_caveat_is_always_the_last_note(show):
    card = show(
        replace(OURS, notes=("一つ目", "二つ目", "三つ目"), sign_in_note="専用のパスワードが要ります。")
    )

    assert "専用のパスワードが要ります。" == card.notes[0]
    assert "必ずお手元のプロバイダの書類と見比べてください" in card.notes[-1]


def test_the_strongest_source_is_named_with_its_date(show):
    assert "出典：公式の案内 https://ours.example/help（2026年5月）" == show(role=Role.INCOMING).source


def test_lines_that_are_not_usable_never_show(show):
    card = show(replace(OURS, servers=(replace(POP, usable=False), IMAP, SMTP)))

    assert ["imap.ours.example", "smtp.ours.example"] == hosts(card)


def test_a_host_that_differs_per_account_is_never_printed(show):
    varying = replace(POP, host="<sub>.mail.ours.example", host_varies=True)

    assert ["お手元の書類に書かれたサーバー名"] == hosts(
        show(replace(OURS, servers=(varying,)), role=Role.INCOMING)
    )


def test_addresses_of_different_kinds_get_a_section_each(show):
    old = replace(POP, host="old.ours.example", applies_to="2009年より前のアドレス")
    card = show(replace(OURS, servers=(POP, old, SMTP)), role=Role.INCOMING)

    assert ["pop.ours.example", "old.ours.example"] == hosts(card)
    assert "2009年より前のアドレス" in card.sections[1].heading


def test_a_record_that_forbids_values_gives_the_reason_and_the_page(show):
    closed = replace(
        OURS,
        answer_with_values=False,
        why_no_values="資料が食い違っています。",
        official_page="https://ours.example/",
    )

    part = show(closed)

    assert isinstance(part, Text)
    assert "資料が食い違っています。" in part.text
    assert "https://ours.example/" in part.text
    assert "995" not in part.text


def test_a_service_that_ended_gives_no_values(show):
    part = show(replace(OURS, ended="2026-02-25", notes=("2月25日に終わりました。",)))

    assert isinstance(part, Text)
    assert "終了" in part.text
    assert "2月25日に終わりました。" in part.text


def test_every_shipped_provider_can_be_shown_for_every_client_and_way(library):
    for provider in library.providers.values():
        for client in (None, *library.clients):
            for role in (None, *Role):
                slots = Slots(provider=provider.id, client=client)
                parts = settings(provider, slots, role, library)
                assert parts
                if not provider.answer_with_values:
                    assert not any(isinstance(part, SettingsCard) for part in parts)


def test_the_source_is_shown_as_customers_read_it(library):
    pages = {provider.id: provider for provider in library.providers.values()}

    card = settings(pages["ocn"], Slots(), Role.INCOMING, library)[0]

    assert "@c6ad796" not in card.source
    assert "2026年3月12日" in card.source
