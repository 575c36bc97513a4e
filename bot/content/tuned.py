"""Files that `madoguchi tune` writes and nobody else: how they are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import yaml

from bot.content.telling import told
from bot.errors import ContentError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

T = TypeVar("T")


def read_tuned(path: Path, parse: Callable[[str], T]) -> T:
    """What *parse* makes of the text of *path*.

    Raises:
        ContentError: the file is missing or not what `madoguchi tune` writes.
    """
    try:
        return parse(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ContentError([f"{path}:1: {told('fitted_unreadable', why=error.strerror)}"]) from error
    except (ValueError, KeyError, TypeError, IndexError, yaml.YAMLError) as error:
        raise ContentError([f"{path}:1: {told('fitted_odd')}"]) from error
