"""What may leave the thread: only the taker's own words, line by line, and nothing that is marked as internal."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.core.tickets import TicketState

if TYPE_CHECKING:
    from bot.core.tickets import Ticket

_INTERNAL = re.compile(r"//|メモ|めも")
_INVISIBLE = ("Cf", "Cc", "Zs", "Zl", "Zp", "Mn")


class Heard(StrEnum):
    """What becomes of words in a ticket's thread."""

    CUSTOMER = "carried to the customer"
    INTERNAL = "kept inside"
    NOBODY = "nobody has taken the ticket"
    CLOSED = "the ticket is closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """`outward` is what the customer gets ("": nothing); `noted` whether something stayed inside."""

    heard: Heard
    outward: str = ""
    noted: bool = False


def spoken(text: str, speaker_id: str, ticket: Ticket) -> Spoken:
    """Where the words of *speaker_id* in the thread of *ticket* go."""
    lines = text.split("\n")
    outward = "\n".join(line for line in lines if not is_internal(line)).strip()
    noted = any(is_internal(line) for line in lines)
    if not _has_words(outward):
        return Spoken(heard=Heard.INTERNAL, noted=True)
    if ticket.state is TicketState.CLOSED:
        return Spoken(heard=Heard.CLOSED, noted=noted)
    if ticket.state is TicketState.WAITING:
        return Spoken(heard=Heard.NOBODY, noted=noted)
    if not speaker_id or speaker_id != ticket.taker_id:
        return Spoken(heard=Heard.INTERNAL, noted=True)
    return Spoken(heard=Heard.CUSTOMER, outward=outward, noted=noted)


def is_note(text: str) -> bool:
    """Whether nothing of *text* is meant for the customer, whoever says it."""
    return not _has_words("\n".join(line for line in text.split("\n") if not is_internal(line)))


def is_internal(line: str) -> bool:
    """Whether a line begins with // or メモ, in any width, behind whatever cannot be seen."""
    return bool(_INTERNAL.match(unicodedata.normalize("NFKC", _seen(line))))


def _seen(line: str) -> str:
    """*line* from its first character that can be seen."""
    return next(
        (line[place:] for place, sign in enumerate(line) if unicodedata.category(sign) not in _INVISIBLE), ""
    )


def _has_words(text: str) -> bool:
    return bool(_seen(text.replace("\n", " ")))
