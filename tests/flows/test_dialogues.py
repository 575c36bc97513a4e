"""Whole conversations with the shipped content: the samples, and the project's own, one test each."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from bot.channels.console.render import text_of
from bot.channels.console.talks import Talks
from bot.content.library import load_library
from bot.core.messages import Address, Attachment, Channel, Said, Sticker

FOLDER = Path(__file__).parents[1] / "dialogues"
DIALOGUES = [
    (f"{path.stem}: {dialogue['topic']}", dialogue)
    for path in sorted(FOLDER.glob("*.yaml"))
    for dialogue in yaml.safe_load(path.read_text(encoding="utf-8"))
]
MORNING = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


@pytest.fixture(scope="module", name="library")
def _library(tmp_path_factory):
    return load_library(cache=tmp_path_factory.mktemp("cache"))


@pytest.mark.parametrize("dialogue", [pytest.param(d, id=name) for name, d in DIALOGUES])
def test_every_turn_is_served_as_expected(dialogue, library):
    talks = Talks(library=library)
    here = Address(channel=Channel(dialogue.get("channel", "line")), to="someone")

    faults = []
    for n, turn in enumerate(dialogue["turns"]):
        outcome, replies = talks.hear(content_of(turn), at=here, now=MORNING + timedelta(minutes=n))
        faults += [f"{turn} → {fault}" for fault in faults_of(turn, outcome, text_of(replies))]

    assert not faults


def content_of(turn):
    if "sticker" in turn:
        return Sticker(package_id="1", sticker_id="1")
    if "image" in turn:
        return Attachment(media="image", content_id=turn["image"])
    return Said(text=turn["user"])


def faults_of(turn, outcome, text):
    """What of *turn*'s expectations does not hold."""
    said = comparable(text)
    if outcome.intent not in turn["intent"].split("|"):
        yield f"intent is {outcome.intent}"
    if "asks" in turn and outcome.asks not in turn["asks"].split("|"):
        yield f"asks {outcome.asks or 'nothing'}"
    if "handoff" in turn and outcome.handoff != turn["handoff"]:
        yield f"handoff is {outcome.handoff}"
    yield from (f"does not say {word}" for word in turn.get("says", ()) if comparable(word) not in said)
    yield from (f"says {word}" for word in turn.get("never", ()) if comparable(word) in said)


def comparable(text):
    return unicodedata.normalize("NFKC", text).lower()
