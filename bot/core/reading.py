"""What an utterance does in its scene, as a value, and the groups of intents that talk is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bot.core.slots import Role, Slots
from bot.core.tickets import Contact
from bot.core.understanding import OUT_OF_SCOPE

if TYPE_CHECKING:
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
    "miss",
]

CONTACT_SLOTS = frozenset({"contact", "name", "phone", "time"})
SYMPTOMS = frozenset({"mail_stopped", "cannot_receive", "cannot_send"})
ABOUT_UPDATES = frozenset({"after_windows_update", "update_safety", "windows11_upgrade"})
SMALL_TALK = frozenset({OUT_OF_SCOPE, "greeting", "resolved_thanks"})


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


def one_way(symptom: str, told: Slots) -> str:
    """*symptom*, narrowed to the direction that was told."""
    return {Role.INCOMING: "cannot_receive", Role.OUTGOING: "cannot_send", None: symptom}[told.direction]
