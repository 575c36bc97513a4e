"""What `respond` gets and gives: the scene of an event, what the deployment decides, and everything that follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.core.conversations import Conversation, Line
from bot.core.jobs import Job
from bot.core.limits import Limit, Verdict
from bot.core.links import SetupLinks
from bot.core.messages import Address, Send
from bot.core.misses import FiledMiss, Miss
from bot.core.reports import Episode, Report, Standing
from bot.core.tickets import Relayed, Ticket, TicketEvent, Visit
from bot.core.understanding import Understanding


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushes:
    """The month's pushes as last heard from the platform; `limit` None: as many as one likes."""

    limit: int | None
    used: int

    @property
    def left(self) -> int | None:
        return None if self.limit is None else max(self.limit - self.used, 0)

    @property
    def share(self) -> float:
        """How much of the limit is used, 0 to 1."""
        return min(self.used / self.limit, 1.0) if self.limit else float(self.limit == 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What was on record when the event came: the conversation of its address (a fresh one if unknown), and the ticket
    it is about (the customer's open ticket, the ticket whose desk thread was spoken in, or the one a button names).
    """

    conversation: Conversation
    ticket: Ticket | None = None
    customer: Conversation | None = None
    """The customer's conversation, when the speaker is an operator at the ticket's desk or pressed its button."""
    past: Ticket | None = None
    """The customer's newest ticket, closed: it opens again if they soon need a person again."""
    relayed: Relayed | None = None
    """How the message that this event takes back, changes or quotes was carried to the other side of the ticket."""
    line: Line | None = None
    """What stands on record of that message."""
    held: tuple[Send, ...] = ()
    """What the quota holds back from the speaker, for the next free reply."""
    pushes: Pushes | None = None
    """What is known of the month's pushes, where operators are concerned."""
    booked: tuple[Visit, ...] = ()
    """Visits that are booked, where one may be chosen."""
    theirs: tuple[Ticket, ...] = ()
    """The tickets that the speaker has taken, where the event may mean any of them."""
    misses: tuple[FiledMiss, ...] = ()
    """The miss that a pressed button names, and after it the others that wait for an answer."""
    standing: Standing = Standing()
    """How providers stand."""
    episode: Episode | None = None
    """The trouble of a provider that a pressed button names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What the deployment decides: where tickets are posted (None: nowhere), how many events a customer may send (None:
    any number), and the time of the event.
    """

    now: datetime
    desk: Address | None = None
    media: bool = False
    """Whether pictures from the desk can be shown to customers on LINE: there is a public address for them."""
    limit: Limit | None = None
    look: bool = False
    """Whether servers may be looked at where a talk gives reason for it."""
    discover: bool = False
    """Whether the domains that no record knows may be asked for their settings."""
    setup: SetupLinks | None = None
    """Where a customer's program finds a provider's settings; None: nowhere, without a public address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Everything that must be saved or sent for one event; nothing else happens.

    `intent`, `asks`, `handoff` report the turn: the intent served, the slot asked for, whether a ticket was opened or
    offered; `pace` is whether the event was held back as one of too many. `lines` go to the transcript of their address;
    `forget` are message ids whose stored text must go. `misses` are kept to learn from, `filed` are earlier ones as they stand now. `reports` tell of trouble with a provider, `episode` is one as an operator has judged it. `events` go into the ticket's history;
    `given` are ids of held sends that this outcome's own reply says, `withdrawn` of sends that must not leave any more.
    """

    conversations: tuple[Conversation, ...] = ()
    ticket: Ticket | None = None
    sends: tuple[Send, ...] = ()
    jobs: tuple[Job, ...] = ()
    lines: tuple[tuple[Address, Line], ...] = ()
    forget: tuple[str, ...] = ()
    events: tuple[TicketEvent, ...] = ()
    given: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    misses: tuple[Miss, ...] = ()
    filed: tuple[FiledMiss, ...] = ()
    reports: tuple[Report, ...] = ()
    episode: Episode | None = None
    understanding: Understanding | None = None
    intent: str = ""
    asks: str = ""
    handoff: bool = False
    pace: Verdict = "heard"
