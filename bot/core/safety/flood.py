"""Holds back who writes too much at once. Operators and colleagues in Slack, and what takes things back, are never held back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.limits import judged
from bot.core.messages import Attachment, Channel, Pressed, Reply, Said, Sticker, Text
from bot.core.outbox import to_speaker
from bot.core.outcome import Outcome
from bot.core.wording import Wording, said

if TYPE_CHECKING:
    from bot.core.conversations import Conversation
    from bot.core.library import Library
    from bot.core.limits import Pace, Verdict
    from bot.core.messages import Utterance
    from bot.core.outcome import Policy


def paced(utterance: Utterance, conversation: Conversation, policy: Policy) -> tuple[Verdict, Pace]:
    """Whether the event is heard, and the pace of the conversation after it."""
    counts = isinstance(utterance.content, Said | Sticker | Attachment | Pressed)
    if policy.limit is None or not counts or utterance.address.channel is Channel.SLACK:
        return "heard", conversation.pace
    return judged(conversation.pace, policy.limit, policy.now)


def too_quick(
    utterance: Utterance, conversation: Conversation, pace: Pace, library: Library, policy: Policy
) -> Outcome:
    """A kind word, once; after it, what comes too quickly is ignored."""
    reply = Reply(parts=(Text(text=said(library, Wording.TOO_QUICK)),))
    return Outcome(
        conversations=(replace(conversation, pace=pace),),
        sends=to_speaker(utterance, reply, policy),
        pace="told",
    )
