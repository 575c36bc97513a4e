"""A platform's way out that keeps everything it is handed, each under an id of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.core.messages import Address, React, Revise, Say, Send
from tests.conftest import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.desk.ports import Parcel


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    send: Send
    target: Address
    ids: tuple[str, ...]

    @property
    def text(self) -> str:
        """Every word of it."""
        payload = self.send.payload
        return payload.emoji if isinstance(payload, React) else words(payload.reply)


@dataclass(slots=True)
class FakePlatform:
    """Fulfils `bot.desk.ports.Sender`. `down` is raised by every try until it is None again."""

    name: str
    handed: list[Handed] = field(default_factory=list)
    down: Exception | None = None
    most: int = 1

    def fitting(self, sends: Sequence[Send]) -> int:
        del sends
        return self.most

    async def deliver(self, parcel: Parcel) -> Sequence[Sequence[str]]:
        (send,) = parcel.sends
        if self.down is not None and not (send.handle and "quota" in str(self.down)):
            raise self.down
        ids = (f"{self.name}-{len(self.handed) + 1}",)
        self.handed.append(Handed(send=send, target=parcel.target, ids=ids))
        return [tuple(parcel.revised) or ids]

    @property
    def texts(self) -> list[str]:
        """What was said, in order; no signs and no revised cards."""
        return [each.text for each in self.handed if isinstance(each.send.payload, Say)]

    @property
    def signs(self) -> list[tuple[str, str]]:
        """Which message bears which sign."""
        payloads = [each.send.payload for each in self.handed]
        return [(each.message_id, each.emoji) for each in payloads if isinstance(each, React)]

    @property
    def revisions(self) -> list[str]:
        return [each.text for each in self.handed if isinstance(each.send.payload, Revise)]
