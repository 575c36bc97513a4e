"""`madoguchi chat`: a talk in the terminal, and the same as JSON lines."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from bot.cli.chat import chat

KEYS = ["conversation", "intent", "asks", "text", "choices", "handoff"]


def lines(*told):
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in told)


def answers(*told, options=()):
    result = CliRunner().invoke(chat, ["--jsonl", *options], input=lines(*told))
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_each_line_gets_one_answer_of_the_fixed_form_in_order():
    first, second = answers(
        {"conversation": "a", "user": "メールが届きません"}, {"conversation": "a", "user": "OCNです"}
    )

    assert KEYS == list(first)
    assert ("a", "cannot_receive", "provider", False) == (
        first["conversation"],
        first["intent"],
        first["asks"],
        first["handoff"],
    )
    assert "OCN" in first["choices"]
    assert "995" in second["text"]


def test_nothing_asked_is_null():
    (answer,) = answers({"conversation": "a", "user": "ポート番号って何ですか"})

    assert answer["asks"] is None


def test_conversations_do_not_mix():
    _, other = answers(
        {"conversation": "a", "user": "OCNの設定"}, {"conversation": "b", "user": "メールが送れません"}
    )

    assert "provider" == other["asks"]


def test_a_line_may_name_its_channel():
    (answer,) = answers({"conversation": "a", "user": "ocn 設定", "channel": "slack"})

    assert [] == answer["choices"]
    assert "995" in answer["text"]


def test_the_option_names_the_channel_of_lines_that_do_not():
    (answer,) = answers({"conversation": "a", "user": "ocn 設定"}, options=["--channel", "slack"])

    assert [] == answer["choices"]


def test_stickers_pictures_and_silence_are_taken():
    told = answers(
        {"conversation": "a", "user": "メールが届きません"},
        {"conversation": "a", "sticker": True},
        {"conversation": "a", "image": "screen.png"},
        {"conversation": "a", "user": ""},
    )

    assert ["provider"] * 4 == [answer["asks"] for answer in told]
    assert "文字でお送りください" in told[2]["text"]


def test_a_ticket_shows_as_a_hand_off():
    (answer,) = answers({"conversation": "a", "user": "担当者と話したい"})

    assert answer["handoff"]
    assert "担当者に取り次ぎました" in answer["text"]


@pytest.mark.parametrize(
    "line",
    [
        "これはJSONではありません",
        "[1, 2]",
        '{"conversation": "a"}',
        '{"conversation": 1, "user": "x"}',
        '{"user": "x", "channel": "fax"}',
    ],
)
def test_a_faulty_line_is_named_and_the_others_are_answered(line):
    good = json.dumps({"conversation": "a", "user": "OCNの設定"})

    result = CliRunner().invoke(chat, ["--jsonl"], input=f"{line}\n\n{good}\n")

    faulty, answer = map(json.loads, result.stdout.splitlines())
    assert ["error"] == list(faulty)
    assert "line 1" in faulty["error"]
    assert "line 1" in result.stderr
    assert "995" in answer["text"]
    assert 1 == result.exit_code


def test_a_person_talks_and_presses_numbered_buttons():
    result = CliRunner().invoke(chat, input="メールが届きません\n1\n終了\n")

    assert 0 == result.exit_code
    assert "[1] OCN" in result.stdout
    assert "pop.ocn.ne.jp" in result.stdout


def test_staff_are_greeted_as_their_command_answers_and_not_as_new_friends():
    result = CliRunner().invoke(chat, ["--channel", "slack"], input="ocn 設定\n終了\n")

    assert "困りごとを、そのまま短く書いてください" in result.stdout
    assert "友だち追加" not in result.stdout
    assert "995" in result.stdout


def test_a_hand_off_in_the_terminal_says_that_nobody_hears_of_it():
    result = CliRunner().invoke(chat, input="担当者と話したい\nもう大丈夫です\n終了\n")

    assert 1 == result.stdout.count("これは練習の会話です。担当者には届きません")


def test_the_talk_ends_at_the_end_of_input():
    result = CliRunner().invoke(chat, input="")

    assert 0 == result.exit_code
    assert "メールの困りごと窓口です" in result.stdout


def test_an_answer_leaves_before_the_next_line_is_read():
    command = [sys.executable, "-c", "from bot.cli.main import main; main()", "chat", "--jsonl"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as talk:
        talk.stdin.write(lines({"conversation": "a", "user": "OCNの設定"}))
        talk.stdin.flush()

        answer = json.loads(talk.stdout.readline())

        talk.stdin.close()
    assert "995" in answer["text"]
    assert 0 == talk.returncode
