"""An utterance read as going on with what was just talked about."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.core.dialogue import short_answers as short
from bot.core.dialogue.asked_contact import asks_beside_declining
from bot.core.dialogue.aspects import Aspect, asks_about
from bot.core.dialogue.corrections import as_correction
from bot.core.dialogue.focus import focused_unless_certain
from bot.core.dialogue.good_news import done, heard
from bot.core.dialogue.of_the_topic import beside_the_topic, of_the_topic
from bot.core.dialogue.reading import (
    ABOUT_UPDATES,
    NEEDING_STEPS,
    SMALL_TALK,
    SYMPTOMS,
    Reading,
    certain,
    clear_request,
    names_its_subject,
    one_way,
    uses,
)
from bot.core.dialogue.returns import as_return
from bot.core.dialogue.the_move import of_the_move
from bot.core.dialogue.told_more import told_at_the_end, told_more
from bot.core.spelling import one_spelling
from bot.core.understanding import OUT_OF_SCOPE

if TYPE_CHECKING:
    from bot.core.conversations import Conversation
    from bot.core.library import Library
    from bot.core.understanding import Understanding


def as_follow_up(
    understanding: Understanding, conversation: Conversation, library: Library, *, staff: bool
) -> Reading | None:
    """The reading, if the utterance leans on the talk before it."""
    text = understanding.text
    return (
        _of_the_shop(understanding, conversation, library)
        or _outright(understanding, conversation, library)
        or of_the_move(understanding, conversation, library)
        or _asks_us_to_do_it(understanding, conversation, library)
        or (_shorthand(understanding, library) if staff else None)
        or done(understanding, conversation, library)
        or heard(understanding, conversation, library)
        or as_correction(understanding, conversation, library)
        or told_more(understanding, conversation, library, staff=staff)
        or as_return(understanding, conversation, library)
        or told_at_the_end(understanding, conversation, library, staff=staff)
        or _warned_again(understanding, conversation, library)
        or _likewise(understanding, conversation, library)
        or _numbers_of_another(understanding, conversation, library)
        or (None if short.asks(text, library) else _reported(understanding, conversation, library))
        or focused_unless_certain(understanding, conversation, library)
        or _reported(understanding, conversation, library)
        or _again_or_lost(understanding, conversation, library)
        or _without_the_update(understanding, conversation, library)
        or beside_the_topic(understanding, conversation, library)
        or of_the_topic(understanding, conversation, library, staff=staff)
    )


def _of_the_shop(
    understanding: Understanding, conversation: Conversation, library: Library
) -> Reading | None:
    """When the call comes that was asked for, and when anybody is there."""
    if conversation.ticket_id and short.says(short.Small.ABOUT_THE_CALL, understanding.text, library):
        return Reading(act="accept", intent="handoff")
    if _asks_the_hours(understanding, library):
        return Reading(act="hours", intent="handoff" if conversation.ticket_id else OUT_OF_SCOPE)
    return None


def _outright(understanding: Understanding, conversation: Conversation, library: Library) -> Reading | None:
    """What a few words ask for outright, wherever they are said."""
    text = understanding.text
    if short.clears_update(text, library):
        return Reading(act="focus", intent="after_windows_update", focus="not_the_update")
    if short.asks_temporary(text, library):
        return _the_temporary(conversation)
    if understanding.intent == "handoff" and short.cancels(text, library):
        beside = asks_beside_declining(text, conversation, library)
        return beside if beside and beside.intent != "handoff" else None
    if understanding.slots.error_code and understanding.verdict == "unknown":
        return Reading(act="request", intent="error_code")
    if asks_about(text, Aspect.MEANING, library):
        if understanding.slots.ports:
            return Reading(act="request", intent="what_is_port")
        if conversation.topic == "error_code" and short.says(short.Small.ITS_NUMBER, text, library):
            return Reading(act="focus", intent="error_code", focus="error_code")
    compares = conversation.slots.provider and short.asks(text, library)
    if conversation.topic == "pop_or_imap" and understanding.slots.ports and not compares:
        return Reading(act="focus", intent="pop_or_imap", focus=Aspect.WHICH.value)
    return None


def _asks_the_hours(understanding: Understanding, library: Library) -> bool:
    """「営業時間は何時までですか」"""
    text = understanding.text
    idle = not clear_request(understanding) or understanding.intent == "handoff"
    return idle and short.says(short.Small.SHOP_HOURS, text, library) and short.asks(text, library)


def _the_temporary(conversation: Conversation) -> Reading:
    """The temporary values; what is safe to check comes before them, unless it was said already."""
    if "ssl_warning" in conversation.served and conversation.slots.provider:
        return Reading(act="focus", intent="ssl_warning", focus="temporary_measure")
    return Reading(act="request", intent="ssl_warning")


def _asks_us_to_do_it(
    understanding: Understanding, conversation: Conversation, library: Library
) -> Reading | None:
    """「面倒だ、そっちでやってくれ」: a person, whatever fails."""
    text = understanding.text
    wanted = short.by_you(text, library) and short.asks_a_favour(text, library)
    return Reading(act="request", intent="handoff") if wanted and conversation.topic in _AT_WORK else None


_AT_WORK = frozenset({*NEEDING_STEPS, "port_settings", "error_code"})


def _shorthand(understanding: Understanding, library: Library) -> Reading | None:
    """「同じ客 送信も×」, 「再起動でも×」: the mark says that it fails, the words which way, or whatever was tried."""
    text, told = understanding.text, understanding.slots
    if told.error_code or told.ports or not short.says(short.Small.FAILS_IN_SHORT, text, library):
        return None
    if not told.direction:
        tried = short.says(short.Small.TRIED_IN_SHORT, text, library)
        return Reading(act="request", intent="not_resolved") if tried else None
    if understanding.intent not in {*SYMPTOMS, "not_resolved", "port_settings"} or short.still(text, library):
        return None
    also = tuple(understanding.also)
    return Reading(act="request", intent=one_way("mail_stopped", told), also=also)


def _warned_again(
    understanding: Understanding, conversation: Conversation, library: Library
) -> Reading | None:
    """「995に戻したらまた警告が出た」: the warning, whatever was done before it came."""
    text = understanding.text
    changed = conversation.topic in {"ssl_warning", "revert_settings", "port_settings", "open_settings"}
    if not changed or not short.warned(text, library) or short.works_now(text, library):
        return None
    if "ssl_warning" not in conversation.served:
        return Reading(act="request", intent="ssl_warning")
    if understanding.slots.provider not in {None, conversation.slots.provider}:
        return Reading(act="follow_up", intent="ssl_warning")
    return Reading(act="focus", intent="ssl_warning", focus=Aspect.ELSE.value)


def _likewise(understanding: Understanding, conversation: Conversation, library: Library) -> Reading | None:
    """「妻はぷららですが同じ画面です」: the topic, for another provider."""
    told = understanding.slots.provider
    if told in {None, conversation.slots.provider} or short.asks(understanding.text, library):
        return None
    same = short.likewise(understanding.text, library) and uses(conversation.topic, "provider", library)
    return Reading(act="follow_up", intent=conversation.topic) if same else None


def _numbers_of_another(
    understanding: Understanding, conversation: Conversation, library: Library
) -> Reading | None:
    """「Gmailも使っているのでそちらの番号も頼みます」"""
    text, told = understanding.text, understanding.slots.provider
    if not conversation.topic or told in {None, conversation.slots.provider}:
        return None
    wanted = short.asks(text, library) or short.asks_a_favour(text, library)
    if not (wanted and asks_about(text, Aspect.NUMBERS, library)):
        return None
    return None if certain(understanding, library) else Reading(act="request", intent="port_settings")


def _reported(understanding: Understanding, conversation: Conversation, library: Library) -> Reading | None:
    """Numbers or encryption as they are on the customer's screen, and nothing that weighs more."""
    text, told = understanding.text, understanding.slots
    ssl_alone = conversation.slots.ports and not told.ports and short.tells_ssl(text, library) is not None
    weighs_most = told.ports and conversation.topic and not _wants_more_than_to_tell(understanding, library)
    return Reading(act="follow_up", intent="port_settings") if ssl_alone or weighs_most else None


