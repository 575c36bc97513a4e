"""Reply → what Slack shows: Block Kit, and a plain text for notifications and screen readers.

Words are escaped and verbatim, so that nothing a customer types can mention anyone or become a link. Slack's limits are
kept whatever comes in: 50 blocks, 3,000 characters a section, 25 buttons a row, about 13,000 characters in all.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, assert_never

from bot.channels.slack.inbound import SAY
from bot.channels.slack.mrkdwn import ELLIPSIS, escape, escape_within, link, pieces, shortened
from bot.core.messages import (
    Choice,
    Choices,
    Document,
    Media,
    Part,
    Reply,
    Row,
    Section,
    SettingsCard,
    Steps,
    Text,
    TicketCard,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    Block = dict[str, Any]

MAX_BLOCKS = 50
MAX_MESSAGE = 13_000
MAX_SECTION = 3_000
MAX_FIELDS, MAX_FIELD = 10, 2_000
MAX_HEADER = 150
MAX_CONTEXT = 10
MAX_BUTTONS, MAX_LABEL, MAX_VALUE, MAX_ACTION_ID = 25, 75, 2_000, 255
MAX_FALLBACK = 1_200
"""Under the 4,000 bytes that chat.update is reported to take, also when every character is a kana."""

_MAX_BUTTON_ROWS = 2
_TALK, _TALK_LINE = 3_000, 600
_NOTHING = "—"
EVERYONE = "here"
_MEMBER = re.compile(r"[UW][A-Z0-9]+")
_MARKS = {"": "", "wrong": "✗ ", "right": "✓ "}


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message as the Web API takes it; false when there is nothing to show."""

    text: str
    blocks: tuple[Block, ...]

    def __bool__(self) -> bool:
        return bool(self.blocks)


def render(reply: Reply) -> Message:
    """*reply* as one Slack message."""
    blocks = tuple(_numbered(_fitted([block for part in reply.parts for block in _blocks(part)])))
    lines = [line for part in reply.parts for line in _lines(part) if line.strip()]
    text = escape_within("\n".join(lines), MAX_FALLBACK)
    return Message(text=text or (_NOTHING if blocks else ""), blocks=blocks)


def _blocks(part: Part) -> list[Block]:
    match part:
        case Text():
            return _called(part.mentions, _sections(part.text))
        case SettingsCard():
            return _settings(part)
        case Steps():
            return _steps(part)
        case Choices():
            return [*_sections(part.prompt), *_actions(part.options)]
        case TicketCard():
            return _closed_ticket(part) if part.closed else _open_ticket(part)
        case Media() | Document():
            return []  # uploaded beside the message
        case _:
            assert_never(part)


def _called(mentions: Sequence[str], blocks: list[Block]) -> list[Block]:
    """*blocks* with people called by name before them: the one place where a mention is meant."""
    known = [mention for mention in mentions if mention == EVERYONE or _MEMBER.fullmatch(mention)]
    if not known:
        return blocks
    names = " ".join("<!here>" if mention == EVERYONE else f"<@{mention}>" for mention in known)
    return [{"type": "section", "text": _mrkdwn(names)}, *blocks]


def _settings(card: SettingsCard) -> list[Block]:
    blocks = _header(card.title)
    for section in card.sections:
        blocks += _rows(section, card.columns)
    blocks += _sections("\n".join(f"• {note}" for note in card.notes))
    source = [escape_within(card.source, MAX_SECTION)] if card.source.strip() else []
    page = [_link(card)] if card.link else []
    return [*blocks, *_context([*page, *source])]


def _link(card: SettingsCard) -> str:
    """The card's link, or nothing clickable if it is too long to be one."""
    label = shortened(card.link_label, MAX_LABEL)
    made = link(card.link, label)
    return made if len(made) <= MAX_SECTION else escape_within(card.link, MAX_SECTION)


