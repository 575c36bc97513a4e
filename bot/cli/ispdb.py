"""`madoguchi providers export|import ispdb`: Thunderbird's database of settings, out of it and into it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.content_folders import load

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.core.providers import Provider

_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.group(help="ほかのプロジェクトの形で書き出します。")
def export() -> None:
    """Write what is known in the form of another project."""


@click.group("import", help="ほかのプロジェクトのファイルから、記録の下書きを作ります。")
def import_() -> None:
    """Draft records out of another project's files."""


@export.command(
    "ispdb",
    short_help="ThunderbirdのISPDBの形で書き出します。",
    help="""\b
    案内できる値を、ThunderbirdのISPDBの形（1社に1つのXML）で書き出します。
    ID を書かないときは、書き出せるもの全部です。

    \b
    名前で選んだプロバイダに書き出せる値がなければ、終わりの番号は1です。
    """,
)
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--to", "folder", type=_FOLDER, required=True, help="書き出すフォルダー。")
def export_ispdb(ids: tuple[str, ...], *, folder: Path) -> None:
    """Write ISPDB files (one XML a provider, named after its first domain)."""
    from bot.core.one_tap.profiles import ispdb_xml

    chosen = _chosen(ids, load().providers)
    folder.mkdir(parents=True, exist_ok=True)
    left_out = []
    for provider in chosen:
        xml = ispdb_xml(provider)
        if xml is None:
            left_out.append(provider.id)
            continue
        path = folder / _plain_domain(provider)
        path.write_bytes(xml)
        click.echo(path)
    click.echo(
        f"{len(chosen) - len(left_out)} 件を書き出し、{len(left_out)} 件は書き出しませんでした", err=True
    )
    if ids and left_out:
        click.echo(f"どのお客様にも案内できる値がないもの：{'、'.join(left_out)}", err=True)
        raise SystemExit(1)


@import_.command(
    "ispdb",
    short_help="ThunderbirdのISPDBのファイルから。",
    help="""\b
    ISPDBの FILE から、プロバイダの記録（YAML）の下書きを1つずつ作ります。
    下書きの値は、お店が確かめて書きかえるまで、案内に使われません。

    \b
    読めないファイルがあれば、終わりの番号は1です。
    """,
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option("--to", "folder", type=_FOLDER, required=True, help="書き出すフォルダー。")
@click.option("--date", default="", metavar="YYYY-MM-DD", help="ファイルの日付（出典に書きます）。")
@click.option("--force", is_flag=True, help="もうある下書きに上書きします。")
def import_ispdb(files: tuple[Path, ...], *, folder: Path, date: str, force: bool) -> None:
    """Draft a provider's YAML record out of each ISPDB file."""
    from bot.content.ispdb import draft
    from bot.core.wording import Wording, said
    from bot.errors import ContentError

    why = said(load(), Wording.NO_VALUES_DRAFT)
    folder.mkdir(parents=True, exist_ok=True)
    refused = 0
    for file in files:
        try:
            provider_id, text = draft(file, why_no_values=why, date=date)
        except ContentError as error:
            refused += 1
            for problem in error.problems:
                click.echo(problem, err=True)
            continue
        refused += not _written(folder / f"{provider_id}.yaml", text, force=force)
    raise SystemExit(1 if refused else 0)


def _chosen(ids: tuple[str, ...], providers: Mapping[str, Provider]) -> list[Provider]:
    from bot.content.records import closest
    from bot.content.telling import told
    from bot.errors import UsageError

    for name in ids:
        if name not in providers:
            raise UsageError(
                told("no_such_provider", name=name, hint=closest(name, providers) or told("see_providers"))
            )
    return [providers[name] for name in dict.fromkeys(ids or sorted(providers))]


def _plain_domain(provider: Provider) -> str:
    return next(domain for domain in provider.domains if not set("*?") & set(domain))


def _written(path: Path, text: str, *, force: bool) -> bool:
    if path.exists() and not force:
        click.echo(f"{path}: もうあります（--force で上書きします）", err=True)
        return False
    path.write_text(text, encoding="utf-8")
    click.echo(path)
    return True
