"""The store: works queue up, database threads run them, and every answer waits for its commit.

Under load the events that wait are heard together (`bot.store.together`): few statements and one commit serve many of them.
SQLite allows one writer, so there one thread does all, and all other works that wait share a transaction too. On PostgreSQL
each of those has one of its own, so that works never hold each other's locks.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import secrets
import socket
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bot.errors import BusyError, StoreError
from bot.store import schema
from bot.store.engine import bound_waits, open_engine, transaction
from bot.store.nudges import Nudges
from bot.store.orders import Order, Orders
from bot.store.presence import Presence, claim_presence
from bot.store.records import SqlRecords
from bot.store.together import Together, UnforeseenError
from bot.store.vault import Vault, use

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Engine

    from bot.core.messages import Utterance
    from bot.desk.ports import Clock, Records

T = TypeVar("T")

log = logging.getLogger(__name__)

SOLE_OWNER = "sole"

MOST_WAITING = 1000
"""Works in the queue; a platform that sends more is told to come again instead of being kept waiting."""

TRIES = 4
FIRST_PAUSE_SECONDS = 0.02
DEADLOCK_STATES = {"40001", "40P01"}
"""SQLSTATE of a failed serialization and of a deadlock: the same work may well succeed now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Labour:
    """How many threads work for the store, how many works they may commit together, and whether works that are not about one
    event share transactions as well.
    """

    threads: int
    batch: int
    shared: bool


SQLITE = Labour(threads=1, batch=128, shared=True)
POSTGRESQL = Labour(threads=3, batch=128, shared=False)


def open_store(url: str, *, clock: Clock, owner: str = "", vault: Vault | None = None) -> SqlStore:
    """Open the database at *url*; makes or upgrades a SQLite file, see `bot.store.schema.ensure`.

    *owner* names this process in leases. Left empty, it is made up. A process that has a SQLite file to itself always
    gets the same one, so that after a crash it knows its own leases and need not wait for their end. *vault* encrypts what
    customers said.

    Raises:
        StoreError: the database is away or does not fit this code.
    """
    engine = open_engine(url, connections=POSTGRESQL.threads)
    bound_waits(engine)
    use(vault or Vault(()), engine)
    try:
        schema.ensure(engine)
    except StoreError:
        engine.dispose()
        raise
    made_up = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
    if engine.dialect.name != "sqlite":
        return SqlStore(engine, clock=clock, owner=owner or made_up, labour=POSTGRESQL)
    presence = claim_presence(Path(f"{engine.url.database}.lock"))
    return SqlStore(
        engine,
        clock=clock,
        owner=owner or (SOLE_OWNER if presence else made_up),
        labour=SQLITE,
        presence=presence,
    )


@dataclass(frozen=True, slots=True)
class _Done:
    value: Any


_Answer = _Done | Exception


class SqlStore:
    """Fulfils `bot.desk.ports.Store`. Use `open_store` to make one."""

    def __init__(
        self,
        engine: Engine,
        *,
        clock: Clock,
        owner: str,
        labour: Labour,
        presence: Presence | None = None,
    ) -> None:
        self.owner = owner
        self._presence = presence
        self._nudges = Nudges(engine.url, owner) if engine.dialect.name == "postgresql" else None
        self._engine = engine
        self._clock = clock
        self._shared = labour.shared
        self._orders = Orders(most=labour.batch, shared=labour.shared)
        self._closed = False
        self._threads = [
            threading.Thread(target=self._serve, name=f"store-{number}", daemon=True)
            for number in range(labour.threads)
        ]
        for thread in self._threads:
            thread.start()

    async def transact(self, work: Callable[[Records], T], *, hears: Utterance | None = None) -> T:
        """Run *work* in a transaction on a database thread; returns after the commit. See `bot.desk.ports.Store`.

        The work of a caller that does not wait any longer is left out, unless it was begun.

        Raises:
            BusyError: too many works wait already; this one was not done.
        """
        if self._closed:
            raise StoreError("the store is closed")
        if len(self._orders) >= MOST_WAITING:
            raise BusyError(f"{MOST_WAITING} works wait for the database")
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._orders.put(Order(work, hears, future, loop))
        return await future

    def nudge(self) -> None:
        """Let other processes on this database know that something was saved; now and then is enough."""
        if self._nudges is None or self._closed or not self._nudges.due():
            return
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        future.add_done_callback(_overlooked)
        self._orders.put(Order(partial(_nudge, self.owner), None, future, loop))

    def listen(self, nudged: Callable[[], None]) -> None:
        """Call *nudged* in this event loop whenever another process has saved something, as far as it says so."""
        if self._nudges is not None:
            loop = asyncio.get_running_loop()
            self._nudges.listen(partial(_call_in, loop, nudged))

    async def close(self) -> None:
        """Finish what is queued, then let go of the database."""
        self._closed = True
        if self._nudges is not None:
            await asyncio.to_thread(self._nudges.close)
        self._orders.close()
        for thread in self._threads:
            await asyncio.to_thread(thread.join)
        self._engine.dispose()
        if self._presence is not None:
            self._presence.close()

    def _serve(self) -> None:
        while orders := self._orders.take():
            left = self._hear_together(_wanted(orders))
            for group in [left] if self._shared else [[each] for each in left]:
                if wanted := _wanted(group):
                    _hand_back(wanted, self._answer(wanted))

    def _hear_together(self, orders: Sequence[Order]) -> Sequence[Order]:
        """Answer what can be done for many events at once; what is left must be done otherwise.

        Where works share transactions, all others share this one: a commit saved, and what was just heard is sent at once.
        """
        events = [order for order in orders if order.hears is not None]
        if len(events) <= 1:
            return orders
        try:
            with transaction(self._engine) as connection:
                now = self._clock.now()
                answers = _heard(events, connection, now)
                if self._shared:
                    records = SqlRecords(connection, now)
                    left = [order for order in orders if order not in answers]
                    answers |= {order: _directly(order, connection, records) for order in left}
        except Exception as error:  # noqa: BLE001 - whatever it is: it shows again for the one who caused it
            log.info(
                "events are heard one by one", extra={"action": "store_apart", "error": type(error).__name__}
            )
            return orders
        _hand_back(list(answers), list(answers.values()))
        return [order for order in orders if order not in answers]

    def _answer(self, orders: Sequence[Order]) -> Sequence[_Answer]:
        for attempt in range(1, TRIES + 1):
            try:
                return self._commit(orders)
            except DBAPIError as error:
                if attempt == TRIES or not _may_pass(error):
                    return [_refusal(error)] * len(orders)
                log.info("transaction is run again", extra={"action": "store_retry", "attempt": attempt})
                time.sleep(FIRST_PAUSE_SECONDS * attempt * (1 + secrets.randbelow(100) / 100))
            except SQLAlchemyError as error:
                return [_refusal(error)] * len(orders)
            except Exception as error:  # noqa: BLE001 - a work's own error belongs to the one who asked for it
                return [error] * len(orders)
        raise AssertionError("the last try always returns")

    def _commit(self, orders: Sequence[Order]) -> Sequence[_Answer]:
        """Run all works in one transaction. Where one of several fails, they run again, each for itself: savepoints cost
        a tenth of all that an event costs, and hardly ever is there anything to undo.
        """
        try:
            return self._transacted(orders, _directly)
        except Exception:  # whatever the work at fault raised
            if len(orders) == 1:
                raise
        return self._transacted(orders, _isolated)

    def _transacted(self, orders: Sequence[Order], run: _Run) -> Sequence[_Answer]:
        with transaction(self._engine) as connection:
            records = SqlRecords(connection, self._clock.now())
            return [run(order, connection, records) for order in orders]


