"""`madoguchi backup` and `madoguchi restore`: the database of the settings into one file, and back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bot.store.backup.inventory import Inventory
    from bot.store.backup.postgresql import PostgresqlDatabase
    from bot.store.backup.sqlite import SqliteFile

_FILE = click.argument("file", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))


@click.command()
@_FILE
def backup(file: Path) -> None:
    """Write the whole database into FILE, checked; the service may go on meanwhile.

    FILE must not be there yet. It holds what customers said: keep it as safe as the database itself.
    A PostgreSQL database needs pg_dump.
    """
    inventory = _database().back_up(file)
    click.echo(f"{file} に控えを取りました（{file.stat().st_size / 1e6:.1f} MB）: {_told(inventory)}")


@click.command()
@_FILE
@click.option(
    "--replace",
    is_flag=True,
    help="Replace a database that is not empty. It is kept, and you are told where.",
)
@click.option(
    "--discard-unsent",
    is_flag=True,
    help="Never send what was still unsent when the backup was made (it may have been sent since).",
)
def restore(file: Path, *, replace: bool, discard_unsent: bool) -> None:
    """Put the backup FILE in the place of the database. Stop the service first.

    With a PostgreSQL database FILE may also be a backup of SQLite: that is how a shop moves to many machines.
    """
    restored = _database().restore(file, replace=replace, discard_unsent=discard_unsent)
    click.echo(f"{file} から戻しました: {_told(restored.inventory)}")
    if restored.kept:
        click.echo(f"それまでのデータを残した場所: {restored.kept}")
    if restored.inventory.unsent:
        click.echo(
            f"送信待ちの {restored.inventory.unsent} 通は、始めると送られます。控えを取ったあとに送ったかもしれないときは、"
            "始める前に --replace --discard-unsent を付けて、もう一度戻してください",
            err=True,
        )


def _database() -> SqliteFile | PostgresqlDatabase:
    from bot.settings import Settings
    from bot.store.backup.postgresql import PostgresqlDatabase
    from bot.store.backup.sqlite import SqliteFile
    from bot.store.engine import open_engine

    url = Settings.load().database_url
    engine = open_engine(url, connections=1)
    engine.dispose()
    if engine.dialect.name == "sqlite":
        return SqliteFile(Path(engine.url.database or ""))
    return PostgresqlDatabase(url)


def _told(inventory: Inventory) -> str:
    return (
        f"会話 {inventory.conversations}、チケット {inventory.tickets}、送信待ち {inventory.unsent}、"
        f"データの版 {inventory.revision}"
    )
