"""A reply as LINE message objects: at most five, each within LINE's limits, nothing lost on the way."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Any, assert_never

from bot.channels.line import flex, postback
from bot.channels.line.text import cleaned, packed, shortened, shortened_label, split
from bot.core.messages import (
    Choice,
    Choices,
    Document,
    Media,
    Reply,
    Row,
    Section,
    SettingsCard,
    Steps,
    Text,
    TicketCard,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bot.core.messages import Part

Message = dict[str, Any]

OBJECT_LIMIT = 5
TEXT_LIMIT = 5000
ALT_TEXT_LIMIT = 1500
SENDER_LIMIT = 20
QUICK_REPLY_LIMIT = 13
SPOKEN_LIMIT = 300
"""Of what a pressed button says in the chat, in grapheme clusters."""

_Body = str | SettingsCard | Media


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Where LINE finds a picture: the whole and a small one."""

    whole: str
    small: str


def no_link(media: Media) -> Link | None:
    """Where nothing can be shown."""
    del media
    return None


def messages_of(
    reply: Reply, *, sender: str = "", link: Callable[[Media], Link | None] = no_link
) -> list[Message]:
    """*reply* as message objects, under another name if *sender* is given. Empty when there is nothing to say.

    *link* tells where LINE finds a picture or file.

    Up to 25,000 units of text (five full messages) nothing is lost; what is beyond ends with ….
    """
    options = [
        option
        for part in reply.parts
        if isinstance(part, Choices)
        for option in part.options
        if _label(option)
    ]
    bodies = [body for part in reply.parts if _shows(body := _body(part), link)]
    # Buttons hang on a message and LINE takes 13: the rest, and buttons with nothing to hang on, are written out.
    if unwritten := options[QUICK_REPLY_LIMIT:] if bodies else options:
        bodies.append("\n".join(f"・{_label(option)}" for option in unwritten))
    messages = _within_limit(bodies, link)
    if options:
        messages[-1]["quickReply"] = {"items": [_button(option) for option in options[:QUICK_REPLY_LIMIT]]}
    if name := sender_name(sender):
        for message in messages:
            message["sender"] = {"name": name}
    return messages


def sender_name(name: str) -> str:
    """*name* as LINE takes it for a message's sender."""
    return shortened(cleaned(name).replace("\n", " ").strip(), SENDER_LIMIT)


def _within_limit(bodies: Sequence[_Body], link: Callable[[Media], Link | None]) -> list[Message]:
    """As they are, else with texts joined, else with cards written out and pictures as addresses, else packed full."""
    messages = _messages(bodies, link)
    if len(messages) > OBJECT_LIMIT:
        messages = _messages(_joined(bodies), link)
    if len(messages) > OBJECT_LIMIT:
        bodies = _joined(
            [_media_text(body, link) if isinstance(body, Media) else _written(body) for body in bodies]
        )
        messages = _messages(bodies, link)
    if len(messages) > OBJECT_LIMIT:
        pieces = [piece for piece in packed("".join(map(_written, bodies)), TEXT_LIMIT) if piece.strip()]
        last = shortened("".join(pieces[OBJECT_LIMIT - 1 :]), TEXT_LIMIT)
        messages = [_text_message(piece) for piece in (*pieces[: OBJECT_LIMIT - 1], last)]
    return messages


def _messages(bodies: Sequence[_Body], link: Callable[[Media], Link | None]) -> list[Message]:
    return [message for body in bodies for message in _body_messages(body, link)]


def _body_messages(body: _Body, link: Callable[[Media], Link | None]) -> list[Message]:
    if isinstance(body, Media):
        return _media_messages(body, link)
    if isinstance(body, SettingsCard):
        alternative, shape = _shown(body)
        if shape is None:
            return _body_messages(settings_text(body), link)
        return [{"type": "flex", "altText": alternative, "contents": shape}]
    return [_text_message(piece) for piece in split(body, TEXT_LIMIT) if piece.strip()]


@lru_cache(maxsize=256)  # the same settings are shown all day
def _shown(card: SettingsCard) -> tuple[str, flex.Bubble | None]:
    """*card* in words for a notification, and as a bubble if it can be one."""
    return shortened(settings_text(card), ALT_TEXT_LIMIT), flex.bubble(card)


def _text_message(text: str) -> Message:
    return {"type": "text", "text": text}


def _joined(bodies: Sequence[_Body]) -> list[_Body]:
    """*bodies* with neighbouring texts made one."""
    joined: list[_Body] = []
    for is_text, group in groupby(bodies, key=lambda body: isinstance(body, str)):
        neighbours = list(group)
        joined += ["\n\n".join(map(_written, neighbours))] if is_text else neighbours
    return joined


