"""LINE events become utterances, read from the plain JSON so that one odd field never costs a message."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.channels.line import postback
from bot.channels.line.text import cleaned
from bot.core.messages import (
    Address,
    Attachment,
    Channel,
    Content,
    Handle,
    Joined,
    Left,
    Said,
    Speaker,
    Sticker,
    Unsent,
    Utterance,
)

TOKEN_LIFE = timedelta(seconds=50)
"""LINE promises one minute from the receipt; ten seconds of it are kept for the way."""

_REDELIVERED_TOKEN_LIFE = timedelta(minutes=20)
_DUMMY_TOKENS = ("0" * 32, "f" * 32)
_AFTER_CALL_NAME = re.compile(r"[\s、。,.:：;；!！?？]+|$")

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unheard:
    """An event that is not for us, and why: it is acknowledged, logged, and nothing else.

    `ordinary`: it comes all day, as talk among people in a group does.
    """

    why: str
    event_type: str = ""
    ordinary: bool = False


def utterance_of(
    event: object, *, received_at: datetime, call_names: Sequence[str] = ()
) -> Utterance | Unheard:
    """The utterance that a webhook *event* stands for.

    In groups and rooms words are heard only when they mention the bot, or begin with one of *call_names*.
    """
    fields = _fields(event)
    event_type = _text(fields, "type")

    def unheard(why: str) -> Unheard:
        return Unheard(why=why, event_type=event_type[:40])

    if _text(fields, "mode") not in ("", "active"):
        return unheard("not active")
    if _text(fields, "replyToken") in _DUMMY_TOKENS:
        return unheard("dummy of the verify button")
    source = _fields(fields.get("source"))
    to = _text(source, "groupId") or _text(source, "roomId") or _text(source, "userId")
    event_id = _text(fields, "webhookEventId")
    if not event_id or not to:
        return unheard("no event id or no source")
    content = _content(event_type, fields)
    if content is None:
        return unheard("unknown kind")
    if _text(source, "userId") != to:
        content = _addressed(content, fields, call_names)
    if content is None:
        return Unheard(why="not called in a group", event_type=event_type, ordinary=True)
    message = _fields(fields.get("message"))
    return Utterance(
        id=event_id,
        address=Address(channel=Channel.LINE, to=to),
        speaker=Speaker(id=_text(source, "userId")),
        content=content,
        said_at=_said_at(fields, received_at),
        handle=_handle(fields, received_at),
        message_id=_text(message, "id"),
        quoted_id=_text(message, "quotedMessageId"),
    )


def _content(event_type: str, fields: Fields) -> Content | None:
    match event_type:
        case "message":
            return _message(_fields(fields.get("message")))
        case "postback":
            return postback.read(_text(_fields(fields.get("postback")), "data"))
        case "follow" | "join":
            return Joined()
        case "unfollow" | "leave":
            return Left()
        case "unsend":
            message_id = _text(_fields(fields.get("unsend")), "messageId")
            return Unsent(message_id=message_id) if message_id else None
        case _:
            return None


def _message(message: Fields) -> Content | None:
    message_id = _text(message, "id")
    match _text(message, "type"):
        case "text":
            return Said(text=cleaned(_text(message, "text")))
        case "sticker":
            return _sticker(message)
        case "image" | "video" | "audio" as media if message_id:
            return Attachment(media=media, content_id=message_id)
        case "file" if message_id:
            return Attachment(media="file", content_id=message_id, name=cleaned(_text(message, "fileName")))
        case "location" if message_id:
            place = " ".join(filter(None, (_text(message, "title"), _text(message, "address"))))
            return Attachment(media="location", content_id=message_id, name=cleaned(place))
        case _:
            return None


def _sticker(message: Fields) -> Sticker:
    """A sticker with its meaning: LINE's keywords, and the words a person wrote on it."""
    keywords = message.get("keywords")
    meanings = [_text(message, "text"), *(keywords if isinstance(keywords, list) else ())]
    return Sticker(
        package_id=_text(message, "packageId"),
        sticker_id=_text(message, "stickerId"),
        keywords=tuple(cleaned(meaning) for meaning in meanings if isinstance(meaning, str) and meaning),
    )


def _addressed(content: Content, fields: Fields, call_names: Sequence[str]) -> Content | None:
    """*content* as the bot should hear it in a group; None when people talk among themselves."""
    match content:
        case Said():
            text = _text(_fields(fields.get("message")), "text")
            words = _after_mention(text, fields)
            if words is None:
                words = _after_call_name(text, call_names)
            return None if words is None else Said(text=cleaned(words))
        case Sticker() | Attachment():
            return None
        case _:
            return content


def _after_mention(text: str, fields: Fields) -> str | None:
    """*text* without the mentions of the bot itself; None when it is not mentioned."""
    mentionees = _fields(_fields(fields.get("message")).get("mention")).get("mentionees")
    if not isinstance(mentionees, list):
        return None
    own = [mentionee for mentionee in map(_fields, mentionees) if mentionee.get("isSelf") is True]
    if not own:
        return None
    # LINE counts the places in UTF-16 units. From the back, so that the places before stay true.
    encoded = text.encode("utf-16-le", "surrogatepass")
    for start, length in sorted(map(_place, own), reverse=True):
        if encoded[2 * start : 2 * start + 2] in _AT_SIGNS:
            encoded = encoded[: 2 * start] + encoded[2 * (start + length) :]
    return encoded.decode("utf-16-le", "ignore").strip()


_AT_SIGNS = ("@".encode("utf-16-le"), "＠".encode("utf-16-le"))


def _place(mentionee: Fields) -> tuple[int, int]:
    index, length = mentionee.get("index"), mentionee.get("length")
    if isinstance(index, int) and isinstance(length, int) and index >= 0 and length > 0:
        return index, length
    return 0, 0


def _after_call_name(text: str, call_names: Sequence[str]) -> str | None:
    """*text* after a call name that stands apart; 「窓口に電話した」 calls nobody, 「窓口、教えて」 does."""
    words = text.strip().removeprefix("@").removeprefix("＠")
    for name in filter(None, call_names):
        rest = words.removeprefix(name)
        if rest != words and (pause := _AFTER_CALL_NAME.match(rest)):
            return rest[pause.end() :]
    return None


def _handle(fields: Fields, received_at: datetime) -> Handle | None:
    token = _text(fields, "replyToken")
    if not token:
        return None
    expires_at = received_at + TOKEN_LIFE
    if _fields(fields.get("deliveryContext")).get("isRedelivery") is True:
        expires_at = min(expires_at, _said_at(fields, received_at) + _REDELIVERED_TOKEN_LIFE)
    return Handle(token=token, expires_at=expires_at) if expires_at > received_at else None


def _said_at(fields: Fields, received_at: datetime) -> datetime:
    milliseconds = fields.get("timestamp")
    if not isinstance(milliseconds, int):
        return received_at
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return received_at


def _fields(value: object) -> Fields:
    return value if isinstance(value, dict) else {}


def _text(fields: Fields, name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else ""
