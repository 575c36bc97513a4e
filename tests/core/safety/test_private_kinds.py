"""How well telephone numbers, postal addresses, mail addresses and cards are found, and how seldom anything else."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from bot.core.safety.privacy import Private, mask

DATA = Path(__file__).parent / "private"
MARKED = re.compile("【(.*?)】")
EVERY: frozenset[Private] = frozenset({"password", "address", "card", "phone", "postal"})

TOLD = [line.split("\t") for line in (DATA / "told.txt").read_text("utf-8").splitlines()]
INNOCENT = (DATA / "not_told.txt").read_text("utf-8").splitlines()


def leaks(kind):
    """Messages in which something marked is still to be read."""
    of_kind = [text for each, text in TOLD if each == kind]
    return [
        text
        for text in of_kind
        if any(secret.strip() in mask(MARKED.sub(r"\1", text), EVERY).text for secret in MARKED.findall(text))
    ]


@pytest.mark.parametrize("kind", ["phone", "postal", "address", "card"])
def test_what_is_private_vanishes(kind):
    kept = leaks(kind)

    count = Counter(each for each, _ in TOLD)[kind]
    recall = 1 - len(kept) / count
    assert recall >= 0.95, f"{kind}: recall {recall:.3f} of {count}; kept: {kept}"


def test_nothing_else_vanishes():
    touched = [text for text in INNOCENT if mask(text, EVERY).text != text]

    precision = len(TOLD) / (len(TOLD) + len(touched))
    assert precision >= 0.98, f"precision {precision:.3f} beside {len(INNOCENT)}; touched: {touched}"


def test_the_sets_are_large_enough_to_mean_something():
    assert len(TOLD) >= 100
    assert len(INNOCENT) >= 100
