"""Where content lies: in a checkout, inside an installed wheel, and in the owner's own folders."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import platformdirs

from bot.errors import ContentError

_HERE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The YAML files to read, by their stem; a file of the owner has already taken the place of the shipped one.

    `behind` are the shipped files whose place was taken: a list there may have grown since the owner copied it.
    """

    intents: Mapping[str, Path]
    providers: Mapping[str, Path]
    lists: Mapping[str, Path]
    behind: Mapping[str, Path] = field(default_factory=dict)

    @property
    def files(self) -> tuple[Path, ...]:
        named = (self.intents, self.providers, self.lists, self.behind)
        return tuple(path for files in named for path in files.values())


def shipped_root() -> Path:
    """The folder that holds the project's own `intents/` and `providers/`.

    A checkout comes first: an editable install leaves a stale copy of the content beside this file.
    """
    checkout = _HERE.parents[1]
    if (checkout / "pyproject.toml").is_file() and (checkout / "intents").is_dir():
        return checkout
    return _HERE / "shipped"


def is_shipped(path: Path) -> bool:
    """Whether a file comes with the project, rather than from an owner."""
    return path.is_relative_to(shipped_root())


def find_places(*, intents_dir: Path | None = None, providers_dir: Path | None = None) -> Places:
    """The files in force: the shipped ones, each replaced as a whole by the owner's file of the same stem.

    Raises:
        ContentError: a folder holds two files of one stem.
    """
    root = shipped_root()
    intents, lists = _yaml_files(root / "intents"), _yaml_files(root / "intents" / "_lists")
    own_intents, own_lists = _yaml_files(intents_dir), _yaml_files(intents_dir and intents_dir / "_lists")
    replaced = {stem for stem in own_intents | own_lists if stem in intents | lists}
    return Places(
        intents=intents | own_intents,
        providers=_yaml_files(root / "providers") | _yaml_files(providers_dir),
        lists=lists | own_lists,
        behind={stem: (intents | lists)[stem] for stem in sorted(replaced)},
    )


def cache_dir() -> Path:
    """The platform's folder for what may be lost at any time; a temporary one for a user without a home."""
    try:
        return Path(platformdirs.user_cache_dir("madoguchi", appauthor=False))
    except RuntimeError:
        return Path(tempfile.gettempdir()) / "madoguchi-cache"


def _yaml_files(folder: Path | None) -> dict[str, Path]:
    if folder is None or not folder.is_dir():
        return {}
    with os.scandir(folder) as entries:
        names = sorted(entry.name for entry in entries)
    found: dict[str, Path] = {}
    for name in names:
        if name.endswith((".yaml", ".yml")) and not name.startswith("."):
            path = folder / name
            if found.setdefault(path.stem, path) is not path:
                from bot.content.telling import told  # noqa: PLC0415 - seldom needed

                raise ContentError([f"{path}:1: {told('file_twice', other=found[path.stem].name)}"])
    return found
