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
        "providers/some.yaml:1: the key `answer_with_values` is missing",
        "providers/some.yaml:4: unknown key `alias`; did you mean `aliases`?",
        "providers/some.yaml:7: unknown key `answer_with_value`; did you mean `answer_with_values`?",
    ]


def test_a_misspelt_key_deep_inside_is_told_with_its_line(folder):
    [fault] = faults_of(folder, a_provider(**{"usable: true": "usabel: true"}))

    assert fault == "providers/some.yaml:9: unknown key `servers.0.usabel`; did you mean `usable`?"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("security: ssl", "security: sll", "`servers.0.security` is 'sll' but must be 'ssl', 'starttls'"),
        ("port: 995", "port: 99500", "`servers.0.port`: Input should be less than or equal to 65535"),
        ("port: 995", "port: many", "`servers.0.port`: Input should be a valid integer"),
        ("evidence: [page]}", "evidence: []}", "`servers.0.evidence`"),
        (
            "evidence: [page]}",
            "evidence: [paeg]}",
            "the source `paeg` is not among `sources`; did you mean `page`?",
        ),
        ("host: pop.ocn.example", 'host: "sv***.ocn.example"', "say `host_varies: true`"),
        ("port: 995", "port: null", "a usable line needs a port"),
        ("security: ssl", "security: none", "a usable line needs a port and encryption"),
        ("security: ssl", "security: ssl, username: other", "needs a `username_note`"),
        ("usable: true", "usable: false", "needs at least one usable server"),
        ("answer_with_values: true", "answer_with_values: false", "needs `why_no_values`"),
        ("date: 2026-05", "date: last year", "`sources.page.date`"),
        ("kind: official", "kind: hearsay", "`sources.page.kind` is 'hearsay'"),
        ("id: ocn", "id: OCN", "`id`"),
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

    assert any("needs evidence" in fault for fault in faults)


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ("step", "there is no block `step`; did you mean `steps`?"),
        ("{setings: both}", "did you mean `settings`?"),
        ("{settings: sideways}", "settings are for both, incoming, outgoing"),
        ("text", "needs a name"),
        ("{text: a, steps: b}", "a block has one key"),
    ],
)
def test_a_wrong_block_is_told(folder, entry, told):
    faults = faults_of(folder, an_intent(**{"[steps]": f"[{entry}]"}), IntentRecord)

    assert any(told in fault for fault in faults), faults


def test_a_broken_phrase_is_told_at_its_line(folder):
    text = an_intent(**{"[メールが届かない]": "\n  - 届かない\n  - メール[が届かない"})

    [fault] = faults_of(folder, text, IntentRecord)

    assert fault.startswith("providers/some.yaml:6:")
    assert "is not closed" in fault


def test_a_button_does_one_thing(folder):
    faults = faults_of(folder, "person: {label: 担当者, says: 担当者, action: handoff}\n", ButtonsRecord)

    assert [fault.rpartition(": `")[0] for fault in faults] == ["providers/some.yaml:1"]