def _media_messages(media: Media, link: Callable[[Media], Link | None]) -> list[Message]:
    """A picture as one; anything else as an address that opens it."""
    found = link(media)
    if found is None:
        return []
    if media.media == "image" and found.whole.startswith("https://"):
        return [{"type": "image", "originalContentUrl": found.whole, "previewImageUrl": found.small}]
    return [_text_message(_media_text(media, link))]


def _media_text(media: Media, link: Callable[[Media], Link | None]) -> str:
    found = link(media)
    return _lines((cleaned(media.name), found.whole)) if found else ""


def _shows(body: _Body, link: Callable[[Media], Link | None]) -> bool:
    return link(body) is not None if isinstance(body, Media) else bool(_written(body).strip())


def _written(body: _Body) -> str:
    if isinstance(body, Media):
        return body.name
    return body if isinstance(body, str) else settings_text(body)


def _body(part: Part) -> _Body:
    match part:
        case Text():
            return cleaned(part.text)
        case SettingsCard():
            return _cleaned_card(part)
        case Steps():
            return steps_text(part)
        case Choices():
            return cleaned(part.prompt)
        case TicketCard():
            return _ticket_text(part)
        case Media():
            return part
        case Document():
            return ""  # for the desk's own use
        case _:
            assert_never(part)


def settings_text(card: SettingsCard) -> str:
    """The card in words, for old devices, notifications and whatever does not fit a bubble."""
    lines = [card.title]
    for section in card.sections:
        lines += [f"■ {section.heading}" if section.heading else "", *map(_row_text, section.rows)]
    return _lines((*lines, *card.notes, card.source, card.link_label, card.link))


def steps_text(steps: Steps) -> str:
    """The steps one a line, each with its number in a circle."""
    return _lines(
        cleaned(line)
        for line in (
            steps.title,
            *(f"{_circled(number)} {line}" for number, line in enumerate(steps.lines, start=1)),
        )
    )


def _ticket_text(card: TicketCard) -> str:
    return cleaned(_lines((card.title, card.state, *map(_row_text, card.rows), *card.talk)))


def _row_text(row: Row) -> str:
    value = flex.MARKS[row.mark] + flex.change(row) if row.value else ""
    return ": ".join(filter(None, (row.label, value)))


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(line for line in lines if line.strip())


_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㉑㉒㉓㉔㉕㉖㉗㉘㉙㉚㉛㉜㉝㉞㉟㊱㊲㊳㊴㊵㊶㊷㊸㊹㊺㊻㊼㊽㊾㊿"


def _circled(number: int) -> str:
    """① to ㊿, then plain numbers."""
    return _CIRCLED[number - 1] if number <= len(_CIRCLED) else f"{number}."


@lru_cache(maxsize=1024)  # the same few buttons hang on most answers
def _button(option: Choice) -> Message:
    """A quick reply: a postback, which is heard in groups too; what a postback cannot carry is simply said."""
    label = shortened_label(_label(option), flex.LABEL_LIMIT)
    data = postback.written(option)
    if data is None:
        spoken = shortened_label(cleaned(option.says).strip() or _label(option), SPOKEN_LIMIT)
        return {"type": "action", "action": {"type": "message", "label": label, "text": spoken}}
    shown = shortened_label(_label(option), SPOKEN_LIMIT)
    action = {"type": "postback", "label": label, "data": data, "displayText": shown}
    return {"type": "action", "action": action}


@lru_cache(maxsize=1024)  # as above
def _label(option: Choice) -> str:
    """The label on one line; the words it says if it has none."""
    lines = (cleaned(words).replace("\n", " ").strip() for words in (option.label, option.says))
    return next(filter(None, lines), "")


@lru_cache(maxsize=256)  # as with `_shown`
def _cleaned_card(card: SettingsCard) -> SettingsCard:
    """*card* without what LINE cannot take in any of its texts."""
    return SettingsCard(
        title=cleaned(card.title),
        sections=tuple(
            Section(heading=cleaned(section.heading), rows=tuple(map(_cleaned_row, section.rows)))
            for section in card.sections
        ),
        notes=tuple(map(cleaned, card.notes)),
        source=cleaned(card.source),
        link=cleaned(card.link),
        link_label=cleaned(card.link_label),
        columns=(cleaned(card.columns[0]), cleaned(card.columns[1])),
    )


def _cleaned_row(row: Row) -> Row:
    return replace(row, label=cleaned(row.label), value=cleaned(row.value), reported=cleaned(row.reported))
