"""What every message of ours bears in Slack: the id of its Send, by which it is found again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_EVENT = "madoguchi_send"


def metadata_of(send_id: str) -> dict[str, Any]:
    """What is posted with the message of that Send."""
    return {"event_type": _EVENT, "event_payload": {"id": send_id}}


def send_id_of(message: Mapping[str, Any]) -> str:
    """The id of the Send that *message* is, as read with its metadata; "" for messages of others."""
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != _EVENT:
        return ""
    return str((metadata.get("event_payload") or {}).get("id", ""))
