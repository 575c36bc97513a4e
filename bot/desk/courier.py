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
from bot.core.messages import Address, Channel, Reply, Say, Send, Text
from bot.desk.errands import Errand, addressed
from bot.desk.ports import Clock, Receipt, Sender, Store, Watcher
from bot.desk.pushes import note_used_up
from bot.desk.rounds import Habits, Rounds
from bot.desk.watching import Unwatched, caused_by
from bot.errors import AmbiguousError, QuotaExhaustedError, RefusedError, RetryableError

if TYPE_CHECKING:
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
class _Sent:
    errand: Errand
    at: datetime
    message_ids: Sequence[Sequence[str]]

    def receipts(self) -> Sequence[Receipt]:
        return [
            Receipt(send_id=send_id, at=self.at, message_ids=ids)
            for send_id, ids in zip(self.errand.ids, self.message_ids, strict=True)
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Postponed:
    errand: Errand
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parted:
    """Refused as a whole, perhaps for one of its rows: each goes alone from now on."""

    errand: Errand
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Dead:
    letters: Sequence[DeadLetter]
    at: datetime


_Result = _Sent | _Postponed | _Parted | _Dead


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
    _rounds: Rounds[Errand] = field(init=False)

    def __post_init__(self) -> None:
        self.owner = f"{self.owner}/courier"
        self._rounds = Rounds(
            store=self.store, owner=self.owner, take=self._take, do=self._deliver, habits=self.habits
        )

    def wake(self) -> None:
        """Something was saved that may be due."""
        self._rounds.wake()

    async def run(self) -> None:
        """Deliver until stopped."""
        await self._rounds.run()

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

    async def _take(self, limit: int) -> Sequence[Errand]:
        """Record what came out of earlier deliveries and lease new ones, in one transaction."""
        finished = tuple(self._results)
        under_way = [send_id for errand in self._rounds.to_renew() for send_id in errand.ids]
        errands = await self.store.transact(partial(self._exchange, finished, under_way, limit))
        del self._results[: len(finished)]
        return errands

    def _exchange(
        self, finished: Sequence[_Result], under_way: Sequence[str], limit: int, records: Records
    ) -> Sequence[Errand]:
        records.outbox.all_sent(
            [receipt for each in finished if isinstance(each, _Sent) for receipt in each.receipts()]
        )
        for result in finished:
            self._record(result, records)
        now = self.clock.now()
        records.outbox.renew(self.owner, under_way, now + self.habits.lease)
        if limit == 0:
            return ()
        due = records.outbox.lease(self.owner, now, now + self.habits.lease, limit)
        return [addressed(each, self._companions(each, now, records), records) for each in due]

    def _companions(self, due: DueSend, now: datetime, records: Records) -> Sequence[Send]:
        """What leaves in the same call as *due*, from now on at every try of it: that is on record before the first."""
        sender = self.senders.get(due.send.address.channel)
        if not due.others or sender is None or sender.most == 1:
            return ()
        found = records.outbox.companions(due, now, sender.most - 1)
        if due.attempt == 1:
            found = found[: sender.fitting((due.send, *found)) - 1]
        if found:
            records.outbox.join(due, found, self.owner, now + self.habits.lease)
        return found

    def _record(self, result: _Result, records: Records) -> None:
        match result:
            case _Sent(errand=errand, at=at, message_ids=ids):
                for send, its_ids in zip(errand.parcel.sends, ids, strict=True):
                    self._confirm(send, at, its_ids, records)
                if errand.card and ids[0]:
                    address = errand.parcel.sends[0].address
                    records.tickets.bind(errand.card, replace(address, thread=ids[0][0]))
            case _Postponed(errand=errand, at=at, reason=reason):
                for send_id in errand.ids:
                    records.outbox.retry(send_id, at, reason)
            case _Parted(errand=errand, at=at):
                records.outbox.part(errand.ids, at)
            case _Dead(letters=letters, at=at):
                for letter in letters:
                    _give_up(letter, at, records)
                records.outbox.add(self._alerts(letters, at))

    def _confirm(self, send: Send, at: datetime, message_ids: Sequence[str], records: Records) -> None:
        """What was carried across a ticket: noted, so that it can be followed up; and its writer sees that it arrived."""
        if not send.origins:
            return
        records.outbox.carried(send, message_ids)
        if self.desk is not None:
            records.outbox.add(confirmed(send, self.desk, at))

    def _alerts(self, letters: Sequence[DeadLetter], at: datetime) -> Sequence[Send]:
        """What operators are told of the rows of one call."""
        if self.desk is None:
            return ()
        carried = [letter for letter in letters if is_carried_out(letter.send)]
        others = [letter for letter in letters if letter not in carried and letter.send.lane != ALERTS]
        why = self.tell(carried[0]) if carried else ""
        return [
            *refused([letter.send for letter in carried], self.desk, at, why),
            *(self._alert(letter, self.desk, at) for letter in others),
        ]

    def _alert(self, letter: DeadLetter, desk: Address, at: datetime) -> Send:
        told = Say(reply=Reply(parts=(Text(text=self.alert(letter)),)))
        alert_id = str(uuid5(NAMESPACE_URL, f"madoguchi:dead:{letter.send.id}"))
        return Send(id=alert_id, address=desk, payload=told, lane=ALERTS, due_at=at)

    async def _deliver(self, errand: Errand) -> None:
        cause = errand.parcel.sends[0].cause
        with caused_by(cause), self.watch.span("send", cause):
            began = time.monotonic()
            result = await self._attempt(errand)
            self.watch.sent(errand.parcel.target.channel, result, time.monotonic() - began)

    async def _attempt(self, errand: Errand) -> str:
        """What became of it, for those who watch."""
        if errand.parcel.attempt > self.habits.patience.tries:
            # Only a process that died in the middle of each try leaves a row like this.
            return self._bury(errand, "tried too often without an outcome")
        try:
            message_ids = await self._hand_over(errand)
        except QuotaExhaustedError as error:
            return self._bury(errand, str(error), held=True)
        except RefusedError as error:
            return self._part(errand, str(error)) if len(errand.ids) > 1 else self._bury(errand, str(error))
        except RetryableError as error:
            return self._postpone(errand, str(error), error.after)
        except asyncio.CancelledError:
            self._postpone(errand, "broken off by a stop", 0)
            raise
        except Exception as error:
            log.exception("delivery failed in an unforeseen way", extra={"action": "send", **_named(errand)})
            return self._postpone(errand, f"unforeseen: {type(error).__name__}")
        else:
            self._results.append(_Sent(errand=errand, at=self.clock.now(), message_ids=message_ids))
            log.info("delivered", extra={"action": "send", **_named(errand)})
            return "delivered"

    async def _hand_over(self, errand: Errand) -> Sequence[Sequence[str]]:
        if errand.missing:
            raise RetryableError(errand.missing)
        channel = errand.parcel.target.channel
        sender = self.senders.get(channel)
        if sender is None:
            raise RetryableError(f"the channel {channel} is off")
        try:
            async with asyncio.timeout(self.habits.timeout):
                return await sender.deliver(errand.parcel)
        except TimeoutError:
            raise AmbiguousError(f"no answer within {self.habits.timeout:g} s") from None

    def _postpone(self, errand: Errand, reason: str, after: float | None = None) -> str:
        patience = self.habits.patience
        attempt = errand.parcel.attempt
        if attempt >= patience.tries:
            return self._bury(errand, reason)
        pause = patience.pause(attempt, self.habits.chance())
        if after is not None:
            pause = type(pause)(seconds=after)
        self._results.append(_Postponed(errand=errand, at=self.clock.now() + pause, reason=reason))
        log.warning(
            "delivery postponed",
            extra={
                "action": "send_retry",
                **_named(errand),
                "reason": reason,
                "seconds": pause.total_seconds(),
            },
        )
        return "postponed"

    def _part(self, errand: Errand, reason: str) -> str:
        self._results.append(_Parted(errand=errand, at=self.clock.now()))
        log.warning(
            "refused together; each goes alone",
            extra={"action": "send_parted", **_named(errand), "reason": reason},
        )
        return "postponed"

    def _bury(self, errand: Errand, reason: str, *, held: bool = False) -> str:
        parcel = errand.parcel
        letters = [
            DeadLetter(send=send, reason=reason, attempts=parcel.attempt, held=held) for send in parcel.sends
        ]
        self._results.append(_Dead(letters=letters, at=self.clock.now()))
        log.error("delivery given up", extra={"action": "send_dead", **_named(errand), "reason": reason})
        return "held" if held else "dead"


def _give_up(letter: DeadLetter, at: datetime, records: Records) -> None:
    if letter.held:
        records.outbox.hold(letter.send.id, at, letter.reason)
        note_used_up(at, records)
    else:
        records.outbox.bury(letter.send.id, at, letter.reason)


def _named(errand: Errand) -> dict[str, object]:
    """For the log: which call this is, of how many rows, and at which try."""
    parcel = errand.parcel
    return {"send_id": parcel.key, "rows": len(parcel.sends), "attempt": parcel.attempt}
