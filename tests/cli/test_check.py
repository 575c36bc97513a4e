"""madoguchi check: every problem as path:line, warnings marked, exit 1 only on problems."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from bot.cli.check import check
from tests.content.conftest import Folder, a_provider, an_intent


@pytest.fixture(name="folder")
def _folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return Folder(tmp_path)


def run(*arguments):
    return CliRunner().invoke(check, [str(argument) for argument in arguments])


def test_a_right_folder_passes(folder):
    folder.write("providers/our-cable.yaml", a_provider("our-cable"))

    result = run(folder.root)

    assert result.exit_code == 0, result.output
    assert "直すところ 0" in result.stderr


def test_problems_of_both_folders_are_told_and_the_exit_code_is_1(folder):
    folder.write("providers/our-cable.yaml", a_provider("our-cable", **{"port: 995": "port: 0"}))
    folder.write("intents/own_matter.yaml", an_intent("own_matter", title="titel"))

    result = run(folder.root)

    assert result.exit_code == 1
    assert "providers/our-cable.yaml:9: " in result.stdout
    assert (
        "intents/own_matter.yaml:2: 「titel」という項目はありません（「title」のことでしょうか）"
        in result.stdout
    )


def test_warnings_are_marked_and_do_not_fail(folder):
    folder.write("providers/our-cable.yaml", a_provider("our-cable", **{"2026-05": "2019-03"}))

    result = run(folder.providers)

    assert result.exit_code == 0
    [line] = [line for line in result.stdout.splitlines() if "our-cable" in line]
    assert line.startswith("providers/our-cable.yaml:9: ")
    assert line.endswith("（注意）")


def test_a_folder_of_providers_is_known_by_what_it_holds(folder):
    folder.write("mine/our-cable.yaml", a_provider("our-cable", **{"port: 995": "port: 0"}))

    result = run(folder.root / "mine")

    assert result.exit_code == 1
    assert "mine/our-cable.yaml:9: " in result.stdout


def test_the_folders_of_the_settings_are_checked_when_none_is_named(folder, monkeypatch):
    folder.write("providers/our-cable.yaml", "id: our-cable\n")
    monkeypatch.setenv("MADOGUCHI_PROVIDERS_DIR", str(folder.providers))

    result = run()

    assert result.exit_code == 1
    assert "providers/our-cable.yaml:1: 項目「name」がありません" in result.stdout


def test_a_sentence_that_is_understood_otherwise_is_a_problem(folder):
    folder.write(
        "intents/greeting.yaml",
        "id: greeting\ntitle: こんにちは\nphrases: [こんにちは]\ntests:\n  - say: こんにちは\n    provider: ocn\n",
    )

    result = run(folder.intents)

    assert (
        "intents/greeting.yaml:5: 「こんにちは」を思ったとおりに読めません（プロバイダが「なし」になり、「ocn」ではありません）"
        in result.stdout
    )
    assert result.exit_code == 1


def test_two_folders_for_one_thing_are_a_wrong_use(folder):
    result = run(folder.intents, folder.intents)

    assert result.exit_code != 0
    assert result.exception is not None


def test_a_folder_that_is_not_there_is_a_wrong_use(folder):
    assert run(folder.root / "none").exit_code == 2


def test_the_shipped_content_has_no_problems(folder):
    result = run()

    assert result.exit_code == 0, result.stdout


def test_what_to_look_at_in_the_shipped_providers_is_one_line_unless_asked_for(folder):
    short, long = run(), run("--verbose")

    assert "providers/" not in short.stdout
    assert "付属のプロバイダへの注意が" in short.stderr
    assert "providers/" in long.stdout
    assert "--verbose" not in long.stderr


def test_what_an_owner_replaced_is_the_owners_to_look_at(folder):
    folder.write("providers/ocn.yaml", a_provider("ocn", **{"2026-05": "2019-03"}))

    assert "providers/ocn.yaml:9: " in run(folder.providers).stdout
