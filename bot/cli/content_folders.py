"""Loads the library for commands that only think: without the settings' own imports, which cost more than the answer."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.core.library import Library


def load() -> Library:
    """The library with the owner's folders, as the environment or .env names them, and what looks have proved."""
    from bot.content.library import load_library

    intents_dir, providers_dir = own_folders()
    return with_looks(load_library(intents_dir=intents_dir, providers_dir=providers_dir))


def with_looks(library: Library) -> Library:
    """*library* with the candidates usable that `providers verify` has proved on this computer."""
    try:
        data_dir = own_data_dir()
    except RuntimeError:  # a user without a home
        return library
    if not os.path.isdir(data_dir / "verifications"):  # noqa: PTH112 - False too where it may not be read
        return library  # reading looks costs an import that most have no use for
    from bot.probe.records import VerificationRecords, with_kept_looks

    return with_kept_looks(library, VerificationRecords(data_dir), now=datetime.now(UTC))


def own_data_dir() -> Path:
    """The data folder, as the environment or .env names it."""
    if named := os.environ.get("MADOGUCHI_DATA_DIR"):
        return Path(named).expanduser()
    if Path(".env").is_file():
        from bot.settings import Settings

        return Settings.load().madoguchi_data_dir
    import platformdirs

    return Path(platformdirs.user_data_dir("madoguchi", appauthor=False))


def own_folders() -> tuple[Path | None, Path | None]:
    """The owner's folders of intents and of providers."""
    named = [os.environ.get(name) for name in ("MADOGUCHI_INTENTS_DIR", "MADOGUCHI_PROVIDERS_DIR")]
    if any(named) or Path(".env").is_file():
        from bot.settings import Settings

        settings = Settings.load()
        return settings.madoguchi_intents_dir, settings.madoguchi_providers_dir
    return None, None
