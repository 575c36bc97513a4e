"""What an utterance does in its scene, as a value, and the groups of intents that talk is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bot.core import short_answers as short
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
    "contact",
    "broken_phone",
    "heard",  # わかりました、変更します
    "lost",  # does not understand what was answered
    "unclear",  # about the topic, but not what of it
    "asks_back",  # asks why the bot wants to know, or would rather not say
    "miss",
]

CONTACT_SLOTS = frozenset({"contact", "name", "phone", "time"})
SYMPTOMS = frozenset({"mail_stopped", "cannot_receive", "cannot_send"})
ABOUT_UPDATES = frozenset({"after_windows_update", "update_safety", "windows11_upgrade"})
SMALL_TALK = frozenset({OUT_OF_SCOPE, "greeting", "resolved_thanks"})
MOVING = frozenset({"livemail_eol", "migration", "windows11_upgrade"})
NO_MATTER = frozenset({*SMALL_TALK, "handoff", "not_resolved"})
"""What is talked, but not talked about."""


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
    angry: bool = False


def clear_request(understanding: Understanding) -> bool:
    """Whether the text alone asks for something, small talk apart."""
    return understanding.verdict == "clear" and understanding.intent not in SMALL_TALK


def holds(understanding: Understanding, topic: str, *, staff: bool) -> bool:
    """Whether what a text alone seems to want is strong enough to leave *topic* for it."""
    if not clear_request(understanding):
        return False
    intent, text = understanding.intent, understanding.text
    if intent in SYMPTOMS and not short.fails(text):
        return False
    if intent in {"cannot_receive", "cannot_send"} and understanding.slots.direction is None:
        return short.complains_of_mail(text)
    if intent == "handoff" and staff:
        return short.names_a_person(text)
    return understanding.matches[0].score >= (_LIKELY if near(intent, topic) or not topic else SURE)


def near(intent: str, topic: str) -> bool:
    """Whether talk moves easily from *topic* to *intent*."""
    return any({intent, topic} <= group for group in _NEIGHBOURS)


_LIKELY = 0.4
SURE = 0.6
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
    ABOUT_UPDATES,
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


def one_way(symptom: str, told: Slots) -> str:
    """*symptom*, narrowed to the direction that was told."""
    return {Role.INCOMING: "cannot_receive", Role.OUTGOING: "cannot_send", None: symptom}[told.direction]
