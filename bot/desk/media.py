"""Links under which customers' LINE can open an operator's picture: signed, and good for a few days only."""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from bot.desk.ports import Clock

if TYPE_CHECKING:
    from datetime import datetime


PATH = "/media/"
LIFE = timedelta(days=7)

_SIGNATURE = 32


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
        name = f"{'p' if preview else 'o'}.{hour}.{content_id}".encode()
        token = base64.urlsafe_b64encode(self._signature(name) + name).decode().rstrip("=")
        return f"{self.public_url.rstrip('/')}{PATH}{token}"

    def read(self, token: str, now: datetime) -> tuple[str, bool] | None:
        """The content's id, and whether its preview is meant; None for what we never signed, or long ago."""
        try:
            signed = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        except ValueError:
            return None
        signature, name = signed[:_SIGNATURE], signed[_SIGNATURE:]
        if not hmac.compare_digest(signature, self._signature(name)):
            return None
        size, until, content_id = name.decode().split(".", 2)
        return (content_id, size == "p") if int(until) > now.timestamp() else None

    def _signature(self, name: bytes) -> bytes:
        return hmac.digest(self.secret, name, sha256)


def signing_key(secret: str) -> bytes:
    """A key for links alone, out of a secret that the deployment has anyway."""
    return hmac.digest(secret.encode(), b"madoguchi media links", sha256)
