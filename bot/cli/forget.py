"""`madoguchi forget USER`: erase what is stored of one person, and prove it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bot.store.forgetting import Forgotten

_SHORTEST_ID = 6


@click.command(
    help="""\b
    USER について保存したものをすべて消し、残っていないことを確かめます。
    USER は、LINE の利用者のID（U で始まるもの）か、Slack の利用者のIDです。

    \b
    チケットは、数のために、だれのものでもないものとして残ります。
    前に取った控えと、Slack に出た言葉は、消えません。
    """
)
@click.argument("user")
@click.option("--yes", is_flag=True, help="たずねずに消します。")
def forget(user: str, *, yes: bool) -> None:
    """Erase everything stored of *user*, and search for what is left."""
    from bot.errors import UsageError
    from bot.settings import Settings
    from bot.store import schema
    from bot.store.engine import compact, open_engine
    from bot.store.forgetting import forget as forgetting
    from bot.store.vault import Vault, use

    if len(user) < _SHORTEST_ID or not user.isascii() or not user.isalnum():
        raise UsageError(f"{user} は、LINEやSlackの利用者のIDではありません")
    settings = Settings.load()
    if not yes:
        click.confirm(
            f"{user} について保存したものを、すべて消します。元には戻せません。よろしいですか",
            abort=True,
            err=True,
        )
    engine = open_engine(settings.database_url, connections=1)
    use(Vault(settings.secret_keys), engine)
    try:
        schema.ensure(engine)
        forgotten = forgetting(engine, user)
        compacted = compact(engine)
    finally:
        engine.dispose()
    _tell(forgotten)
    if not compacted:
        click.echo("ファイルを今は詰められませんでした。サービスを止めて、もう一度動かしてください", err=True)
    if not (forgotten.proven and compacted):
        sys.exit(1)


def _tell(forgotten: Forgotten) -> None:
    click.echo("消した行  書きかえた行  探した行  見つかった行  表")
    for name, rows in forgotten.searched.items():
        erased, struck, found = (
            counts.get(name, 0) for counts in (forgotten.erased, forgotten.struck, forgotten.found)
        )
        click.echo(f"{erased:>8}  {struck:>12}  {rows:>8}  {found:>12}  {name}")
    click.echo(
        "確かめました：このIDは、どこにも残っていません"
        if forgotten.proven
        else "まだ残っています：このIDが見つかりました"
    )
    for thread in forgotten.threads:
        click.echo(f"Slackで、手で消してください：チャンネル {thread.to}、スレッド {thread.thread}")
