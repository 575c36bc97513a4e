"""What the program is made of is fixed to the byte, and comes from nowhere in particular."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = ["requirements.lock", "requirements-dev.lock"]
NAME = re.compile(r"^([A-Za-z0-9._-]+)")


def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def pinned(lock):
    """Each requirement of the lock with its hashes."""
    joined = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    return [
        line.strip() for line in joined.splitlines() if line.strip() and not line.lstrip().startswith("#")
    ]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_fixed_by_its_hashes(lock):
    loose = [
        line
        for line in pinned(lock)
        if not re.match(r"^[\w.\[\]-]+==\S+", line) or "--hash=sha256:" not in line
    ]

    assert loose == []


@pytest.mark.parametrize("lock", LOCKS)
def test_no_lock_names_a_registry(lock):
    assert not re.search(r"https?://|--index-url|--find-links", (ROOT / lock).read_text(encoding="utf-8"))


def test_the_lock_holds_everything_that_is_needed():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    locked = {normal(NAME.match(line)[1]) for line in pinned("requirements.lock")}

    missing = {normal(NAME.match(need)[1]) for need in project["dependencies"]} - locked

    assert missing == set()
