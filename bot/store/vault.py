"""Encryption at rest: what customers said and how they are reached is unreadable in the file without the owner's key.

Whole columns are sealed, not single fields: a telephone number stands in the talk as well as on the ticket.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Text
from sqlalchemy.types import TypeDecorator

from bot.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cryptography.fernet import MultiFernet
    from sqlalchemy import Engine
    from sqlalchemy.engine import Dialect

SEAL = "\x02"
"""Begins what is sealed. The channels take control characters out of what people write, so nothing else begins so."""


class Vault:
    """Seals with the first of *keys* and opens with any of them. Without keys it seals nothing.

    Raises:
        ValueError: a key is not one of Fernet's.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        self._fernet = _fernet(keys) if keys else None

    @property
    def locked(self) -> bool:
        """Whether there is a key at all."""
        return self._fernet is not None

    def seal(self, text: str) -> str:
        if self._fernet is None:
            return text
        return SEAL + self._fernet.encrypt(text.encode()).decode("ascii")

    def open(self, stored: str) -> str:
        """What was sealed, or was stored before there was a key.

        Raises:
            StoreError: it was sealed with another key.
        """
        if not stored.startswith(SEAL):
            return stored
        if self._fernet is None:
            raise StoreError(
                "保存したものは暗号化されています。そのときの鍵を MADOGUCHI_SECRET_KEYS に書いてください"
            )
        from cryptography.fernet import InvalidToken  # noqa: PLC0415 - see `_fernet`

        try:
            return self._fernet.decrypt(stored.removeprefix(SEAL)).decode()
        except InvalidToken:
            raise StoreError(
                "MADOGUCHI_SECRET_KEYS のどの鍵でも、保存したものが開きません。暗号化したときの鍵を足してください"
            ) from None


def new_key() -> str:
    """A key for MADOGUCHI_SECRET_KEYS."""
    from cryptography.fernet import Fernet  # noqa: PLC0415 - see `_fernet`

    return Fernet.generate_key().decode("ascii")


def _fernet(keys: Sequence[str]) -> MultiFernet:
    from cryptography.fernet import Fernet, MultiFernet  # noqa: PLC0415 - 8 MB that nobody needs without a key

    return MultiFernet([Fernet(key) for key in keys])


def use(vault: Vault, engine: Engine) -> None:
    """Let *engine* seal and open `Sealed` columns with *vault*. An engine without one copies them as they are."""
    engine.dialect.vault = vault  # type: ignore[attr-defined]  # the only thing of an engine that a type gets to see


class Sealed(TypeDecorator[str]):
    """Text that the engine's vault seals on its way in and opens on its way out."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        vault: Vault | None = getattr(dialect, "vault", None)
        return value if vault is None or value is None else vault.seal(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        vault: Vault | None = getattr(dialect, "vault", None)
        return value if vault is None or value is None else vault.open(value)
