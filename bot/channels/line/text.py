"""Text as LINE counts it: UTF-16 units in messages, grapheme clusters on buttons; never cut inside a visible character."""

from __future__ import annotations

import re

import regex

_CLUSTER = regex.compile(r"\X")
# Lone surrogates cannot be sent, and of the control characters only the tab and the line end mean something here.
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_ELLIPSIS = "…"


def cleaned(text: str) -> str:
    """*text* without control characters and broken surrogates, all line ends alike."""
    return _UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def units(text: str) -> int:
    """The length of *text* in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def clusters(text: str) -> int:
    """The length of *text* in grapheme clusters, the characters that a person sees."""
    return len(_CLUSTER.findall(text))


def shortened(text: str, limit: int) -> str:
    """*text* in at most *limit* UTF-16 units, ended with … if something had to go."""
    if units(text) <= limit:
        return text
    return text[: _seam(text, limit - 1)].rstrip() + _ELLIPSIS


def shortened_label(text: str, limit: int) -> str:
    """*text* in at most *limit* grapheme clusters, ended with … if something had to go."""
    if len(text) <= limit:
        return text
    seen: list[str] = _CLUSTER.findall(text)
    if len(seen) <= limit:
        return text
    return "".join(seen[: limit - 1]).rstrip() + _ELLIPSIS


def split(text: str, limit: int) -> list[str]:
    """*text* in pieces of at most *limit* UTF-16 units, cut at line ends where one is near."""
    pieces = []
    while units(text) > limit:
        seam = _seam(text, limit)
        line_end = text.rfind("\n", seam // 2, seam + 1)
        seam = line_end if line_end > 0 else seam
        pieces.append(text[:seam])
        text = text[seam:].removeprefix("\n")
    return [*pieces, text]


def packed(text: str, limit: int) -> list[str]:
    """*text* in as few pieces of at most *limit* UTF-16 units as possible."""
    pieces = []
    while units(text) > limit:
        seam = _seam(text, limit)
        pieces.append(text[:seam])
        text = text[seam:]
    return [*pieces, text]


def _seam(text: str, limit: int) -> int:
    """The last place in the first *limit* units of *text* that is between two grapheme clusters."""
    fitting = len(
        text[:limit].encode("utf-16-le", "surrogatepass")[: 2 * limit].decode("utf-16-le", "ignore")
    )
    seam = 0
    for cluster in _CLUSTER.finditer(text, 0, fitting + 1):
        if cluster.end() > fitting:
            break
        seam = cluster.end()
    return seam or fitting
