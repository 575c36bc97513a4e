"""madoguchi providers: what is known, whether it may be given out, and on whose word."""

from __future__ import annotations

import json

from click.testing import CliRunner

from bot.cli.providers import providers
from bot.cli.schema import schema
from tests.content.conftest import Folder, a_provider


def run(*arguments, width=200):
    return CliRunner(env={"COLUMNS": str(width)}).invoke(providers, arguments)


def test_the_list_counts_all_and_those_with_values():
    result = run("list")

    assert result.exit_code == 0
    assert "67 providers, 24 with values" in result.stderr
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
    for piece in ("pop.ocn.ne.jp", "995", "2026-03-12", "article", "110", "2019-10", "internal"):
        assert piece in result.stdout


def test_candidates_are_shown_as_never_given_out():
    result = run("show", "lolipop")

    assert "never given out until verified" in result.stdout
    assert "pop.lolipop.jp" in result.stdout


def test_the_whole_record_as_json():
    record = json.loads(run("show", "ocn", "--json").stdout)

    assert record["servers"][0]["host"] == "pop.ocn.ne.jp"
    assert record["sources"]["article"]["kind"] == "article"


def test_an_unknown_id_is_answered_with_the_likely_one():
    for asked in ("onc", "オーシエヌ", "ocn.ne.jp"):
        result = run("show", asked)

        assert result.exit_code == 2
        assert "did you mean ocn?" in result.stderr


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
