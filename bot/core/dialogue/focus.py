"""Words that, after a topic, ask for one text of an intent, or for all of it: 「いつまで？」 after a certificate warning.

They stand in intents/_lists/follow_ups.yaml, where an owner can add to them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.dialogue import short_answers as short
from bot.core.dialogue.aspects import names_no_thing
from bot.core.dialogue.reading import NO_MATTER, Reading, certain

if TYPE_CHECKING:
    from bot.core.conversations import Conversation
    from bot.core.intents import FollowUp
    from bot.core.library import Library
    from bot.core.understanding import Understanding


def focused(text: str, conversation: Conversation, library: Library) -> Reading | None:
    """What the first of the library's follow-ups asks for, whose words *text* has after what was just talked about."""
    served = [intent for intent in conversation.served if intent not in NO_MATTER]
    talked_about = {conversation.topic, *served[-2:]}
    for follow_up in library.follow_ups:
        if not follow_up.after.isdisjoint(talked_about) and follow_up.said.found_in(text):
            return _reading(follow_up)
    return None


def focused_unless_certain(
    understanding: Understanding, conversation: Conversation, library: Library
) -> Reading | None:
    """The same, unless the text on its own asks for something else and leaves no doubt of it."""
    if changes_the_subject(understanding, library):
        return None
    reading = focused(understanding.text, conversation, library)
    sure = certain(understanding, library) and understanding.intent not in {"handoff", conversation.topic}
    if understanding.intent == "not_resolved" and short.asks(understanding.text, library):
        sure = False  # 「ここに書いちゃだめでした？」
    return None if reading and sure and understanding.intent != reading.intent else reading


def changes_the_subject(understanding: Understanding, library: Library) -> bool:
    """「ところで、囲碁でおすすめの本は」: on to something foreign, whatever words of the talk it has."""
    text = understanding.text
    foreign = understanding.verdict == "unknown" and not names_no_thing(text, (), library)
    return foreign and short.says(short.Small.CHANGES, text, library)


def _reading(follow_up: FollowUp) -> Reading:
    if follow_up.text:
        return Reading(act="focus", intent=follow_up.intent, focus=follow_up.text)
    return Reading(act="request" if follow_up.afresh else "follow_up", intent=follow_up.intent)
