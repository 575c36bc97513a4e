"""What is kept of a message that was not understood, and what operators said it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from bot.core.intents import Match
from bot.core.messages import Channel
from bot.core.slots import Slots

Reason = Literal["unknown", "denied", "handed_off"]

IGNORED = "ignored"
"""The label of a miss that teaches nothing. Intents' ids name files, and no file is called so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """One message as it is kept. `guesses` are what was understood, best first.

    `reason`: not understood (`unknown`), called wrong by the customer (`denied`), followed by a wish for a person
    (`handed_off`). `message_id` is the platform's, so that a message taken back takes its miss along.
    """

    id: str
    text: str
    reason: Reason
    channel: Channel
    said_on: date
    guesses: tuple[Match, ...] = ()
    slots: Slots = Slots()
    message_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What an operator said a miss was: an intent, `out_of_scope`, or IGNORED. `by` is the operator's Slack id."""

    intent: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledMiss:
    """A miss on record. `question_id` is the send that asked operators about it, "" if none did."""

    miss: Miss
    label: Label | None = None
    question_id: str = ""
    asked_at: datetime | None = None
    exported_at: datetime | None = None

    @property
    def asked(self) -> bool:
        return self.asked_at is not None
