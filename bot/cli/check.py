"""`madoguchi check`: lint intents, providers and shop."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.content_folders import own_folders

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.content.findings import Findings


@click.command(
    help="""\b
    用件・プロバイダ・お店の情報（YAML）の書きまちがいを、
    「ファイル名:行番号」ですべて教えます。1つでもあれば、終わりの番号は1です。

    \b
    DIR はご自分のフォルダーです（intents と providers の入ったもの、またはそのどちらか）。
    付属のものと合わせて確かめます。書かないときは、設定にあるフォルダーを見ます
    （MADOGUCHI_INTENTS_DIR、MADOGUCHI_PROVIDERS_DIR）。
    """
)
@click.argument(
    "dirs", nargs=-1, metavar="[DIR]...", type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@click.option("--verbose", is_flag=True, help="付属のプロバイダへの注意も並べます。")
def check(dirs: tuple[Path, ...], *, verbose: bool) -> None:
    """Check the YAML content, the shipped and the owner's together; every problem as path:line."""
    from bot.content.findings import check_content
    from bot.content.telling import told

    intents_dir, providers_dir = named_folders(dirs) if dirs else own_folders()
    findings = check_content(
        today=datetime.now(UTC).date(), intents_dir=intents_dir, providers_dir=providers_dir
    )
    for folder in dirs:
        if not any(folder.rglob("*.y*ml")):
            click.echo(told("no_yaml_in", folder=folder), err=True)
    for line in findings.problems:
        click.echo(line)
    for line in (*findings.warnings, *(findings.of_shipped if verbose else ())):
        click.echo(f"{line}（注意）")
    for line in _summary(findings, verbose=verbose):
        click.echo(line, err=True)
    if findings.problems:
        raise SystemExit(1)


def _summary(findings: Findings, *, verbose: bool) -> Iterator[str]:
    if findings.of_shipped and not verbose:
        yield f"付属のプロバイダへの注意が {len(findings.of_shipped)} 件あります（--verbose で見られます。お店でなさることはありません）"
    yield (
        f"用件 {findings.intents}、プロバイダ {findings.providers}、ためした文 {findings.tried}："
        f"直すところ {len(findings.problems)}、注意 {len(findings.warnings)}"
    )


def named_folders(dirs: tuple[Path, ...]) -> tuple[Path | None, Path | None]:
    """The folder of intents and the folder of providers among *dirs*.

    Raises:
        UsageError: two folders for one thing, or a folder that is neither.
    """
    from bot.errors import UsageError

    intents: list[Path] = []
    providers: list[Path] = []
    for folder in dirs:
        inside = [folder / name for name in ("intents", "providers") if (folder / name).is_dir()]
        for place in inside or [folder.resolve()]:
            (providers if _holds_providers(place) else intents).append(place)
    if len(intents) > 1 or len(providers) > 1:
        raise UsageError("一度に確かめられるのは、用件のフォルダー1つと、プロバイダのフォルダー1つです")
    return (intents[0] if intents else None), (providers[0] if providers else None)


def _holds_providers(folder: Path) -> bool:
    """By its name, else by what its files look like."""
    if folder.name in {"intents", "providers"}:
        return folder.name == "providers"
    return any(
        line.startswith(("answer_with_values:", "servers:", "domains:"))
        for file in folder.glob("*.y*ml")
        for line in file.read_text(encoding="utf-8", errors="replace").splitlines()
    )
