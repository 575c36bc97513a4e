"""`madoguchi schema`: JSON Schema of the YAML files, for editors."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(
    help="""\b
    YAML を書くときに助けになるファイル（JSON Schema）を、FOLDER に書き出します
    （書かないときは schemas）。使い方は docs/howto-add-a-provider.md の5にあります。
    """
)
@click.argument("folder", default="schemas", type=click.Path(file_okay=False, path_type=Path))
def schema(folder: Path) -> None:
    """Write the JSON Schemas of all YAML files; editors find them through the first line of each file."""
    from bot.content.schemas import all_schemas

    folder.mkdir(parents=True, exist_ok=True)
    for name, text in all_schemas().items():
        (folder / name).write_text(text, encoding="utf-8")
        click.echo(folder / name)
