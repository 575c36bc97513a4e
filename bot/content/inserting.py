"""Adds items to the lists of a YAML file and leaves everything else, comments too, as it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from bot.content.reading import Document

Item = str | Mapping[str, str]


def with_items(document: Document, text: str, key: str, items: Sequence[Item]) -> str:
    """*text*, which *document* was read from, with *items* at the end of its list *key*."""
    if not items:
        return text
    found = next(((name, value) for name, value in document.root.value if name.value == key), None)
    if found is None:
        return _with_new_list(text, key, items)
    name, value = found
    if isinstance(value, yaml.SequenceNode) and value.value and not value.flow_style:
        return _after_last(text, value, items)
    return _rewritten(text, name, value, items)


def _with_new_list(text: str, key: str, items: Sequence[Item]) -> str:
    return "\n".join([text.rstrip("\n"), f"{key}:", *(f"  - {written(item)}" for item in items), ""])


def _after_last(text: str, found: yaml.SequenceNode, items: Sequence[Item]) -> str:
    lines = text.split("\n")
    last = found.value[-1]
    indent = " " * found.start_mark.column
    place = _last_line(last) + 1
    while not lines[place - 1].strip():  # a text of several lines takes the blank ones behind it for its own
        place -= 1
    return "\n".join([*lines[:place], *(f"{indent}- {written(item)}" for item in items), *lines[place:]])


def _rewritten(text: str, name: yaml.Node, found: yaml.Node, items: Sequence[Item]) -> str:
    """A list in brackets, or an empty one, becomes one of a line an item."""
    lines = text.split("\n")
    start = name.start_mark.line
    values = found.value if isinstance(found, yaml.SequenceNode) else []
    kept = [f"  - {_source(text, value)}" for value in values]
    end = found.end_mark
    rest = lines[end.line][end.column :].strip()
    head = f"{name.value}:  {rest}" if rest.startswith("#") else f"{name.value}:"
    added = [f"  - {written(item)}" for item in items]
    return "\n".join([*lines[:start], head, *kept, *added, *lines[end.line + 1 :]])


def written(item: Item) -> str:
    """*item* in YAML, on one line."""
    if isinstance(item, str):
        return _plain_or_quoted(item)
    first, *rest = [f"{name}: {_plain_or_quoted(value)}" for name, value in item.items()]
    return first if not rest else "{" + ", ".join([first, *rest]) + "}"


def _plain_or_quoted(value: str) -> str:
    """Letters and digits as they are, anything that might mean something in quotes."""
    if value[:1].isalpha() and not set(value) & _SIGNS and value.isprintable() and _is_words(value):
        return value
    quoted: str = yaml.safe_dump(value, default_style='"', allow_unicode=True, width=10**6)
    return quoted.rstrip("\n")


_SIGNS = frozenset("{}[],:#&*!|>%@`\"'\\=?~")


def _is_words(value: str) -> bool:
    return bool(yaml.safe_load(value) == value)  # `no` and `null` are none


def _source(text: str, node: yaml.Node) -> str:
    """The piece of *text* that *node* was read from, on one line."""
    lines = text.split("\n")[node.start_mark.line : node.end_mark.line + 1]
    lines[-1] = lines[-1][: node.end_mark.column]
    lines[0] = lines[0][node.start_mark.column :]
    return " ".join(line.strip() for line in lines)


def _last_line(node: yaml.Node) -> int:
    """The line on which *node* ends. The parser sets a block's own end behind blank lines and comments."""
    match node:
        case yaml.MappingNode() if node.value and not node.flow_style:
            return _last_line(node.value[-1][1])
        case yaml.SequenceNode() if node.value and not node.flow_style:
            return _last_line(node.value[-1])
        case _:
            end = node.end_mark
            return int(end.line if end.column else max(end.line - 1, node.start_mark.line))
