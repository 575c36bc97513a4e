"""Loads the library for commands that only think: without the settings' own imports, which cost more than the answer."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.core.library import Library


def load() -> Library:
    """The library with the owner's folders, as the environment or .env names them."""
    from bot.content.library import load_library

    intents_dir, providers_dir = own_folders()
    return load_library(intents_dir=intents_dir, providers_dir=providers_dir)


def own_folders() -> tuple[Path | None, Path | None]:
    """The owner's folders of intents and of providers."""
    named = [os.environ.get(name) for name in ("MADOGUCHI_INTENTS_DIR", "MADOGUCHI_PROVIDERS_DIR")]
    if any(named) or Path(".env").is_file():
        from bot.settings import Settings

        settings = Settings.load()
        return settings.madoguchi_intents_dir, settings.madoguchi_providers_dir
    return None, None
