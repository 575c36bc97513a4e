"""What people are told when something goes wrong here."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from bot.core.messages import Reply, Say, Send, Text
from bot.core.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.core.messages import Utterance
    from bot.core.outcome import Policy
    from bot.desk.courier import DeadLetter


def alert(messages: Mapping[str, str], letter: DeadLetter) -> str:
    """What operators are told of a dead letter."""
    return messages[Wording.DEAD_LETTER].format(
        send=letter.send.id, reason=letter.reason, attempts=letter.attempts
    )


def alarm(messages: Mapping[str, str], utterance: Utterance, policy: Policy) -> Sequence[Send]:
    """What is said when no response could be made: an apology where it was heard, and word to the operators."""
    told = {utterance.address: Wording.FAILED}
    if policy.desk is not None:
        told |= {policy.desk: Wording.FAILED_ALERT}
    return [
        Send(
            id=str(uuid5(NAMESPACE_URL, f"madoguchi:failed:{utterance.id}:{address.key}")),
            address=address,
            payload=Say(reply=Reply(parts=(Text(text=messages[wording].format(event=utterance.id)),))),
            lane=address.key,
            due_at=policy.now,
            handle=utterance.handle if address == utterance.address else None,
        )
        for address, wording in told.items()
    ]


def told(messages: Mapping[str, str], letter: DeadLetter) -> str:
    """What stands in a ticket's thread about words that did not arrive."""
    if letter.held:
        return messages[Wording.DESK_HELD]
    return messages[Wording.DESK_NOT_DELIVERED].format(reason=letter.reason)
