"""The owner's own facts (intents/shop.yaml)."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from bot.content.records import Record, Words


class ShopRecord(Record):
    """What customers may be told about the shop."""

    sample: bool = False
    """Delete this line once the file tells of your own shop; until then `check` reminds you."""
    name: Words
    phone: str = ""
    hours: str = ""
    closed: str = ""
    address: str = ""
    prices: dict[Words, Words] = Field(default_factory=dict)
    """What is offered: its price, both as customers read them."""
    visit: str = ""
    """The offer of a visit, as customers read it."""

    def plain(self) -> dict[str, Any]:
        return self.model_dump(exclude={"sample"})
