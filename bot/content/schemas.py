"""JSON Schemas of the YAML files: editors complete keys and mark faults while an author types."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bot.content.facts import (
    ClientsRecord,
    ErrorCodesRecord,
    FollowUpsRecord,
    LifecycleListRecord,
    SmallWordsRecord,
)
from bot.content.intents import IntentRecord
from bot.content.messages import ButtonsRecord, MessagesRecord, RepliesRecord
from bot.content.providers import ProviderRecord
from bot.content.shop import ShopRecord

if TYPE_CHECKING:
    from pydantic import BaseModel

RECORDS: dict[str, type[BaseModel]] = {
    "provider": ProviderRecord,
    "intent": IntentRecord,
    "messages": MessagesRecord,
    "buttons": ButtonsRecord,
    "replies": RepliesRecord,
    "shop": ShopRecord,
    "clients": ClientsRecord,
    "error_codes": ErrorCodesRecord,
    "lifecycle": LifecycleListRecord,
    "follow_ups": FollowUpsRecord,
    "small_words": SmallWordsRecord,
}


def all_schemas() -> dict[str, str]:
    """The text of each schema file, by its name."""
    return {f"{name}.schema.json": _text(record.model_json_schema()) for name, record in RECORDS.items()}


def _text(schema: dict[str, Any]) -> str:
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return json.dumps(head | schema, ensure_ascii=False, indent=2) + "\n"
