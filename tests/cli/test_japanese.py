"""What click says by itself is Japanese. `python -m tests.cli.test_japanese` compiles its words again."""

from __future__ import annotations

import ast
import re
import struct
import subprocess
import sys
from pathlib import Path

import pytest

import bot.cli.japanese

WORDS = Path(bot.cli.japanese.__file__).with_name("locale") / "ja" / "LC_MESSAGES" / "messages.po"
COMPILED = WORDS.with_suffix(".mo")
_PART = re.compile(r'^(msgid|msgid_plural|msgstr)(?:\[0\])? ((?:".*"\n?)+)', re.MULTILINE)
_MAGIC = 0x950412DE
_HEAD = 28


def compiled(po: str) -> bytes:
    """The .mo file of *po*: two tables of lengths and places, then the texts, each with a zero at its end."""
    words: dict[str, str] = {}
    for kind, quoted in _PART.findall(po):
        text = "".join(map(ast.literal_eval, quoted.splitlines()))
        if kind == "msgid":
            key = text
        elif kind == "msgid_plural":
            key += f"\0{text}"
        else:
            words[key] = text
    pairs = sorted((key.encode(), value.encode()) for key, value in words.items())
    count = len(pairs)
    place = _HEAD + 16 * count
    tables = []
    for texts in zip(*pairs, strict=True):
        for text in texts:
            tables += [len(text), place]
            place += len(text) + 1
    body = b"".join(text + b"\0" for texts in zip(*pairs, strict=True) for text in texts)
    head = struct.pack("<7I", _MAGIC, 0, count, _HEAD, _HEAD + 8 * count, 0, 0)
    return head + struct.pack(f"<{len(tables)}I", *tables) + body


def test_the_words_are_compiled():
    assert compiled(WORDS.read_text(encoding="utf-8")) == COMPILED.read_bytes()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["restore"], "書いてください： 'FILE'"),
        (["restore", "FILE", "--replac"], "（'--replace' のことでしょうか）"),
        (["eval", "no-such.jsonl"], "ファイル no-such.jsonl がありません"),
        (["eval", "."], ". はフォルダーです。ファイルを書いてください"),
        (["check", "pyproject.toml"], "pyproject.toml はファイルです。フォルダーを書いてください"),
        (["chat", "--channel", "fax"], "fax は選べません。'line', 'slack' のどれかにしてください"),
        (["tickets", "list", "--most", "many"], "many は数字ではありません"),
        (["ask", "OCN", "受信ポート"], "余分なものがあります（受信ポート）"),
        (["aks"], "「aks」というコマンドはありません"),
        (["db", "downgrade"], "downgrade というコマンドはありません"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_wrong_argument_is_told_in_japanese_and_ends_with_2(arguments, said):
    done = subprocess.run(
        [sys.executable, "-c", "from bot.cli.main import main; main()", *arguments],
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip

    assert said in done.stderr
    assert "使い方:" in done.stderr
    assert done.returncode == 2


if __name__ == "__main__":
    COMPILED.write_bytes(compiled(WORDS.read_text(encoding="utf-8")))
