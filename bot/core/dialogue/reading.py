"""What an utterance does in its scene, as a value, and the groups of intents that talk is made of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from bot.core.dialogue import short_answers as short
from bot.core.dialogue.aspects import Aspect, asks_about
from bot.core.slots import Role, Slots
from bot.core.tickets import Contact
from bot.core.understanding import OUT_OF_SCOPE

if TYPE_CHECKING:
    from bot.core.library import Library
    from bot.core.understanding import Understanding

Act = Literal[
    "request",  # a request of its own
    "answer",  # fills the slot that was asked for
    "unsure_answer",  # does not know what was asked
    "no_answer",  # was asked for a slot and said something else that is no request
    "follow_up",  # the topic again, with what is new
    "focus",  # the topic, one named text of it
    "confirm",  # may be one of `candidates`
    "accept",
    "decline",
    "no_call",  # no call, and the rest all the same
    "contact",
    "broken_phone",
    "heard",  # わかりました、変更します
    "announces",  # 写真を送りますね
    "hours",  # asks when the shop is open
    "lost",  # does not understand what was answered
    "unclear",  # about the topic, but not what of it
    "line_only",  # names the company of the line, which is not that of the mail
    "beside",  # tells something else than what was asked for, and leaves the question open
    "asks_back",  # asks why the bot wants to know, or would rather not say
    "miss",
]

CONTACT_SLOTS = frozenset({"contact", "name", "phone", "time"})
SYMPTOMS = frozenset({"mail_stopped", "cannot_receive", "cannot_send"})
ABOUT_UPDATES = frozenset({"after_windows_update", "update_safety", "windows11_upgrade"})
SMALL_TALK = frozenset({OUT_OF_SCOPE, "greeting", "resolved_thanks"})
MOVING = frozenset({"livemail_eol", "migration", "windows11_upgrade"})
NEEDING_STEPS = frozenset(
    {*SYMPTOMS, "after_windows_update", "ssl_warning", "revert_settings", "open_settings"}
)
ENDED = frozenset({"livemail", "windows_mail"})
"""Programs that nobody can go on using."""
NEW_PASSWORD = "new_password"  # noqa: S105 - the name of a text
"""The text of `provider_docs` for whoever has lost a password."""
NO_MATTER = frozenset({*SMALL_TALK, "handoff", "not_resolved"})
"""What is talked, but not talked about."""


ALL_BUT_CERTAIN = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What an utterance does. `intent` is the one to serve, `also` further ones, `told` the slots of this utterance alone,
    `slots` those of the talk with it, `focus` the one text asked for.
    """

    act: Act
    intent: str = ""
    also: tuple[str, ...] = ()
    told: Slots = Slots()
    slots: Slots = Slots()
    contact: Contact = Contact()
    candidates: tuple[str, ...] = ()
    focus: str = ""
    corrects: bool = False
    for_a_customer: bool = False
    angry: bool = False


def clear_request(understanding: Understanding) -> bool:
    """Whether the text alone asks for something, small talk apart."""
    return understanding.verdict == "clear" and understanding.intent not in SMALL_TALK


def certain(understanding: Understanding, library: Library, *, least: float = ALL_BUT_CERTAIN) -> bool:
    """Whether the text alone asks for one thing so plainly that no scene makes it another."""
    return (
        clear_request(understanding)
        and understanding.matches[0].score >= least
        and names_its_subject(understanding.intent, understanding.text, library)
    )


def asks_for_the_screen(understanding: Understanding, library: Library) -> bool:
    """Whether *understanding*'s text asks where something is done, whatever else it tells."""
    text = understanding.text
    wants = clear_request(understanding) and understanding.intent == "open_settings"
    return (wants and short.asks(text, library)) or asks_about(text, Aspect.WHERE, library)


def holds(understanding: Understanding, topic: str, library: Library, *, staff: bool) -> bool:
    """Whether what a text alone seems to want is strong enough to leave *topic* for it."""
    if not clear_request(understanding):
        return False
    intent, text = understanding.intent, understanding.text
    score = understanding.matches[0].score
    certain = score >= _BEYOND_DOUBT and not short.supposes(text, library)
    if topic and not certain and not _subject_is_named(intent, text, topic, library):
        return False
    if intent in SYMPTOMS and (short.supposes(text, library) or not short.fails(text, library)):
        return False
    if intent in {"cannot_receive", "cannot_send"} and understanding.slots.direction is None:
        return short.complains_of_mail(text, library)
    if intent == "handoff":
        calls = short.names_a_person(text, library) or short.is_angry(text, library)
        return calls or (not staff and short.asks_a_favour(text, library))
    return score >= (_LIKELY if near(intent, topic) or not topic else SURE)


