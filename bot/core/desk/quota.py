"""What the month's quota holds back is said in the customer's next free reply, before anything else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.messages import Channel, Reply, Say, Send
from bot.core.outbox import made_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.messages import Utterance
    from bot.core.outcome import Outcome, Policy, Scene


def with_held(outcome: Outcome, utterance: Utterance, scene: Scene, policy: Policy) -> Outcome:
    """*outcome*, its free reply beginning with what was held back."""
    held = [send for send in scene.held if isinstance(send.payload, Say)]
    if not held or utterance.handle is None or utterance.address.channel is not Channel.LINE:
        return outcome
    own = next((send for send in outcome.sends if _is_the_reply(send, utterance)), None)
    said = _together(held, own, utterance, policy)
    others = tuple(send for send in outcome.sends if send is not own)
    conversations = tuple(
        replace(each, handle=None) if each.handle == utterance.handle else each
        for each in outcome.conversations
    )
    return replace(
        outcome,
        sends=(said, *others),
        given=tuple(send.id for send in held),
        conversations=conversations,
    )


def _is_the_reply(send: Send, utterance: Utterance) -> bool:
    return send.handle is not None and send.handle == utterance.handle and isinstance(send.payload, Say)


def _together(held: Sequence[Send], own: Send | None, utterance: Utterance, policy: Policy) -> Send:
    """One message call with everything in it."""
    sends = [*held, own] if own else held
    says = [send.payload for send in sends if isinstance(send.payload, Say)]
    parts = tuple(part for say in says for part in say.reply.parts)
    sender = says[0].sender if own is None else ""
    ticket_id = next((send.ticket_id for send in held if send.ticket_id), "")
    return Send(
        id=own.id if own else made_id(utterance, "held"),
        address=utterance.address,
        payload=Say(reply=Reply(parts=parts), sender=sender),
        lane=utterance.address.key,
        due_at=policy.now,
        handle=utterance.handle,
        ticket_id=ticket_id,
        origins=tuple(origin for send in sends for origin in send.origins),
    )
