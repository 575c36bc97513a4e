"""The SDK is imported in parts: quickly, and without being in the way of whoever wants it whole."""

from __future__ import annotations

import subprocess
import sys


def said_by(program):
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_none_of_the_sdks_models_are_imported_with_the_sender():
    loaded = said_by(
        "import sys, bot.channels.line.sender\n"
        "print(*(name for name in sys.modules if name.startswith('linebot')))"
    )

    assert {"linebot.v3.messaging.async_rest", "linebot.v3.messaging.configuration"} <= set(loaded)
    assert not [name for name in loaded if ".models" in name or ".api." in name]


def test_the_whole_sdk_can_be_imported_after_it_and_is_the_same():
    said = said_by(
        "from bot.channels.line import sdk\n"
        "from linebot.v3.messaging import AsyncMessagingApi, Configuration\n"
        "from linebot.v3.webhook import WebhookParser\n"
        "print(Configuration is sdk.Configuration)"
    )

    assert said == ["True"]


def test_the_whole_sdk_can_be_imported_before_it():
    said = said_by(
        "import linebot.v3.messaging as whole\n"
        "from bot.channels.line import sdk\n"
        "print(whole.Configuration is sdk.Configuration)"
    )

    assert said == ["True"]
