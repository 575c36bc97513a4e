"""Renewal: changed content comes into force between two events, or operators hear why it does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from bot.core.messages import Address, Reply, Say, Send, Text
from bot.core.wording import Wording, said
from bot.desk.ports import Clock, Store
from bot.desk.reception import Reception

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.core.library import Library

_SHOWN = 10
_MORE = "… +{}"
_LANE = "desk:content"


@dataclass(kw_only=True, slots=True, eq=False)
class Renewal:
    """`desk` is where operators read, None if nowhere; `wake` is called when there is something to send."""

    store: Store
    clock: Clock
    reception: Reception
    desk: Address | None = None
    wake: Callable[[], None] = lambda: None
    _refused: bool = False

    async def renewed(self, library: Library) -> None:
        """The next event is answered from *library*. Operators are told if an earlier edit had been refused."""
        self.reception.library = library
        if self._refused:
            self._refused = False
            await self._tell(said(library, Wording.CONTENT_RENEWED))

    async def refused(self, problems: Sequence[str]) -> None:
        """The old content stays; operators read what is wrong."""
        self._refused = True
        lines = [*problems[:_SHOWN]]
        if len(problems) > _SHOWN:
            lines.append(_MORE.format(len(problems) - _SHOWN))
        await self._tell(said(self.reception.library, Wording.CONTENT_REFUSED, problems="\n".join(lines)))

    async def _tell(self, text: str) -> None:
        if self.desk is None:
            return
        send = _note(text, self.desk, self.clock.now())
        await self.store.transact(lambda records: records.outbox.add([send]))
        self.wake()


def _note(text: str, desk: Address, now: datetime) -> Send:
    """The id holds the words and the minute: processes that watch the same folder tell of one edit once."""
    return Send(
        id=str(uuid5(NAMESPACE_URL, f"madoguchi:content:{now:%Y-%m-%dT%H:%M}:{text}")),
        address=desk,
        payload=Say(reply=Reply(parts=(Text(text=text),))),
        lane=_LANE,
        due_at=now,
    )
