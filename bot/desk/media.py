"""Links under which customers' LINE can open an operator's picture: signed, and good for a few days only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.core import links
from bot.desk.ports import Clock

PATH = "/media/"
LIFE = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaLinks:
    """`public_url` is the service's own address on the internet, `secret` what links are signed with."""

    public_url: str
    secret: bytes
    clock: Clock
    life: timedelta = LIFE

    def link(self, content_id: str, *, preview: bool = False) -> str:
        """An address that works for `life` from now, to the hour: so the same picture keeps its address for a while."""
        until = self.clock.now() + self.life
        hour = int(until.timestamp()) // 3600 * 3600
        name = f"{'p' if preview else 'o'}.{content_id}"
        token = links.sign(name, datetime.fromtimestamp(hour, UTC), self.secret)
        return f"{self.public_url.rstrip('/')}{PATH}{token}"

    def read(self, token: str, now: datetime) -> tuple[str, bool] | None:
        """The content's id, and whether its preview is meant; None for what we never signed, or long ago."""
        name = links.read(token, now, [self.secret])
        if name is None:
            return None
        size, _, content_id = name.partition(".")
        return content_id, size == "p"
