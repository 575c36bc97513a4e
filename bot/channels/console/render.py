"""A reply as plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from bot.core.messages import Choices, Document, Media, SettingsCard, Steps, Text, TicketCard

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.core.messages import Choice, Part, Reply, Row

_MARKS = {"": "", "wrong": " ✗", "right": " ✓"}


def text_of(replies: Sequence[Reply]) -> str:
    """All that is said, without the buttons."""
    parts = (part for reply in replies for part in reply.parts)
    return "\n\n".join(text for part in parts if (text := "\n".join(_lines(part)).strip()))


def choices_of(replies: Sequence[Reply]) -> tuple[Choice, ...]:
    """The buttons under the last message."""
    parts = (part for reply in replies for part in reply.parts if isinstance(part, Choices))
    return tuple(option for part in parts for option in part.options)


def _lines(part: Part) -> Iterator[str]:
    match part:
        case Text():
            yield part.text
        case Choices():
            yield part.prompt
        case Steps():
            yield f"【{part.title}】"
            yield from (f"{n}. {line}" for n, line in enumerate(part.lines, 1))
        case SettingsCard():
            yield from _card(part)
        case TicketCard():
            yield f"【{part.title}】 {part.state}"
            yield from _rows(part.rows)
        case Media() | Document():
            yield f"［{part.name}］"
        case _:
            assert_never(part)


def _card(card: SettingsCard) -> Iterator[str]:
    yield f"【{card.title}】"
    for section in card.sections:
        yield f"■ {section.heading}"
        yield from _rows(section.rows)
    yield from (f"※ {note}" for note in card.notes)
    if card.source:
        yield card.source
    if card.link:
        yield f"{card.link_label} {card.link}"


def _rows(rows: Sequence[Row]) -> Iterator[str]:
    for row in rows:
        yield f"　{row.label}：{_change(row)}{_MARKS[row.mark]}"


def _change(row: Row) -> str:
    """The value, after what is reported in its place."""
    return f"{row.reported} → {row.value}" if row.reported and row.reported != row.value else row.value
