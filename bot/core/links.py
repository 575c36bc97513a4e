"""Signed, expiring links: a token that names a thing, good until a moment, that nobody else can make or change."""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

SETUP_PATH = "/setup/"
SETUP_LIFE = timedelta(hours=24)

_SIGNATURE = 32
_LONGEST = 1024


def signing_key(secret: str, purpose: str) -> bytes:
    """A key for links of one *purpose* alone, out of a secret that the deployment has anyway."""
    return hmac.digest(secret.encode(), f"madoguchi {purpose} links".encode(), sha256)


def sign(name: str, until: datetime, key: bytes) -> str:
    """A token for *name*, safe in a path. It can be read by anyone, so *name* must be no secret."""
    told = f"{int(until.timestamp())}.{name}".encode()
    return base64.urlsafe_b64encode(hmac.digest(key, told, sha256) + told).decode().rstrip("=")


def read(token: str, now: datetime, keys: Sequence[bytes]) -> str | None:
    """The name in *token*; None for what none of *keys* signed, or what is over. Compared in constant time."""
    if len(token) > _LONGEST or not token.isascii():
        return None
    try:
        signed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return None
    signature, told = signed[:_SIGNATURE], signed[_SIGNATURE:]
    if not any(hmac.compare_digest(signature, hmac.digest(key, told, sha256)) for key in keys):
        return None
    until, _, name = told.decode().partition(".")
    return name if int(until) > now.timestamp() else None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupLinks:
    """`public_url` is where this service is reached from the internet, `key` what links are signed with."""

    public_url: str
    key: bytes

    def link(self, provider_id: str, now: datetime) -> str:
        """An address that works for a day."""
        return f"{self.public_url.rstrip('/')}{SETUP_PATH}{sign(provider_id, now + SETUP_LIFE, self.key)}"

    def read(self, token: str, now: datetime) -> str | None:
        """The provider's id in *token*; None for what we never signed, or long ago."""
        return read(token, now, [self.key])
