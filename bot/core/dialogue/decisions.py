"""What the bot can do about an utterance, each way as a value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.core.conversations import Question
from bot.core.intents import Block
from bot.core.tickets import Contact
from bot.core.wording import Wording

TicketKind = Literal["handoff", "migration"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """Blocks of one intent to give now."""

    intent: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Serve these, then ask `question` if there is one. `repeats`: it had been asked before something came between."""

    servings: tuple[Serving, ...]
    question: Question | None = None
    repeats: bool = False
    kind: Literal["answer"] = "answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskSlot:
    """Ask the open question again, with the help `how`."""

    question: Question
    how: Wording
    kind: Literal["ask"] = "ask"


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm:
    """「どちらですか」"""

    candidates: tuple[str, ...]
    kind: Literal["confirm"] = "confirm"


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOff:
    """Bring in a person. `opens`: a ticket opens now, with what is known of `contact`; `asks` is the contact slot to ask for
    ("": none), `how` the words that ask for it.
    """

    ticket: TicketKind
    reason: str
    opens: bool
    contact: Contact = Contact()
    asks: str = ""
    how: Wording | None = None
    kind: Literal["handoff"] = "handoff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Say `how` and offer a person; "yes" will do."""

    how: Wording
    kind: Literal["offer"] = "offer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A short word and nothing else; the open question stays as it is."""

    how: Wording
    drops_question: bool = False
    kind: Literal["remark"] = "remark"


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """Not understood: say what the bot can do; `question`, if there is one, is asked again. `about` is the intent that
    the utterance was at least about ("": not even that).
    """

    question: Question | None = None
    about: str = ""
    kind: Literal["miss"] = "miss"


Decision = Answer | AskSlot | Confirm | HandOff | Offer | Remark | Miss
