"""The manifest creates an app that can do all that the code does."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

import bot.channels.slack
from bot.channels.slack.forms import INTAKE_SHORTCUT
from bot.channels.slack.inbound import COMMAND, LOOK_UP_SHORTCUT
from bot.channels.slack.listeners import EVENTS
from tests.fakes.slack import SCOPES

SOURCES = Path(bot.channels.slack.__file__).parent
MANIFEST = Path(__file__).parents[3] / "deploy" / "slack-manifest.yaml"

EVENT_SCOPES = {
    "app_mention": "app_mentions:read",
    "assistant_thread_context_changed": "assistant:write",
    "assistant_thread_started": "assistant:write",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
}


@pytest.fixture(name="manifest", scope="module")
def _manifest() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(name="scopes")
def _scopes(manifest: dict[str, Any]) -> set[str]:
    return set(manifest["oauth_config"]["scopes"]["bot"])


def methods_called() -> set[str]:
    """Every Web API method named by a call on the client, `chat_postMessage` → `chat.postMessage`."""
    source = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES.glob("*.py"))
    calls = re.findall(r"self\._?client\.([a-z]+_[A-Za-z_]+)\(", source)
    return {name.replace("_", ".") for name in calls}


def test_every_event_that_is_listened_to_is_subscribed(manifest: dict[str, Any]) -> None:
    subscribed = {
        event.partition(".")[0] for event in manifest["settings"]["event_subscriptions"]["bot_events"]
    }

    assert subscribed == set(EVENTS)


def test_every_event_has_its_scope(manifest: dict[str, Any], scopes: set[str]) -> None:
    events = set(manifest["settings"]["event_subscriptions"]["bot_events"]) - {"app_home_opened"}

    assert {EVENT_SCOPES[event] for event in events} <= scopes


def test_every_method_that_is_called_has_its_scopes(scopes: set[str]) -> None:
    called = methods_called()

    assert {"chat.postMessage", "chat.update", "conversations.replies", "reactions.add"} <= called
    assert {scope for method in called for scope in SCOPES[method]} <= scopes


def test_the_command_the_shortcut_and_buttons_are_there(manifest: dict[str, Any], scopes: set[str]) -> None:
    features = manifest["features"]

    assert [command["command"] for command in features["slash_commands"]] == [COMMAND]
    assert [(one["type"], one["callback_id"], one["name"]) for one in features["shortcuts"]] == [
        ("global", INTAKE_SHORTCUT, "引っ越しの受付"),
        ("message", LOOK_UP_SHORTCUT, "この文面で調べる"),
    ]
    assert manifest["settings"]["interactivity"]["is_enabled"]
    assert "commands" in scopes


def test_it_can_be_pasted_as_it_is(manifest: dict[str, Any]) -> None:
    assert manifest["settings"]["socket_mode_enabled"]
    assert "request_url" not in manifest["settings"]["event_subscriptions"]


def test_with_its_marks_taken_off_it_is_the_http_form() -> None:
    text = MANIFEST.read_text(encoding="utf-8").replace("# HTTP: ", "")

    manifest = yaml.safe_load(text)

    address = "https://madoguchi.example.jp/slack/events"
    assert manifest["features"]["slash_commands"][0]["url"] == address
    assert manifest["settings"]["event_subscriptions"]["request_url"] == address
    assert manifest["settings"]["interactivity"]["request_url"] == address
