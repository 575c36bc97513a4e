"""Lets click say its own words (usage, wrong arguments) in Japanese, through the gettext that it has for this."""

from __future__ import annotations

import gettext
import os
from pathlib import Path


def speak_japanese() -> None:
    """Whatever the language of the system: all else that the commands say is Japanese too."""
    gettext.bindtextdomain("messages", str(Path(__file__).with_name("locale")))
    os.environ["LANGUAGE"] = "ja"
