"""Brings known_failures.yaml up to date after a refit: `python tests/sentences/renew.py`. Prints counts, never a held-out line."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import yaml

from bot.content.library import load_library
from bot.core.understand import understand

HERE = Path(__file__).parent
HEAD = """\
# Sentences of ours that are not understood yet. Strict: one that is understood now must be taken off, and a sentence
# that fails must stand here. Those of held_out are never used to choose a cue, a phrase or a weight.
# Written by `python tests/sentences/renew.py`, after a refit.
"""


def main():
    library = load_library()
    failing = {folder: failures(folder, library) for folder in ("fit", "held_out")}
    text = yaml.safe_dump(
        [entry for entries in failing.values() for entry in entries],
        allow_unicode=True,
        sort_keys=False,
        width=1000,
    )
    (HERE / "known_failures.yaml").write_text(HEAD + text, encoding="utf-8")
    counts = ", ".join(f"{len(entries)} of {folder}" for folder, entries in failing.items())
    sys.stdout.write(f"known failures: {counts}\n")


def failures(folder, library):
    return [
        {"say": plain["text"], "intent": intent}
        for path in sorted((HERE / folder).glob("*.jsonl"))
        for plain in map(json.loads, path.read_text(encoding="utf-8").splitlines())
        if understand(plain["text"], library).intent != (intent := plain.get("intent", path.stem))
    ]


if __name__ == "__main__":
    main()
