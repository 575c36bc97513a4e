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


@click.command(
    help="""\b
    データベースの控えを FILE に取り、読めることまで確かめます。
    サービスは動いたままでかまいません。FILE は、まだない名前にしてください。

    \b
    控えにはお客様のお話が入っています。データベースと同じように守ってください。
    PostgreSQL のときは pg_dump が要ります。
    """
)
@_FILE
def backup(file: Path) -> None:
    """Write the whole database into *file*, checked."""
    inventory = _database().back_up(file)
    click.echo(f"{file} に控えを取りました（{file.stat().st_size / 1e6:.1f} MB）: {_told(inventory)}")


@click.command(
    help="""\b
    FILE の控えから、データベースを元に戻します。先にサービスを止めてください。

    \b
    PostgreSQL には、SQLite の控えも戻せます（お店が大きくなったときの引っ越し）。
    """
)
@_FILE
@click.option(
    "--replace",
    is_flag=True,
    help="空でないデータベースと入れかえます（前のものは残します）。",
)
@click.option(
    "--discard-unsent",
    is_flag=True,
    help="控えを取ったときに送信待ちだったものを、もう送りません。",
)
def restore(file: Path, *, replace: bool, discard_unsent: bool) -> None:
    """Put the backup *file* in the place of the database."""
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
