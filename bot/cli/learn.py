"""`madoguchi learn`: what operators taught, out to a file for review and into the shop's own intents."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from bot.cli.content_folders import own_folders
from bot.errors import UsageError


@click.group(help="担当者が教えた答えを、お店の用件に加えます。")
def learn() -> None:
    """Teach the bot what operators said misses were."""


@learn.command(
    short_help="教わった言い方を書き出します。",
    help="""\b
    担当者に教わった言い方を、YAML で FILE（なければ画面）に書き出します。
    一度書き出したものは、次からは出ません。
    """,
)
@click.argument("file", metavar="[FILE]", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--again", is_flag=True, help="前に書き出したものも、もう一度。")
def export(file: Path | None, *, again: bool) -> None:
    """Write the proposals as YAML to *file*, or to the screen; they count as exported then."""
    from bot.cli.content_folders import load
    from bot.cli.records import open_records
    from bot.content.proposals import patch_text
    from bot.core.wording import Wording, said

    if file is not None and file.exists():
        raise UsageError(f"{file} は、もうあります。ほかの名前にしてください")
    now = datetime.now(UTC)
    library = load()
    titles = {intent.id: intent.title for intent in library.intents.values()}
    heading = said(library, Wording.LEARN_PATCH, day=f"{now:%Y-%m-%d}", file=file or "FILE").splitlines()
    with open_records() as records:
        proposals = [each for each in records.misses.proposals() if again or each.exported_at is None]
        text = patch_text(proposals, titles, heading)
        if file is None and proposals:
            click.echo(text, nl=False)
        elif file and proposals:
            file.write_text(text, encoding="utf-8")
        records.misses.mark_exported(proposals, now)
    click.echo(_exported(len(proposals), file), err=True)


def _exported(count: int, file: Path | None) -> str:
    if not count:
        return (
            "書き出す答えは、まだありません。Slackの質問にボタンで答えると、ここで書き出せます"
            "（前に書き出したものは --again で）"
        )
    return f"{count} 件を {file} に書き出しました" if file else f"{count} 件を書き出しました"


@learn.command(
    short_help="書き出したものを、お店の用件に加えます。",
    help="""\b
    FILE の言い方を、お店の用件のフォルダーに加えます（加えた結果が check に通るときだけ）。
    まだフォルダーにない用件は、付属のものを写してから加えます。

    \b
    書いてあったコメントは残ります。動いているサービスは、自分で取り入れます。
    """,
)
@click.argument("file", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--to",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="用件のフォルダー（なければ MADOGUCHI_INTENTS_DIR）。",
)
def apply(file: Path, folder: Path | None) -> None:
    """Merge *file* into the shop's own folder of intents, if the result passes the check."""
    from bot.content.proposals import apply_patch, read_patch

    intents_dir, providers_dir = own_folders()
    target = folder or intents_dir
    if target is None:
        raise UsageError(
            "どのフォルダーに加えますか。.env に MADOGUCHI_INTENTS_DIR を書くか、--to で選んでください"
        )
    patch = read_patch(file, intents_dir=target)
    applied = apply_patch(
        patch, intents_dir=target, providers_dir=providers_dir, today=datetime.now(UTC).date()
    )
    for each in applied:
        click.echo(f"{each.path}: 言い方 {each.phrases} 個、確かめの文 {each.tests} 個を足しました")
    if not applied:
        click.echo("足すものはありませんでした（もう入っています）", err=True)
