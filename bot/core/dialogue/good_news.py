"""Words that end a matter for now: it works, it was all tried, it is understood, thanks, a picture is on its way."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.core.dialogue import short_answers as short
from bot.core.dialogue.acknowledgements import courtesy, ends_in_thanks, thanks
from bot.core.dialogue.hearing import clauses
from bot.core.dialogue.open_question import is_announced
from bot.core.dialogue.reading import NEEDING_STEPS, SMALL_TALK, SURE, SYMPTOMS, Reading, clear_request
from bot.core.dialogue.short_answers import Small

if TYPE_CHECKING:
    from bot.core.conversations import Conversation
    from bot.core.library import Library
    from bot.core.understanding import Understanding


def done(understanding: Understanding, conversation: Conversation, library: Library) -> Reading | None:
    """A picture is on its way, or the trouble is over."""
    if conversation.topic and is_announced(understanding, library):
        return Reading(act="announces", intent=conversation.topic)
    if _is_over(understanding, conversation, library):
        return Reading(act="request", intent="resolved_thanks")
    if _tried_it_all(understanding, conversation, library):
        return Reading(act="request", intent="not_resolved")
    return None


def _is_over(understanding: Understanding, conversation: Conversation, library: Library) -> bool:
    """「両方うまくいきました。ありがとう」: whatever it names, the trouble is over."""
    text = understanding.text
    if short.asks(text, library):
        return False
    if not short.works_now(text, library):
        return _sounds_solved(understanding, library)
    if understanding.intent == "resolved_thanks":
        return True
    if not conversation.topic or short.says(Small.HOWEVER, text, library):
        return False
    if _ends_well(text, library):
        return True
    short_and_of_it = understanding.intent == conversation.topic and len(text) <= _A_WORD_OF_IT
    return short_and_of_it or (understanding.intent in SMALL_TALK and not short.fails(text, library))


def _sounds_solved(understanding: Understanding, library: Library) -> bool:
    """「465さ直したら送れだ。どうもな」: in no words that are known, but thanks stand at the end and nothing fails."""
    if understanding.intent != "resolved_thanks" or understanding.matches[0].score < SURE:
        return False
    *_, last = clauses(understanding.text) or ("",)
    return thanks(last, library) and not short.complains(understanding.text, library)


def _ends_well(text: str, library: Library) -> bool:
    """「465に直したら出ていきました。お世話さまです」, 「来た！母も喜んでます」: good news, nothing else fails, and no other way is named."""
    told = [clause for clause in clauses(text) if not thanks(clause, library)]
    good = [n for n, clause in enumerate(told) if short.works_now(clause, library)]
    if not good or short.says(Small.ONCE, told[good[-1]], library):
        return False
    before, after = told[: good[0]], told[good[-1] + 1 :]
    more = any(_DIGIT.search(clause) or short.names_one_way(clause, library) for clause in after)
    return not more and not any(short.fails(clause, library) for clause in (*before, *after))


_DIGIT = re.compile(r"\d")
_A_WORD_OF_IT = 18


def _tried_it_all(understanding: Understanding, conversation: Conversation, library: Library) -> bool:
    """「全部やりました」, and not a word of success."""
    text, told = understanding.text, understanding.slots
    looked_for = bool(conversation.failures) or conversation.topic in _LOOKED_FOR
    said = looked_for and short.did_all(text, library) and not short.asks(text, library)
    return said and not (told.ports or told.error_code or short.works_now(text, library))


_LOOKED_FOR = frozenset({*SYMPTOMS, *NEEDING_STEPS, "port_settings", "error_code"})


def heard(understanding: Understanding, conversation: Conversation, library: Library) -> Reading | None:
    """「わかりました、やってみます」: unless it tells something that may be new."""
    known = conversation.slots
    new = (
        slot
        for slot in _WHAT_IS_NEW
        if getattr(understanding.slots, slot) not in {None, getattr(known, slot)}
    )
    if any(new):
        return None
    said = courtesy(understanding.text, library)
    if said == "heard" and clear_request(understanding) and understanding.intent == "migration":
        return None  # 「メールの引っ越し頼みます」
    if said == "heard":
        return Reading(act="heard", intent="resolved_thanks")
    asked = understanding.intent == "handoff" or short.says(Small.EXCUSE_ME, understanding.text, library)
    thanked = said == "thanks" or _thanks_at_last(understanding, library)
    return Reading(act="request", intent="resolved_thanks") if thanked and not asked else None


_WHAT_IS_NEW = ("provider", "client", "protocol", "error_code")


def _thanks_at_last(understanding: Understanding, library: Library) -> bool:
    """「両方古いね thx」: what stands before the thanks asks nothing, and complains of nothing."""
    text, told = understanding.text, understanding.slots
    if told.ports or clear_request(understanding) or not ends_in_thanks(text, library):
        return False
    return not (short.asks(text, library) or short.complains(text, library))
