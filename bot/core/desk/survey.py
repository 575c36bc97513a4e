"""How it was, asked once a ticket with five buttons, along with the words that close it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.messages import Choice, Choices, Reply, Text
from bot.core.outcome import Outcome
from bot.core.wording import Wording

if TYPE_CHECKING:
    from bot.core.desk.matter import Matter

CSAT = "csat"
"""The action of the five buttons; their value is the ticket's id, a colon and the mark."""

MARKS = (5, 4, 3, 2, 1)
_NAMES = {5: "csat_5", 4: "csat_4", 3: "csat_3", 2: "csat_2", 1: "csat_1"}


def asked(reply: Reply, matter: Matter) -> Reply:
    """*reply* with the question, unless this ticket was judged before."""
    if matter.ticket.csat is not None:
        return reply
    options = tuple(
        Choice(
            label=matter.library.buttons[_NAMES[mark]].label,
            action=CSAT,
            value=f"{matter.ticket.id}:{mark}",
        )
        for mark in MARKS
    )
    return Reply(parts=(*reply.parts, Choices(prompt=matter.words(Wording.CSAT_ASK), options=options)))


def judged(value: str, matter: Matter) -> tuple[Outcome, Reply]:
    """The customer's mark: the first one counts."""
    about, _, mark = value.partition(":")
    if (
        about != matter.ticket.id
        or matter.ticket.csat is not None
        or mark not in {str(each) for each in MARKS}
    ):
        return Outcome(), Reply(parts=(Text(text=matter.words(Wording.CSAT_AGAIN)),))
    after = replace(matter, ticket=replace(matter.ticket, csat=int(mark)))
    note = after.note(Wording.DESK_CSAT, mark=mark)
    outcome = Outcome(ticket=after.ticket, sends=note, events=(after.event("csat", mark),))
    return outcome, Reply(parts=(Text(text=matter.words(Wording.CSAT_THANKS)),))