def _steps(steps: Steps) -> list[Block]:
    title = [_section(f"*{_bold(steps.title)}*")] if steps.title.strip() else []
    return [*title, *_sections(_numbered_lines(steps.lines))]


def _open_ticket(card: TicketCard) -> list[Block]:
    return [
        *_header(card.title),
        *_with_picture(card, _rows(Section(heading="", rows=card.rows))),
        *_context([escape_within(card.state, MAX_SECTION)]),
        *_quote(card.talk),
        *_actions(card.buttons),
    ]


def _with_picture(card: TicketCard, blocks: list[Block]) -> list[Block]:
    """The customer's picture beside the first rows, where Slack can fetch it."""
    if not blocks or not card.picture.startswith("https://") or len(card.picture) > MAX_SECTION:
        return blocks
    accessory = {"type": "image", "image_url": card.picture, "alt_text": shortened(card.title, MAX_FIELD)}
    return [blocks[0] | {"accessory": accessory}, *blocks[1:]]


def _closed_ticket(card: TicketCard) -> list[Block]:
    """Small and grey, and nothing left to press."""
    head = " ".join(word for word in (f"*{_bold(card.title)}*", escape(card.state)) if word)
    rows = "\n".join(_plain_row(row) for row in card.rows)
    return [*_context([head[:MAX_SECTION]]), *_context(pieces(rows, MAX_SECTION)), *_quote(card.talk)]


def _rows(section: Section, columns: tuple[str, str] = ("", "")) -> list[Block]:
    """The section's rows two abreast, under its heading; what is reported stands beside what is right."""
    if any(row.reported for row in section.rows):
        fields = [field for row in section.rows for field in _side_by_side(row, columns)]
    else:
        fields = [_field(row.label, _value(row)) for row in section.rows]
    blocks: list[Block] = [{"type": "section", "fields": group} for group in _groups(fields, MAX_FIELDS)]
    if not section.heading.strip():
        return blocks
    heading = _mrkdwn(f"*{_bold(section.heading)}*")
    if not blocks:
        return [{"type": "section", "text": heading}]
    blocks[0]["text"] = heading
    return blocks


def _side_by_side(row: Row, columns: tuple[str, str]) -> tuple[Block, Block]:
    yours, right = (f"{row.label}（{column}）" if column else row.label for column in columns)
    reported = f"{_MARKS[row.mark]}{row.reported.strip() or _NOTHING}"
    return _field(yours, reported), _field(right, row.value.strip() or _NOTHING)


def _field(label: str, value: str) -> Block:
    return _mrkdwn(f"*{_bold(label)}*\n{escape_within(value, MAX_FIELD - 500)}")


def _sections(text: str) -> list[Block]:
    return [_section(piece) for piece in pieces(text, MAX_SECTION)]


def _section(mrkdwn: str) -> Block:
    return {"type": "section", "text": _mrkdwn(mrkdwn)}


def _header(title: str) -> list[Block]:
    if not title.strip():
        return []
    return [{"type": "header", "text": _plain(title, MAX_HEADER)}]


def _context(texts: Iterable[str]) -> list[Block]:
    elements = [_mrkdwn(text) for text in texts if text.strip()]
    return [{"type": "context", "elements": group} for group in _groups(elements, MAX_CONTEXT)]


def _quote(talk: Sequence[str]) -> list[Block]:
    """The latest lines of the talk, to the letter: rich text knows no markup."""
    kept: list[str] = []
    room = _TALK
    for line in reversed(talk):
        short = shortened(line, _TALK_LINE)
        room -= len(short) + 1
        if room < 0:
            kept.append(ELLIPSIS)
            break
        kept.append(short)
    quoted = "\n".join(reversed(kept))
    if not quoted.strip():
        return []
    text = {"type": "text", "text": quoted}
    return [{"type": "rich_text", "elements": [{"type": "rich_text_quote", "elements": [text]}]}]


