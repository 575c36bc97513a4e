"""What the desk needs from the edges. Each protocol is small; the store, the channels and the clock fulfil them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, TypeVar

from bot.core.jobs import Job
from bot.core.messages import Address, Send

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from bot.core.conversations import Conversation, Line
    from bot.core.learning.teaching import Tally
    from bot.core.messages import Utterance
    from bot.core.misses import FiledMiss, Miss
    from bot.core.providers import Provider
    from bot.core.reports import Episode, Report, Standing
    from bot.core.servers.discovery import Discovery
    from bot.core.servers.findings import Observation
    from bot.core.tickets import Relayed, Ticket, TicketEvent, Visit
    from bot.desk.watching import Soundings

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class DueSend:
    """A leased row of the outbox. `attempt` counts from 1; above 1, an earlier try may have reached the platform.

    `key` names the call in which it goes, the same at every try. `others`: more rows wait behind it in its lane.
    """

    send: Send
    attempt: int
    key: str
    others: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What a platform is handed in one call, at `target`: mostly one row of the outbox, or several of one lane in order.

    `key` is the call's own, the same at every try. `revised` are the message ids that a Revise is about.
    """

    sends: tuple[Send, ...]
    key: str
    attempt: int
    target: Address
    revised: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DueJob:
    """A leased job. `attempt` counts from 1."""

    job: Job
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Blob:
    """The bytes of a picture, film, sound or file."""

    data: bytes
    media_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A row of the outbox that its platform accepted, under these message ids."""

    send_id: str
    at: datetime
    message_ids: Sequence[str]


class Clock(Protocol):
    def now(self) -> datetime:
        """The present moment, in UTC and aware of it."""
        ...


class ConversationRecords(Protocol):
    def claim(self, utterance_id: str, at: datetime) -> bool:
        """Record the event as heard. False: it was heard before, and nothing may be done again."""
        ...

    def lock(self, address: Address) -> Conversation:
        """The conversation of *address*, locked until the transaction ends; a fresh one if there is none."""
        ...

    def known(self, address: Address) -> bool:
        """Whether there is a conversation at *address*."""
        ...

    def save(self, conversation: Conversation) -> None: ...

    def add_lines(self, lines: Sequence[tuple[Address, Line]]) -> None: ...

    def forget(self, message_ids: Sequence[str]) -> None:
        """Erase the stored text of these messages wherever it stands."""
        ...


class TicketRecords(Protocol):
    def get(self, ticket_id: str) -> Ticket | None:
        """The ticket, locked until the transaction ends."""
        ...

    def peek(self, ticket_id: str) -> Ticket | None:
        """The ticket, not locked: to learn whose it is, or where its thread stands."""
        ...

    def at_desk(self, desk: Address) -> Ticket | None:
        """The ticket whose thread in the operators' channel is *desk*, not locked."""
        ...

    def unplaced(self) -> Sequence[Ticket]:
        """The open tickets of which is not noted where their card stands, not locked."""
        ...

    def save(self, ticket: Ticket) -> None: ...

    def bind(self, ticket_id: str, desk: Address) -> None:
        """Note the thread in which the ticket's card stands now."""
        ...


class ChronicleRecords(Protocol):
    def add(self, events: Sequence[TicketEvent]) -> None:
        """Note what happened to tickets."""
        ...

    def relayed(self, ticket_id: str, message_id: str) -> Relayed | None:
        """How the message of this id, on either side of the ticket, was carried to the other."""
        ...

    def line(self, message_id: str) -> Line | None:
        """What was said in this message."""
        ...

    def open_tickets(self) -> Sequence[Ticket]:
        """Every ticket that is not closed, oldest first; not locked."""
        ...

    def since(self, moment: datetime) -> Sequence[TicketEvent]:
        """All that happened since then, in order."""
        ...

    def answered_since(self, moment: datetime) -> int:
        """How often the bot has answered since then."""
        ...

    def booked(self, now: datetime) -> Sequence[Visit]:
        """The visits still ahead. To the end of the transaction nobody else is told them, so that no time is given to two."""
        ...

    def fact(self, name: str) -> str:
        """What was last remembered under *name*; "" if nothing was."""
        ...

    def remember(self, name: str, value: str) -> None: ...


