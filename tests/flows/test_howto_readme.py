"""What the README shows works as it says."""

from __future__ import annotations

import re
from pathlib import Path

from click.testing import CliRunner

from bot.cli.eval import evaluate

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def test_the_examples_for_eval_are_read_and_understood(tmp_path):
    file = tmp_path / "mine.jsonl"
    file.write_text(re.search(r"```json\n(.*?)```", README, re.DOTALL)[1], encoding="utf-8")

    result = CliRunner().invoke(evaluate, [str(file), "--wrong"])

    assert result.exit_code == 0, result.output
    assert " 1.000  正答率\n" in result.stdout
    assert "と読みました" not in result.stdout
