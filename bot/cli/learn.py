"""`madoguchi learn`: what operators taught, out to a file for review and into the shop's own intents."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from bot.cli.content_folders import own_folders
from bot.errors import UsageError


@click.group()
def learn() -> None:
    """Teach the bot what operators said misses were."""


@learn.command()
@click.argument("file", metavar="[FILE]", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--again", is_flag=True, help="Also what was exported before.")
def export(file: Path | None, *, again: bool) -> None:
    """Write the proposals as YAML to FILE, or to the screen; they count as exported then."""
    from bot.cli.content_folders import load
    from bot.cli.records import open_records
    from bot.content.proposals import patch_text
    from bot.core.wording import Wording, said

    if file is not None and file.exists():
        raise UsageError(f"{file} is there already; give the export a name of its own")
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


@learn.command()
@click.argument("file", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--to",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder of intents; left out: MADOGUCHI_INTENTS_DIR.",
)
def apply(file: Path, folder: Path | None) -> None:
    """Merge FILE into the shop's own folder of intents, if the result passes the check.

    An intent that is not in the folder yet is copied there as a whole first. Comments stay. A running service takes the
    change up by itself.
    """
    from bot.content.proposals import apply_patch, read_patch

    intents_dir, providers_dir = own_folders()
    target = folder or intents_dir
    if target is None:
        raise UsageError("which folder? set MADOGUCHI_INTENTS_DIR, or name it with --to")
    patch = read_patch(file, intents_dir=target)
    applied = apply_patch(
        patch, intents_dir=target, providers_dir=providers_dir, today=datetime.now(UTC).date()
    )
    for each in applied:
        click.echo(f"{each.path}: 言い方 {each.phrases} 個、確かめの文 {each.tests} 個を足しました")
    if not applied:
        click.echo("足すものはありませんでした（もう入っています）", err=True)
