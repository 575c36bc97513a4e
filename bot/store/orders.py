"""The works that wait for a database thread."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from bot.core.messages import Utterance
from bot.desk.ports import Records

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """A work that somebody in *loop* waits for. `hears` is the event that it is about, if it is about one."""

    work: Callable[[Records], Any]
    hears: Utterance | None
    future: asyncio.Future[Any]
    loop: asyncio.AbstractEventLoop


class Orders:
    """Works, handed to threads in the order in which they came.

    Events go to one thread at a time, up to `most` of them together: so they are heard in their order. With them go all other
    works if they are to share their transactions (`shared`); else each of those is handed out alone.
    """

    def __init__(self, *, most: int, shared: bool) -> None:
        self._most = most
        self._shared = shared
        self._events: deque[Order] = deque()
        self._others: deque[Order] = deque()
        self._changed = threading.Condition()
        self._hearing: int | None = None
        self._closed = False

    def __len__(self) -> int:
        return len(self._events) + len(self._others)

    def put(self, order: Order) -> None:
        with self._changed:
            (self._others if order.hears is None else self._events).append(order)
            self._changed.notify()

    def take(self) -> Sequence[Order]:
        """What the calling thread is to do next, when it has done what it took before; nothing once all is done."""
        me = threading.get_ident()
        with self._changed:
            if self._hearing == me:
                self._hearing = None
                self._changed.notify()
            while True:
                if self._events and self._hearing is None:
                    self._hearing = me
                    return [*_taken(self._events, self._most), *(self._others_along())]
                if self._others:
                    return _taken(self._others, self._most if self._shared else 1)
                if self._closed and not self._events:
                    return ()
                self._changed.wait()

    def close(self) -> None:
        """Let threads end when nothing is left."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _others_along(self) -> Sequence[Order]:
        return _taken(self._others, self._most) if self._shared else ()


def _taken(orders: deque[Order], most: int) -> Sequence[Order]:
    taken = list(islice(orders, most))
    for _ in taken:
        orders.popleft()
    return taken
