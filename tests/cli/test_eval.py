"""madoguchi eval: figures on labelled messages."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from bot.cli.eval import evaluate
from bot.content.telling import told
from bot.errors import ContentError

LINES = [
    {"text": "受信ができません", "intent": "cannot_receive", "provider": None, "ports": [], "style": "plain"},
    {"text": "So-netの送信ができません", "intent": "cannot_send", "provider": "sonet", "ports": []},
    {"text": "今日の天気は", "intent": "out_of_scope", "provider": None, "ports": []},
    {"text": "直りました、ありがとう", "intent": "cannot_send", "also": ["resolved_thanks"], "ports": []},
]


@pytest.fixture(name="file")
def _file(tmp_path):
    path = tmp_path / "greeting.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in LINES) + "\n\n", encoding="utf-8")
    return path


def run(*arguments):
    return CliRunner().invoke(evaluate, [str(argument) for argument in arguments])


def test_the_figures_are_counted(file):
    figures = json.loads(run(file, "--json").stdout)

    assert 4 == figures["messages"]
    assert 0.75 == figures["accuracy"]
    assert 1.0 == figures["lenient"]
    assert pytest.approx(2 / 3, abs=1e-3) == figures["in_scope"]
    assert 1.0 == figures["out_of_scope"]
    assert {"count": 2, "precision": 1.0, "recall": 0.5} == figures["intents"]["cannot_send"]
    assert [{"intent": "cannot_send", "taken_for": "resolved_thanks", "count": 1}] == figures["confusion"]


def test_provider_ids_of_older_samples_count_as_the_records(file):
    figures = json.loads(run(file, "--json").stdout)

    assert 1.0 == figures["slots"]["provider"]


def test_a_slot_is_judged_only_where_the_line_names_it(tmp_path):
    path = tmp_path / "cannot_send.jsonl"
    lines = [{"text": "OCNで送れません"}, {"text": "OCNで送れません", "provider": None}]
    path.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")

    slots = json.loads(run(path, "--json").stdout)["slots"]

    assert 0.0 == slots["provider"]
    assert slots["client"] is None


def test_the_table_is_for_people_and_lists_what_was_wrong(file):
    shown = run(file, "--wrong").stdout

    assert " 0.750  正答率\n" in shown
    assert "1 回  cannot_send を resolved_thanks と読みました" in shown
    assert "cannot_send → resolved_thanks" in shown


def test_a_line_without_a_label_takes_the_name_of_its_file(tmp_path):
    path = tmp_path / "greeting.jsonl"
    path.write_text('{"text": "こんにちは"}\n', encoding="utf-8")

    assert 1.0 == json.loads(run(path, "--json").stdout)["accuracy"]


def test_every_bad_line_is_told(tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_text('{\n{"text": "こんにちは"}\n{"intent": "greeting"}\n', encoding="utf-8")

    result = run(path)

    assert isinstance(result.exception, ContentError)
    assert [f"{path}:{n}: {told('sentence_form')}" for n in (1, 3)] == list(result.exception.problems)
