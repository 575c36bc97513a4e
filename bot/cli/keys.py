"""`madoguchi keys`: the keys of encryption at rest."""

from __future__ import annotations

import click


@click.group()
def keys() -> None:
    """Look after the keys with which the stored talk and contact details are encrypted."""


@keys.command()
def new() -> None:
    """Print a new key. Put it in front of the others in MADOGUCHI_SECRET_KEYS, with a comma between."""
    from bot.store.vault import new_key

    click.echo(new_key())


@keys.command()
def rotate() -> None:
    """Encrypt everything again with the first key. After that the older keys may go from MADOGUCHI_SECRET_KEYS.

    The service may go on meanwhile, if it was started with the new key in front.
    """
    from bot.errors import SettingsError
    from bot.settings import Settings
    from bot.store import schema
    from bot.store.engine import open_engine
    from bot.store.rotation import rotate as renew
    from bot.store.vault import Vault, use

    settings = Settings.load()
    if not settings.secret_keys:
        raise SettingsError(["MADOGUCHI_SECRET_KEYS: 書かれていません。madoguchi keys new で鍵を作れます"])
    engine = open_engine(settings.database_url, connections=1)
    use(Vault(settings.secret_keys), engine)
    try:
        schema.ensure(engine)
        renewed = renew(engine)
    finally:
        engine.dispose()
    for table, rows in renewed.items():
        click.echo(f"{table}: {rows} 行を、1本目の鍵で暗号化しました")
