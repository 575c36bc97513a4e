"""`madoguchi dead`: what was given up, and another try for it."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from bot.errors import StoreError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection


@click.group(help="あきらめた送信や仕事を見て、もう一度ためします。")
def dead() -> None:
    """Look at sends and jobs that were given up, and try them again."""


@dead.command(
    "list",
    short_help="あきらめたものを並べます。",
    help="""\b
    あきらめたものを、古い順に並べます
    （番号、あきらめた日時、何か、ためした回数、そのわけ）。
    """,
)
def list_() -> None:
    """List them, oldest first."""
    from bot.store.dead import dead_rows

    with _database() as connection:
        rows = dead_rows(connection)
    for row in rows:
        click.echo(
            "  ".join(
                (
                    row.id,
                    row.died_at.strftime("%Y-%m-%d %H:%M"),
                    row.what + ("（今月の上限のため保留）" if row.held else ""),
                    f"{row.attempts} 回ためしました",
                    row.reason,
                )
            )
        )
    if not rows:
        click.echo("あきらめた送信や仕事はありません")


@dead.command(help="もう一度ためします（動いているサービスが、すぐに始めます）。")
@click.argument("ids", nargs=-1, metavar="[ID]…")
@click.option("--all", "everything", is_flag=True, help="dead list に出るものをすべて。")
def retry(ids: tuple[str, ...], *, everything: bool) -> None:
    """Try these again, from the first try on."""
    from bot.store import dead as letters

    if bool(ids) == everything:
        raise UsageError("madoguchi dead list に出る番号か、--all を付けてください")
    with _database() as connection:
        chosen = [row.id for row in letters.dead_rows(connection)] if everything else ids
        now = datetime.now(UTC)
        unknown = [each for each in chosen if not letters.retry(connection, each, now)]
    for each in unknown:
        click.echo(f"{each}: あきらめたものの中にありません", err=True)
    click.echo(f"{len(chosen) - len(unknown)} 件を、もう一度ためします")
    if unknown:
        raise click.exceptions.Exit(1)


@contextmanager
def _database() -> Iterator[Connection]:
    """The database of the settings, inside one transaction."""
    from sqlalchemy.exc import SQLAlchemyError

    from bot.settings import Settings
    from bot.store import schema
    from bot.store.engine import open_engine, transaction

    engine = open_engine(Settings.load().database_url, connections=1)
    try:
        schema.ensure(engine)
        with transaction(engine) as connection:
            yield connection
    except SQLAlchemyError as error:
        raise StoreError(f"データベースが受けつけませんでした（{type(error).__name__}）") from error
    finally:
        engine.dispose()