class MissRecords(Protocol):
    def add(self, misses: Sequence[Miss]) -> None:
        """Keep *misses*; one that is kept already stays as it is."""
        ...

    def get(self, miss_id: str) -> FiledMiss | None:
        """The miss, locked until the transaction ends."""
        ...

    def waiting(self, since: datetime) -> Sequence[FiledMiss]:
        """Those without a label, and all that operators were asked about since then; newest first. To the end of the
        transaction nobody else is told them, so that two processes never put the same question.
        """
        ...

    def save(self, filed: FiledMiss) -> None: ...

    def forget(self, message_ids: Sequence[str]) -> Sequence[str]:
        """Erase the misses of these messages and what was asked about them; the ids of the sends that asked."""
        ...

    def tally(self, since: datetime, until: datetime) -> Tally: ...


class OutboxRecords(Protocol):
    def add(self, sends: Sequence[Send]) -> None: ...

    def lease(self, owner: str, now: datetime, until: datetime, limit: int) -> Sequence[DueSend]:
        """The first row of each lane, where it is due and free, leased to *owner* until then; oldest first.

        Counts the try, so that a process that dies in the middle of it leaves the doubt on record.
        """
        ...

    def companions(self, due: DueSend, now: datetime, most: int) -> Sequence[Send]:
        """What may go in the call of *due*, behind it and in order: at its first try up to *most* rows that are due and
        were never tried, later those that were joined to it then.
        """
        ...

    def join(self, due: DueSend, companions: Sequence[Send], owner: str, until: datetime) -> None:
        """Let *companions* go in the call of *due*, at this try and at every later one: leased and counted like it."""
        ...

    def part(self, send_ids: Sequence[str], at: datetime) -> None:
        """The call of these rows was refused and nothing of it arrived: each goes alone from now on, as if never tried."""
        ...

    def renew(self, owner: str, send_ids: Sequence[str], until: datetime) -> None:
        """Make the leases of these rows last until then, as far as they are *owner*'s."""
        ...

    def sent(self, send_id: str, at: datetime, message_ids: Sequence[str]) -> None:
        """Accepted by the platform under these message ids."""
        ...

    def all_sent(self, receipts: Sequence[Receipt]) -> None:
        """`sent` for many rows, in one statement."""
        ...

    def retry(self, send_id: str, at: datetime, error: str) -> None:
        """Not accepted; try again at *at*."""
        ...

    def bury(self, send_id: str, at: datetime, error: str) -> None:
        """Give up: into the dead letters."""
        ...

    def hold(self, send_id: str, at: datetime, error: str) -> None:
        """The month's quota stands in the way: keep it for the next free reply."""
        ...

    def held(self, lane: str) -> Sequence[Send]:
        """What is kept for the next free reply in *lane*, in order."""
        ...

    def settle(self, send_ids: Sequence[str], reason: str) -> None:
        """These rows will not be sent: withdrawn, or said in another one."""
        ...

    def carried(self, send: Send, message_ids: Sequence[str]) -> None:
        """Note under which ids the other side of a ticket has what *send* carried."""
        ...

    def message_ids(self, send_id: str) -> Sequence[str]:
        """Under which ids the platform accepted this row; empty if it has not."""
        ...


class JobRecords(Protocol):
    def add(self, jobs: Sequence[Job]) -> None: ...

    def lease(self, owner: str, now: datetime, until: datetime, limit: int) -> Sequence[DueJob]:
        """Jobs that are due and free, leased to *owner* until then; oldest first. Counts the try."""
        ...

    def renew(self, owner: str, job_ids: Sequence[str], until: datetime) -> None:
        """Make the leases of these jobs last until then, as far as they are *owner*'s."""
        ...

    def done(self, job_id: str, at: datetime) -> None: ...

    def retry(self, job_id: str, at: datetime, error: str) -> None: ...

    def bury(self, job_id: str, at: datetime, error: str) -> None: ...


