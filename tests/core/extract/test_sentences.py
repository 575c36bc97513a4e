"""Slots on the project's own sentences that nothing was fitted on, with the knowledge that is shipped."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.content.library import load_library

HELD_OUT = Path(__file__).parents[2] / "sentences" / "held_out"


@pytest.fixture(scope="module", name="library")
def _library(tmp_path_factory):
    return load_library(cache=tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="module", name="finder")
def _finder(library):
    return library.slot_finder


@pytest.fixture(scope="module", name="sentences")
def _sentences():
    return [
        json.loads(line) for path in HELD_OUT.glob("*.jsonl") for line in path.read_text("utf-8").splitlines()
    ]


def wrong(sentences, slot, read):
    return [
        (line["text"], line.get(slot), read(line["text"]))
        for line in sentences
        if line.get(slot) != read(line["text"])
    ]


@pytest.mark.parametrize(
    ("slot", "bound"), [("provider", 0.99), ("error_code", 0.99), ("client", 0.97), ("protocol", 0.97)]
)
def test_slots_of_unseen_sentences_are_right(finder, sentences, slot, bound):
    faults = wrong(sentences, slot, lambda text: getattr(finder.find(text), slot))

    right = 1 - len(faults) / len(sentences)
    assert len(sentences) >= 300
    assert right >= bound, f"{slot} {right:.4f} of {len(sentences)}: {faults}"


def test_ports_of_unseen_sentences_are_right(finder, sentences):
    def read(text):
        ports = finder.find(text).ports
        return [{"role": port.role.value, "port": port.port, "ssl": port.ssl} for port in ports] or None

    faults = wrong(sentences, "ports", read)

    right = 1 - len(faults) / len(sentences)
    assert right >= 0.97, f"ports {right:.4f} of {len(sentences)}: {faults}"


def test_every_provider_is_known_by_each_of_its_names(library, finder):
    named = {(each.id, name) for each in library.providers.values() for name in (each.name, *each.aliases)}

    strange = {
        (owner, name)
        for owner, name in named
        if finder.find(f"{name}のメールが受信できません").provider != owner
    }

    assert strange <= {("au-one-net", "au")}  # auのメール is the mobile carrier's mail


def test_every_program_is_known_by_each_of_its_names(library, finder):
    named = {(each.id, name) for each in library.clients.values() for name in (each.name, *each.aliases)}

    assert {each for each in named if finder.find(f"{each[1]}で受信できません").client != each[0]} == set()
