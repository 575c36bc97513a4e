"""`madoguchi misses`: what was not understood, alike things together."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from bot.core.learning.clusters import Cluster

_SHOWN_GUESSES = 3


@click.command(
    help="""\b
    聞き取れずに答えを待っている言葉を、似たものを1行にまとめて、多い順に並べます。

    \b
    お名前・アドレス・番号・パスワードは消してあります。担当者が Slack で答えると、
    madoguchi learn export で書き出せます。
    """
)
@click.option("--json", "as_json", is_flag=True, help="表のかわりに、JSONで出します。")
@click.option("--all", "also_labelled", is_flag=True, help="担当者がもう答えたものも。")
def misses(*, as_json: bool, also_labelled: bool) -> None:
    """What was not understood and waits for an answer: alike messages as one line, the most frequent first."""
    from bot.cli.records import open_records
    from bot.core.learning.clusters import clustered

    with open_records() as records:
        filed = records.misses.all()
    labels = {each.miss.id: each.label.intent for each in filed if each.label}
    wanted = [each.miss for each in filed if also_labelled or each.label is None]
    found = clustered(wanted)
    if as_json:
        click.echo(json.dumps([_as_json(cluster, labels) for cluster in found], ensure_ascii=False, indent=2))
    elif found:
        _print(found, labels)
    click.echo(_summary(len(wanted), len(found), also_labelled=also_labelled), err=True)


def _summary(wanted: int, lines: int, *, also_labelled: bool) -> str:
    if wanted:
        return f"{wanted} 件を {lines} 行にまとめました"
    if also_labelled:
        return "聞き取れなかった言葉は、まだありません"
    return "答えを待っている言葉はありません。聞き取れない言葉があったときに、ここに並びます"


def _as_json(cluster: Cluster, labels: dict[str, str]) -> dict[str, Any]:
    return {
        "text": cluster.leader.text,
        "count": len(cluster.misses),
        "newest": cluster.newest.isoformat(),
        "guesses": [{"intent": match.intent, "score": match.score} for match in cluster.guesses],
        "misses": [
            {
                "id": miss.id,
                "text": miss.text,
                "reason": miss.reason,
                "channel": miss.channel,
                "on": miss.said_on.isoformat(),
                "label": labels.get(miss.id),
            }
            for miss in cluster.misses
        ],
    }


def _print(found: tuple[Cluster, ...], labels: dict[str, str]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("件数", "最後", "言葉", "候補", "理由", "答え")
    for cluster in found:
        table.add_row(
            str(len(cluster.misses)),
            cluster.newest.isoformat(),
            cluster.leader.text,
            "\n".join(f"{match.intent} {match.score:.2f}" for match in cluster.guesses[:_SHOWN_GUESSES]),
            "\n".join(sorted({miss.reason for miss in cluster.misses})),
            "\n".join(sorted({labels[miss.id] for miss in cluster.misses if miss.id in labels})),
        )
    Console(markup=False).print(table)
