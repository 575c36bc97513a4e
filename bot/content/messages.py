"""The bot's own voice: named texts (intents/_messages.yaml) and buttons (intents/_buttons.yaml)."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, RootModel, StringConstraints, model_validator

from bot.content.records import Record
from bot.content.telling import told

Text = Annotated[str, StringConstraints(min_length=1)]


class MessagesRecord(RootModel[dict[str, Text]]):
    """Named texts, with `{slots}` to be filled in."""

    def plain(self) -> dict[str, str]:
        return {name: text.rstrip("\n") for name, text in self.root.items()}


class RepliesRecord(RootModel[dict[str, Text]]):
    """Ready-made replies for operators, by the name they call them by."""

    def plain(self) -> dict[str, str]:
        return {name: text.rstrip("\n") for name, text in self.root.items()}


class ButtonRecord(Record):
    """A button. Pressing it counts as typing `says` (left out: the label), or does the fixed `action`."""

    label: Annotated[str, Field(min_length=1, max_length=20)]
    """What people see: at most 20 characters, the limit of LINE."""
    says: str = ""
    action: Annotated[str, Field(pattern=r"^([a-z][a-z0-9_]*)?$")] = ""
    value: str = ""
    style: Literal["", "primary", "danger"] = ""

    @model_validator(mode="after")
    def _does_one_thing(self) -> Self:
        if self.says and self.action:
            raise ValueError(told("button_does_two"))
        return self


class ButtonsRecord(RootModel[dict[str, ButtonRecord]]):
    """Named buttons."""

    def plain(self) -> dict[str, Any]:
        return {name: button.model_dump() for name, button in self.root.items()}
