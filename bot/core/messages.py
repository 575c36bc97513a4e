"""What is said, by whom, where, and what is said back: channel-neutral values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal


class Channel(StrEnum):
    LINE = "line"
    SLACK = "slack"
    CONSOLE = "console"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A place a message comes from or goes to.

    `to`: LINE user, group or room id; Slack channel id; name of a console conversation.
    `thread`: Slack thread_ts, else "". `team`: Slack workspace id, else "".
    """

    channel: Channel
    to: str
    thread: str = ""
    team: str = ""

    @property
    def key(self) -> str:
        """One string for the place: the identity of a conversation."""
        return f"{self.channel}:{self.team}:{self.to}:{self.thread}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Who speaks: the platform's id and, where the platform tells it, the name."""

    id: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Words typed by a person. `to_bot`: the bot was called by name, as among people who also talk to one another."""

    text: str
    to_bot: bool = False
    kind: Literal["said"] = "said"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sticker:
    """A LINE sticker; `keywords` is its meaning as LINE tells it."""

    package_id: str
    sticker_id: str
    keywords: tuple[str, ...] = ()
    kind: Literal["sticker"] = "sticker"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A picture, film, sound or file; `content_id` is what the channel fetches it by."""

    media: Literal["image", "video", "audio", "file", "location"]
    content_id: str
    name: str = ""
    kind: Literal["attachment"] = "attachment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """A button. `action` is its fixed id (`say`, `ticket_take` …), `value` its data, `label` what the person saw.
    `fields` are what was filled into the form that the button sent off, by name.
    """

    action: str
    value: str = ""
    label: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    kind: Literal["pressed"] = "pressed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """A customer added the bot (LINE follow), or the bot was invited to a group."""

    kind: Literal["joined"] = "joined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """A customer blocked the bot (LINE unfollow), or the bot was removed from a group."""

    kind: Literal["left"] = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsent:
    """A person took back an earlier message; what is stored of it must go."""

    message_id: str
    kind: Literal["unsent"] = "unsent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """A person changed an earlier message; `text` is how it reads now."""

    message_id: str
    text: str
    kind: Literal["edited"] = "edited"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lapsed:
    """Nobody spoke: the time set for a ticket has passed. `what` names the timer; `mark` is what it was set on, so that
    it means nothing once that has changed.
    """

    ticket_id: str
    what: str
    mark: str
    kind: Literal["lapsed"] = "lapsed"


Content = Said | Sticker | Attachment | Pressed | Joined | Left | Unsent | Edited | Lapsed


@dataclass(frozen=True, slots=True, kw_only=True)
class Handle:
    """A one-time way to answer: a LINE reply token (free, one use, until `expires_at`)."""

    token: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """One event of a person, at one address.

    `id` is the idempotency key (LINE webhookEventId; Slack team, channel and ts).
    `message_id` is the platform's id of the message itself, `quoted_id` the one it quotes; "" where there is none.
    `begun_by` is the id of the Send that began the thread, where it may not be on record yet that it stands there.
    """

    id: str
    address: Address
    speaker: Speaker
    content: Content
    said_at: datetime
    handle: Handle | None = None
    message_id: str = ""
    quoted_id: str = ""
    begun_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A button of a reply: `label` is seen; pressing it counts as typing `says` (empty: the label),
    or, with `action`, as pressing that fixed action with `value`.
    """

    label: str
    says: str = ""
    action: str = ""
    value: str = ""
    style: Literal["", "primary", "danger"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Plain text, lines kept. `mentions` are called by name on Slack: user ids, or "here" for everyone present."""

    text: str
    mentions: tuple[str, ...] = ()
    kind: Literal["text"] = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A picture, film, sound or file as it came in on `source`, where `content_id` fetches it."""

    media: Literal["image", "video", "audio", "file", "location"]
    source: Channel
    content_id: str
    name: str = ""
    kind: Literal["media"] = "media"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a card. `mark` says how it compares: as a wrong value, as a right one, or not at all.

    `reported` is what a customer has in the place of `value`; the mark is on it then.
    """

    label: str
    value: str
    mark: Literal["", "wrong", "right"] = ""
    reported: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Rows under a heading, e.g. 受信サーバー."""

    heading: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsCard:
    """Server settings as a table to copy from; every word is already Japanese text.

    `columns` are the headings over what is reported and over what is right, where a card compares them.
    """

    title: str
    sections: tuple[Section, ...]
    notes: tuple[str, ...] = ()
    source: str = ""
    link: str = ""
    link_label: str = ""
    columns: tuple[str, str] = ("", "")
    kind: Literal["settings"] = "settings"


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """Numbered steps, one action a line."""

    title: str
    lines: tuple[str, ...]
    kind: Literal["steps"] = "steps"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """A question with buttons; typing works too. `prompt` may be empty when the text before it already asks."""

    prompt: str
    options: tuple[Choice, ...]
    kind: Literal["choices"] = "choices"


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketCard:
    """A ticket as operators see it; `buttons` carry fixed action ids with the ticket's id as value,
    `picture` is the customer's, as an address.
    """

    ticket_id: str
    title: str
    rows: tuple[Row, ...]
    talk: tuple[str, ...] = ()
    state: str = ""
    closed: bool = False
    buttons: tuple[Choice, ...] = ()
    picture: str = ""
    kind: Literal["ticket"] = "ticket"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A small text file for the desk, such as a visit for the calendar."""

    name: str
    text: str
    kind: Literal["document"] = "document"


Part = Text | SettingsCard | Steps | Choices | TicketCard | Media | Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What is said back, in order. Empty means silence."""

    parts: tuple[Part, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """Post a reply. `sender` shows another name (LINE sender override), "" the bot's own.
    `only_for` shows it to that Slack user alone; `broadcast` shows a thread's message in its channel too.
    """

    reply: Reply
    sender: str = ""
    only_for: str = ""
    broadcast: bool = False
    kind: Literal["say"] = "say"


@dataclass(frozen=True, slots=True, kw_only=True)
class Revise:
    """Replace a message posted earlier by the send `send_id` (a ticket card that changed)."""

    send_id: str
    reply: Reply
    kind: Literal["revise"] = "revise"


@dataclass(frozen=True, slots=True, kw_only=True)
class React:
    """Put an emoji on a message."""

    message_id: str
    emoji: str
    kind: Literal["react"] = "react"


Payload = Say | Revise | React


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """A row of the outbox: what to deliver, where, and how to do it once.

    `id` is a UUID made from the utterance's id, so that the same event always makes the same rows; LINE's retry key.
    `lane` groups rows that must leave in order. `ticket_id` set with an empty thread means "the thread of that ticket".
    `origins` are the ids of the messages that this carries to the other side of a ticket: it confirms them, or not.
    `cause` is the utterance that it comes from; the reception fills it in.
    """

    id: str
    address: Address
    payload: Payload
    lane: str
    due_at: datetime
    handle: Handle | None = None
    ticket_id: str = ""
    origins: tuple[str, ...] = ()
    cause: str = ""
