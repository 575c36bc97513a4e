"""`madoguchi ask`: understands one line and explains it. No conversation, nothing is saved."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from bot.cli.json_lines import as_line
from bot.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.core.library import Library
    from bot.core.understanding import Understanding

_SHOWN_CLUES = 14


@click.command(help="TEXT をどう理解したか（用件、聞きとった内容、そのわけ）を見せます。")
@click.argument("text", required=False)
@click.option("--json", "as_json", is_flag=True, help="説明のかわりに、JSONで出します。")
@click.option("--jsonl", is_flag=True, help='標準入力の {"id": …, "text": …} の行に、順に答えます。')
def ask(text: str | None, *, as_json: bool, jsonl: bool) -> None:
    """Understand TEXT: its intent, slots, and why."""
    if jsonl == (text is not None):
        raise UsageError(
            '文を1つ書いてください（例：madoguchi ask "OCN 受信ポート"）。たくさんの文は --jsonl で標準入力から'
        )
    from bot.cli.content_folders import load

    library = load()
    if jsonl:
        sys.exit(_answer_lines(sys.stdin, library))
    assert text is not None
    from bot.core.understand import understand

    understood = understand(text, library)
    if as_json:
        click.echo(as_line(as_record(None, understood, library)))
        return
    for line in explanation(understood, library):
        click.echo(line)


def as_record(line_id: Any, understood: Understanding, library: Library) -> dict[str, Any]:
    """The fixed form of an answer."""
    slots = understood.slots
    best = understood.matches[0]
    closest = library.matcher.closest_phrase(understood.text, best.intent)
    return {
        "id": line_id,
        "intent": best.intent,
        "score": best.score,
        "provider": slots.provider,
        "client": slots.client,
        "protocol": slots.protocol,
        "error_code": slots.error_code,
        "ports": [{"role": port.role.value, "port": port.port, "ssl": port.ssl} for port in slots.ports],
        "phrase": closest.phrase.text if closest else "",
        "runners_up": [{"intent": match.intent, "score": match.score} for match in understood.matches[1:]],
        "verdict": understood.verdict,
        "also": list(understood.also),
    }


def explanation(understood: Understanding, library: Library) -> Iterator[str]:
    """What was made of the text and why, for people."""
    matcher = library.matcher
    weighed, _ = matcher.read_requests(understood.text, understood.slots)
    best = understood.matches[0]
    yield f"読みとった用件  {_title(best.intent, library)}  {best.score:.2f}  （{_called(understood.verdict)}）"
    if understood.candidates:
        yield "  どちらか聞く候補  " + "、".join(_title(intent, library) for intent in understood.candidates)
    if understood.also:
        yield "  ほかの用件  " + "、".join(_title(intent, library) for intent in understood.also)
    yield f"そろえた表記  {weighed.view.spelling}"
    yield "読み（節ごと）  " + " / ".join(clause.sound for clause in weighed.view.clauses)
    yield from _slots(understood)
    yield "手がかり  " + ("、".join(_cues_found(weighed)) or "なし")
    if closest := matcher.closest_phrase(understood.text, best.intent):
        yield f"いちばん近い文例  {closest.phrase.text}  ({closest.likeness:.2f})"
    yield f"重み（{best.intent}、合計 {max(weighed.sums):+.2f}）"
    clues = matcher.explain(weighed, best.intent)
    for clue in clues[:_SHOWN_CLUES]:
        yield f"  {clue.weight:+.3f}  {clue.name}  {clue.found}"
    rest = sum(clue.weight for clue in clues[_SHOWN_CLUES:])
    if clues[_SHOWN_CLUES:]:
        yield f"  {rest:+.3f}  ほか {len(clues) - _SHOWN_CLUES} 件"
    yield "次点"
    for match in understood.matches[1:]:
        yield f"  {match.score:.2f}  {_title(match.intent, library)}"


def _slots(understood: Understanding) -> Iterator[str]:
    slots = understood.slots
    told = {
        "プロバイダ": slots.provider or slots.unknown_domain,
        "メールソフト": slots.client,
        "方式": slots.protocol,
        "向き": _called(slots.direction.value) if slots.direction else None,
        "エラー": slots.error_code,
        "ポート": "、".join(
            f"{_called(port.role.value)} {port.port}" + _ssl(port.ssl) for port in slots.ports
        ),
        "サーバー": "、".join(slots.hosts),
        "ユーザー名": slots.username,
    }
    shown = [f"{name} {value}" for name, value in told.items() if value]
    yield "聞きとった内容  " + ("、".join(shown) or "なし")


def _called(name: str) -> str:
    from bot.content.telling import term

    return term("of_reading", name)


def _ssl(ssl: bool | None) -> str:  # noqa: FBT001  # a value of a port, not a switch
    return "" if ssl is None else " SSLあり" if ssl else " SSLなし"


def _cues_found(weighed: Any) -> list[str]:
    from bot.core.matching.cues import words_found

    shown = {hit.cue: words_found(hit, weighed.view) for hit in weighed.cues}
    return [f"{cue}「{word}」" for cue, word in shown.items()]


def _title(intent: str, library: Library) -> str:
    known = library.intents.get(intent)
    return f"{known.title}（{intent}）" if known else intent


def _answer_lines(lines: Iterable[str], library: Library) -> int:
    """Answer line by line; the exit code says whether every line could be read."""
    from bot.core.understand import understand

    faults = 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            question = json.loads(line)
            answer = as_record(question.get("id"), understand(_text(question), library), library)
        except (ValueError, AttributeError, RecursionError) as error:
            faults += 1
            unreadable = isinstance(error, json.JSONDecodeError | RecursionError)
            reason = "is no JSON" if unreadable else str(error)
            reason = "is no JSON object" if isinstance(error, AttributeError) else reason
            click.echo(f"line {number}: {reason}", err=True)
            answer = {"id": None, "line": number, "error": reason}
        print(as_line(answer), flush=True)
    return 1 if faults else 0


def _text(question: dict[str, Any]) -> str:
    text = question.get("text")
    if not isinstance(text, str):
        raise ValueError('has no "text"')  # noqa: TRY004  # told to the caller as a fault of the line
    return text
