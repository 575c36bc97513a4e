"""Misses: messages that were not understood, kept so that people can teach the bot. Masked, and nobody's."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from bot.core.dialogue import short_answers as short
from bot.core.dialogue.acknowledgements import acknowledges
from bot.core.dialogue.bare import bare
from bot.core.dialogue.contact import find_contact
from bot.core.dialogue.decisions import HandOff, Offer
from bot.core.dialogue.decisions import Miss as NotUnderstood
from bot.core.dialogue.hearing import hear
from bot.core.hours import JAPAN
from bot.core.misses import Miss, Reason
from bot.core.safety.privacy import MASK, USUAL, Private, mask
from bot.core.spelling import one_spelling
from bot.core.text import fold
from bot.core.understand import understand
from bot.core.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.core.conversations import Conversation, Line
    from bot.core.dialogue.talk import Turn
    from bot.core.library import Library
    from bot.core.messages import Utterance
    from bot.core.understanding import Understanding


def found_misses(
    turn: Turn, utterance: Utterance, before: Conversation, library: Library
) -> tuple[Miss, ...]:
    """What is to be learnt from this turn; *before* is the conversation as it was when the utterance came."""
    found = []
    denial = _denied(turn)
    if denial or _wants_a_person(turn):
        earlier = _request_before(utterance, before, library)
        if earlier:
            line, understanding = earlier
            reason: Reason = "denied" if denial else "handed_off"
            found.append(_miss(understanding, line.said_at, line.message_id, reason, utterance, library))
    says_more = denial is None or bool(denial["rest"])
    if says_more and _not_understood(turn):
        found.append(
            _miss(turn.understanding, utterance.said_at, utterance.message_id, "unknown", utterance, library)
        )
    return tuple(miss for miss in found if fold(miss.text))


def _not_understood(turn: Turn) -> bool:
    """Whether the answer was that the bot does not know."""
    if isinstance(turn.decision, Offer):
        return turn.decision.how is Wording.MISS_AGAIN or turn.reading.act == "miss"
    return isinstance(turn.decision, NotUnderstood)


def _wants_a_person(turn: Turn) -> bool:
    reading = turn.reading
    return isinstance(turn.decision, HandOff) and (reading.act, reading.intent) == ("request", "handoff")


def _denied(turn: Turn) -> re.Match[str] | None:
    """「違う」, 「そうじゃなくて…」: the answer was beside the point. A slip that is put right, 「違います、OCNです」, is not meant."""
    denial = _DENIAL.fullmatch(one_spelling(turn.text))
    if denial is None:
        return None
    names = replace(turn.reading.told, direction=None, protocol=None)
    return None if names.told else denial


_NEGATED = r"(?:じゃ|では|や)(?:ない|なく|なくて|なかった|ありません|ねえ|ねー)"
_DENIAL = re.compile(
    r"(?:(?:いや|いえ|いいえ|え|あの|うーん|だから)[ー、。\s]*)*"
    rf"(?:違う|違い(?:ます|ました)|違った|ちがう|ちがい(?:ます|ました)|ちがった|(?:ちゃう)+|ちゃいます|どれでも(?:ない|ありません)|(?:そう|そういう(?:こと|話|はなし|意味)|その(?:こと|話|はなし)|それ|そっち|そこ){_NEGATED})"
    r"(?:の?です|んです|って|とおもいます|と思います|けれど|けど|が|よ|ね|の|わ|な|て|ば)*"
    r"(?:[、。,.!?\s…]+(?P<rest>.*))?",
    re.DOTALL,
)


def _request_before(
    utterance: Utterance, before: Conversation, library: Library
) -> tuple[Line, Understanding] | None:
    """The customer's last line that asked for something, if the bot answered it a short while ago."""
    if not before.recent or before.recent[-1].who != "bot":
        return None
    for line in _recent_lines(utterance, before):
        understanding = understand(hear(line.text, library).meant, library)
        if not _beside_the_point(line.text, understanding, library):
            return line, replace(understanding, text=line.text)
    return None


def _recent_lines(utterance: Utterance, before: Conversation) -> Iterator[Line]:
    lines = [line for line in reversed(before.recent) if line.who == "customer"]
    return (line for line in lines[:_LINES_BACK] if utterance.said_at - line.said_at <= _SAME_TALK)


_LINES_BACK = 4
_SAME_TALK = timedelta(minutes=30)


def _beside_the_point(text: str, understanding: Understanding, library: Library) -> bool:
    """Whether the line only answered, greeted, complained or left a name: nothing that was to be understood."""
    contact = find_contact(text)
    return (
        bool(contact.name or contact.phone)
        or bare(text, understanding.slots, library)
        or short.says_yes(text, library)
        or short.says_no(text, library)
        or acknowledges(text, library)
        or _DENIAL.fullmatch(one_spelling(text)) is not None
        or (understanding.verdict == "clear" and understanding.intent in _NO_REQUEST)
    )


_NO_REQUEST = frozenset({"greeting", "resolved_thanks", "not_resolved", "handoff"})


def _miss(  # noqa: PLR0913, PLR0917 - the parts of one value
    understanding: Understanding,
    said_at: datetime,
    message_id: str,
    reason: Reason,
    utterance: Utterance,
    library: Library,
) -> Miss:
    text = _nobodys(understanding, library)
    return Miss(
        id=str(uuid5(_NAMESPACE, f"{message_id}\n{said_at.isoformat()}\n{text}")),
        text=text,
        reason=reason,
        channel=utterance.address.channel,
        said_on=said_at.astimezone(JAPAN).date(),
        guesses=understanding.matches,
        slots=replace(understanding.slots, hosts=(), unknown_domain=None),
        message_id=message_id,
    )


_NAMESPACE = UUID("6c1d0f0e-4f5b-5a0e-9a55-6d6973736573")
_ALL_KINDS: frozenset[Private] = USUAL | {"phone", "postal"}
_LONGEST = 1_000


def _nobodys(understanding: Understanding, library: Library) -> str:
    """The text without anything that tells whose it is: also names, and domains that are no provider's."""
    text = mask(understanding.text, _ALL_KINDS).text
    if name := find_contact(understanding.text).name:
        text = text.replace(name, MASK)
    text = _DOMAIN.sub(lambda found: found[0] if _of_a_provider(found[0], library) else MASK, text)
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


_LABEL = r"[A-Za-z0-9Ａ-Ｚａ-ｚ０-９\-－]+"
_DOMAIN = re.compile(rf"{_LABEL}(?:[.．]{_LABEL})*[.．][A-Za-zＡ-Ｚａ-ｚ]{{2,}}")


def _of_a_provider(domain: str, library: Library) -> bool:
    """Whether *domain* is one that many people share."""
    spelled = unicodedata.normalize("NFKC", domain).lower()
    shared = (known for provider in library.providers.values() for known in provider.domains)
    return any(fnmatchcase(spelled, known) or fnmatchcase(spelled, f"*.{known}") for known in shared)
