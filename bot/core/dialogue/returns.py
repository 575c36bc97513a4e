"""An utterance that takes up again what was talked about earlier: 「さっきの受信の件」, 「メールの話に戻ります」."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.core.dialogue import short_answers as short
from bot.core.dialogue.aspects import Aspect, asks_about
from bot.core.dialogue.focus import focused
from bot.core.dialogue.reading import NO_MATTER, SMALL_TALK, SYMPTOMS, Reading, clear_request, holds, one_way
from bot.core.spelling import one_spelling

if TYPE_CHECKING:
    from bot.core.conversations import Conversation
    from bot.core.library import Library
    from bot.core.understanding import Understanding

_EARLIER = re.compile(
    r"(さっき|先ほど|さきほど|先程|最初|はじめ|始め|この前|こないだ)(の|に|言|聞|教|話).{0,14}?(件|話|ほう|方|こと|質問|続き|つづき|問題|とこ|$|は|、)"
    r"|(話|件|ほう|方|問題|質問|本題|受信|送信|めーる|設定|警告)(の話)?(に|へ|を)(戻|もど)(り|る|して|し|って|す|ろう)"
    r"|(めーる|受信|送信|設定|さっき|先ほど|その|前)の(続き|つづき)|^(続き|つづき)(を|から|の)"
    r"|(話|本題)(を|に|が|は)?(戻|もど)|^(で|それで|んで)[、,]"
)
_WHICH_OF_TWO = (
    (
        re.compile(
            r"(後|あと|後ろ|2つ目|二つ目|2番目|二番目|もう(1|一)つ)の?(ほう|方|件|やつ)?(は|を|も|の|って|について|$)"
        ),
        -1,
    ),
    (
        re.compile(
            r"(前者|1つ目|一つ目|1番目|一番目|最初|先)の(ほう|方|件|やつ)(は|を|も|の|って|について|$)"
        ),
        -2,
    ),
)
_ONE_OF_THEM = re.compile(r"(の|な)?(ほう|方|件|話|答え|こたえ)(の(答え|件|話))?(は|も|って)")
_LIKELY_AT_ALL = 0.02


def as_return(understanding: Understanding, conversation: Conversation, library: Library) -> Reading | None:
    """The reading, if the utterance names something that was talked about before."""
    earlier = tuple(
        intent for intent in conversation.served if intent in library.intents and intent not in NO_MATTER
    )
    if not earlier:
        return None
    return (
        _one_of_two(understanding, conversation)
        or _one_of_the_served(understanding, conversation)
        or _earlier(understanding, conversation, earlier, library)
    )


def _one_of_two(understanding: Understanding, conversation: Conversation) -> Reading | None:
    """「後のほうをもう少し詳しく」, after two things were answered at once."""
    words = one_spelling(understanding.text)
    pair = [intent for intent in conversation.served[-2:] if intent not in SMALL_TALK]
    if len(pair) < 2 or pair[0] != conversation.topic or clear_request(understanding):
        return None
    place = next((place for pattern, place in _WHICH_OF_TWO if pattern.search(words)), None)
    return None if place is None else Reading(act="request", intent=pair[place])


def _one_of_the_served(understanding: Understanding, conversation: Conversation) -> Reading | None:
    """「更新のほうの答えは？」: which of the things just talked about is meant."""
    if understanding.slots.direction or not _ONE_OF_THEM.search(one_spelling(understanding.text)):
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
        not _EARLIER.search(one_spelling(text))
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
