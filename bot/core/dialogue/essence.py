"""The clause of a message that tells what was wanted, when the words beside it are no request: 「OCNだよ、早くしろ」."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.dialogue import short_answers as short
from bot.core.dialogue.bare import bare
from bot.core.dialogue.hearing import clauses, sentences
from bot.core.dialogue.reading import SURE, SYMPTOMS, certain, clear_request
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


def wanted_at_last(understanding: Understanding, library: Library) -> Understanding:
    """「何度も同じことを聞くな！人間を出せ」, 「会社がわからないけど…です。受信の番号教えて」: what the last sentence asks for, where it
    stands by itself and so surely that what was said before only leads to it. The slots are those of all that was said.
    """
    *before, last = sentences(understanding.text) or ("",)
    asked_before = any(short.asks(said, library) and not short.says_unsure(said, library) for said in before)
    if not before or asked_before or understanding.intent in SYMPTOMS:
        return understanding
    if short.cancels(last, library) or not (
        short.asks(last, library) or short.asks_a_favour(last, library) or short.names_a_person(last, library)
    ):
        return understanding
    wanted = understand(last, library)
    if wanted.intent == understanding.intent or not certain(wanted, library, least=_STANDS_ALONE):
        return understanding
    return replace(wanted, text=understanding.text, slots=understanding.slots, also=())


def with_all_that_is_listed(understanding: Understanding, library: Library) -> Understanding:
    """「OCNの送信の番号と、更新を止めていいかの2点」: what either half asks for by itself, where they are two things."""
    text = understanding.text
    if not short.asks(text, library):
        return understanding
    halves = _LISTED.split(text, maxsplit=1)
    if len(halves) == 1:
        return understanding
    wanted = [half.intent for part in halves if clear_request(half := understand(part, library))]
    further = tuple(intent for intent in wanted if intent not in {understanding.intent, *understanding.also})
    if len(wanted) < len(halves) or not further or _NO_LIST.intersection(wanted):
        return understanding
    return replace(understanding, also=(*understanding.also, *further))


_LISTED = re.compile(r"(?<![うくぐすつぬぶむるだ])と、(?!思)|[、。]?(?:それと|あと|また)、?(?=.{6})")
"""What stands between two things that are asked for; 「…すると、」 tells what happens."""
_NO_LIST = SYMPTOMS | {"not_resolved", "handoff", "error_code"}
"""What is told in as many words as one likes, and is still one thing."""
_STANDS_ALONE = 0.9
_TURNS_OVER = {"provider": "provider_docs"}
"""What words beside an answer are about when they only turn over the question: 「回線の会社のこと？それならOCNです」."""


def _is_bare(piece: str, library: Library) -> bool:
    told = library.slot_finder.find(piece)
    return told.told and bare(piece, told, library)
