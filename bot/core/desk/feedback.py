"""What operators see of a delivery: their message marked as arrived, or as not arrived and why."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from bot.core.desk.operators import DELIVERED, FAILED
from bot.core.messages import Address, React, Reply, Say, Send, Text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.core.messages import Payload


def confirmed(send: Send, desk: Address, at: datetime) -> Sequence[Send]:
    """✅ on every message of the thread that *send* carried to the customer."""
    return [
        _post(send, React(message_id=origin, emoji=DELIVERED), desk, at, f"ok:{origin}")
        for origin in _told(send)
    ]


def refused(sends: Sequence[Send], desk: Address, at: datetime, why: str) -> Sequence[Send]:
    """⚠ on every message that did not arrive, and the reason once."""
    marks = [
        _post(send, React(message_id=origin, emoji=FAILED), desk, at, f"no:{origin}")
        for send in sends
        for origin in _told(send)
    ]
    if not marks:
        return ()
    reason = Say(reply=Reply(parts=(Text(text=why),)))
    return [*marks, _post(sends[-1], reason, desk, at, "why")]


def is_carried_out(send: Send) -> bool:
    """Whether *send* carries an operator's message to a customer."""
    return bool(_told(send))


def _told(send: Send) -> tuple[str, ...]:
    return () if send.lane.startswith("desk:") else send.origins


def _post(send: Send, payload: Payload, desk: Address, at: datetime, purpose: str) -> Send:
    return Send(
        id=str(uuid5(NAMESPACE_URL, f"madoguchi:feedback:{send.id}:{purpose}")),
        address=Address(channel=desk.channel, to=desk.to, team=desk.team),
        payload=payload,
        lane=f"desk:{send.ticket_id}",
        due_at=at,
        ticket_id=send.ticket_id,
    )