def _actions(options: Sequence[Choice]) -> list[Block]:
    buttons = [_button(option) for option in options[: MAX_BUTTONS * _MAX_BUTTON_ROWS]]
    return [{"type": "actions", "elements": group} for group in _groups(buttons, MAX_BUTTONS)]


def _button(option: Choice) -> Block:
    value = option.value if option.action else option.says or option.label
    button: Block = {
        "type": "button",
        "action_id": (option.action or SAY)[:MAX_ACTION_ID],
        "text": _plain(option.label or option.says, MAX_LABEL),
    }
    if value:
        button["value"] = value[:MAX_VALUE]
    if option.style:
        button["style"] = option.style
    return button


def _numbered(blocks: Iterable[Block]) -> Iterable[Block]:
    """Every button with an id of its own: `say:1`, `say:2` …; a fixed id stays as it is, unless it comes again."""
    seen: set[str] = set()
    for block in blocks:
        for number, button in enumerate(
            block["elements"] if block["type"] == "actions" else (), len(seen) + 1
        ):
            name = button["action_id"]
            if name == SAY or name in seen:
                button["action_id"] = f"{name[: MAX_ACTION_ID - 10]}:{number}"
            seen.add(button["action_id"])
        yield block


def _fitted(blocks: Sequence[Block]) -> list[Block]:
    """*blocks* within the limits of a message. Buttons are kept before words, earlier words before later ones."""
    rows = [block for block in blocks if block["type"] == "actions"][: MAX_BLOCKS // 2]
    while rows and sum(map(_size, rows)) > MAX_MESSAGE // 2:
        rows.pop()
    room, count = MAX_MESSAGE - sum(map(_size, rows)), MAX_BLOCKS - len(rows)
    kept: list[Block] = []
    cut = False
    for block in blocks:
        if block["type"] == "actions":
            kept += [block] if any(block is row for row in rows) else []
        elif not cut and count > 1 and (room := room - _size(block)) > _size(_CUT):
            count -= 1
            kept.append(block)
        elif not cut:
            cut = True
            kept.append(_CUT)
    return kept


def _size(block: Block) -> int:
    return len(json.dumps(block, ensure_ascii=False))


def _lines(part: Part) -> list[str]:
    """The part as plain text."""
    match part:
        case Text():
            return [part.text]
        case SettingsCard():
            rows = [
                line
                for section in part.sections
                for line in (section.heading, *map(_plain_row, section.rows))
            ]
            return [part.title, *rows, *part.notes, part.link, part.source]
        case Steps():
            return [part.title, _numbered_lines(part.lines)]
        case Choices():
            return [part.prompt, " / ".join(option.label for option in part.options)]
        case TicketCard():
            return [part.title, part.state, *map(_plain_row, part.rows), *part.talk]
        case Media() | Document():
            return []
        case _:
            assert_never(part)


def _plain_row(row: Row) -> str:
    """The row on one line, the value after what is reported in its place."""
    if row.reported and row.reported != row.value:
        return f"{row.label}: {_MARKS[row.mark]}{row.reported} → {row.value}"
    return f"{row.label}: {_value(row)}"


def _value(row: Row) -> str:
    return f"{_MARKS[row.mark]}{row.value.strip() or _NOTHING}"


def _numbered_lines(lines: Sequence[str]) -> str:
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))


def _bold(text: str) -> str:
    """One line of mrkdwn to stand between asterisks."""
    return escape_within(" ".join(text.replace("*", "＊").split()), 400) or _NOTHING


def _mrkdwn(text: str) -> Block:
    # Verbatim: without it Slack looks for channel names, addresses and mentions in plain words.
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _plain(text: str, limit: int) -> Block:
    return {"type": "plain_text", "text": shortened(text.strip() or _NOTHING, limit), "emoji": False}


def _groups(items: Sequence[Block], size: int) -> list[list[Block]]:
    return [list(items[start : start + size]) for start in range(0, len(items), size)]


_CUT: Block = {"type": "context", "elements": [_mrkdwn(ELLIPSIS)]}
