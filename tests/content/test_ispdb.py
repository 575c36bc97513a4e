"""ISPDB files become drafts: read as records by the same reader, with evidence, and not given to customers."""

from __future__ import annotations

import pytest

from bot.content.ispdb import draft
from bot.content.providers import ProviderRecord
from bot.content.reading import Document, read_document
from bot.content.records import parse
from bot.errors import ContentError

CONFIG = """<?xml version="1.0" encoding="UTF-8"?>
<clientConfig version="1.1">
  <emailProvider id="example.ne.jp">
    <domain>example.ne.jp</domain>
    <domain>example.or.jp</domain>
    <displayName>例の網</displayName>
    <incomingServer type="pop3">
      <hostname>pop.example.ne.jp</hostname><port>995</port><socketType>SSL</socketType>
      <username>%EMAILLOCALPART%</username><authentication>{way}</authentication>
    </incomingServer>
    <incomingServer type="imap">
      <hostname>%EMAILDOMAIN%.example.ne.jp</hostname><port>993</port><socketType>SSL</socketType>
      <username>someone</username><authentication>{way}</authentication>
    </incomingServer>
    <outgoingServer type="smtp">
      <hostname>smtp.example.ne.jp</hostname><port>587</port><socketType>plain</socketType>
      <username>%EMAILADDRESS%</username><authentication>{way}</authentication>
    </outgoingServer>
    <documentation url="https://www.example.ne.jp/help"/>
  </emailProvider>
</clientConfig>
"""
WHY = "まだ確かめていません。"


def a_file(folder, text: str = CONFIG.format(way="password-cleartext")):
    path = folder / "example.ne.jp.xml"
    path.write_text(text, encoding="utf-8")
    return path


def as_record(folder, text: str, provider_id: str) -> ProviderRecord:
    path = folder / f"{provider_id}.yaml"
    path.write_text(text, encoding="utf-8")
    document = read_document(path)
    assert isinstance(document, Document)
    record = parse(document, ProviderRecord)
    assert isinstance(record, ProviderRecord), record
    return record


def test_a_draft_is_a_record_that_the_reader_takes(tmp_path):
    provider_id, text = draft(a_file(tmp_path), why_no_values=WHY, date="2022-11-19")

    record = as_record(tmp_path, text, provider_id)
    assert (record.id, record.name, record.domains) == (
        "example-ne-jp",
        "例の網",
        ("example.ne.jp", "example.or.jp"),
    )
    pop, imap, smtp = record.servers
    assert (
        pop.protocol,
        pop.host,
        pop.port,
        pop.security,
        pop.username,
    ) == ("pop", "pop.example.ne.jp", 995, "ssl", "local_part")
    assert (imap.host, imap.host_varies, imap.username) == ("<emaildomain>.example.ne.jp", True, "unknown")
    assert (smtp.security, smtp.username) == ("none", "full_address")


def test_nothing_of_a_draft_is_given_to_customers(tmp_path):
    provider_id, text = draft(a_file(tmp_path), why_no_values=WHY)

    record = as_record(tmp_path, text, provider_id)
    assert (record.answer_with_values, record.why_no_values) == (False, WHY)
    assert not any(server.usable for server in record.servers)


def test_every_value_of_a_draft_has_the_file_as_its_evidence(tmp_path):
    provider_id, text = draft(a_file(tmp_path), why_no_values=WHY, date="2022-11-19")

    record = as_record(tmp_path, text, provider_id)
    source = record.sources["ispdb"]
    assert (source.source, source.kind, source.date) == (
        "Thunderbird ISPDB: example.ne.jp.xml",
        "secondary",
        "2022-11-19",
    )
    assert {("ispdb",)} == {server.evidence for server in record.servers}


def test_a_sign_in_by_oauth_is_noted(tmp_path):
    provider_id, text = draft(a_file(tmp_path, CONFIG.format(way="OAuth2")), why_no_values=WHY)

    assert as_record(tmp_path, text, provider_id).sign_in.kind == "oauth2_or_app_password"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<clientConfig>",
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><clientConfig>&a;</clientConfig>',
        CONFIG.replace("<domain>example.ne.jp</domain>", "").replace("<domain>example.or.jp</domain>", ""),
        CONFIG + " " * 70000,
    ],
    ids=["empty", "cut off", "an entity from a file", "no domain", "too large"],
)
def test_a_file_that_cannot_be_taken_is_named_with_the_reason(tmp_path, text):
    path = a_file(tmp_path, text)

    with pytest.raises(ContentError) as refused:
        draft(path, why_no_values=WHY)

    (problem,) = refused.value.problems
    assert problem.startswith(f"{path}:1: ")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ContentError, match="nowhere"):
        draft(tmp_path / "nowhere.xml", why_no_values=WHY)
