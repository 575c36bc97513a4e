"""What a message hides while the talk is about signing in: there a bare 「Neko1948」 is a password too."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from bot.core.safety.passwords import mentions_passwords
from bot.core.safety.privacy import USUAL, Masked, Private, mask
from bot.core.text import fold, hiragana, plain

if TYPE_CHECKING:
    from bot.core.conversations import Conversation
    from bot.core.facts import Client
    from bot.core.library import Library
    from bot.core.providers import Provider

TOPIC = "auth_failed"

_LINES_BACK = 3
_WITH_TOKENS: frozenset[Private] = USUAL | {"token"}


def mask_in_talk(text: str, conversation: Conversation, library: Library) -> Masked:
    """*text* as anybody but its writer may see it, in the light of the talk before it.

    The talk is looked at last: few messages hold a word that it could make a password.
    """
    masked = mask(text, _WITH_TOKENS)
    if "token" not in masked.found:
        return masked
    if _answers_with_a_number(text, conversation) or not signing_in(conversation):
        return mask(text)
    masked = mask(text, _WITH_TOKENS, names=_names(library))
    if "token" not in masked.found:
        return masked
    return replace(masked, found=masked.found - {"token"} | {"password"})


def signing_in(conversation: Conversation) -> bool:
    """Whether passwords were the matter just now. Of a talk with an operator, only what that person said last counts."""
    heard = [line for line in conversation.recent if line.who != "customer"]
    if heard and heard[-1].who == "operator":
        return _mentions(heard[-1].text)
    if conversation.topic == TOPIC:
        return True
    return any(_mentions(line.text) for line in conversation.recent[-_LINES_BACK:])


@lru_cache(maxsize=1024)
def _mentions(text: str) -> bool:
    """Asked of the same lines turn after turn, and many of them are the bot's own."""
    return mentions_passwords(hiragana(plain(text)))


def _names(library: Library) -> frozenset[str]:
    """The names of providers and mail programs, such as 「iij4u」."""
    named: tuple[Provider | Client, ...] = (*library.providers.values(), *library.clients.values())
    return frozenset(fold(name) for each in named for name in (each.id, each.name, *each.aliases))


def _answers_with_a_number(text: str, conversation: Conversation) -> bool:
    """Whether digits answer a question of the bot, which asked for something else."""
    word = fold(text).removesuffix("です")
    return conversation.question is not None and word.isdecimal()
