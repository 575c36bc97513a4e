from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from bot.content.locate import Places

if TYPE_CHECKING:
    from pathlib import Path

A_PROVIDER = """
    id: {id}
    name: {name}
    category: isp
    aliases: [{alias}]
    domains: ["*.{id}.example"]
    evidence: [page]
    answer_with_values: true
    servers:
      - {{protocol: pop, host: pop.{id}.example, port: 995, security: ssl, usable: true, evidence: [page]}}
    sources:
      page: {{source: "https://www.example/", kind: official, date: 2026-05}}
"""
AN_INTENT = """
    id: {id}
    title: メールが届かない
    reply: [steps]
    phrases: [メールが届かない]
    tests:
      - say: メールが届きません
"""
A_SHOP = """
    name: ためしの店
"""


def a_provider(name: str = "ocn", **changes: str) -> str:
    """A provider's YAML; *changes* replace a piece of text in it by another."""
    return changed(A_PROVIDER.format(id=name, name=name.upper(), alias=f"{name}メール"), changes)


def an_intent(name: str = "cannot_receive", **changes: str) -> str:
    return changed(AN_INTENT.format(id=name), changes)


def changed(text: str, changes: dict[str, str]) -> str:
    text = dedent(text).lstrip()
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    return text


class Folder:
    """A folder of content under construction."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.write("intents/shop.yaml", A_SHOP)

    def write(self, name: str, text: str) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).lstrip(), encoding="utf-8")
        return path

    @property
    def intents(self) -> Path:
        return self.root / "intents"

    @property
    def providers(self) -> Path:
        return self.root / "providers"

    @property
    def places(self) -> Places:
        """The files of this folder alone; those in its `shipped/` are behind them."""

        def found(folder: Path) -> dict[str, Path]:
            return {path.stem: path for path in sorted(folder.glob("*.yaml"))}

        return Places(
            intents=found(self.intents),
            providers=found(self.providers),
            lists=found(self.intents / "_lists"),
            behind=found(self.root / "shipped"),
        )


@pytest.fixture(name="folder")
def _folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # so that problems name short paths
    return Folder(tmp_path)
