"""`madoguchi eval`: accuracy on labelled messages, per intent, with confusions and slots."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.core.understanding import OUT_OF_SCOPE
from bot.errors import ContentError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.core.library import Library

SLOTS = ("provider", "client", "protocol", "error_code", "ports")
_OVERALL = {
    "accuracy": "正答率",
    "lenient": "正答率（ほかの用件としても正しいものを含む）",
    "in_scope": "用件のある文だけの正答率",
    "out_of_scope": "対象外の文だけの正答率",
}
_SAMPLE_IDS = {
    "sonet": "so-net",
    "yahoo_jp": "yahoo-japan",
    "outlook_com": "outlook-com",
    "asahi": "asahi-net",
    "hi_ho": "hi-ho",
    "au": "au-one-net",
    "dion": "au-one-net",
}
"""Provider ids of older samples, and the ids of the records."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One labelled message and what was made of it. `slots`: whether each slot that the label speaks of was found."""

    text: str
    intent: str
    also: tuple[str, ...]
    style: str
    guess: str
    score: float
    slots: Mapping[str, bool]

    @property
    def right(self) -> bool:
        return self.guess == self.intent

    @property
    def wrong_slots(self) -> list[str]:
        return [name for name, right in self.slots.items() if not right]


@click.command(
    help="""\b
    見本の文で、理解の正しさを測ります。
    FILES は {"text", "intent", …} の行の並んだファイルです（書き方は README）。

    \b
    intent のない行は、ファイルの名前を正しい用件とみなします。
    プロバイダなどは、行に書いてあるものだけを確かめます。
    """
)
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--json", "as_json", is_flag=True, help="数字をJSONで出します。")
@click.option("--wrong", is_flag=True, help="読みまちがえた文を並べます。")
def evaluate(files: tuple[Path, ...], *, as_json: bool, wrong: bool) -> None:
    """Judge the understanding on labelled messages."""
    from bot.cli.content_folders import load
    from bot.content.telling import told

    library = load()
    judged = [line for file in files for line in judge(file, library)]
    if not judged:
        raise UsageError(told("nothing_to_judge", files="、".join(map(str, files))))
    figures = figures_of(judged)
    if as_json:
        click.echo(json.dumps(figures, ensure_ascii=False))
        return
    for line in table(figures):
        click.echo(line)
    if wrong:
        for one in judged:
            if not one.right or one.wrong_slots:
                click.echo(
                    f"{one.intent} → {one.guess} {one.score:.2f} {','.join(one.wrong_slots)} | {one.text}"
                )


def judge(file: Path, library: Library) -> list[Judged]:
    """All messages of *file*, understood.

    Raises:
        ContentError: with every line that cannot be used.
    """
    from bot.content.sentences import sentence_lines
    from bot.content.telling import told

    judged, problems = [], []
    for number, line in sentence_lines(file):
        try:
            label = json.loads(line)
            judged.append(_judge_one(label["text"], label.get("intent", file.stem), label, library))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            problems.append(f"{file}:{number}: {told('sentence_form')}")
    if problems:
        raise ContentError(problems)
    return judged


def _judge_one(text: str, intent: str, label: dict[str, Any], library: Library) -> Judged:
    from bot.core.understand import understand

    understood = understand(text, library)
    slots = understood.slots
    found = {
        "provider": slots.provider,
        "client": slots.client,
        "protocol": slots.protocol,
        "error_code": slots.error_code,
        "ports": [(port.role.value, port.port, port.ssl) for port in slots.ports],
    }
    expected = {name: label.get(name) for name in SLOTS}
    expected["provider"] = _SAMPLE_IDS.get(expected["provider"] or "", expected["provider"])
    expected["ports"] = [(port["role"], port["port"], port.get("ssl")) for port in label.get("ports") or ()]
    return Judged(
        text=text,
        intent=intent,
        also=tuple(label.get("also") or ()),
        style=label.get("style", "-"),
        guess=understood.intent,
        score=understood.matches[0].score,
        slots={name: found[name] == expected[name] for name in SLOTS if name in label},
    )


def figures_of(judged: Sequence[Judged]) -> dict[str, Any]:
    """All figures."""
    inside = [one for one in judged if one.intent != OUT_OF_SCOPE]
    outside = [one for one in judged if one.intent == OUT_OF_SCOPE]
    labels = sorted({one.intent for one in judged} | {one.guess for one in judged})
    return {
        "messages": len(judged),
        "accuracy": _share(one.right for one in judged),
        "lenient": _share(one.right or one.guess in one.also for one in judged),
        "in_scope": _share(one.right for one in inside),
        "out_of_scope": _share(one.right for one in outside),
        "intents": {label: _precision_and_recall(label, judged) for label in labels},
        "styles": {
            style: _share(one.right for one in judged if one.style == style)
            for style in sorted({one.style for one in judged})
        },
        "confusion": [
            {"intent": intent, "taken_for": guess, "count": count}
            for (intent, guess), count in Counter(
                (one.intent, one.guess) for one in judged if not one.right
            ).most_common()
        ],
        "slots": {name: _share(one.slots[name] for one in judged if name in one.slots) for name in SLOTS},
    }


def _precision_and_recall(label: str, judged: Sequence[Judged]) -> dict[str, Any]:
    return {
        "count": sum(one.intent == label for one in judged),
        "precision": _share(one.right for one in judged if one.guess == label),
        "recall": _share(one.right for one in judged if one.intent == label),
    }


def _share(rights: Any) -> float | None:
    values = list(rights)
    return round(sum(values) / len(values), 4) if values else None


def table(figures: dict[str, Any]) -> Iterator[str]:
    """The figures for people."""
    from bot.content.telling import term

    yield f"{figures['messages']} 文"
    for name, words in _OVERALL.items():
        yield f"{_shown(figures[name])}  {words}"
    yield ""
    yield "文の数  適合率  再現率  用件"
    for label, row in figures["intents"].items():
        yield f"{row['count']:>6}  {_shown(row['precision'])}  {_shown(row['recall'])}  {label}"
    yield "（適合率：その用件と読んだ文のうち正しかった割合、再現率：その用件の文のうち読みとれた割合）"
    yield ""
    yield "書き方：" + "、".join(
        f"{style} {_shown(share).strip()}" for style, share in figures["styles"].items()
    )
    slots = figures["slots"].items()
    yield "聞きとり：" + "、".join(
        f"{term('of_understanding', name)} {_shown(share).strip()}" for name, share in slots
    )
    yield ""
    for row in figures["confusion"]:
        yield f"{row['count']:>4} 回  {row['intent']} を {row['taken_for']} と読みました"


def _shown(share: float | None) -> str:
    return "     -" if share is None else f"{share:6.3f}"
