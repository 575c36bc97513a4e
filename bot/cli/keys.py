"""`madoguchi keys`: the keys of encryption at rest."""

from __future__ import annotations

import click


@click.group(help="保存した会話や連絡先を暗号化する鍵を、作り、取りかえます。")
def keys() -> None:
    """Look after the keys with which the stored talk and contact details are encrypted."""


@keys.command(
    short_help="新しい鍵を1本作って見せます。",
    help="""\b
    新しい鍵を1本作って見せます。.env の MADOGUCHI_SECRET_KEYS の
    いちばん前に書いてください（前からの鍵とは「,」で区切ります）。
    """,
)
def new() -> None:
    """Print a new key."""
    from bot.store.vault import new_key

    click.echo(new_key())


@keys.command(
    short_help="すべてを、1本目の鍵で暗号化し直します。",
    help="""\b
    保存したものすべてを、1本目の鍵で暗号化し直します。
    済んだら、古い鍵は MADOGUCHI_SECRET_KEYS から消してかまいません。

    \b
    新しい鍵を書いて始め直したサービスなら、動いたままでかまいません。
    """,
)
def rotate() -> None:
    """Encrypt everything again with the first key."""
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
