"""The shipped library, loaded once: most rules are best seen with the real words."""

from __future__ import annotations

import pytest

from bot.content.library import load_library


@pytest.fixture(scope="session", name="library")
def _library(tmp_path_factory):
    return load_library(cache=tmp_path_factory.mktemp("library"))
