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


@click.group()
def export() -> None:
    """Write what is known in the form of another project."""


@click.group("import")
def import_() -> None:
    """Draft records out of another project's files."""


@export.command("ispdb")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--to", "folder", type=_FOLDER, required=True, help="The folder to write into.")
def export_ispdb(ids: tuple[str, ...], *, folder: Path) -> None:
    """Write ISPDB files (one XML a provider, named after its first domain) for ID, or for all that can be.

    Exit 1 when a provider asked for by name has nothing that may be given out.
    """
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


@import_.command("ispdb")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option("--to", "folder", type=_FOLDER, required=True, help="The folder to write into.")
@click.option("--date", default="", metavar="YYYY-MM-DD", help="The date of the files, for the evidence.")
@click.option("--force", is_flag=True, help="Write over drafts that are there already.")
def import_ispdb(files: tuple[Path, ...], *, folder: Path, date: str, force: bool) -> None:
    """Draft a provider's YAML record out of each ISPDB FILE. Nothing in a draft is given out before you say so.

    Exit 1 when a file could not be taken.
    """
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
            raise UsageError(told("no_such_provider", name=name, hint=closest(name, providers)))
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
