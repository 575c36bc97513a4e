"""Orders and prices: what leads to the move of the mail, which the shop does for money."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.dialogue import short_answers as short
from bot.core.dialogue.aspects import Aspect, asks_about, names_no_thing
from bot.core.dialogue.hearing import clauses
from bot.core.dialogue.reading import ENDED, MOVING, Reading, names_its_subject
from bot.core.dialogue.topic_questions import is_answered_by

if TYPE_CHECKING:
    from bot.core.conversations import Conversation
    from bot.core.library import Library
    from bot.core.understanding import Understanding


def of_the_move(understanding: Understanding, conversation: Conversation, library: Library) -> Reading | None:
    """The move is ordered, or wanted, or anything's price is asked."""
    if _wants_the_move(understanding, conversation, library):
        return Reading(act="accept", intent="migration")
    if _asks_to_be_moved(understanding, conversation, library):
        return Reading(act="request", intent="migration")
    if _asks_the_price(understanding, conversation, library):
        if short.says(short.Small.THE_MOVE, understanding.text, library):
            return Reading(act="request", intent="migration")
        return Reading(act="focus", intent="migration", focus="price")
    return None


def _wants_the_move(understanding: Understanding, conversation: Conversation, library: Library) -> bool:
    """「引っ越しを申し込みたい」, 「やはりお願いすることにしました」: after the offer to move, a yes in any words."""
    text, topic = understanding.text, conversation.topic
    if topic == "migration" and short.says_yes(text, library):
        return True
    wanted = understanding.intent == "migration" or _is_brought_by_someone(understanding, library)
    offered = topic == "migration" or (wanted and (topic in MOVING or "migration" in conversation.served))
    if offered and short.orders_the_move(text, library) and not short.asks(text, library):
        return True
    knows_the_price = wanted and "migration" in conversation.served
    return knows_the_price and short.says(short.Small.ORDERS_POLITELY, text, library)


def _is_brought_by_someone(understanding: Understanding, library: Library) -> bool:
    """「その引っ越しをお願いしたく存じます」: sounds like calling a person, and names what they are to do."""
    return understanding.intent == "handoff" and names_its_subject("migration", understanding.text, library)


def _asks_to_be_moved(understanding: Understanding, conversation: Conversation, library: Library) -> bool:
    """「なら替えてもらおうかな、そちらでできます？」: whoever uses what has ended asks the shop to do it."""
    leaves = conversation.topic in MOVING or conversation.slots.client in ENDED
    near_it = understanding.verdict == "unknown" or understanding.intent in MOVING
    return leaves and near_it and short.asks_to_have_it_moved(understanding.text, library)


def _asks_the_price(understanding: Understanding, conversation: Conversation, library: Library) -> bool:
    """「出張費はいくら？」, whatever is talked about: what the shop takes is told."""
    text = understanding.text
    if not asks_about(text, Aspect.PRICE, library) or not short.asks(text, library):
        return False
    topic = library.intents.get(conversation.topic)
    has_its_own = topic is not None and is_answered_by(topic, Aspect.PRICE)
    goes_on = conversation.topic not in MOVING and (conversation.topic or conversation.ticket_id)
    return (
        bool(goes_on)
        and not has_its_own
        and not understanding.slots.told
        and names_no_thing(clauses(text)[-1], (), library)
    )
