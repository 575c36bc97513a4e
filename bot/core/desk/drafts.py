"""What the bot would say to the customer's last words: shown to the taker alone, to send, edit or drop."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from bot.core.conversations import Mode
from bot.core.desk import cards
from bot.core.dialogue.talk import talk
from bot.core.messages import (
    Choice,
    Choices,
    Document,
    Media,
    Part,
    Reply,
    Row,
    SettingsCard,
    Steps,
    Text,
    TicketCard,
)
from bot.core.outcome import Outcome
from bot.core.wording import Wording, known

if TYPE_CHECKING:
    from bot.core.desk.matter import Matter

_LONGEST = 1_800
"""A Slack button carries 2,000 characters, the ticket's id among them."""

_QUOTE = 40


def offered(matter: Matter) -> Outcome:
    """The draft with its buttons, seen by the taker alone. No line of it leaves before they say so."""
    text = suggestion(matter)
    if not text:
        return Outcome(sends=matter.aside(Wording.DRAFT_NONE))
    names = (cards.TICKET_DRAFT_SEND, cards.TICKET_DRAFT_EDIT, cards.TICKET_DRAFT_DROP)
    buttons = tuple(_carrying(matter.library.buttons[name], matter.ticket.id, text) for name in names)
    return Outcome(sends=matter.aside(Wording.DRAFT_SHOWN, buttons=buttons, text=text), intent="handoff")


def suggestion(matter: Matter) -> str:
    """What the bot would answer now; "" where it would only hand over or ask again."""
    asked = next((line.text for line in reversed(matter.customer.recent) if line.who == "customer"), "")
    if not asked:
        return ""
    conversation = replace(matter.customer, mode=Mode.BOT, question=None)
    turn = talk(asked, conversation, matter.library, staff=False)
    if turn.decision.kind not in {"answer", "ask"}:
        return ""
    return words_of(turn.reply)[:_LONGEST]


def filled(text: str, matter: Matter) -> str:
    """A ready-made reply with the customer's facts in its places."""
    name, taker = matter.words(Wording.REPLY_NAME), matter.ticket.taker_name
    return text.format_map(
        known(matter.ticket.slots, matter.library) | {"name": name, "taker": taker}
    ).strip()


def words_of(reply: Reply) -> str:
    """A reply in plain words."""
    return "\n".join(line for part in reply.parts for line in _lines(part) if line.strip())


def short(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= _QUOTE else f"{one_line[: _QUOTE - 1]}…"


def _carrying(button: Choice, ticket_id: str, text: str) -> Choice:
    return replace(button, value=f"{ticket_id}:{text}")


def _lines(part: Part) -> list[str]:
    match part:
        case Text(text=text):
            return [text]
        case SettingsCard():
            rows = [
                line
                for section in part.sections
                for line in (section.heading, *map(_row_words, section.rows))
            ]
            return [part.title, *rows, *part.notes, part.source]
        case Steps(title=title, lines=lines):
            return [title, *(f"{number}. {line}" for number, line in enumerate(lines, 1))]
        case Choices(prompt=prompt):
            return [prompt]
        case TicketCard() | Media() | Document():
            return []
    assert_never(part)


def _row_words(row: Row) -> str:
    """The row on one line, the value after what is reported in its place."""
    changed = row.reported and row.reported != row.value
    return f"{row.label}: {row.reported} → {row.value}" if changed else f"{row.label}: {row.value}"
