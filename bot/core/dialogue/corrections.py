"""An utterance that takes something back: 「ライブメールではないですよ、サンダーバードです」, 「OCNじゃなくてぷららでした」."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.dialogue.bare import bare
from bot.core.dialogue.reading import MOVING, NO_MATTER, SYMPTOMS, Reading, one_way, uses

if TYPE_CHECKING:
    from bot.core.conversations import Conversation
    from bot.core.library import Library
    from bot.core.slots import Slots
    from bot.core.understanding import Understanding


def as_correction(
    understanding: Understanding, conversation: Conversation, library: Library
) -> Reading | None:
    """The reading, if the utterance denies or replaces what was told before, and does nothing else."""
    told, denied = understanding.slots, understanding.denied
    if not conversation.topic:
        return None
    if understanding.only_denies:
        return Reading(
            act="follow_up",
            intent=_concerned(understanding, conversation, library),
            corrects=denied.told,
        )
    if not (_replaces(told, conversation.slots) or denied.told):
        return None
    if not understanding.corrects or not bare(_predicate(understanding.text, library), told, library):
        return None
    concerned = _concerned(understanding, conversation, library)
    intent = one_way(concerned, told) if told.direction and concerned in SYMPTOMS else concerned
    return Reading(act="follow_up", intent=intent, corrects=True)


def _predicate(text: str, library: Library) -> str:
    """*text* without whose it is: 「管理室のパソコンはBecky!でした」."""
    found = _SUBJECT.match(text)
    return text[found.end() :] if found and not library.slot_finder.find(found.group()).told else text


_SUBJECT = re.compile(r"[^、。,]{1,12}?は(?=[^、。,])")


def forgetting(known: Slots, denied: Slots) -> Slots:
    """*known* without what is denied."""
    if not denied.told:
        return known
    gone = {
        name: None
        for name in _SINGLE
        if getattr(denied, name) and getattr(denied, name) == getattr(known, name)
    }
    return replace(known, **gone)  # type: ignore[arg-type]  # every one of them may be None


_SINGLE = ("provider", "client", "protocol", "direction", "error_code")


def _replaces(told: Slots, known: Slots) -> bool:
    return any(
        getattr(told, slot) and getattr(known, slot) and getattr(told, slot) != getattr(known, slot)
        for slot in ("provider", "client", "direction")
    )


def _concerned(understanding: Understanding, conversation: Conversation, library: Library) -> str:
    """The last thing talked about that the correction concerns: never what came only of the slip itself."""
    told, denied = understanding.slots, understanding.denied
    of_the_slip = set(NO_MATTER)
    if "livemail" in {denied.client, conversation.slots.client} and told.client != "livemail":
        of_the_slip |= MOVING - {"windows11_upgrade"}
    talked_about = (conversation.topic, *reversed(conversation.served))
    for intent in talked_about:
        if intent in of_the_slip or intent not in library.intents:
            continue
        if _concerns(told, intent, library):
            return intent
    if conversation.slots.direction and not told.client:
        return one_way("mail_stopped", conversation.slots)
    return "open_settings" if told.client and not told.provider else "port_settings"


def _concerns(told: Slots, intent: str, library: Library) -> bool:
    if told.provider or told.unknown_domain:
        return uses(intent, "provider", library)
    if told.client:
        return uses(intent, "client", library)
    return True
