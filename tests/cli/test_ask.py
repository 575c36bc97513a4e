"""madoguchi ask: one line understood and explained; --jsonl keeps the order and survives bad lines."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from bot.cli.ask import ask

FIXED = [
    "id",
    "intent",
    "score",
    "provider",
    "client",
    "protocol",
    "error_code",
    "ports",
    "phrase",
    "runners_up",
]


def run(*arguments, lines=None):
    return CliRunner().invoke(ask, arguments, input=lines)


def test_the_answer_has_the_fixed_form():
    answer = json.loads(run("OCN 受信ポート 995", "--json").stdout)

    assert FIXED == [key for key in answer if key in FIXED]
    assert "port_settings" == answer["intent"]
    assert "ocn" == answer["provider"]
    assert [{"role": "incoming", "port": 995, "ssl": None}] == answer["ports"]
    assert all(set(one) == {"intent", "score"} for one in answer["runners_up"])


def test_it_explains_itself_to_people():
    shown = run("送信はできるのに受信ができません").stdout

    for part in ("読みとった用件", "cannot_receive", "そろえた表記", "手がかり", "重み", "次点"):
        assert part in shown


def test_lines_are_answered_in_their_order():
    lines = "".join(
        json.dumps({"id": n, "text": text}) + "\n" for n, text in enumerate(["こんにちは", "受信できない"])
    )

    answers = [json.loads(line) for line in run("--jsonl", lines=lines).stdout.splitlines()]

    assert [(0, "greeting"), (1, "cannot_receive")] == [(one["id"], one["intent"]) for one in answers]


@pytest.mark.parametrize("end", ["\x85", "\u2028", "\u2029", "\x1e"])
def test_an_answer_is_one_line_for_every_reader_and_gives_the_id_back_as_it_came(end):
    asked = f"a{end}b"

    (answer,) = run("--jsonl", lines=json.dumps({"id": asked, "text": "OCN"})).stdout.splitlines()

    assert asked == json.loads(answer)["id"]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("{", "is no JSON"),
        ("[1]", "is no JSON object"),
        ('{"id": 2}', 'has no "text"'),
        ('{"text": 5}', 'has no "text"'),
    ],
)
def test_a_bad_line_is_named_and_the_others_are_answered(bad, reason):
    lines = f'{{"id": 1, "text": "こんにちは"}}\n{bad}\n{{"id": 3, "text": "受信できない"}}\n'

    result = run("--jsonl", lines=lines)
    answers = [json.loads(line) for line in result.stdout.splitlines()]

    assert 1 == result.exit_code
    assert f"line 2: {reason}" in result.stderr
    assert ["greeting", None, "cannot_receive"] == [one.get("intent") for one in answers]
    assert reason == answers[1]["error"]


def test_a_text_or_lines_are_needed_but_not_both():
    for arguments in ([], ["メール", "--jsonl"]):
        result = subprocess.run(
            [sys.executable, "-c", "from bot.cli.main import main; main()", "ask", *arguments],
            input="",
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert 2 == result.returncode
        assert "文を1つ書いてください" in result.stderr


def test_it_starts_without_the_heavy_imports():
    program = (
        "import sys\n"
        "from click.testing import CliRunner\n"
        "from bot.cli.ask import ask\n"
        "CliRunner().invoke(ask, ['メールが来ない'])\n"
        "heavy = {'linebot', 'slack_bolt', 'slack_sdk', 'sqlalchemy', 'rich', 'sklearn', 'scipy', 'aiohttp'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )

    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout

    assert "[]" == loaded.strip()
