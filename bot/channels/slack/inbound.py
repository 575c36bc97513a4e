"""Slack's payloads → Utterances. Pure: what is not for the bot, or not well formed, gives no Utterance.

Idempotency keys: messages by (team, channel, ts), so that a mention and the message event beside it are one; buttons by
(message, action_ts, user); commands and shortcuts by their trigger_id.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.channels.slack.mrkdwn import plain
from bot.core.messages import (
    Address,
    Attachment,
    Channel,
    Content,
    Edited,
    Handle,
    Pressed,
    Said,
    Speaker,
    Unsent,
    Utterance,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Payload = Mapping[str, Any]

SAY = "say"
COMMAND = "/mail"
LOOK_UP_SHORTCUT = "look_up_message"

ALONE = "@"
"""Begins the thread of an address that only one person sees: the answers to that person's commands in that channel."""

DESK_BUTTONS = "ticket_"

_CHANGES = frozenset({"message_changed", "message_deleted"})
_SPOKEN_SUBTYPES = frozenset({"", "file_share", "thread_broadcast", "me_message"})
_EMOJI = re.compile(r":([a-z0-9_+'-]+):(?::skin-tone-\d:)?")
_RESPONSE_URL_LIFE = timedelta(minutes=30)
_MEDIA = frozenset({"image", "video", "audio"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message event or mention as far as it matters: said by a person, at a place, in a kind of channel."""

    team: str
    channel: str
    ts: str
    thread: str
    user: str
    text: str
    direct: bool
    to_bot: bool
    files: tuple[Attachment, ...] = ()

    @property
    def place(self) -> Address:
        """Where the answer goes: the thread; in a direct message its thread, or the talk itself."""
        thread = self.thread if self.direct else self.thread or self.ts
        return Address(channel=Channel.SLACK, to=self.channel, thread=thread, team=self.team)


def read_message(body: Payload, bot_user: str) -> Message | None:
    """The message in *body*; None when it is not a person's: the bot's own, another bot's, an edit, a join …"""
    event: Payload = body["event"]
    if _string(event, "subtype") not in _SPOKEN_SUBTYPES or event.get("hidden"):
        return None
    if event.get("bot_id") or event.get("user") == bot_user:
        return None
    found = _strings(event, "channel", "ts", "user")
    if found is None or _moment(found["ts"]) is None:
        return None
    written = _string(event, "text")
    mention = re.compile(rf"<@{re.escape(bot_user)}(\|[^>]*)?>")
    return Message(
        team=_string(body, "team_id") or _string(event, "team"),
        channel=found["channel"],
        ts=found["ts"],
        thread=_string(event, "thread_ts"),
        user=found["user"],
        text=_clean(_with_emoji(mention.sub(" ", written), event)),
        direct=_is_direct(event, found["channel"]),
        to_bot=bool(bot_user and mention.search(written)),
        files=_files(event),
    )


def from_message(message: Message) -> tuple[Utterance, ...]:
    """What was said, then each file that came with it, as utterances of their own."""
    key = f"slack:{message.team}:{message.channel}:{message.ts}"
    spoken: list[tuple[str, Content]] = []
    if message.text or not message.files:
        spoken.append((key, Said(text=message.text, to_bot=message.to_bot)))
    spoken += [(f"{key}:{file.content_id}", file) for file in message.files]
    said_at = _moment(message.ts)
    assert said_at is not None  # read_message refuses others
    return tuple(
        Utterance(
            id=identity,
            address=message.place,
            speaker=Speaker(id=message.user),
            content=content,
            said_at=said_at,
            message_id=message.ts,
        )
        for identity, content in spoken
    )


def from_change(body: Payload, bot_user: str) -> Utterance | None:
    """A person changed or deleted a message of theirs in a thread; None for everything else, such as a link's preview."""
    event: Payload = body["event"]
    kind, before = _string(event, "subtype"), _mapping(event, "previous_message")
    now = _mapping(event, "message") if kind == "message_changed" else before
    found = _strings(event, "channel", "ts")
    user, ts = _string(before, "user"), _string(now, "ts") or _string(event, "deleted_ts")
    if (
        kind not in _CHANGES
        or found is None
        or not ts
        or not user
        or user == bot_user
        or before.get("bot_id")
    ):
        return None
    content: Content
    if kind == "message_deleted" or _string(now, "subtype") == "tombstone":
        content = Unsent(message_id=ts)
    elif _string(now, "text") != _string(before, "text"):
        content = Edited(message_id=ts, text=_clean(_with_emoji(_string(now, "text"), now)))
    else:
        return None
    team = _string(body, "team_id")
    said_at = _moment(found["ts"])
    if said_at is None:
        return None
    thread = _string(now, "thread_ts") or _string(before, "thread_ts")
    if not thread and not _is_direct(event, found["channel"]):
        thread = ts
    return Utterance(
        id=f"slack:{team}:{found['channel']}:{ts}:{kind}:{found['ts']}",
        address=Address(channel=Channel.SLACK, to=found["channel"], thread=thread, team=team),
        speaker=Speaker(id=user),
        content=content,
        said_at=said_at,
    )


def from_form(body: Payload, action: str, about: FormAbout, now: datetime) -> Utterance | None:
    """A form that was sent off: its fields as those of the button that stands for it."""
    view, user = _mapping(body, "view"), _mapping(body, "user")
    team = _team(body)
    if not (_string(view, "id") and _string(user, "id")):
        return None
    return Utterance(
        id=f"slack:{team}:view:{_string(view, 'id')}:{_string(view, 'hash')}",
        address=Address(channel=Channel.SLACK, to=about.channel, thread=about.thread, team=team),
        speaker=_speaker(user),
        content=Pressed(action=action, value=about.value, fields=tuple(form_fields(view).items())),
        said_at=now,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FormAbout:
    """What a form is about: carried with it as its private metadata."""

    channel: str = ""
    thread: str = ""
    value: str = ""


def form_fields(view: Payload) -> dict[str, str]:
    """What was filled in, by the name of the field."""
    values = _mapping(_mapping(view, "state"), "values")
    filled: dict[str, str] = {}
    for block in values.values():
        for name, field in (block if isinstance(block, dict) else {}).items():
            value = _filled(field) if isinstance(field, dict) else ""
            if value:
                filled[name] = value
    return filled


def _filled(field: Payload) -> str:
    chosen = _mapping(field, "selected_option")
    value = _string(field, "value") or _string(chosen, "value") or _string(field, "selected_user")
    return "".join(sign for sign in value if sign in "\n\t" or unicodedata.category(sign) != "Cc")


def from_command(body: Payload, now: datetime) -> Utterance | None:
    """A slash command: heard in private, answered to its speaker alone."""
    found = _strings(body, "team_id", "channel_id", "user_id", "trigger_id")
    if found is None:
        return None
    return Utterance(
        id=f"slack:{found['team_id']}:command:{found['trigger_id']}",
        address=_alone(found["team_id"], found["channel_id"], found["user_id"]),
        speaker=Speaker(id=found["user_id"], name=_string(body, "user_name")),
        content=Said(text=command_text(body), to_bot=True),
        said_at=now,
        handle=_handle(body, now),
    )


def command_text(body: Payload) -> str:
    """What was typed after the command."""
    return _clean(_string(body, "text"))


def from_shortcut(body: Payload, now: datetime) -> Utterance | None:
    """The message shortcut: the marked message's words, asked by who chose it, answered in that message's thread."""
    message, channel, user = (_mapping(body, name) for name in ("message", "channel", "user"))
    ts = _string(message, "ts") or _string(body, "message_ts")
    trigger = _string(body, "trigger_id") or _string(body, "action_ts")
    team = _team(body)
    if not (ts and trigger and _string(channel, "id") and _string(user, "id")):
        return None
    return Utterance(
        id=f"slack:{team}:shortcut:{trigger}",
        address=Address(
            channel=Channel.SLACK,
            to=_string(channel, "id"),
            thread=_string(message, "thread_ts") or ts,
            team=team,
        ),
        speaker=_speaker(user),
        content=Said(text=_clean(_string(message, "text")), to_bot=True),
        said_at=now,
        handle=_handle(body, now),
        message_id=ts,
    )


def from_action(body: Payload, now: datetime) -> Utterance | None:
    """A pressed button: one of the desk's fixed actions, or words (`say:<n>`)."""
    actions = body.get("actions") or [{}]
    action: Payload = actions[0] if isinstance(actions[0], dict) else {}
    container, user = _mapping(body, "container"), _mapping(body, "user")
    channel = _string(_mapping(body, "channel"), "id") or _string(container, "channel_id")
    ts = _string(container, "message_ts") or _string(_mapping(body, "message"), "ts")
    name = _string(action, "action_id").partition(":")[0]
    if not (name and channel and ts and _string(user, "id")):
        return None
    team = _team(body)
    pressed_at = _string(action, "action_ts") or _string(body, "trigger_id")
    return Utterance(
        id=f"slack:{team}:{channel}:{ts}:{pressed_at}:{_string(user, 'id')}",
        address=_place_of_button(body, team, channel, ts),
        speaker=_speaker(user),
        content=Pressed(
            action=name,
            value=_string(action, "value"),
            label=_string(_mapping(action, "text"), "text"),
        ),
        said_at=_moment(pressed_at) or now,
        handle=_handle(body, now) if container.get("is_ephemeral") else None,
        message_id=ts,
    )


def _place_of_button(body: Payload, team: str, channel: str, ts: str) -> Address:
    """Where the talk of the button's message goes on: alone with the person if only that person sees it."""
    container, message = _mapping(body, "container"), _mapping(body, "message")
    if container.get("is_ephemeral"):
        return _alone(team, channel, _string(_mapping(body, "user"), "id"))
    thread = _string(message, "thread_ts") or _string(container, "thread_ts")
    if not thread and not _is_direct({}, channel):
        thread = ts
    return Address(channel=Channel.SLACK, to=channel, thread=thread, team=team)


def _alone(team: str, channel: str, user: str) -> Address:
    return Address(channel=Channel.SLACK, to=channel, thread=f"{ALONE}{user}", team=team)


def asks_in_private(utterance: Utterance) -> bool:
    """Whether somebody asks for themselves where nobody else reads it: not an operator with a button of the desk's."""
    content = utterance.content
    at_work = isinstance(content, Pressed) and content.action.startswith(DESK_BUTTONS)
    return utterance.address.thread.startswith(ALONE) and not at_work


def _handle(body: Payload, now: datetime) -> Handle | None:
    """The response_url, good for a few answers within half an hour, also where the bot is not a member."""
    url = _string(body, "response_url")
    return Handle(token=url, expires_at=now + _RESPONSE_URL_LIFE) if url else None


def _files(event: Payload) -> tuple[Attachment, ...]:
    files = event.get("files")
    if not isinstance(files, list):
        return ()
    return tuple(
        Attachment(media=_media(file), content_id=_string(file, "id"), name=_string(file, "name"))
        for file in files
        if isinstance(file, dict) and _string(file, "id")
    )


def _media(file: Payload) -> Any:
    media = _string(file, "mimetype").partition("/")[0]
    return media if media in _MEDIA else "file"


def _is_direct(event: Payload, channel: str) -> bool:
    return event.get("channel_type") == "im" or is_direct(channel)


def is_direct(channel: str) -> bool:
    """Whether *channel* is a direct talk with one person."""
    return channel.startswith("D")


def _team(body: Payload) -> str:
    return _string(_mapping(body, "team"), "id") or _string(_mapping(body, "user"), "team_id")


def _speaker(user: Payload) -> Speaker:
    return Speaker(id=_string(user, "id"), name=_string(user, "name") or _string(user, "username"))


def _with_emoji(markup: str, message: Payload) -> str:
    """*markup* with emoji as characters, as Slack tells them beside their names; a workspace's own stay names."""
    known = dict(_emoji(message.get("blocks")))
    if not known:
        return markup
    return _EMOJI.sub(lambda found: known.get(found[1], found[0]), markup)


def _emoji(node: Any) -> Iterator[tuple[str, str]]:
    """Every emoji in blocks: its name and its characters."""
    if isinstance(node, list):
        for one in node:
            yield from _emoji(one)
    elif isinstance(node, dict):
        name, code = node.get("name"), node.get("unicode")
        if node.get("type") == "emoji" and isinstance(name, str) and isinstance(code, str):
            if signs := _signs(code):
                yield name, signs
        else:
            yield from _emoji(node.get("elements"))


def _signs(code: str) -> str:
    """The characters of code points such as 1f468-200d-1f4bb."""
    try:
        return "".join(chr(int(point, 16)) for point in code.split("-"))
    except (ValueError, OverflowError):
        return ""


def _clean(markup: str) -> str:
    """Plain text without control characters; lines are kept."""
    text = plain(markup)
    return "".join(
        character for character in text if character in "\n\t" or unicodedata.category(character) != "Cc"
    ).strip()


def _moment(ts: str) -> datetime | None:
    """The time in a Slack `ts`."""
    try:
        return datetime.fromtimestamp(float(ts), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _mapping(body: Payload, name: str) -> Payload:
    value = body.get(name)
    return value if isinstance(value, dict) else {}


def _string(body: Payload, name: str) -> str:
    value = body.get(name)
    return value if isinstance(value, str) else ""


def _strings(body: Payload, *names: str) -> dict[str, str] | None:
    """These fields, all of them, or None."""
    found = {name: _string(body, name) for name in names}
    return found if all(found.values()) else None
