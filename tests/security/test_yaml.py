"""A YAML file can neither run anything nor eat the machine."""

from __future__ import annotations

import resource
import time

import pytest

from bot.content.reading import Fault, read_document

LAUGHS = "\n".join(
    ["a: &a [" + ", ".join(["lol"] * 10) + "]"]
    + [
        f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    ]
)

HOSTILE = {
    "billion laughs": LAUGHS,
    "quadratic": "a: &a " + "x" * 100_000 + "\nb: [" + ", ".join(["*a"] * 1000) + "]",
    "an alias to itself": "a: &a [*a]",
    "merged keys": "a: &a {b: 1}\nc: {<<: *a}",
    "a call": "a: !!python/object/apply:os.system ['touch /tmp/never']",
    "an object": "a: !!python/object:bot.settings.Settings {}",
    "a module": "a: !!python/module:os",
    "a name": "a: !!python/name:os.system",
    "a tag of its own": "a: !env SLACK_BOT_TOKEN",
    "bytes": "a: !!binary aGVsbG8=",
    "deep": "a: " + "[" * 5000 + "]" * 5000,
    "deep mappings": "a: " + "{a: " * 5000 + "}" * 5000,
    "many bytes": "a: " + "x" * 2_000_000,
    "two documents": "a: 1\n---\nb: 2",
    "a key twice": "a: 1\na: 2",
    "no text": "\x00\x01",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_file_is_refused_quickly_and_with_its_line(text, tmp_path):
    path = tmp_path / "hostile.yaml"
    path.write_text(text, encoding="utf-8")
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()

    found = read_document(path)

    assert time.process_time() - began < 2
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000  # kilobytes
    assert isinstance(found, tuple)
    assert all(isinstance(fault, Fault) for fault in found)
    assert str(found[0]).partition(":")[2].split(":")[0].isdecimal()
