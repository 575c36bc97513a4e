"""An utterance that takes up again what was talked about earlier: 「さっきの受信の件」, 「メールの話に戻ります」."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.dialogue import short_answers as short
from bot.core.dialogue.aspects import Aspect, asks_about
from bot.core.dialogue.focus import focused
from bot.core.dialogue.reading import NO_MATTER, SMALL_TALK, SYMPTOMS, Reading, clear_request, holds, one_way
from bot.core.dialogue.short_answers import Small

if TYPE_CHECKING:
    from bot.core.conversations import Conversation
    from bot.core.library import Library
    from bot.core.understanding import Understanding

_WHICH_OF_TWO = {Small.LATTER: -1, Small.FORMER: -2}
_LIKELY_AT_ALL = 0.02


def as_return(understanding: Understanding, conversation: Conversation, library: Library) -> Reading | None:
    """The reading, if the utterance names something that was talked about before."""
    earlier = tuple(
        intent for intent in conversation.served if intent in library.intents and intent not in NO_MATTER
    )
    if not earlier:
        return None
    return (
        _one_of_two(understanding, conversation, library)
        or _one_of_the_served(understanding, conversation, library)
        or _earlier(understanding, conversation, earlier, library)
    )


def _one_of_two(understanding: Understanding, conversation: Conversation, library: Library) -> Reading | None:
    """「後のほうをもう少し詳しく」, after two things were answered at once."""
    pair = [intent for intent in conversation.served[-2:] if intent not in SMALL_TALK]
    if len(pair) < 2 or pair[0] != conversation.topic or clear_request(understanding):
        return None
    place = next(
        (place for small, place in _WHICH_OF_TWO.items() if short.says(small, understanding.text, library)),
        None,
    )
    return None if place is None else Reading(act="request", intent=pair[place])


def _one_of_the_served(
    understanding: Understanding, conversation: Conversation, library: Library
) -> Reading | None:
    """「更新のほうの答えは？」: which of the things just talked about is meant."""
    if understanding.slots.direction or not short.says(Small.ONE_OF_THEM, understanding.text, library):
        return None
    recent = {*conversation.served[-4:], *conversation.pending}
    best = next((match.intent for match in understanding.matches if match.intent in recent - SMALL_TALK), "")
    if not best or (understanding.verdict == "clear" and understanding.intent not in recent):
        return None
    return Reading(act="follow_up", intent=best)


def _earlier(
    understanding: Understanding, conversation: Conversation, earlier: tuple[str, ...], library: Library
) -> Reading | None:
    """「さっきの受信の件、どうすればいい？」"""
    text, told = understanding.text, understanding.slots
    if (
        not short.says(Small.EARLIER, text, library)
        or short.asks_again(text, library)
        or understanding.intent in {"handoff", "resolved_thanks"}
    ):
        return None
    if not told.direction and (asked := focused(text, conversation, library)):
        return asked
    if asks_about(text, Aspect.NUMBERS, library) and asks_about(text, Aspect.WHERE, library):
        return Reading(act="follow_up", intent="open_settings")
    troubles = [intent for intent in reversed(earlier) if intent in SYMPTOMS]
    of_numbers = bool(told.provider) or (not troubles and "port_settings" in earlier)
    if asks_about(text, Aspect.NUMBERS, library) or (told.direction and of_numbers):
        return Reading(act="follow_up", intent="port_settings")
    if told.direction and troubles:
        return Reading(act="follow_up", intent=one_way(troubles[0], told))
    scores = {match.intent: match.score for match in understanding.matches}
    best = max(earlier, key=lambda intent: scores.get(intent, 0.0))
    if scores.get(best, 0.0) >= _LIKELY_AT_ALL:
        return Reading(act="follow_up", intent=best)
    if holds(understanding, conversation.topic, library, staff=False):
        return None
    before = next(
        (intent for intent in reversed(earlier) if intent != conversation.topic), conversation.topic
    )
    return Reading(act="follow_up", intent=troubles[0] if troubles else before)
