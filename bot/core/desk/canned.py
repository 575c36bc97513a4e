"""`/mail reply NAME`: a ready-made reply for the customer whose ticket the operator holds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.core.desk.cards import TICKET_CANNED, customer_name
from bot.core.messages import Channel, Choice, Choices, Reply, Said, Text
from bot.core.outbox import to_speaker
from bot.core.outcome import Outcome
from bot.core.wording import Wording, said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.library import Library
    from bot.core.messages import Utterance
    from bot.core.outcome import Policy
    from bot.core.tickets import Ticket

_COMMAND = re.compile(r"(?:reply|返信|定型文?)(?:\s+(?P<name>\S+))?\s*", re.IGNORECASE)


def asked(utterance: Utterance) -> str | None:
    """The name of the ready-made reply that was called for ("": which ones are there?); None if none was."""
    content = utterance.content
    if not isinstance(content, Said) or not content.to_bot or utterance.address.channel is not Channel.SLACK:
        return None
    found = _COMMAND.fullmatch(content.text)
    return found and (found["name"] or "")


def which(
    name: str, theirs: Sequence[Ticket], utterance: Utterance, library: Library, policy: Policy
) -> Outcome:
    """The names there are; or whose ticket is meant, where the operator holds none, or several."""
    reader = utterance.speaker.id
    if name not in library.replies:
        text = said(library, Wording.CANNED_UNKNOWN, wanted=name, names="、".join(library.replies))
        return Outcome(sends=to_speaker(utterance, Reply(parts=(Text(text=text),)), policy, only_for=reader))
    wording = Wording.CANNED_WHOSE if theirs else Wording.CANNED_NO_TICKET
    options = tuple(
        Choice(label=customer_name(ticket, library), action=TICKET_CANNED, value=f"{ticket.id}:{name}")
        for ticket in theirs
    )
    reply = Reply(parts=(Choices(prompt=said(library, wording), options=options),))
    return Outcome(sends=to_speaker(utterance, reply, policy, only_for=reader))
