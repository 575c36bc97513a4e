"""Every sentence of ours is a test; what still fails stands in known_failures.yaml, and nothing else may."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from bot.content.library import load_library
from bot.core.understand import understand

HERE = Path(__file__).parent
SLOTS = ("provider", "client", "protocol", "error_code")


def read(folder):
    return [
        (path.stem, number, json.loads(line))
        for path in sorted((HERE / folder).glob("*.jsonl"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if line.strip()
    ]


SENTENCES = read("fit") + read("held_out")
HELD_OUT = read("held_out")
KNOWN = {
    (entry["say"], entry["intent"])
    for entry in yaml.safe_load((HERE / "known_failures.yaml").read_text(encoding="utf-8"))
}


def label(stem, plain):
    return plain.get("intent", stem)


@pytest.fixture(scope="module", name="library")
def _library():
    return load_library()


@pytest.mark.parametrize(
    ("stem", "plain"),
    [pytest.param(stem, plain, id=f"{stem}-{number}") for stem, number, plain in SENTENCES],
)
def test_each_sentence_is_understood_unless_it_is_a_known_failure(stem, plain, library):
    expected = label(stem, plain)
    known_to_fail = (plain["text"], expected) in KNOWN

    actual = understand(plain["text"], library).intent

    if known_to_fail:
        assert expected != actual, "understood now: take it off known_failures.yaml"
    else:
        assert expected == actual


def test_every_known_failure_is_one_of_our_sentences():
    ours = {(plain["text"], label(stem, plain)) for stem, _, plain in SENTENCES}

    assert set() == KNOWN - ours


def test_no_held_out_sentence_is_fitted_on():
    fitted_on = {plain["text"] for _, _, plain in read("fit")}

    assert [] == [plain["text"] for _, _, plain in HELD_OUT if plain["text"] in fitted_on]


def test_held_out_sentences_are_understood_nine_times_in_ten(library):
    inside = [(stem, plain) for stem, _, plain in HELD_OUT if label(stem, plain) != "out_of_scope"]
    outside = [(stem, plain) for stem, _, plain in HELD_OUT if label(stem, plain) == "out_of_scope"]

    right_inside = share_understood(inside, library)
    right_outside = share_understood(outside, library)

    assert right_inside >= 0.91
    assert right_outside >= 0.90


def test_held_out_slots_are_found(library):
    labelled = [plain for _, _, plain in HELD_OUT if any(plain.get(name) for name in SLOTS)]

    right = [
        plain.get(name) == getattr(understand(plain["text"], library).slots, name)
        for plain in labelled
        for name in SLOTS
    ]

    assert sum(right) / len(right) >= 0.97


def share_understood(sentences, library):
    right = [label(stem, plain) == understand(plain["text"], library).intent for stem, plain in sentences]
    return sum(right) / len(right)
