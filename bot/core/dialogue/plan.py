"""How far a reply can be given with what is known: its blocks in order, up to the first that needs something asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.dialogue.compare import reports_numbers
from bot.core.intents import Block

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.intents import Intent
    from bot.core.slots import Slots

OPENING = "opening"
"""The text of an intent that is said once, at its start: left out when the topic is taken up again."""

_NEEDS = {
    "settings": "provider",
    "provider_page": "provider",
    "compare": "provider",
    "temporary_measure": "provider",
    "steps": "client",
    "client_dates": "client",
    "error_code": "error_code",
}
_SMALL = frozenset({"choices", "offer_migration", "offer_handoff"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Blocks that can be given now, and the slot to ask for before the rest ("": nothing is missing)."""

    blocks: tuple[Block, ...]
    missing: str = ""


def plan(  # noqa: PLR0913 - keyword-only and all of one scene
    intent: Intent,
    slots: Slots,
    *,
    staff: bool = False,
    resume: str = "",
    again: bool = False,
    compares: bool = True,
) -> Plan:
    """What to give of *intent* now.

    *resume* is a slot that was just answered: what came before it has been said. *again*: the topic is taken up again.
    *compares*: whether numbers told earlier are compared with the right ones.
    """
    blocks = list(_blocks(intent, staff=staff))
    if resume:
        blocks = blocks[_first_needing(blocks, resume) :]
    if again or resume:
        blocks = _without_opening(blocks, intent, slots)
    given: list[Block] = []
    for block in blocks:
        if block.kind == "compare" and not (compares and reports_numbers(slots)):
            continue
        missing = _missing(block, slots)
        if missing and missing in intent.needs:
            return Plan(blocks=tuple(given), missing=missing)
        if block.kind == "settings" and _compared(given):
            given += _of_the_other_way(slots)
        elif not missing:
            given.append(block)
    return Plan(blocks=tuple(given))


def _blocks(intent: Intent, *, staff: bool) -> Sequence[Block]:
    if not staff:
        return intent.reply
    if intent.terse:
        return intent.terse
    facts = [block for block in intent.reply if block.kind not in _SMALL and block.kind != "text"]
    return facts or [block for block in intent.reply if block.kind == "text"]


def _without_opening(blocks: list[Block], intent: Intent, slots: Slots) -> list[Block]:
    """The opening is said once, unless it is all that the intent has to say now."""
    rest = [block for block in blocks if (block.kind, block.argument) != ("text", OPENING)]
    return rest if any(_leads_on(block, intent, slots) for block in rest) else blocks


def _leads_on(block: Block, intent: Intent, slots: Slots) -> bool:
    """Whether *block* says something, or has something asked for that it needs."""
    missing = _missing(block, slots)
    return block.kind not in _SMALL and (not missing or missing in intent.needs)


def _first_needing(blocks: Sequence[Block], slot: str) -> int:
    return next((n for n, block in enumerate(blocks) if needed(block) == slot), 0)


def needed(block: Block) -> str:
    """The slot without which the block cannot be given; a date named outright needs none."""
    return "" if block.kind == "client_dates" and block.argument else _NEEDS.get(block.kind, "")


def _missing(block: Block, slots: Slots) -> str:
    slot = needed(block)
    if not slot or getattr(slots, slot) or (slot == "provider" and slots.unknown_domain):
        return ""
    return slot


def _of_the_other_way(slots: Slots) -> tuple[Block, ...]:
    """The card of the way that is asked for, where only numbers of the other one were compared."""
    way = slots.direction
    if way is None or any(port.role is way for port in slots.ports) or not slots.ports:
        return ()
    return (Block(kind="settings", argument=way.value),)


def _compared(given: Sequence[Block]) -> bool:
    return any(block.kind == "compare" for block in given)
