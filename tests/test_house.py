"""What the house promises of itself: folders, version, and documents that say what is so.

`python -m tests.test_house` writes the commands' own words into docs/reference.md again.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import distributions
from pathlib import Path

import click
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import bot
from bot.cli.japanese import speak_japanese
from bot.cli.main import cli
from bot.settings import Settings

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT / "docs" / "reference.md"
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("deploy/**/*.md")])
COMMANDS_FROM = "<!-- madoguchi --help: written by python -m tests.test_house -->\n"
_WIDTH = 100


def of(path):
    return path.relative_to(ROOT).as_posix()


def read(path):
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("folder", ["intents", "providers"])
def test_the_content_folders_hold_only_yaml(folder):
    others = [
        of(path)
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.suffix != ".yaml" and path.name != "README.md"
    ]

    assert others == []


def test_one_version_everywhere():
    project = tomllib.loads(read(ROOT / "pyproject.toml"))["project"]["version"]
    newest = re.search(r"^## \[([^\]]+)\]", read(ROOT / "CHANGELOG.md"), re.MULTILINE)[1]

    assert project == newest == bot.__version__


def test_the_lock_names_every_extra_that_a_package_asks_for():
    """Older pip looks for the newest `name[extra]` where the lock pins only `name`, and then refuses it."""
    lock = read(ROOT / "requirements-dev.lock")
    pinned = set(re.findall(r"^([a-z0-9.-]+)(?:\[[a-z,-]+\])?==", lock, re.MULTILINE))
    asked = {
        f"{canonicalize_name(wanted.name)}[{','.join(sorted(wanted.extras))}]"
        for dist in distributions()
        if canonicalize_name(dist.name) in pinned
        for wanted in map(Requirement, dist.requires or [])
        if wanted.extras and (wanted.marker is None or wanted.marker.evaluate({"extra": ""}))
    }

    assert "coverage[toml]" in asked
    assert {name for name in asked if f"\n{name}==" not in lock} == set()


def test_every_setting_stands_in_the_reference():
    rows = set(re.findall(r"^\| `([A-Z_]+)` \|", read(REFERENCE), re.MULTILINE))

    assert {name.upper() for name in Settings.model_fields} == rows


def commands(command=cli, names=("madoguchi",)):
    """Every command with the words that call it, groups first."""
    yield names, command
    if isinstance(command, click.Group):
        parent = click.Context(command, info_name=names[-1])
        for name in command.list_commands(parent):
            yield from commands(command.get_command(parent, name), (*names, name))


def help_of(names, command):
    """What `--help` prints."""
    context = click.Context(
        command,
        info_name=" ".join(names),
        terminal_width=_WIDTH,
        max_content_width=_WIDTH,
        help_option_names=["-h", "--help"],
    )
    return "\n".join(line.rstrip() for line in command.get_help(context).splitlines())


def commands_page():
    speak_japanese()
    return "\n".join(
        f"### {' '.join(names)}\n\n```text\n{help_of(names, command)}\n```\n" for names, command in commands()
    )


def test_the_reference_shows_the_help_of_every_command():
    """In a process of its own: click keeps what a command's help looked like when it was first asked for."""
    printed = subprocess.run(
        [sys.executable, "-c", "from tests.test_house import commands_page; print(commands_page())"],
        cwd=ROOT, env={**os.environ, "PYTHONUTF8": "1"}, capture_output=True, encoding="utf-8", check=True,
    ).stdout  # fmt: skip

    shown = read(REFERENCE).partition(COMMANDS_FROM)[2].strip()

    assert shown == printed.strip(), "to renew it: python -m tests.test_house"


def anchors(page):
    """The names that GitHub gives to the headings of *page*."""
    headings = re.findall(r"^#+ (.+)$", read(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links():
    for page in PAGES:
        for target in re.findall(r"\]\(([^)\s]+)\)", read(page)):
            if "://" not in target:
                yield page, target


@pytest.mark.parametrize(
    ("page", "target"), [pytest.param(*link, id=f"{of(link[0])} {link[1]}") for link in links()]
)
def test_every_link_leads_somewhere(page, target):
    file, _, anchor = target.partition("#")
    there = page.parent / file if file else page

    assert there.exists()
    assert not anchor or anchor in anchors(there)


if __name__ == "__main__":
    before = read(REFERENCE).partition(COMMANDS_FROM)[0]
    REFERENCE.write_text(f"{before}{COMMANDS_FROM}\n{commands_page()}", encoding="utf-8")
