"""`madoguchi chat`: a talk in the terminal, or line by line as JSON."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from bot.cli.json_lines import as_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.channels.console.talks import Talks
    from bot.core.messages import Address, Choice, Content, Reply

_ENDINGS = frozenset({"終了", "おわり", "終わり", "exit", "quit", "bye"})
_CHANNELS = ("line", "slack")


@click.command(
    help="ターミナルでボットと会話します。「終了」と打つか、入力が終わると終わります。",
)
@click.option(
    "--jsonl",
    is_flag=True,
    help='標準入力の {"conversation": …, "user": …} の行に、順に答えます。',
)
@click.option(
    "--channel",
    type=click.Choice(_CHANNELS),
    default="line",
    help="LINEのお客様か、Slackの社内の人への答え方で。",
)
def chat(*, jsonl: bool, channel: str) -> None:
    """Talk with the bot in the terminal."""
    from bot.channels.console.talks import Talks
    from bot.cli.content_folders import load

    talks = Talks(library=load())
    if jsonl:
        sys.exit(_answer_lines(sys.stdin, talks, channel))
    _talk(sys.stdin, talks, channel)


def _answer_lines(lines: Iterable[str], talks: Talks, channel: str) -> int:
    """One answer for each line, written at once; 1 if any line could not be read."""
    faulty = 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            record = _answer(line, talks, channel)
        except ValueError as fault:
            faulty += 1
            click.echo(f"line {number}: {fault}", err=True)
            record = {"error": f"line {number}: {fault}"}
        click.echo(as_line(record))
        sys.stdout.flush()
    return 1 if faulty else 0


def _answer(line: str, talks: Talks, channel: str) -> dict[str, Any]:
    from bot.channels.console.render import choices_of, text_of
    from bot.core.messages import Address, Channel

    given = _read(line)
    name = given.get("conversation", "")
    channel = given.get("channel", channel)
    if not isinstance(name, str):
        raise ValueError("`conversation` must be text")  # noqa: TRY004 - one kind of error for a faulty line
    if channel not in _CHANNELS:
        raise ValueError(f"`channel` must be one of {', '.join(_CHANNELS)}")
    address = Address(channel=Channel(channel), to=name or "console")
    outcome, replies = talks.hear(_content(given), at=address, now=datetime.now(UTC))
    return {
        "conversation": name,
        "intent": outcome.intent,
        "asks": outcome.asks or None,
        "text": text_of(replies),
        "choices": [choice.label for choice in choices_of(replies)],
        "handoff": outcome.handoff,
    }


def _read(line: str) -> dict[str, Any]:
    try:
        given = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON ({error.msg} at column {error.colno})") from error
    except RecursionError:
        raise ValueError("nested too deep") from None
    if not isinstance(given, dict):
        raise ValueError('must be an object such as {"conversation": "a", "user": "…"}')  # noqa: TRY004 - as above
    return given


def _content(given: dict[str, Any]) -> Content:
    from bot.core.messages import Attachment, Said, Sticker

    if given.get("sticker"):
        told = given["sticker"]
        keywords = tuple(str(word) for word in told) if isinstance(told, list) else ()
        return Sticker(package_id="", sticker_id="", keywords=keywords)
    if "image" in given:
        return Attachment(media="image", content_id=str(given["image"]))
    if not isinstance(given.get("user"), str):
        raise ValueError("needs `user` (text), `sticker` or `image`")  # noqa: TRY004 - as above
    return Said(text=given["user"])


def _talk(lines: Iterable[str], talks: Talks, channel: str) -> None:
    """A talk with a person: buttons are numbered, and a number presses one."""
    from bot.core.messages import Address, Channel
    from bot.core.wording import Wording, said

    address = Address(channel=Channel.SLACK if channel == "slack" else Channel.CONSOLE, to="console")
    click.echo(said(talks.library, Wording.CONSOLE_START))
    options = _greet(talks, address)
    for line in _typed(lines):
        outcome, replies = talks.hear(
            _pressed_or_said(line.strip(), options), at=address, now=datetime.now(UTC)
        )
        options = _show(replies)
        if outcome.handoff and outcome.ticket:
            click.echo(said(talks.library, Wording.CONSOLE_HANDOFF))


def _greet(talks: Talks, address: Address) -> tuple[Choice, ...]:
    """What customers read when they join, or what staff read who send the command alone; the buttons under it."""
    from bot.core.messages import Channel, Joined, Reply, Text
    from bot.core.wording import Wording, said

    if address.channel is Channel.SLACK:
        return _show((Reply(parts=(Text(text=said(talks.library, Wording.STAFF_HELP)),)),))
    _, replies = talks.hear(Joined(), at=address, now=datetime.now(UTC))
    return _show(replies)


def _show(replies: tuple[Reply, ...]) -> tuple[Choice, ...]:
    """Print what is said, and the buttons with their numbers."""
    from bot.channels.console.render import choices_of, text_of

    options = choices_of(replies)
    click.echo(f"\n{text_of(replies)}\n")
    if options:
        click.echo("  ".join(f"[{n}] {option.label}" for n, option in enumerate(options, 1)))
    return options


def _typed(lines: Iterable[str]) -> Iterator[str]:
    """What is typed at the prompt, until a word that ends the talk or the end of input."""
    lines = iter(lines)
    while True:
        click.echo("> ", nl=False)
        line = next(lines, None)
        if line is None or line.strip() in _ENDINGS:
            click.echo()
            return
        yield line


def _pressed_or_said(line: str, options: tuple[Choice, ...]) -> Content:
    from bot.core.messages import Pressed, Said

    if not line.isdecimal() or not 1 <= int(line) <= len(options):
        return Said(text=line)
    option = options[int(line) - 1]
    return Pressed(action=option.action or "say", value=option.value or option.says, label=option.label)
