"""Files of labelled sentences: one JSON object a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.content.telling import told
from bot.errors import ContentError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def sentence_lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines of *path* that hold something, with their numbers.

    Raises:
        ContentError: the file cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ContentError([f"{path}:1: {told('unreadable', why=error.strerror)}"]) from error
    except UnicodeDecodeError as error:
        raise ContentError([f"{path}:1: {told('not_utf8')}"]) from error
    return ((number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip())
