"""madoguchi misses, learn export and learn apply, on the database and the folders of the settings."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256

import pytest
from click.testing import CliRunner

from bot.cli.learn import learn
from bot.cli.misses import misses
from bot.cli.records import open_records
from bot.core.intents import Match
from bot.core.messages import Channel
from bot.core.misses import FiledMiss, Label, Miss
from bot.errors import ContentError, UsageError
from bot.store.vault import new_key
from tests.content.conftest import Folder

RAMEN = "今夜はしょうゆラーメンが食べたい"


@pytest.fixture(name="folder")
def _folder(tmp_path, monkeypatch):
    """The owner's folder and an empty database, as the settings name them."""
    monkeypatch.chdir(tmp_path)
    folder = Folder(tmp_path)
    monkeypatch.setenv("MADOGUCHI_INTENTS_DIR", str(folder.intents))
    monkeypatch.setenv("MADOGUCHI_DATABASE_URL", f"sqlite:///{tmp_path / 'shop.sqlite3'}")
    return folder


def keep(*filed):
    with open_records() as records:
        records.misses.add([each.miss for each in filed])
        for each in filed:
            records.misses.save(each)


def a_filed_miss(text=RAMEN, intent="", **changes):
    miss = Miss(
        id=sha256(text.encode()).hexdigest(),
        text=text,
        reason="unknown",
        channel=Channel.LINE,
        said_on=date(2026, 4, 1),
        guesses=(Match(intent="out_of_scope", score=0.9), Match(intent="mailbox_full", score=0.05)),
    )
    label = Label(intent=intent, by="U-ken", at=datetime(2026, 4, 2, tzinfo=UTC)) if intent else None
    return FiledMiss(miss=replace(miss, **changes), label=label)


def run(command, *arguments):
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


def test_open_misses_are_listed_in_clusters(folder):
    keep(
        a_filed_miss(),
        a_filed_miss(f"{RAMEN}よ", said_on=date(2026, 4, 3)),
        a_filed_miss("赤いランプがぴかぴかする", reason="denied"),
        a_filed_miss("箱がぱんぱん", "mailbox_full"),
    )

    result = run(misses, "--json")

    first, second = json.loads(result.stdout)
    assert (first["text"], first["count"], first["newest"]) == (RAMEN, 2, "2026-04-03")
    assert first["guesses"][1] == {"intent": "mailbox_full", "score": 0.05}
    assert [miss["reason"] for miss in second["misses"]] == ["denied"]
    assert "3 件を 2 行に" in result.stderr


def test_all_shows_answered_ones_with_their_label(folder):
    keep(a_filed_miss("箱がぱんぱん", "mailbox_full"))

    assert json.loads(run(misses, "--json").stdout) == []
    (cluster,) = json.loads(run(misses, "--json", "--all").stdout)
    assert cluster["misses"][0]["label"] == "mailbox_full"


def test_people_see_a_table(folder):
    keep(a_filed_miss())

    result = run(misses)

    assert result.exit_code == 0
    assert "mailbox_full 0.05" in result.stdout


def test_nothing_to_answer_is_told_kindly_and_without_an_empty_table(folder):
    result = run(misses)

    assert result.stdout == ""
    assert "答えを待っている言葉はありません" in result.stderr


def test_with_a_key_the_words_are_unreadable_in_the_file_and_readable_here(folder, monkeypatch):
    monkeypatch.setenv("MADOGUCHI_SECRET_KEYS", new_key())
    keep(a_filed_miss())

    stored = b"".join(path.read_bytes() for path in folder.root.glob("shop.sqlite3*"))
    assert RAMEN.encode() not in stored
    assert json.loads(run(misses, "--json").stdout)[0]["text"] == RAMEN


def test_an_export_holds_the_proposals_once(folder):
    keep(a_filed_miss(intent="mailbox_full"), a_filed_miss("ふむ", "ignored"), a_filed_miss("へえ"))

    first, second = run(learn, "export"), run(learn, "export")
    again = run(learn, "export", "--again")

    assert f"      - {RAMEN}" in first.stdout
    assert "ふむ" not in first.stdout
    assert "へえ" not in first.stdout
    assert "1 件を書き出しました" in first.stderr
    assert second.stdout == ""
    assert "書き出す答えは、まだありません" in second.stderr
    assert RAMEN in again.stdout


def test_an_export_never_takes_the_place_of_a_file(folder):
    keep(a_filed_miss(intent="mailbox_full"))
    (folder.root / "patch.yaml").write_text("mine")

    result = run(learn, "export", folder.root / "patch.yaml")

    assert isinstance(result.exception, UsageError)
    assert (folder.root / "patch.yaml").read_text() == "mine"
    assert RAMEN in run(learn, "export").stdout


def test_what_was_exported_and_applied_is_understood(folder):
    keep(a_filed_miss(intent="mailbox_full"))
    patch = folder.root / "patch.yaml"

    exported = run(learn, "export", patch)
    applied = run(learn, "apply", patch)

    assert f"learn apply {patch}" in patch.read_text(encoding="utf-8")
    assert (exported.exit_code, applied.exit_code) == (0, 0), applied.output
    assert "mailbox_full.yaml: 言い方 1 個、確かめの文 1 個" in applied.stdout
    assert RAMEN in (folder.intents / "mailbox_full.yaml").read_text(encoding="utf-8")


def test_a_patch_that_does_not_pass_the_check_is_refused(folder):
    patch = folder.write("patch.yaml", f"intents:\n  mailbox_full:\n    tests:\n      - say: {RAMEN}\n")

    result = run(learn, "apply", patch)

    assert isinstance(result.exception, ContentError)
    assert "patch.yaml:4: " in str(result.exception)
    assert not (folder.intents / "mailbox_full.yaml").exists()


def test_without_a_folder_it_is_asked_which(folder, monkeypatch):
    monkeypatch.delenv("MADOGUCHI_INTENTS_DIR")
    patch = folder.write("patch.yaml", "intents: {}\n")

    assert isinstance(run(learn, "apply", patch).exception, UsageError)
    assert run(learn, "apply", patch, "--to", folder.intents).exit_code == 0
