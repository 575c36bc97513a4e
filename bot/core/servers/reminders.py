"""What is said when a reminder falls due."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from bot.core.dialogue.answer import buttons, tidied
from bot.core.dialogue.settings_card import settings
from bot.core.messages import Address, Channel, Say, Send, Text
from bot.core.outcome import Outcome
from bot.core.slots import Slots
from bot.core.wording import Wording, known, said

if TYPE_CHECKING:
    from datetime import datetime

    from bot.core.conversations import Conversation
    from bot.core.jobs import Job
    from bot.core.library import Library

REVERT_REMINDER = "revert_reminder"
"""The job that asks, three days after someone took the temporary measure, to go back."""

_WENT_BACK = "revert_settings"


def reminded_place(job: Job) -> Address:
    """Where the reminder goes."""
    told = job.details
    return Address(channel=Channel(told["channel"]), to=told["to"], thread=told["thread"], team=told["team"])


def revert_reminder(
    job: Job,
    conversation: Conversation,
    library: Library,
    now: datetime,
    *,
    wording: Wording = Wording.REVERT_REMINDER,
) -> Outcome:
    """Ask to go back, with the normal values; nothing for those who went back by themselves or left."""
    if conversation.blocked or _WENT_BACK in {conversation.topic, *conversation.served}:
        return Outcome()
    slots = replace(Slots(provider=job.details["provider"] or None), client=conversation.slots.client)
    provider = library.providers.get(slots.provider or "")
    reply = tidied(
        (
            Text(text=said(library, wording, **known(slots, library))),
            *(settings(provider, slots, None, library) if provider else ()),
            buttons("revert", library),
        )
    )
    send = Send(
        id=str(uuid5(UUID(job.id), "reply")),
        address=conversation.address,
        payload=Say(reply=reply),
        lane=conversation.address.key,
        due_at=now,
    )
    return Outcome(conversations=(replace(conversation, topic=_WENT_BACK),), sends=(send,))
