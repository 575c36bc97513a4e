"""Block Kit as Slack takes it: the reasons to refuse blocks, the texts in them, and what their markup would do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Json = dict[str, Any]

_KEYS = {
    "section": {"text", "fields", "accessory", "expand"},
    "header": {"text"},
    "context": {"elements"},
    "actions": {"elements"},
    "divider": set(),
    "image": {"image_url", "slack_file", "alt_text", "title"},
    "rich_text": {"elements"},
    "input": {"label", "element", "hint", "optional", "dispatch_action"},
    "table": {"rows", "column_settings"},
}
_BUTTON_KEYS = {"type", "text", "action_id", "value", "url", "style", "confirm", "accessibility_label"}
_RICH = {"rich_text_section", "rich_text_quote", "rich_text_preformatted", "rich_text_list"}


def problems(blocks: Any, *, most: int = 50) -> Iterator[str]:
    """Why Slack would refuse *blocks*."""
    if not isinstance(blocks, list):
        yield "blocks are no list"
        return
    if len(blocks) > most:
        yield f"more than {most} blocks"
    ids = [one["action_id"] for block in blocks for one in block.get("elements", ()) if "action_id" in one]
    if len(ids) != len(set(ids)):
        yield "an action_id twice"
    if sum(len(text) for text in texts(blocks)) > 13_200:
        yield TOO_LONG
    for block in blocks:
        yield from _block_problems(block)


TOO_LONG = "too long in all"


def _block_problems(block: Json) -> Iterator[str]:
    kind = block.get("type", "")
    if kind not in _KEYS:
        yield f"unknown block {kind}"
        return
    if extra := set(block) - _KEYS[kind] - {"type", "block_id"}:
        yield f"{kind}: unknown keys {sorted(extra)}"
    if len(block.get("block_id", "")) > 255:
        yield "block_id of more than 255 characters"
    yield from _RULES.get(kind, lambda _: iter(()))(block)


def _section(block: Json) -> Iterator[str]:
    if not block.get("text") and not block.get("fields"):
        yield "section without text and fields"
    if "text" in block:
        yield from _text(block["text"], 3_000)
    if "fields" in block and not 1 <= len(block["fields"]) <= 10:
        yield "section: 1 to 10 fields"
    for one in block.get("fields", []):
        yield from _text(one, 2_000)


def _header(block: Json) -> Iterator[str]:
    yield from _text(block.get("text"), 150, kinds={"plain_text"})


def _context(block: Json) -> Iterator[str]:
    elements = block.get("elements", [])
    if not 1 <= len(elements) <= 10:
        yield "context: 1 to 10 elements"
    for one in elements:
        if one.get("type") != "image":
            yield from _text(one, 3_000)


def _actions(block: Json) -> Iterator[str]:
    elements = block.get("elements", [])
    if not 1 <= len(elements) <= 25:
        yield "actions: 1 to 25 elements"
    for one in elements:
        if one.get("type") == "button":
            yield from _button(one)


def _button(button: Json) -> Iterator[str]:
    if extra := set(button) - _BUTTON_KEYS:
        yield f"button: unknown keys {sorted(extra)}"
    yield from _text(button.get("text"), 75, kinds={"plain_text"})
    if not 1 <= len(button.get("action_id", "x")) <= 255:
        yield "button: action_id of 1 to 255 characters"
    if not 1 <= len(button.get("value", "x")) <= 2_000:
        yield "button: value of 1 to 2000 characters"
    if button.get("style", "primary") not in {"primary", "danger"}:
        yield "button: style primary or danger"


def _rich_text(block: Json) -> Iterator[str]:
    elements = block.get("elements", [])
    if not elements:
        yield "rich_text without elements"
    for one in elements:
        if one.get("type") not in _RICH:
            yield f"rich_text: unknown element {one.get('type')}"
        if any(leaf.get("type") == "text" and not leaf.get("text") for leaf in one.get("elements", [])):
            yield "rich_text: empty text"


def _table(block: Json) -> Iterator[str]:
    rows = block.get("rows", [])
    if not 1 <= len(rows) <= 100 or any(len(row) > 20 for row in rows):
        yield "table: 100 rows of 20 cells"


_RULES: dict[str, Callable[[Json], Iterator[str]]] = {
    "section": _section,
    "header": _header,
    "context": _context,
    "actions": _actions,
    "rich_text": _rich_text,
    "table": _table,
}


def _text(
    text: Any, limit: int, kinds: frozenset[str] | set[str] = frozenset({"plain_text", "mrkdwn"})
) -> Iterator[str]:
    if not isinstance(text, dict) or text.get("type") not in kinds:
        yield "no text object of the right type"
        return
    if extra := set(text) - {"type", "text", "emoji" if text["type"] == "plain_text" else "verbatim"}:
        yield f"{text['type']}: unknown keys {sorted(extra)}"
    if not isinstance(text.get("text"), str) or not 1 <= len(text["text"]) <= limit:
        yield f"text of 1 to {limit} characters, not {len(text.get('text') or '')}"


def texts(node: Any) -> Iterator[str]:
    """Every text in blocks, in order."""
    if isinstance(node, list | tuple):
        for one in node:
            yield from texts(one)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key == "text" and isinstance(value, str):
                yield value
            else:
                yield from texts(value)


def effects(text: str, node: Any) -> set[str]:
    """What markup in a message would do: every mention and link target, in mrkdwn only, as Slack reads it."""
    marked = [text, *_mrkdwn_texts(node)]
    found = {inside.partition("|")[0] for one in marked for inside in re.findall(r"<([^<>]*)>", one)}
    loose = {
        address
        for one in _loose_texts(node)
        for address in re.findall(r"https?://[^\s|>]+|@channel|@here|@everyone", one)
    }
    return found | loose


def _mrkdwn_texts(node: Any) -> Iterator[str]:
    if isinstance(node, list | tuple):
        for one in node:
            yield from _mrkdwn_texts(one)
    elif isinstance(node, dict):
        if node.get("type") == "mrkdwn":
            yield node["text"]
        for value in node.values():
            yield from _mrkdwn_texts(value)


def _loose_texts(node: Any) -> Iterator[str]:
    """Texts in which Slack looks for addresses and names by itself: mrkdwn that is not verbatim."""
    if isinstance(node, list | tuple):
        for one in node:
            yield from _loose_texts(one)
    elif isinstance(node, dict):
        if node.get("type") == "mrkdwn" and not node.get("verbatim"):
            yield node["text"]
        for value in node.values():
            yield from _loose_texts(value)