class LookRecords(Protocol):
    def kept(self, provider_id: str) -> tuple[datetime, Sequence[Observation]] | None:
        """The last look at the provider's servers, and when it was; None if there was none."""
        ...

    def claim(self, provider_id: str, now: datetime, until: datetime) -> bool:
        """Take on to look. False: somebody else is looking, until some later moment than *now*."""
        ...

    def keep(self, provider_id: str, looks: Sequence[Observation], *, at: datetime, closed: bool) -> None:
        """Keep *looks* in place of the ones before, and the claim is given back. *closed*: nothing is received without
        encryption any more.
        """
        ...


class RadarRecords(Protocol):
    def standing(self, now: datetime) -> Standing:
        """How providers stand at *now*."""
        ...

    def add(self, reports: Sequence[Report]) -> None:
        """Keep *reports*; the same person counts once in a slot."""
        ...

    def reports(self, provider_id: str, since: datetime) -> Sequence[Report]: ...

    def forget(self, before: datetime) -> None:
        """Drop all reports that are older."""
        ...

    def episode(self, provider_id: str) -> Episode | None:
        """The provider's latest trouble, locked until the transaction ends."""
        ...

    def save(self, episode: Episode) -> None: ...


class Records(Protocol):
    """All records, inside one transaction."""

    @property
    def conversations(self) -> ConversationRecords: ...

    @property
    def tickets(self) -> TicketRecords: ...

    @property
    def outbox(self) -> OutboxRecords: ...

    @property
    def jobs(self) -> JobRecords: ...

    @property
    def chronicle(self) -> ChronicleRecords: ...

    @property
    def misses(self) -> MissRecords: ...

    @property
    def looks(self) -> LookRecords: ...

    @property
    def radar(self) -> RadarRecords: ...

    def sound(self, now: datetime) -> Soundings:
        """How things stand at *now*."""
        ...

    def prune(self, before: datetime, place: str) -> tuple[str, int]:
        """Erase a little of what is older than *before*, from *place* on ("": from the start).

        Returns the place to go on from ("": all done), and how many rows went.
        """
        ...

    def release(self, owner: str) -> None:
        """Give back every lease of *owner* on sends and jobs that are not finished."""
        ...


class Store(Protocol):
    async def transact(self, work: Callable[[Records], T], *, hears: Utterance | None = None) -> T:
        """Run *work* in one transaction, on a database thread; returns after the commit. A work about one event says which it
        *hears*: many of these are done together.

        *work* must be pure but for the records: it may be run again when the database asks for a retry.

        Raises:
            StoreError: nothing of it was saved.
        """
        ...


class Watcher(Protocol):
    """Counts and traces what happens. Its methods are quick and never raise."""

    def heard(self, channel: str, content: str, result: str) -> None:
        """An event came in. *result*: heard, again, told, ignored, stale, busy, unsaved or failed."""
        ...

    def understood(self, verdict: str, intent: str) -> None:
        """What was made of a text: clear, unsure or unknown, and which intent was served."""
        ...

    def sent(self, channel: str, result: str, seconds: float) -> None:
        """One try of a delivery. *result*: delivered, postponed, dead or held."""
        ...

    def worked(self, kind: str, result: str) -> None:
        """One try of a job. *result*: done, postponed or dead."""
        ...

    def span(self, name: str, cause: str) -> AbstractContextManager[None]:
        """A stretch of work for the event *cause*."""
        ...


class Prober(Protocol):
    """Looks at mail servers, and asks domains for their settings. Never raises: whatever goes wrong is a finding."""

    async def look(self, provider: Provider) -> Sequence[Observation]:
        """What the lines that customers use are like at this moment."""
        ...

    async def discover(self, domain: str, providers: Sequence[Provider]) -> Discovery: ...


class Sender(Protocol):
    """One platform's way out. `most` is how many rows of a lane one call may carry."""

    @property
    def most(self) -> int: ...

    def fitting(self, sends: Sequence[Send]) -> int:
        """How many of *sends*, from the first on, go into one call together; one at least."""
        ...

    async def deliver(self, parcel: Parcel) -> Sequence[Sequence[str]]:
        """Hand *parcel* to the platform, all of it or nothing.

        Returns the platform's message ids of each of its rows.

        Raises:
            RetryableError, AmbiguousError, QuotaExhaustedError, RefusedError
        """
        ...


class Listener(Protocol):
    async def hear(self, utterance: Utterance) -> None:
        """Save what was said and what follows from it; returns once it is safe to acknowledge."""
        ...
