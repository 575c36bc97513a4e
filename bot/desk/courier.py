"""The courier: delivers what was saved, in order per lane, until it is delivered or given up."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from bot.core.desk.feedback import confirmed, is_carried_out, refused
from bot.core.messages import Address, Channel, Reply, Revise, Say, Send, Text
from bot.desk.ports import Clock, Receipt, Sender, Store, Watcher
from bot.desk.pushes import note_used_up
from bot.desk.rounds import Habits, Rounds
from bot.desk.watching import Unwatched, caused_by
from bot.errors import AmbiguousError, QuotaExhaustedError, RefusedError, RetryableError, StoreError

if TYPE_CHECKING:
    from bot.core.tickets import Ticket
    from bot.desk.ports import DueSend, Records

log = logging.getLogger(__name__)

PARALLEL = 200
"""Deliveries under way at once: their results are saved behind what the reception saves, so few would mean waiting."""

ALERTS = "alerts"
"""The lane of what operators are told about dead letters; what dies in it is told to nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """A send that was given up. `held` is true when only the month's quota stood in its way."""

    send: Send
    reason: str
    attempts: int
    held: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parcel:
    """A leased row with what delivering it takes. `missing` says what is not there yet; `card` is the ticket whose
    card this is.
    """

    send: Send
    attempt: int
    target: Address
    revised: Sequence[str] = ()
    missing: str = ""
    card: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sent:
    parcel: _Parcel
    at: datetime
    message_ids: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Postponed:
    parcel: _Parcel
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Dead:
    letter: DeadLetter
    at: datetime


_Result = _Sent | _Postponed | _Dead


