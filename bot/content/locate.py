"""Where content lies: in a checkout, inside an installed wheel, and in the owner's own folders."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

_HERE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The YAML files to read, by their stem; a file of the owner has already taken the place of the shipped one."""

    intents: Mapping[str, Path]
    providers: Mapping[str, Path]
    lists: Mapping[str, Path]

    @property
    def files(self) -> tuple[Path, ...]:
        return (*self.intents.values(), *self.providers.values(), *self.lists.values())


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
    """The files in force: the shipped ones, each replaced as a whole by the owner's file of the same stem."""
    root = shipped_root()
    return Places(
        intents=_overlaid(root / "intents", intents_dir),
        providers=_overlaid(root / "providers", providers_dir),
        lists=_overlaid(root / "intents" / "_lists", intents_dir and intents_dir / "_lists"),
    )


def cache_dir() -> Path:
    """The platform's folder for what may be lost at any time; a temporary one for a user without a home."""
    try:
        return Path(platformdirs.user_cache_dir("madoguchi", appauthor=False))
    except RuntimeError:
        return Path(tempfile.gettempdir()) / "madoguchi-cache"


def _overlaid(shipped: Path, own: Path | None) -> dict[str, Path]:
    return _yaml_files(shipped) | (_yaml_files(own) if own else {})


def _yaml_files(folder: Path) -> dict[str, Path]:
    if not folder.is_dir():
        return {}
    with os.scandir(folder) as entries:
        names = sorted(entry.name for entry in entries)
    return {
        Path(name).stem: folder / name
        for name in names
        if name.endswith((".yaml", ".yml")) and not name.startswith(".")
    }
