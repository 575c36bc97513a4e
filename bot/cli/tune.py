"""`madoguchi tune`: fits the understanding to the sentences again and writes the numbers."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bot.content.fitting import Trial


@click.command(
    help="""\b
    用件の言い方と、正しい用件の付いた文から、読みとりの数字を計算し直します。
    お店の文は、用件のフォルダーの _sentences/ に置きます（*.jsonl）。

    \b
    見せる正答率は、その文を知らないまま計算した数字で、1文ずつ確かめたものです。
    """
)
@click.option(
    "--sentences",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    multiple=True,
    help="正しい用件の付いた文（*.jsonl）のフォルダー。いくつでも。",
)
@click.option(
    "--intents",
    "intents_dir",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    envvar="MADOGUCHI_INTENTS_DIR",
    help="お店の用件のフォルダー（なければ MADOGUCHI_INTENTS_DIR）。",
)
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="書き出す先（なければ、元の場所）。"
)
@click.option("--dry-run", is_flag=True, help="正答率だけを見せ、書き出しません。")
def tune(sentences: tuple[Path, ...], intents_dir: Path | None, out: Path | None, *, dry_run: bool) -> None:
    """Fit the weights again, and print the accuracy of each sentence judged by a fit that has not seen it."""
    from bot.content import tuning

    workshop = tuning.open_workshop(intents_dir=intents_dir, sentences=sentences)
    click.echo(
        f"文 {len(workshop.examples)}、言い方 {len(workshop.phrases)}、用件 {len(workshop.intents)} で計算します（数分かかります）"
    )
    trial = workshop.cross_validate()
    model = workshop.fit(trial)
    if not dry_run:
        target = out or workshop.fitted_path
        workshop.write(model, target)
        click.echo(f"{target} に書きました（{target.stat().st_size / 1e6:.1f} MB、特徴 {len(model.rarity)}）")
    _print_trial(trial)


def _print_trial(trial: Trial) -> None:
    from bot.content.fitting import best_lean

    settled = trial.leaning(best_lean(trial))
    overall, inside, outside = settled.accuracy()
    click.echo(f"知らない文の正答率：{overall:.3f}（用件のある文 {inside:.3f}、対象外の文 {outside:.3f}）")
    for style, accuracy, count in _by_style(settled):
        click.echo(f"  {style:10} {accuracy:.3f}（{count} 文）")
    for (right, guess), count in _confusions(settled)[:12]:
        click.echo(f"  {count:>3} 回  {right} を {guess} と読みました")


def _by_style(trial: Trial) -> list[tuple[str, float, int]]:
    rows: dict[str, list[bool]] = {}
    for example, guess in zip(trial.examples, trial.guesses, strict=True):
        rows.setdefault(example.style or "-", []).append(example.intent == guess)
    return sorted((style, sum(right) / len(right), len(right)) for style, right in rows.items())


def _confusions(trial: Trial) -> list[tuple[tuple[str, str], int]]:
    pairs = zip(trial.examples, trial.guesses, strict=True)
    return Counter(
        (example.intent, guess) for example, guess in pairs if example.intent != guess
    ).most_common()
