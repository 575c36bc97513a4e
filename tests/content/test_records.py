"""Faults in records are told in words, at their line, all at once."""

from __future__ import annotations

import pytest

from bot.content.intents import IntentRecord
from bot.content.messages import ButtonsRecord
from bot.content.providers import ProviderRecord
from bot.content.reading import Document, read_document
from bot.content.records import parse
from tests.content.conftest import a_provider, an_intent


def faults_of(folder, text, model=ProviderRecord):
    document = read_document(folder.write("providers/some.yaml", text))
    assert isinstance(document, Document)
    found = parse(document, model)
    assert isinstance(found, tuple), "nothing was found wrong"
    return [str(fault) for fault in found]


def test_a_right_record_has_no_faults(folder):
    document = read_document(folder.write("providers/ocn.yaml", a_provider()))
    assert isinstance(document, Document)

    record = parse(document, ProviderRecord)

    assert isinstance(record, ProviderRecord)
    assert record.servers[0].port == 995


def test_a_misspelt_key_is_told_with_the_likely_right_one(folder):
    text = a_provider(answer_with_values="answer_with_value", aliases="alias")

    faults = faults_of(folder, text)

    assert sorted(faults) == [
        "providers/some.yaml:1: 項目「answer_with_values」がありません",
        "providers/some.yaml:4: 「alias」という項目はありません（「aliases」のことでしょうか）",
        "providers/some.yaml:7: 「answer_with_value」という項目はありません（「answer_with_values」のことでしょうか）",
    ]


def test_a_misspelt_key_deep_inside_is_told_with_its_line(folder):
    [fault] = faults_of(folder, a_provider(**{"usable: true": "usabel: true"}))

    assert (
        fault
        == "providers/some.yaml:9: 「servers.0.usabel」という項目はありません（「usable」のことでしょうか）"
    )


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "security: ssl",
            "security: sll",
            "「servers.0.security」が「sll」になっています。書けるのは ssl、starttls",
        ),
        ("port: 995", "port: 99500", "「servers.0.port」: 65535 以下にしてください"),
        ("port: 995", "port: many", "「servers.0.port」: 数字で書いてください"),
        ("evidence: [page]}", "evidence: []}", "「servers.0.evidence」: 1つ以上書いてください"),
        (
            "evidence: [page]}",
            "evidence: [paeg]}",
            "出典「paeg」が sources にありません（「page」のことでしょうか）",
        ),
        ("host: pop.ocn.example", 'host: "sv***.ocn.example"', "host_varies: true を足してください"),
        ("port: 995", "port: null", "ポート番号と、暗号化（ssl か starttls）が要ります"),
        ("security: ssl", "security: none", "ポート番号と、暗号化（ssl か starttls）が要ります"),
        ("security: ssl", "security: ssl, username: other", "何を入れるかを書いた username_note が要ります"),
        ("usable: true", "usable: false", "usable: true の行が1つ以上要ります"),
        ("answer_with_values: true", "answer_with_values: false", "理由（why_no_values）が要ります"),
        ("date: 2026-05", "date: last year", "「sources.page.date」: 使えない文字があるか、形が違います"),
        ("kind: official", "kind: hearsay", "「sources.page.kind」が「hearsay」になっています"),
        ("id: ocn", "id: OCN", "「id」: 使えない文字がある"),
    ],
)
def test_wrong_values_are_told(folder, old, new, told):
    faults = faults_of(folder, a_provider(**{old: new}))

    assert any(told in fault for fault in faults), faults


def test_a_text_may_be_called_evidence(folder):
    text = an_intent(**{"[steps]": "[{text: evidence}]\ntexts: {evidence: 出典はこちらです}"})
    document = read_document(folder.write("intents/some.yaml", text))
    assert isinstance(document, Document)

    assert isinstance(parse(document, IntentRecord), IntentRecord)


@pytest.mark.parametrize("block", ["sign_in: {kind: oauth2}", "plain_connection: {status: retired}"])
def test_no_fact_stands_without_evidence(folder, block):
    faults = faults_of(folder, a_provider() + block + "\n")

    assert any("出典（evidence）が要ります" in fault for fault in faults)


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ("step", "「step」という部品はありません（「steps」のことでしょうか）"),
        ("{setings: both}", "「settings」のことでしょうか"),
        ("{settings: sideways}", "settings に書けるのは both、incoming、outgoing です"),
        ("text", "名前が要ります"),
        ("{text: a, steps: b}", "1つの「-」に書けるのは1つです"),
    ],
)
def test_a_wrong_block_is_told(folder, entry, told):
    faults = faults_of(folder, an_intent(**{"[steps]": f"[{entry}]"}), IntentRecord)

    assert any(told in fault for fault in faults), faults


def test_a_broken_phrase_is_told_at_its_line(folder):
    text = an_intent(**{"[メールが届かない]": "\n  - 届かない\n  - メール[が届かない"})

    [fault] = faults_of(folder, text, IntentRecord)

    assert fault.startswith("providers/some.yaml:6:")
    assert "「[」に対する「]」がありません" in fault


def test_a_button_does_one_thing(folder):
    faults = faults_of(folder, "person: {label: 担当者, says: 担当者, action: handoff}\n", ButtonsRecord)

    assert faults == ["providers/some.yaml:1: 「person」: says と action は、どちらか1つにしてください"]


@pytest.mark.parametrize("entry", ["null", "[steps]", "{text: null}", "{choices: {a: b}}"])
def test_a_block_of_no_known_form_is_told_once(folder, entry):
    faults = faults_of(folder, an_intent(**{"[steps]": f"[price, {entry}]"}), IntentRecord)

    assert faults == ["providers/some.yaml:3: 「reply.1」: 「- steps」か「- text: 名前」の形で書いてください"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("answer_with_values: true", "answer_with_values: maybe", "true か false で"),
        ("port: 995", "port: 995.5", "小数点のない数字で"),
        ("port: 995", "port: 0", "1 以上に"),
        ("name: OCN", "name: ''", "空にはできません"),
        ("name: OCN", "name: [OCN]", "文字で"),
        ('domains: ["*.ocn.example"]', "domains: ocn.example", "「-」で始まる行を"),
        ("page: {source", "page: x\n  more: {source", "「名前: 値」の行を"),
    ],
)
def test_what_the_reader_of_types_finds_is_told_in_the_shops_words(folder, old, new, told):
    faults = faults_of(folder, a_provider(**{old: new}))

    assert any(told in fault for fault in faults), faults