def _wants_more_than_to_tell(understanding: Understanding, library: Library) -> bool:
    """Whether numbers are told beside what weighs more: that it still fails, or works, or a request of its own."""
    text, intent = understanding.text, understanding.intent
    if intent in {"not_resolved", "resolved_thanks"}:
        return short.complains(text, library) or short.works_now(text, library)
    if intent not in _MORE_THAN_NUMBERS or understanding.verdict != "clear":
        return False
    idle = intent in {"revert_settings", "what_is_port"}
    return not idle or (short.asks(text, library) and names_its_subject(intent, text, library))


_MORE_THAN_NUMBERS = frozenset({"ssl_warning", "revert_settings", "handoff", "what_is_port", "error_code"})


def _again_or_lost(
    understanding: Understanding, conversation: Conversation, library: Library
) -> Reading | None:
    """A short word about what was answered: again please, yes, no, I am lost."""
    text, topic = understanding.text, conversation.topic
    if not topic:
        return None
    if short.asks_again(text, library) and not _tells_of_a_failure(understanding, library):
        return _again(text, topic, library)
    if short.finds_it_hard(text, library) and understanding.intent in {*SMALL_TALK, *_TURNED_OVER, topic}:
        return Reading(act="lost", intent=topic)
    if short.says_no(text, library):
        return Reading(act="heard", intent="resolved_thanks")
    if understanding.intent not in {*SMALL_TALK, topic}:
        return None
    if short.says_yes(text, library):
        return Reading(act="heard", intent="resolved_thanks")
    return Reading(act="lost", intent=topic) if short.is_lost(text, library) else None


def _tells_of_a_failure(understanding: Understanding, library: Library) -> bool:
    """「もう一回全部やり直したけどだめ」: what was done again, and is not asked for."""
    text = understanding.text
    still = understanding.intent == "not_resolved" and understanding.verdict == "clear"
    failing = short.complains(text, library) or short.fails(text, library)
    return still and failing and not short.asks(text, library)


_TURNED_OVER = frozenset({"provider_docs", "what_is_port", "not_resolved"})
"""What words of despair look like to those who know only them."""


def _again(text: str, topic: str, library: Library) -> Reading:
    """「さっきの番号をもう一度」: the numbers, whatever has been talked about since."""
    if asks_about(text, Aspect.NUMBERS, library) and asks_about(text, Aspect.WHERE, library):
        return Reading(act="follow_up", intent="open_settings")
    if asks_about(text, Aspect.NUMBERS, library):
        both = bool(re.search(r"さっき|先ほど|前の", one_spelling(text)))
        return Reading(act="request" if both else "follow_up", intent="port_settings")
    return Reading(act="request", intent=topic)


def _without_the_update(
    understanding: Understanding, conversation: Conversation, library: Library
) -> Reading | None:
    """「更新はしていないのに」: whatever it is, it is not the update."""
    if understanding.intent not in ABOUT_UPDATES or not short.denies_update(understanding.text, library):
        return None
    other = next(
        (match.intent for match in understanding.matches if match.intent in SYMPTOMS and match.score > 0), ""
    )
    if conversation.topic in SYMPTOMS:
        return Reading(act="follow_up", intent=conversation.topic)
    return Reading(act="request", intent=one_way(other or "mail_stopped", understanding.slots))
