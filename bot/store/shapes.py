"""How core values become JSON and come back.

Unknown fields are passed over and missing ones take their defaults, so that old and new versions of the code can read
each other's rows. Every default is written out, because a default may change later.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Annotated, Generic, TypeVar

from pydantic import Discriminator, TypeAdapter

from bot.core.conversations import Conversation
from bot.core.messages import Payload
from bot.core.tickets import Ticket

if TYPE_CHECKING:
    from collections.abc import Mapping

T = TypeVar("T")


class Shape(Generic[T]):
    """JSON of one type of value."""

    def __init__(self, adapter: TypeAdapter[T]) -> None:
        self._adapter = adapter

    def write(self, value: T) -> str:
        return self._adapter.dump_json(value).decode()

    def read(self, text: str) -> T:
        return self._adapter.validate_json(text)


class RecentShape(Shape[T]):
    """JSON of frozen values, most of which are read soon after this process wrote them: those are not parsed again."""

    def __init__(self, adapter: TypeAdapter[T], *, most: int = 512) -> None:
        super().__init__(adapter)
        self._most = most
        self._recent: OrderedDict[str, T] = OrderedDict()
        self._lock = Lock()

    def write(self, value: T) -> str:
        text = super().write(value)
        with self._lock:
            self._recent[text] = value
            if len(self._recent) > self._most:
                self._recent.popitem(last=False)
        return text

    def read(self, text: str) -> T:
        found = self._recent.get(text)
        return super().read(text) if found is None else found


CONVERSATION = Shape(TypeAdapter(Conversation))
TICKET = Shape(TypeAdapter(Ticket))
PAYLOAD: Shape[Payload] = RecentShape(TypeAdapter(Annotated[Payload, Discriminator("kind")]))
DETAILS: Shape[Mapping[str, str]] = Shape(TypeAdapter(dict[str, str]))
IDS: Shape[tuple[str, ...]] = Shape(TypeAdapter(tuple[str, ...]))
