"""Slack's own markup (mrkdwn): out of it into plain text, and plain text into it so that nothing in it has effect."""

from __future__ import annotations

import re

ELLIPSIS = "…"

_BRACKETS = re.compile(r"<([^<>]+)>")
_LINK = re.compile(r"https?://[^\s<>|\"]+")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def escape(text: str) -> str:
    """*text* as mrkdwn that shows it and does nothing: no mention, no link."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def link(url: str, label: str) -> str:
    """A link of our own making; anything that is no plain web address is only shown."""
    if not _LINK.fullmatch(url):
        return escape(f"{label} {url}".strip())
    return f"<{escape(url)}|{escape(label).replace('|', '｜')}>" if label else f"<{escape(url)}>"


def plain(markup: str) -> str:
    """What a person reads in *markup*: names for mentions, the words they typed for links, entities as characters."""
    text = _BRACKETS.sub(lambda found: _words(found[1]), markup)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def shortened(text: str, limit: int) -> str:
    """*text* cut to *limit* characters, with a sign that it was cut."""
    return text if len(text) <= limit else text[: limit - 1] + ELLIPSIS


def escape_within(text: str, limit: int) -> str:
    """*text* escaped, cut so that the result has at most *limit* characters and no half entity."""
    escaped = escape(text)
    if len(escaped) <= limit:
        return escaped
    return _escaped_parts(text, limit - len(ELLIPSIS))[0] + ELLIPSIS


def pieces(text: str, limit: int) -> list[str]:
    """*text* as escaped pieces of at most *limit* characters each, cut at the ends of lines where that is possible."""
    result: list[str] = []
    current = ""
    for line in text.splitlines(keepends=True):
        for part in _escaped_parts(line, limit):
            if len(current) + len(part) > limit:
                result.append(current)
                current = ""
            current += part
    result.append(current)
    return [piece.strip("\n") for piece in result if piece.strip()]


def _escaped_parts(line: str, limit: int) -> list[str]:
    """*line* escaped, in parts of at most *limit* characters, none of which ends inside an entity."""
    if len(escaped := escape(line)) <= limit:
        return [escaped]
    parts = [""]
    for character in line:
        written = _ENTITIES.get(character, character)
        if len(parts[-1]) + len(written) > limit:
            parts.append("")
        parts[-1] += written
    return parts


def _words(inside: str) -> str:
    """What stands for `<inside>`: `@U1|name`, `#C1|name`, `!here`, `!date^…|words`, `mailto:a@b|a@b`, `https://…|words`."""
    target, _, label = inside.partition("|")
    match target[:1]:
        case "@" | "#":
            return target[0] + (label or target[1:])
        case "!":
            return label or f"@{target[1:].partition('^')[0]}"
        case _ if not label:
            return target.removeprefix("mailto:").removeprefix("tel:")
        case _ if label in target:
            return label
        case _ if target.startswith(("mailto:", "tel:")):
            return label
        case _:
            return f"{label} {target}"
