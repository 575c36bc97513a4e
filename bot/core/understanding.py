"""What the bot made of one text, with its reasons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.core.intents import Match
from bot.core.slots import Slots

OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """`matches` are ranked, best first, `out_of_scope` among them.

    `verdict`: `clear` (answer the first match), `unsure` (ask which of `candidates`), `unknown` (out of scope or unclear).
    `also`: further requests found in the same message. `denied`: what the message says is not so;
    `corrects`: whether it takes back something said before; `only_denies`: whether it does nothing else.
    """

    text: str
    matches: tuple[Match, ...]
    verdict: Literal["clear", "unsure", "unknown"]
    candidates: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    slots: Slots = Slots()
    denied: Slots = Slots()
    corrects: bool = False
    only_denies: bool = False

    @property
    def intent(self) -> str:
        """The label of this text: the first match's intent."""
        return self.matches[0].intent if self.matches else OUT_OF_SCOPE
