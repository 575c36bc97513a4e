"""`madoguchi db`: the database."""

from __future__ import annotations

import click


@click.group(help="データベースの手入れをします。")
def db() -> None:
    """Look after the database."""


@db.command(help="データベースの形を、このプログラムに合わせて新しくします。")
def upgrade() -> None:
    """Run the migrations that are missing."""
    from bot.settings import Settings
    from bot.store import schema
    from bot.store.engine import open_engine

    engine = open_engine(Settings.load().database_url, connections=1)
    try:
        revision = schema.upgrade(engine)
    finally:
        engine.dispose()
    click.echo(f"データの版は {revision} です")
