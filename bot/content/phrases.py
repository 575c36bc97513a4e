"""Phrase templates: `[part]` may be left out, `(this|that)` is a choice, both may be nested."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from bot.content.telling import told

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST = 500
_CLOSING = {"[": "]", "(": ")"}


def expand(template: str) -> tuple[str, ...]:
    """All phrases that *template* stands for, in the order of the template, none twice.

    Raises:
        ValueError: the brackets do not match, or it stands for too many phrases.
    """
    phrases, end = _alternatives(template, 0, "")
    if end < len(template):
        raise ValueError(told("bracket_not_opened", sign=template[end], template=template))
    return tuple(dict.fromkeys(phrase.strip() for phrase in phrases if phrase.strip()))


def _alternatives(template: str, start: int, closing: str) -> tuple[list[str], int]:
    """The phrases from *start* to the bracket *closing*, and where that stands."""
    found: list[str] = []
    position = start
    while True:
        sequence, position = _sequence(template, position, closing)
        found += sequence
        if len(found) > _MOST:
            raise ValueError(told("too_many_phrases", most=_MOST, template=template))
        if not (closing and position < len(template) and template[position] == "|"):
            return found, position
        position += 1


def _sequence(template: str, start: int, closing: str) -> tuple[list[str], int]:
    pieces: list[list[str]] = []
    position = start
    while position < len(template):
        sign = template[position]
        if sign in "])" or (sign == "|" and closing):
            break
        if sign not in _CLOSING:
            end = _end_of_words(template, position, stop_at_bar=bool(closing))
            pieces.append([template[position:end]])
            position = end
            continue
        inner, end = _alternatives(template, position + 1, _CLOSING[sign])
        if end >= len(template) or template[end] != _CLOSING[sign]:
            raise ValueError(told("bracket_not_closed", open=sign, close=_CLOSING[sign], template=template))
        pieces.append(["", *inner] if sign == "[" else inner)
        position = end + 1
    return list(_joined(pieces)), position


def _end_of_words(template: str, start: int, *, stop_at_bar: bool) -> int:
    stops = "[]()|" if stop_at_bar else "[]()"
    return next((n for n in range(start, len(template)) if template[n] in stops), len(template))


def _joined(pieces: list[list[str]]) -> Iterator[str]:
    for number, parts in enumerate(product(*pieces)):
        if number > _MOST:
            return
        yield "".join(parts)