def _heard(orders: Sequence[Order], connection: Connection, now: datetime) -> dict[Order, _Answer]:
    """The answers of those whose events could be heard together."""
    together = Together(connection, now, [order.hears for order in orders if order.hears is not None])
    answers: dict[Order, _Answer] = {}
    for order in orders:
        assert order.hears is not None
        try:
            answers[order] = _Done(together.hear(order.hears, order.work))
        except UnforeseenError:
            continue
        except Exception as error:  # noqa: BLE001 - a work's own error belongs to the one who asked for it
            answers[order] = error
    together.write()
    return answers


_Run = Callable[[Order, "Connection", SqlRecords], _Answer]


def _directly(order: Order, _connection: Connection, records: SqlRecords) -> _Answer:
    """Run one work: if it fails, the whole transaction does."""
    return _Done(order.work(records))


def _isolated(order: Order, connection: Connection, records: SqlRecords) -> _Answer:
    """Run one work of several: if it fails, only its own changes are undone."""
    connection.exec_driver_sql("SAVEPOINT work")
    answer: _Answer
    try:
        answer = _Done(order.work(records))
    except Exception as error:  # noqa: BLE001 - a work's own error belongs to the one who asked for it
        _undo(connection, error)
        answer = _refusal(error) if isinstance(error, SQLAlchemyError) else error
    connection.exec_driver_sql("RELEASE SAVEPOINT work")
    return answer


def _wanted(orders: Sequence[Order]) -> Sequence[Order]:
    return [order for order in orders if not order.future.done()]


def _nudge(owner: str, records: Records) -> None:
    assert isinstance(records, SqlRecords)
    records.nudge(owner)


def _overlooked(future: asyncio.Future[Any]) -> None:
    """A nudge that fails is no loss; `store_refused` is in the log already."""
    if not future.cancelled():
        future.exception()


def _call_in(loop: asyncio.AbstractEventLoop, called: Callable[[], None]) -> None:
    with contextlib.suppress(RuntimeError):  # the loop is closed: nobody is there any more
        loop.call_soon_threadsafe(called)


def _undo(connection: Connection, error: Exception) -> None:
    try:
        connection.exec_driver_sql("ROLLBACK TO SAVEPOINT work")
    except SQLAlchemyError:
        # A full disk makes SQLite undo the whole transaction by itself: then nobody's work was saved.
        raise error from None


def _may_pass(error: DBAPIError) -> bool:
    return error.connection_invalidated or getattr(error.orig, "sqlstate", None) in DEADLOCK_STATES


def _refusal(error: SQLAlchemyError) -> StoreError:
    # Only the driver's first line: the rest may hold the values of a row.
    reason = str(getattr(error, "orig", None) or type(error).__name__).strip().partition("\n")[0]
    log.error("the database refused", extra={"action": "store_refused", "reason": reason})
    refusal = StoreError(f"the database refused: {reason}")
    refusal.__cause__ = error
    return refusal


def _hand_back(orders: Sequence[Order], answers: Sequence[_Answer]) -> None:
    """Give each its answer: one call per event loop, because waking a loop costs more than an answer."""
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Any], _Answer]]] = defaultdict(list)
    for order, answer in zip(orders, answers, strict=True):
        by_loop[order.loop].append((order.future, answer))
    for loop, answered in by_loop.items():
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(_settle, answered)


def _settle(answered: Sequence[tuple[asyncio.Future[Any], _Answer]]) -> None:
    for future, answer in answered:
        if future.done():
            continue
        match answer:
            case _Done():
                future.set_result(answer.value)
            case Exception():
                future.set_exception(answer)
