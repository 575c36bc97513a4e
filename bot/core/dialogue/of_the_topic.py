"""The topic as the first guess: what leans on it, is brought up because of it, or says too little to be anything else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.dialogue import short_answers as short
from bot.core.dialogue.aspects import (
    Aspect,
    asks_about,
    aspects,
    is_elliptical,
    is_small_talk,
    leans,
    names_no_thing,
    names_nothing,
    points_back,
)
from bot.core.dialogue.bare import names
from bot.core.dialogue.reading import (
    ABOUT_UPDATES,
    ALL_BUT_CERTAIN,
    NO_MATTER,
    SMALL_TALK,
    SYMPTOMS,
    VERY_SURE,
    Reading,
    certain,
    clear_request,
    holds,
    names_its_subject,
    near,
    uses,
)
from bot.core.dialogue.topic_questions import about_the_topic, going_on, trouble_of

if TYPE_CHECKING:
    from bot.core.conversations import Conversation
    from bot.core.library import Library
    from bot.core.understanding import Understanding


def beside_the_topic(
    understanding: Understanding, conversation: Conversation, library: Library
) -> Reading | None:
    """Something foreign, or long past, that is only brought up because of the topic."""
    text, topic = understanding.text, conversation.topic
    if not topic or (certain(understanding, library) and understanding.intent not in SYMPTOMS):
        return None
    if short.says(short.Small.RELATES, text, library):  # 「パソコンの時計がずれてた。関係ある？」
        return about_the_topic(understanding, conversation, library)
    once = topic in ABOUT_UPDATES and understanding.intent in SYMPTOMS
    if once and short.says(short.Small.ONCE_BEFORE, text, library):  # 「でも前にメールが使えなくなったし」
        return Reading(act="follow_up", intent=topic)
    still = short.complains(text, library) and short.says(short.Small.BUT_STILL, text, library)
    if (
        still and understanding.verdict == "unknown" and not short.asks(text, library)
    ):  # 「でもWi-Fiにするとだめ」
        return Reading(act="request", intent="not_resolved")
    return None


def of_the_topic(
    understanding: Understanding, conversation: Conversation, library: Library, *, staff: bool
) -> Reading | None:
    """The topic as the first guess: only a request that stands on its own, or something foreign, leaves it."""
    text, topic = understanding.text, conversation.topic
    if topic not in library.intents:
        return None
    if holds(understanding, topic, library, staff=staff) and not _says_too_little(
        understanding, conversation, library
    ):
        return None
    if _said_outright(understanding, library):
        return None
    if _asks_of_one_way(understanding, conversation, library):
        return Reading(act="follow_up", intent="port_settings")
    told = tuple(names(understanding.slots, library))
    if not points_back(text, library) and not names_no_thing(text, told, library):
        return about_the_topic(understanding, conversation, library) if leans(text, library) else None
    tried = short.complains(text, library) or short.did_all(text, library)
    if tried and not short.asks(text, library) and not understanding.slots.ports:
        anew = clear_request(understanding) and not trouble_of(conversation, library)
        return None if anew else Reading(act="request", intent="not_resolved")
    if understanding.verdict == "unknown" and is_small_talk(text, library):
        return None  # 「昼どうする?」
    meant = replace(conversation, topic=_named_topic(text, conversation, library))
    if reading := about_the_topic(understanding, meant, library):
        return reading
    if short.says_unsure(text, library) and "lost" in library.intents[topic].texts:
        return Reading(act="focus", intent=topic, focus="lost")
    return None if is_small_talk(text, library) else _unclear(understanding, conversation, library)


def _asks_of_one_way(understanding: Understanding, conversation: Conversation, library: Library) -> bool:
    """「送信側もチェックが必要ですか」, after the numbers: those of that way."""
    after_numbers = conversation.topic == "port_settings" and understanding.verdict == "unknown"
    text, way = understanding.text, understanding.slots.direction
    return after_numbers and way is not None and short.asks(text, library)


_SAID_OUTRIGHT = frozenset({"resolved_thanks", "not_resolved", "greeting"})


def _said_outright(understanding: Understanding, library: Library) -> bool:
    """Thanks, a greeting, or that it still fails, in words that cannot be missed."""
    text, intent = understanding.text, understanding.intent
    if intent not in _SAID_OUTRIGHT or understanding.verdict != "clear":
        return False
    return names_its_subject(intent, text, library) and not (
        intent == "resolved_thanks" and short.asks(text, library)
    )


def _says_too_little(understanding: Understanding, conversation: Conversation, library: Library) -> bool:
    """「じゃあどうすればいいの」: the words alone cannot want anything in particular, whatever they are like."""
    text = understanding.text
    reports = short.asks_a_favour(text, library) or not short.asks(text, library)
    if understanding.intent in {*SYMPTOMS, "after_windows_update"} and reports:
        return False
    if (
        certain(understanding, library)
        or _said_outright(understanding, library)
        or understanding.intent == "handoff"
        or not (aspects(text, library) or points_back(text, library))
    ):
        return False
    if understanding.slots.provider and uses(understanding.intent, "provider", library):
        return False
    score = understanding.matches[0].score
    if points_back(text, library):
        return score < (VERY_SURE if near(understanding.intent, conversation.topic) else ALL_BUT_CERTAIN)
    if names_nothing(text, library):
        return True
    weak = (
        score < VERY_SURE
        and not asks_about(text, Aspect.MEANING, library)
        and understanding.intent != "migration"
    )
    return weak and is_elliptical(text, names(understanding.slots, library), library)


def _named_topic(text: str, conversation: Conversation, library: Library) -> str:
    """The topic, or what was talked about before where that is named and the topic is not."""
    topic = conversation.topic
    if names_its_subject(topic, text, library):
        return topic
    earlier = (intent for intent in reversed(conversation.served) if intent not in {*NO_MATTER, *SYMPTOMS})
    return next((intent for intent in earlier if names_its_subject(intent, text, library)), topic)


def _unclear(understanding: Understanding, conversation: Conversation, library: Library) -> Reading | None:
    """Nothing in particular is asked: the topic, or what was talked about before and is named."""
    topic, text = conversation.topic, understanding.text
    if (named := _named_topic(text, conversation, library)) != topic:
        return Reading(act="follow_up", intent=named)
    if understanding.verdict == "unknown":
        hinted = _hinted(understanding, topic, library)
        return Reading(act="request", intent=hinted) if hinted else Reading(act="unclear", intent=topic)
    if (
        topic in understanding.candidates
        or understanding.verdict == "clear"
        or points_back(text, library)
        or short.supposes(text, library)
    ):
        return going_on(understanding, conversation, library)
    return None


def _hinted(understanding: Understanding, topic: str, library: Library) -> str:
    """What lies near the topic and is named, however little the words as a whole speak for it; "" for none."""
    return next(
        (
            match.intent
            for match in understanding.matches
            if match.intent not in SMALL_TALK
            and (match.intent not in SYMPTOMS or short.fails(understanding.text, library))
            and match.score >= _A_HINT
            and near(match.intent, topic)
            and names_its_subject(match.intent, understanding.text, library)
        ),
        "",
    )


_A_HINT = 0.03
