"""What a fault is called: the sentences for shops stand in telling.yaml, by name."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

_SENTENCES = Path(__file__).with_name("telling.yaml")


def told(name: str, /, **facts: object) -> str:
    """The sentence *name*, with *facts* filled in."""
    sentence: str = sentences()[name]
    return sentence.format_map(facts)


def term(group: str, name: str) -> str:
    """What *name* is called among the terms of *group*; itself where the group does not know it."""
    terms: dict[str, str] = sentences()[group]
    return terms.get(name, name)


@cache
def sentences() -> dict[str, Any]:
    """All sentences, and the groups of terms among them."""
    read: dict[str, Any] = yaml.load(_SENTENCES.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return read