def near(intent: str, topic: str) -> bool:
    """Whether talk moves easily from *topic* to *intent*."""
    return any({intent, topic} <= group for group in _NEIGHBOURS)


def names_its_subject(intent: str, text: str, library: Library) -> bool:
    """Whether *text* has a word for what *intent* is about, as whoever leaves a topic for it must say."""
    if intent == "handoff":
        wants_one = short.names_a_person(text, library) or short.asks_a_favour(text, library)
        return wants_one or short.is_angry(text, library)
    subject = library.small_words.subjects.get(intent)
    return subject is None or subject.found_in(text)


def _subject_is_named(intent: str, text: str, topic: str, library: Library) -> bool:
    """Whether *text* names what *intent* is about, or the talk before it did: 「押したら来なくなった」 after a question about updates."""
    of_the_update = intent == "after_windows_update" and topic in ABOUT_UPDATES
    return of_the_update or names_its_subject(intent, text, library)


def weighed(understanding: Understanding, topic: str, library: Library) -> Understanding:
    """*understanding* with the first match that names its subject in front, where the first of all does not."""
    first = understanding.matches[0] if understanding.matches else None
    text = understanding.text
    if first is None or first.intent == OUT_OF_SCOPE or first.score >= _BEYOND_DOUBT:
        return understanding
    of_a_provider = first.intent == "port_settings" and understanding.slots.provider is not None
    if of_a_provider or _subject_is_named(first.intent, text, topic, library):
        return understanding
    likely = (
        m
        for m in understanding.matches[1:4]
        if m.score >= (_OF_THE_TOPIC if m.intent == topic else _POSSIBLE)
    )
    idle = SMALL_TALK if short.complains(text, library) else {*SMALL_TALK, "not_resolved"}
    better = next(
        (m for m in likely if m.intent not in idle and names_its_subject(m.intent, text, library)), None
    )
    if better is None:
        return understanding
    others = tuple(match for match in understanding.matches if match is not better)
    candidates = tuple(intent for intent in understanding.candidates if intent != first.intent)
    return replace(understanding, matches=(better, *others), verdict="clear", candidates=candidates)


def close_second(understanding: Understanding, library: Library) -> tuple[str, ...]:
    """The second match where it is named as plainly as the first, and almost as likely: both are served."""
    pair = understanding.matches[:2]
    if len(pair) < 2 or pair[1].score < _CLOSE or SMALL_TALK & {match.intent for match in pair}:
        return ()
    if understanding.verdict != "clear" or {"not_resolved", "handoff"} & {match.intent for match in pair}:
        return ()
    named = all(names_its_subject(match.intent, understanding.text, library) for match in pair)
    alike = any({match.intent for match in pair} <= group for group in _ALIKE)
    return (pair[1].intent,) if named and (not alike or pair[1].score >= _AS_LIKELY) else ()


_CLOSE, _AS_LIKELY = 0.3, 0.45
_ALIKE = (
    SYMPTOMS | {"error_code", "after_windows_update"},
    frozenset(
        {"port_settings", "open_settings", "what_is_port", "provider_docs", "revert_settings", "pop_or_imap"}
    ),
    MOVING,
    ABOUT_UPDATES,
)
"""Intents that are told apart by little, and are seldom meant together."""
_POSSIBLE, _OF_THE_TOPIC = 0.2, 0.05
SHORT_LINE = 20
"""So many letters are a line said in passing."""
_BEYOND_DOUBT = 0.995
_LIKELY = 0.4
SURE = 0.5
VERY_SURE = 0.8
_NEIGHBOURS = (
    frozenset(
        {
            *SYMPTOMS,
            "after_windows_update",
            "error_code",
            "port_settings",
            "open_settings",
            "not_resolved",
            "auth_failed",
            "ssl_warning",
        }
    ),
    frozenset({"ssl_warning", "revert_settings", "port_settings"}),
    frozenset({"provider_docs", "port_settings", "pop_or_imap", "what_is_port"}),
    MOVING | {"update_safety"},
    ABOUT_UPDATES | SYMPTOMS,
)
"""Topics between which talk moves easily: a lower score will do."""


def uses(intent_id: str, slot: str, library: Library) -> bool:
    """Whether the reply of an intent depends on *slot* (provider or client)."""
    kinds = {
        "provider": {"settings", "provider_page", "compare", "temporary_measure"},
        "client": {"steps", "client_dates"},
    }
    intent = library.intents.get(intent_id)
    return intent is not None and any(block.kind in kinds[slot] for block in intent.reply)


ONE_WAY = {Role.INCOMING: "cannot_receive", Role.OUTGOING: "cannot_send"}


def one_way(symptom: str, told: Slots) -> str:
    """*symptom*, narrowed to the direction that was told."""
    return ONE_WAY[told.direction] if told.direction else symptom
