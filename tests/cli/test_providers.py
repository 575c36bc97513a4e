"""madoguchi providers: what is known, whether it may be given out, and on whose word."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from click.testing import CliRunner

from bot.cli.chat import chat
from bot.cli.providers import providers
from bot.cli.schema import schema
from bot.core.servers.findings import Certificate, Observation
from bot.probe.records import VerificationRecords
from tests.content.conftest import Folder, a_provider

WITH_CANDIDATES = """
    id: our-cable
    name: うちのケーブル
    category: isp
    domains: [our-cable.example]
    evidence: [page]
    answer_with_values: false
    why_no_values: まだ確かめていません。
    candidates:
      - {protocol: pop, host: mail.our-cable.example, evidence: [page]}
      - {protocol: smtp, host: mail.our-cable.example, port: 465, evidence: [page]}
    sources:
      page: {source: "https://www.example/", kind: unverified}
"""


def run(*arguments, width=200):
    return CliRunner(env={"COLUMNS": str(width)}).invoke(providers, arguments)


def test_the_list_counts_all_and_those_with_values():
    result = run("list")

    assert result.exit_code == 0
    assert "プロバイダ 67、値を案内できるもの 24" in result.stderr
    assert "オーシーエヌ" not in result.stdout  # names, not aliases
    assert "gooメールは2026年2月25日に終了しました" in result.stdout


def test_the_list_as_json_says_why_values_are_kept_back():
    listed = {entry["id"]: entry for entry in json.loads(run("list", "--json").stdout)}

    assert listed["ocn"]["usable"] == ["pop", "imap", "smtp"]
    assert listed["nifty"]["usable"] == []
    assert listed["nifty"]["why_no_values"]
    assert listed["goo"]["ended"] == "2026-02-25"
    assert listed["commufa"]["sources"] == {"unverified": 1}


def test_a_record_is_shown_with_the_evidence_and_date_of_every_value():
    result = run("show", "ocn")

    assert result.exit_code == 0
    for piece in ("pop.ocn.ne.jp", "995", "2026-03-12", "article", "110", "2019-10", "社内の覚え書き"):
        assert piece in result.stdout


def test_candidates_are_shown_as_never_given_out():
    result = run("show", "lolipop")

    assert "確かめるまで案内しない値" in result.stdout
    assert "pop.lolipop.jp" in result.stdout


def test_the_whole_record_as_json():
    record = json.loads(run("show", "ocn", "--json").stdout)

    assert record["servers"][0]["host"] == "pop.ocn.ne.jp"
    assert record["sources"]["article"]["kind"] == "article"


def test_an_unknown_id_is_answered_with_the_likely_one():
    for asked in ("onc", "オーシエヌ", "ocn.ne.jp"):
        result = run("show", asked)

        assert result.exit_code == 2
        assert "「ocn」のことでしょうか" in result.stderr


def test_a_hopeless_id_is_pointed_to_the_list():
    assert "providers list" in run("show", "zzzzzzzz").stderr


def test_the_owners_providers_are_listed_too(tmp_path, monkeypatch):
    folder = Folder(tmp_path)
    folder.write("providers/our-cable.yaml", a_provider("our-cable"))
    monkeypatch.setenv("MADOGUCHI_PROVIDERS_DIR", str(folder.providers))

    assert "our-cable" in run("list").stdout


def test_schemas_are_written_where_they_are_wanted(tmp_path):
    result = CliRunner().invoke(schema, [str(tmp_path / "schemas")])

    assert result.exit_code == 0
    assert (
        json.loads((tmp_path / "schemas" / "provider.schema.json").read_text())["title"] == "ProviderRecord"
    )


def test_the_reasons_why_values_are_kept_back_add_up():
    listed = [entry["why_not"] for entry in json.loads(run("list", "--json").stdout)]

    assert listed.count("") == 24
    assert set(listed) == {"", "ended", "candidates", "nothing", "unfit", "kept_back"}
    assert f"{listed.count('candidates')}  まだ確かめていない値だけです" in run("list").stderr


def test_what_a_look_has_proved_is_usable_from_then_on(tmp_path, monkeypatch):
    folder = Folder(tmp_path)
    folder.write("providers/our-cable.yaml", WITH_CANDIDATES)
    monkeypatch.setenv("MADOGUCHI_PROVIDERS_DIR", str(folder.providers))
    monkeypatch.setenv("MADOGUCHI_DATA_DIR", str(tmp_path / "data"))
    before = listed_as("our-cable")
    VerificationRecords(tmp_path / "data").keep(
        "our-cable", [a_good_look("pop", 995), a_good_look("smtp", 465)]
    )

    after = listed_as("our-cable")
    answer = CliRunner().invoke(chat, ["--jsonl"], input='{"user": "うちのケーブルの設定を教えてください"}\n')

    assert (before["usable"], before["why_not"]) == ([], "candidates")
    assert (after["usable"], after["why_not"]) == (["pop", "smtp"], "")
    assert after["verified"] == ["pop mail.our-cable.example:995", "smtp mail.our-cable.example:465"]
    assert "mail.our-cable.example" in json.loads(answer.stdout)["text"]
    assert "サーバーの確認" in json.loads(answer.stdout)["text"]


def test_verify_belongs_to_the_group():
    assert run("verify", "no-such-provider").exception is not None
    assert "--allow-private" in run("verify", "--help").output


def listed_as(provider_id):
    return next(entry for entry in json.loads(run("list", "--json").stdout) if entry["id"] == provider_id)


def a_good_look(protocol, port):
    now = datetime.now(UTC)
    certificate = Certificate(
        names=("mail.our-cable.example",),
        subject="CN=mail.our-cable.example",
        issuer="Test",
        not_before=now - timedelta(days=30),
        not_after=now + timedelta(days=60),
    )
    return Observation(
        protocol=protocol,
        host="mail.our-cable.example",
        port=port,
        security="ssl",
        looked_at=now,
        tls_version="TLSv1.3",
        certificate=certificate,
    )
