"""The clause of a message that tells what was wanted, when the words beside it are no request: 「OCNだよ、早くしろ」."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.dialogue.bare import bare
from bot.core.dialogue.hearing import clauses
from bot.core.dialogue.reading import SURE, clear_request
from bot.core.understand import understand

if TYPE_CHECKING:
    from bot.core.conversations import Question
    from bot.core.library import Library
    from bot.core.understanding import Understanding


def essence(understanding: Understanding, question: Question | None, library: Library) -> Understanding:
    """*understanding* cut down to the clauses that tell something, unless another one stands as a request of its own."""
    told = understanding.slots
    if not (told.provider or told.client or told.unknown_domain) or told.ports or told.error_code:
        return understanding
    pieces = clauses(understanding.text)
    if len(pieces) == 1:
        return understanding
    telling = [piece for piece in pieces if _is_bare(piece, library)]
    rest = "".join(piece for piece in pieces if piece not in telling)
    if not telling or not rest:
        return understanding
    beside = understand(rest, library)
    stands = clear_request(beside) and beside.matches[0].score >= SURE
    wanted = _TURNS_OVER.get(question.slot) if question else None
    if stands and beside.intent not in {wanted, question.intent if question else None}:
        return understanding
    return replace(
        understanding, text="".join(telling), matches=(), verdict="unknown", candidates=(), also=()
    )


_TURNS_OVER = {"provider": "provider_docs"}
"""What words beside an answer are about when they only turn over the question: 「回線の会社のこと？それならOCNです」."""


def _is_bare(piece: str, library: Library) -> bool:
    told = library.slot_finder.find(piece)
    return told.told and bare(piece, told, library)