@dataclass(kw_only=True, slots=True, eq=False)
class Courier:
    """`owner` names this process in leases; no other living process may bear it.

    `alert` words what operators are told of a dead letter, at `desk`; without a desk it stands in the log alone.
    `tell` words what stands in a ticket's thread about an operator's message that did not arrive.
    """

    store: Store
    senders: Mapping[Channel, Sender]
    clock: Clock
    owner: str
    desk: Address | None = None
    alert: Callable[[DeadLetter], str] = lambda letter: letter.reason
    tell: Callable[[DeadLetter], str] = lambda letter: letter.reason
    habits: Habits = field(default_factory=lambda: Habits(parallel=PARALLEL))
    watch: Watcher = field(default_factory=Unwatched)
    _results: list[_Result] = field(default_factory=list)
    _rounds: Rounds[_Parcel] = field(init=False)

    def __post_init__(self) -> None:
        self.owner = f"{self.owner}/courier"
        self._rounds = Rounds(take=self._take, do=self._deliver, habits=self.habits)

    def wake(self) -> None:
        """Something was saved that may be due."""
        self._rounds.wake()

    async def run(self) -> None:
        """Deliver until stopped. Begins with what an earlier life of this owner left unfinished."""
        await self.release()
        await self._rounds.run()
        await self.release()

    async def stop(self, grace: float = 10.0) -> None:
        """Let deliveries under way end within *grace* seconds, save their results and give the rest back."""
        await self._rounds.stop(grace)

    async def run_once(self) -> int:
        """Deliver what is due at this moment; how many rows were tried."""
        return await self._rounds.once()

    @property
    def silent_for(self) -> float:
        """Seconds since the last round began; it makes one at least every `habits.poll`."""
        return self._rounds.silent_for

    async def drain(self) -> None:
        """Deliver until nothing is due."""
        while await self.run_once():
            pass

    async def release(self) -> None:
        """Give back all leases of this owner."""
        try:
            await self.store.transact(lambda records: records.release(self.owner))
        except StoreError:
            log.warning("leases could not be given back; they run out", extra={"action": "release"})

    async def _take(self, limit: int) -> Sequence[_Parcel]:
        """Record what came out of earlier deliveries and lease new ones, in one transaction."""
        finished = tuple(self._results)
        under_way = [parcel.send.id for parcel in self._rounds.to_renew()]
        parcels = await self.store.transact(partial(self._exchange, finished, under_way, limit))
        del self._results[: len(finished)]
        return parcels

    def _exchange(
        self, finished: Sequence[_Result], under_way: Sequence[str], limit: int, records: Records
    ) -> Sequence[_Parcel]:
        records.outbox.all_sent(
            [
                Receipt(send_id=each.parcel.send.id, at=each.at, message_ids=each.message_ids)
                for each in finished
                if isinstance(each, _Sent)
            ]
        )
        for result in finished:
            self._record(result, records)
        now = self.clock.now()
        records.outbox.renew(self.owner, under_way, now + self.habits.lease)
        if limit == 0:
            return ()
        due = records.outbox.lease(self.owner, now, now + self.habits.lease, limit)
        return [_address(each, records) for each in due]

    def _record(self, result: _Result, records: Records) -> None:
        match result:
            case _Sent(parcel=parcel, at=at, message_ids=ids):
                self._confirm(parcel.send, at, ids, records)
                if parcel.card and ids:
                    records.tickets.bind(parcel.card, replace(parcel.send.address, thread=ids[0]))
            case _Postponed(parcel=parcel, at=at, reason=reason):
                records.outbox.retry(parcel.send.id, at, reason)
            case _Dead(letter=letter, at=at) if letter.held:
                records.outbox.hold(letter.send.id, at, letter.reason)
                note_used_up(records)
                records.outbox.add(self._alerts(letter, at))
            case _Dead(letter=letter, at=at):
                records.outbox.bury(letter.send.id, at, letter.reason)
                records.outbox.add(self._alerts(letter, at))

    def _confirm(self, send: Send, at: datetime, message_ids: Sequence[str], records: Records) -> None:
        """What was carried across a ticket: noted, so that it can be followed up; and its writer sees that it arrived."""
        if not send.origins:
            return
        records.outbox.carried(send, message_ids)
        if self.desk is not None:
            records.outbox.add(confirmed(send, self.desk, at))

    def _alerts(self, letter: DeadLetter, at: datetime) -> Sequence[Send]:
        if self.desk is None or letter.send.lane == ALERTS:
            return ()
        if is_carried_out(letter.send):
            return refused(letter.send, self.desk, at, self.tell(letter))
        told = Say(reply=Reply(parts=(Text(text=self.alert(letter)),)))
        alert_id = str(uuid5(NAMESPACE_URL, f"madoguchi:dead:{letter.send.id}"))
        return (Send(id=alert_id, address=self.desk, payload=told, lane=ALERTS, due_at=at),)

    async def _deliver(self, parcel: _Parcel) -> None:
        cause = parcel.send.cause
        with caused_by(cause), self.watch.span("send", cause):
            began = time.monotonic()
            result = await self._attempt(parcel)
            self.watch.sent(parcel.target.channel, result, time.monotonic() - began)

    async def _attempt(self, parcel: _Parcel) -> str:
        """What became of it, for those who watch."""
        try:
            message_ids = await self._hand_over(parcel)
        except QuotaExhaustedError as error:
            return self._bury(parcel, str(error), held=True)
        except RefusedError as error:
            return self._bury(parcel, str(error))
        except RetryableError as error:
            return self._postpone(parcel, str(error), error.after)
        except asyncio.CancelledError:
            self._postpone(parcel, "broken off by a stop", 0)
            raise
        except Exception as error:
            log.exception(
                "delivery failed in an unforeseen way", extra={"action": "send", "send_id": parcel.send.id}
            )
            return self._postpone(parcel, f"unforeseen: {type(error).__name__}")
        else:
            self._results.append(_Sent(parcel=parcel, at=self.clock.now(), message_ids=message_ids))
            log.info(
                "delivered", extra={"action": "send", "send_id": parcel.send.id, "attempt": parcel.attempt}
            )
            return "delivered"

    async def _hand_over(self, parcel: _Parcel) -> Sequence[str]:
        if parcel.attempt > self.habits.patience.tries:
            # Only a process that died in the middle of each try leaves a row like this.
            raise RefusedError("tried too often without an outcome")
        if parcel.missing:
            raise RetryableError(parcel.missing)
        sender = self.senders.get(parcel.target.channel)
        if sender is None:
            raise RetryableError(f"the channel {parcel.target.channel} is off")
        try:
            async with asyncio.timeout(self.habits.timeout):
                return await sender.deliver(
                    parcel.send, attempt=parcel.attempt, target=parcel.target, revised=parcel.revised
                )
        except TimeoutError:
            raise AmbiguousError(f"no answer within {self.habits.timeout:g} s") from None

    def _postpone(self, parcel: _Parcel, reason: str, after: float | None = None) -> str:
        patience = self.habits.patience
        if parcel.attempt >= patience.tries:
            return self._bury(parcel, reason)
        pause = patience.pause(parcel.attempt, self.habits.chance())
        if after is not None:
            pause = type(pause)(seconds=after)
        self._results.append(_Postponed(parcel=parcel, at=self.clock.now() + pause, reason=reason))
        log.warning(
            "delivery postponed",
            extra={
                "action": "send_retry",
                "send_id": parcel.send.id,
                "attempt": parcel.attempt,
                "reason": reason,
                "seconds": pause.total_seconds(),
            },
        )
        return "postponed"

    def _bury(self, parcel: _Parcel, reason: str, *, held: bool = False) -> str:
        letter = DeadLetter(send=parcel.send, reason=reason, attempts=parcel.attempt, held=held)
        self._results.append(_Dead(letter=letter, at=self.clock.now()))
        log.error(
            "delivery given up",
            extra={
                "action": "send_dead",
                "send_id": parcel.send.id,
                "attempt": parcel.attempt,
                "reason": reason,
            },
        )
        return "held" if held else "dead"


def _address(due: DueSend, records: Records) -> _Parcel:
    """Find out where a row goes, and what it is about, from what is on record at this moment."""
    parcel = _Parcel(send=due.send, attempt=due.attempt, target=due.send.address)
    if due.send.ticket_id:
        parcel = _at_the_ticket(parcel, records.tickets.peek(due.send.ticket_id))
    if isinstance(due.send.payload, Revise):
        revised = records.outbox.message_ids(due.send.payload.send_id)
        missing = parcel.missing or ("" if revised else "the message to revise is not posted yet")
        parcel = replace(parcel, revised=revised, missing=missing)
    return parcel


def _at_the_ticket(parcel: _Parcel, ticket: Ticket | None) -> _Parcel:
    """The thread of *ticket* as the target, for rows that mean it: those to Slack, without a thread of their own, that
    are not for the customer.
    """
    address = parcel.send.address
    if ticket is None or address.channel is not Channel.SLACK or address.thread or address == ticket.customer:
        return parcel
    if ticket.card_send_id == parcel.send.id:
        return replace(parcel, card=ticket.id)
    if ticket.desk is None:
        return replace(parcel, missing="the ticket's card is not posted yet")
    return replace(parcel, target=ticket.desk)
