"""Colleagues go from customer to customer in one talk: 「次の客 biglobe 送信 554」 is about somebody else."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.dialogue.short_answers import Small, says
from bot.core.slots import Slots
from bot.core.spelling import one_spelling
from bot.core.tickets import Contact

if TYPE_CHECKING:
    from bot.core.conversations import Conversation
    from bot.core.library import Library


def begins_another(text: str, library: Library) -> bool:
    """Whether *text* begins with a word for the next customer, and does not liken them to the one before.

    A mere 「次」 must be followed by something that it tells: 「次 何を見る?」 goes on.
    """
    head = _head(text, library)
    if not head or says(Small.LIKEWISE, text, library):
        return False
    return len(head) > _A_MERE_WORD or library.slot_finder.find(text).told


_A_MERE_WORD = 2


def about_them(text: str, library: Library) -> str:
    """*text* without the word for the next or the same customer, where it stands apart."""
    first, *rest = _APART.split(text.strip(), maxsplit=1)
    same = library.small_words.said[Small.SAME_CUSTOMER].is_all_of(first)
    return rest[0] if rest and (same or one_spelling(first) == _head(text, library)) else text


def _head(text: str, library: Library) -> str:
    found = library.small_words.said[Small.NEXT_CUSTOMER].pattern.match(one_spelling(text))
    return found[0] if found else ""


_APART = re.compile(r"[\s、,:：]+")


def afresh(conversation: Conversation) -> Conversation:
    """*conversation* as if nothing had been said in it."""
    return replace(
        conversation,
        topic="",
        question=None,
        slots=Slots(),
        pending=(),
        served=(),
        contact=Contact(),
        failures=0,
        misses=0,
    )
