"""What every command does with streams that are closed and files that cannot be used: a clear word, never a traceback."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

COMMAND = [sys.executable, "-c", "from bot.cli.main import main; main()"]


@pytest.fixture(name="run")
def _run(tmp_path):
    """Run a command in a folder of its own, in which the data lie too."""

    def run(*arguments, stdin="", **environment):
        return subprocess.run(
            [*COMMAND, *arguments],
            cwd=tmp_path,
            env={**os.environ, "MADOGUCHI_DATA_DIR": str(tmp_path / "data"), **environment},
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    return run


@pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell")
@pytest.mark.parametrize(("closed", "command"), [("<&-", "chat"), ("<&-", "ask --jsonl"), (">&-", "ask x")])
def test_a_closed_stream_is_an_empty_one(closed, command):
    program = " ".join(f"'{part}'" for part in COMMAND)

    done = subprocess.run(
        ["sh", "-c", f"{program} {command} {closed}"], capture_output=True, encoding="utf-8", check=False
    )

    assert (done.returncode, done.stderr) == (0, "")


def test_a_data_folder_that_cannot_be_made_is_told(run, tmp_path):
    (tmp_path / "file").touch()

    done = run("tickets", "list", MADOGUCHI_DATA_DIR=str(tmp_path / "file" / "data"))

    assert f"データベースのフォルダー {tmp_path / 'file' / 'data'} を作れません" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.returncode == 1


def test_the_doctor_tells_of_a_data_folder_that_cannot_be_made_and_goes_on(run, tmp_path):
    (tmp_path / "file").touch()

    done = run("doctor", MADOGUCHI_DATA_DIR=str(tmp_path / "file" / "data"))

    assert "× データベース: データベースのフォルダー" in done.stdout
    assert "LINE: 使っていません" in done.stdout


def test_settings_in_another_script_are_told(run, tmp_path):
    (tmp_path / ".env").write_bytes("MADOGUCHI_PORT=8080 # お店\n".encode("shift_jis"))

    done = run("check")

    assert done.stderr == ".env: 文字コードがUTF-8ではありません。UTF-8で保存してください\n"
    assert done.returncode == 1


def test_settings_as_a_windows_editor_writes_them_are_read(run, tmp_path):
    (tmp_path / ".env").write_bytes(b"\xef\xbb\xbfMADOGUCHI_INTENTS_DIR=nowhere\r\n")

    assert "MADOGUCHI_INTENTS_DIR: フォルダー nowhere がありません" in run("check").stderr


def test_a_place_that_cannot_be_written_is_told(run, tmp_path):
    done = run("tickets", "export", "--csv", "none/tickets.csv")

    assert done.stderr.startswith("none/tickets.csv を読み書きできません")
    assert done.returncode == 1


def test_nothing_to_judge_is_told(run, tmp_path):
    (tmp_path / "empty.jsonl").touch()

    done = run("eval", "empty.jsonl")

    assert (done.stderr, done.returncode) == ("empty.jsonl に文がありません\n", 2)


def test_a_folder_without_content_is_told_by_the_check(run, tmp_path):
    (tmp_path / "shop").mkdir()

    assert run("check", "shop").stderr.startswith("shop に YAML のファイルがありません")
