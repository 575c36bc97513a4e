"""What a button carries through LINE and back: the `data` of a postback, ours alone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bot.channels.line.text import cleaned, units
from bot.core.messages import Pressed

if TYPE_CHECKING:
    from bot.core.messages import Choice

DATA_LIMIT = 300
SAY = "say"


def written(choice: Choice) -> str | None:
    """The data for *choice*; without the label if that is too long, None if even that is."""
    action = cleaned(choice.action)
    value = choice.value if action else (choice.says or choice.label)
    pressed = {"a": action or SAY, "v": cleaned(value)}
    for fields in ({**pressed, "l": cleaned(choice.label)}, pressed):
        data = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
        if units(data) <= DATA_LIMIT:
            return data
    return None


def read(data: str) -> Pressed | None:
    """The button that *data* stands for; None if it is not one of ours."""
    try:
        fields = json.loads(data)
    except (ValueError, RecursionError):
        return None
    match fields:
        case {"a": str(action), "v": str(value), **rest} if action:
            label = rest.get("l", "")
            return Pressed(action=action, value=value, label=label if isinstance(label, str) else "")
        case _:
            return None
