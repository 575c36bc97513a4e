"""The guide to `verify` explains everything that the command can say."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

from click.testing import CliRunner

from bot.cli.verify import verify
from bot.core.servers.findings import CertificateFault, Plain, Trouble

GUIDE = (Path(__file__).parents[2] / "docs" / "howto-verify-providers.md").read_text(encoding="utf-8")


def test_every_trouble_and_every_fault_is_explained():
    names = [
        *get_args(Trouble),
        *(f"certificate_{fault}" for fault in get_args(CertificateFault)),
        *(f"plain_{state}" for state in get_args(Plain) if state != "not_looked"),
    ]

    assert [name for name in names if f"`{name}`" not in GUIDE] == []


def test_every_option_is_explained():
    help_text = CliRunner().invoke(verify, ["--help"]).output
    options = [word.rstrip(",") for word in help_text.split() if word.startswith("--") and word != "--help"]

    assert options
    assert [option for option in options if option not in GUIDE] == []
