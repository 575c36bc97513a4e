"""The settings card as a Flex bubble that a seventy-year-old reads on a phone.

Big type that follows the size set in LINE, one value under its label so that long server names fit, ✗ and ✓ beside the
colours, and a tap on a value copies it.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bot.channels.line.text import shortened_label, units

if TYPE_CHECKING:
    from bot.core.messages import Row, Section, SettingsCard

Bubble = dict[str, Any]

BUBBLE_LIMIT = 30_000
LABEL_LIMIT = 20
URI_LIMIT = 1000
CLIPBOARD_LIMIT = 1000

MARKS = {"": "", "wrong": "✗ ", "right": "✓ "}
_COLOURS = {"": "#111111", "wrong": "#C62828", "right": "#1B6E2E"}
_WEIGHTS = {"": "regular", "wrong": "bold", "right": "regular"}
_GREY = "#555555"
_NOTHING = "―"
_ACCENT = "#0B5394"
_LINK = re.compile(r"https?://[!-~]+")


def bubble(card: SettingsCard) -> Bubble | None:
    """*card* as a bubble; None when it has nothing to show or is larger than LINE takes."""
    body = [
        *(block for section in card.sections if (block := _section(section, card.columns))),
        *(_text(note, size="md", color=_GREY, margin="lg") for note in card.notes if note.strip()),
    ]
    if card.source.strip():
        body.append(_text(card.source, size="sm", color=_GREY, margin="lg"))
    if not body or not card.title.strip():
        return None
    link = link_of(card)
    if link is None and card.link.strip():
        body.append(_text(card.link, size="sm", color=_GREY, margin="lg"))
    shape: Bubble = {
        "type": "bubble",
        "size": "giga",
        "header": _box(
            [_text(card.title, size="xl", weight="bold", color="#FFFFFF")], backgroundColor=_ACCENT
        ),
        "body": _box(body),
    }
    if link is not None:
        shape["footer"] = _box([_link_button(card, link)])
    # The SDK sends ASCII-only JSON, in which a kana takes six bytes: counted as sent.
    return shape if len(json.dumps(shape)) <= BUBBLE_LIMIT else None


def link_of(card: SettingsCard) -> str | None:
    """The card's link, if LINE can open it from a button."""
    link = card.link.strip()
    return link if _LINK.fullmatch(link) and units(link) <= URI_LIMIT else None


def change(row: Row) -> str:
    """The value in words, after what is reported in its place."""
    return f"{row.reported} → {row.value}" if row.reported and row.reported != row.value else row.value


def _section(section: Section, columns: tuple[str, str]) -> Bubble | None:
    compared = any(row.reported.strip() for row in section.rows)
    rows = [
        _compared_row(row) if compared else _row(row)
        for row in section.rows
        if row.label.strip() or row.value.strip()
    ]
    if compared and all(column.strip() for column in columns):
        rows.insert(0, _side_by_side(*(_text(column, size="sm", color=_GREY, flex=1) for column in columns)))
    heading = section.heading.strip()
    parts = [_text(heading, size="lg", weight="bold", color=_ACCENT)] if heading else []
    if not parts and not rows:
        return None
    return _box(
        [*parts, *([{"type": "separator"}] if parts and rows else []), *rows], spacing="md", margin="xl"
    )


def _row(row: Row) -> Bubble:
    parts = []
    if row.label.strip():
        parts.append(_text(row.label, size="md", color=_GREY))
    if row.value.strip():
        parts.append(_value(row))
    return _box(parts, spacing="xs")


def _compared_row(row: Row) -> Bubble:
    """What is reported and what is right, side by side under their label; only a wrong one is coloured and marked."""
    parts = [_text(row.label, size="md", color=_GREY)] if row.label.strip() else []
    yours = MARKS[row.mark] + (row.reported.strip() or _NOTHING)
    right = _copied(row, _text(row.value.strip() or _NOTHING, size="lg", weight="bold", flex=1))
    parts.append(
        _side_by_side(
            _text(yours, size="lg", weight=_WEIGHTS[row.mark], color=_COLOURS[row.mark], flex=1), right
        )
    )
    return _box(parts, spacing="xs")


def _side_by_side(left: Bubble, right: Bubble) -> Bubble:
    return {"type": "box", "layout": "horizontal", "spacing": "md", "contents": [left, right]}


def _copied(row: Row, seen: Bubble) -> Bubble:
    """*seen*, and a tap on it copies the value: server names and numbers are what people copy."""
    value = row.value.strip()
    if not value.isascii() or not value or len(value) > CLIPBOARD_LIMIT:
        return seen
    copy: Bubble = {"type": "clipboard", "clipboardText": value}
    if row.label.strip():
        copy["label"] = shortened_label(row.label.strip(), LABEL_LIMIT)
    return {**seen, "action": copy}


def _value(row: Row) -> Bubble:
    seen = _text(MARKS[row.mark] + row.value, size="xl", weight="bold", color=_COLOURS[row.mark], flex=1)
    value = row.value.strip()
    # Server names and numbers are what people copy; Japanese words are what they read.
    if not value.isascii() or len(value) > CLIPBOARD_LIMIT:
        return seen
    copy: Bubble = {"type": "clipboard", "clipboardText": value}
    if row.label.strip():
        copy["label"] = shortened_label(row.label.strip(), LABEL_LIMIT)
    return {
        "type": "box",
        "layout": "horizontal",
        "contents": [seen, _text("📋", size="lg", flex=0, gravity="center")],
        "action": copy,
    }


def _link_button(card: SettingsCard, link: str) -> Bubble:
    label = card.link_label.strip() or (urlsplit(link).hostname or link)
    return {
        "type": "button",
        "style": "primary",
        "color": _ACCENT,
        "scaling": True,
        "action": {"type": "uri", "label": shortened_label(label, LABEL_LIMIT), "uri": link},
    }


def _text(text: str, **looks: object) -> Bubble:
    return {"type": "text", "text": text.strip(), "wrap": True, "scaling": True, **looks}


def _box(contents: list[Bubble], **looks: object) -> Bubble:
    return {"type": "box", "layout": "vertical", "contents": contents, **looks}
