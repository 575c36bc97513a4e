"""The records of the settings' database, for commands that look at them while the service may be running."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.store.records import SqlRecords


@contextmanager
def open_records() -> Iterator[SqlRecords]:
    """All records in one transaction, saved at the end unless something goes wrong.

    Raises:
        SettingsError, StoreError
    """
    from bot.settings import Settings
    from bot.store import schema
    from bot.store.engine import open_engine, transaction
    from bot.store.records import SqlRecords
    from bot.store.vault import Vault, use

    settings = Settings.load()
    engine = open_engine(settings.database_url, connections=1)
    use(Vault(settings.secret_keys), engine)
    try:
        schema.ensure(engine)
        with transaction(engine) as connection:
            yield SqlRecords(connection, datetime.now(UTC))
    finally:
        engine.dispose()
