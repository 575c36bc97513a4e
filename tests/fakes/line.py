"""A strict stand-in of LINE on 127.0.0.1: the Messaging API, its data host, and the builder of signed webhooks.

    line = await FakeLine.start()
    body = line.event_body(text="メールが届きません")
    await client.post("/line/webhook", content=body, headers=line.signed(body))
    assert line.replies[0].texts == ["…"]
    await line.stop()

It refuses what LINE refuses (see line_rules), knows which reply tokens it gave out, and goes wrong on demand:
`line.fail("reply", Fault.RESET)` spoils the next reply. `async with FakeLine.running() as line:` does start and stop.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import re
import uuid
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.fakes.line_rules import faults_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

SECRET = "channel-secret-of-the-stand-in"
ACCESS_TOKEN = "access-token-of-the-stand-in"
BOT = "U" + "b" * 32
USER = "U" + "a" * 32
GROUP = "C" + "c" * 32
TOKEN_LIFE = timedelta(minutes=1)


class Fault(StrEnum):
    """What goes wrong with a call."""

    ERROR = "500, not accepted"
    ACCEPTED_ERROR = "accepted, but answered with 500"
    RESET = "connection broken before the call is read"
    ACCEPTED_RESET = "accepted, but the connection breaks before the answer"
    HANG = "never answered, not accepted"
    ACCEPTED_HANG = "accepted, but never answered"
    RATE = "429 for the rate, with Retry-After"
    GARBAGE = "accepted, and answered with 200 and no JSON"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call as it came: also those that were refused (`status`)."""

    name: str
    fields: Mapping[str, Any]
    headers: Mapping[str, str]
    status: int | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """Accepted messages: `to` is the pushed-to id, or the token's user for a reply."""

    to: str
    messages: list[dict[str, Any]]
    ids: list[str]
    token: str = ""
    retry_key: str = ""

    @property
    def texts(self) -> list[str]:
        """What a person sees of each message."""
        return texts_of(self.messages)

    @property
    def choices(self) -> list[str]:
        """The labels of the quick replies."""
        items = self.messages[-1].get("quickReply", {}).get("items", [])
        return [item["action"]["label"] for item in items]


def texts_of(messages: Iterable[dict[str, Any]]) -> list[str]:
    """What a person sees of each message: its text, a card's alternative text, or where a picture is."""
    return [
        message.get("text") or message.get("altText") or message["originalContentUrl"] for message in messages
    ]


@dataclass(slots=True)
class _Token:
    to: str
    given_at: datetime
    used: bool = False


@dataclass(kw_only=True)
class FakeLine:
    """`replies`, `pushes`: what was accepted. `calls`: everything that came. `quota`: pushes left (None: no limit)."""

    secret: str = SECRET
    access_token: str = ACCESS_TOKEN
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    delay: float = 0.0
    quota: int | None = None
    url: str = ""
    data_url: str = ""
    replies: list[Sent] = field(default_factory=list)
    pushes: list[Sent] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    profiles: dict[str, dict[str, str]] = field(default_factory=dict)
    contents: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    blocked: set[str] = field(default_factory=set)
    arrival: asyncio.Condition = field(default_factory=asyncio.Condition)

    def __post_init__(self) -> None:
        self._faults: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self._tokens: dict[str, _Token] = {}
        self._retry_keys: dict[str, list[str]] = {}
        self._used = 0
        self._count = 0
        self._closing = asyncio.Event()
        self._runners: list[web.AppRunner] = []

    @classmethod
    async def start(cls, **settings: Any) -> FakeLine:
        """A running stand-in; both its hosts listen on free ports."""
        line = cls(**settings)
        api = web.Application(client_max_size=2 * 1024 * 1024)
        api.add_routes(
            [
                web.post("/v2/bot/message/reply", line._reply),
                web.post("/v2/bot/message/push", line._push),
                web.get("/v2/bot/profile/{user_id}", line._profile),
                web.get("/v2/bot/message/quota", line._quota),
                web.get("/v2/bot/message/quota/consumption", line._consumption),
            ]
        )
        data = web.Application()
        data.add_routes([web.get("/v2/bot/message/{message_id}/content", line._content)])
        line.url = await line._listen(api)
        line.data_url = await line._listen(data)
        return line

    @classmethod
    @asynccontextmanager
    async def running(cls, **settings: Any) -> AsyncIterator[FakeLine]:
        line = await cls.start(**settings)
        try:
            yield line
        finally:
            await line.stop()

    async def stop(self) -> None:
        self._closing.set()
        for runner in self._runners:
            await runner.cleanup()

    # What a test asks for -------------------------------------------------------------------------------------------

    def fail(self, call: str, *faults: Fault) -> None:
        """Spoil the next calls of this name: reply, push, profile, content, quota, consumption."""
        self._faults[call].extend(faults)

    async def spoilt(self, call: str, *, seconds: float = 60.0) -> None:
        """Wait until all faults of calls of this name have happened."""
        async with asyncio.timeout(seconds), self.arrival:
            await self.arrival.wait_for(lambda: not self._faults[call])

    async def wait_for(self, count: int, *, seconds: float = 60.0) -> list[Sent]:
        """The accepted replies and pushes, in order, once there are *count* of them."""
        async with asyncio.timeout(seconds), self.arrival:
            await self.arrival.wait_for(lambda: len(self.sent) >= count)
        return self.sent

    def token(self, to: str = USER) -> str:
        """A fresh reply token."""
        token = uuid.uuid4().hex
        self._tokens[token] = _Token(to=to, given_at=self.now())
        return token

    # Webhooks -------------------------------------------------------------------------------------------------------

    def event(
        self, text: str | None = None, *, user: str = USER, group: str = "", **changes: Any
    ) -> dict[str, Any]:
        """A webhook event: a text message, or whatever *changes* make of it (`type="follow"`, `message={…}`; None
        removes a field).
        """
        self._count += 1
        source = (
            {"type": "group", "groupId": group, "userId": user} if group else {"type": "user", "userId": user}
        )
        event: dict[str, Any] = {
            "type": "message",
            "mode": "active",
            "timestamp": int(self.now().timestamp() * 1000),
            "webhookEventId": f"01EVENT{self._count:019d}",
            "deliveryContext": {"isRedelivery": False},
            "source": source,
        }
        kind = changes.get("type", "message")
        if kind not in ("unfollow", "leave", "unsend"):
            event["replyToken"] = self.token(group or user)
        if kind == "message":
            event["message"] = {
                "type": "text",
                "id": str(500_000 + self._count),
                "quoteToken": "q",
                "text": text or "",
            }
        event |= changes
        return {name: value for name, value in event.items() if value is not None}

    def event_body(self, text: str | None = None, **changes: Any) -> bytes:
        """The body of a webhook call with one event; see `event`."""
        return self.body(self.event(text, **changes))

    def body(self, *events: object) -> bytes:
        """The body of a webhook call with these events; none, as the verify button sends it."""
        return json.dumps({"destination": BOT, "events": list(events)}, ensure_ascii=False).encode()

    def pressed(self, label: str, *, user: str = USER, group: str = "") -> bytes:
        """The webhook body of a tap on the quick reply that was sent last under this label."""
        for sent in reversed(self.sent):
            for item in sent.messages[-1].get("quickReply", {}).get("items", []):
                action = item["action"]
                if action["label"] == label and action["type"] == "postback":
                    postback = {"data": action["data"]}
                    return self.event_body(type="postback", postback=postback, user=user, group=group)
                if action["label"] == label:
                    return self.event_body(action["text"], user=user, group=group)
        raise LookupError(f"no quick reply {label!r} was sent")

    def redelivered(self, body: bytes) -> bytes:
        """The same webhook body as LINE delivers it once more."""
        document = json.loads(body)
        for event in document["events"]:
            event["deliveryContext"] = {"isRedelivery": True}
        return json.dumps(document, ensure_ascii=False).encode()

    def signed(self, body: bytes) -> dict[str, str]:
        """The headers that LINE sends with *body*."""
        digest = hmac.new(self.secret.encode(), body, hashlib.sha256).digest()
        return {"x-line-signature": base64.b64encode(digest).decode(), "content-type": "application/json"}

    # The API --------------------------------------------------------------------------------------------------------

    async def _reply(self, request: web.Request) -> web.StreamResponse:
        async def accept(fields: dict[str, Any]) -> tuple[int, dict[str, Any]]:
            if "X-Line-Retry-Key" in request.headers:
                return 400, {"message": "The retry key is not acceptable for this API"}
            if faults := _body_faults(fields, {"replyToken", "messages", "notificationDisabled"}):
                return 400, _invalid(faults)
            token = self._tokens.get(fields["replyToken"])
            if token is None or token.used or self.now() - token.given_at > TOKEN_LIFE:
                return 400, {"message": "Invalid reply token"}
            token.used = True
            sent = self._accept(token.to, fields["messages"], token=fields["replyToken"])
            self.replies.append(sent)
            return 200, _sent_messages(sent.ids)

        return await self._answer("reply", request, accept)

    async def _push(self, request: web.Request) -> web.StreamResponse:
        async def accept(fields: dict[str, Any]) -> tuple[int, dict[str, Any]]:
            key = request.headers.get("X-Line-Retry-Key", "")
            if key and not _is_uuid(key):
                return 400, {"message": "Invalid retry key"}
            if key in self._retry_keys:
                answer = {
                    "message": "The retry key is already accepted",
                    **_sent_messages(self._retry_keys[key]),
                }
                return 409, answer
            if faults := _body_faults(
                fields, {"to", "messages", "notificationDisabled", "customAggregationUnits"}
            ):
                return 400, _invalid(faults)
            if not re.fullmatch(r"[UCR][0-9a-f]{32}", fields["to"]):
                return 400, _invalid(
                    [{"message": "The property, 'to', in the request body is invalid", "property": "to"}]
                )
            if fields["to"] in self.blocked:
                return 400, {"message": "Failed to send messages"}
            if self.quota is not None and self._used >= self.quota:
                return 429, {"message": "You have reached your monthly limit."}
            self._used += 1
            sent = self._accept(fields["to"], fields["messages"], retry_key=key)
            self._retry_keys[key or uuid.uuid4().hex] = sent.ids
            self.pushes.append(sent)
            return 200, _sent_messages(sent.ids)

        return await self._answer("push", request, accept)

    async def _profile(self, request: web.Request) -> web.StreamResponse:
        async def accept(_: dict[str, Any]) -> tuple[int, dict[str, Any]]:
            user_id = request.match_info["user_id"]
            profile = self.profiles.get(user_id)
            return (200, {"userId": user_id, **profile}) if profile else (404, {"message": "Not found"})

        return await self._answer("profile", request, accept)

    async def _quota(self, request: web.Request) -> web.StreamResponse:
        async def accept(_: dict[str, Any]) -> tuple[int, dict[str, Any]]:
            return 200, {"type": "none"} if self.quota is None else {"type": "limited", "value": self.quota}

        return await self._answer("quota", request, accept)

    async def _consumption(self, request: web.Request) -> web.StreamResponse:
        async def accept(_: dict[str, Any]) -> tuple[int, dict[str, Any]]:
            return 200, {"totalUsage": self._used}

        return await self._answer("consumption", request, accept)

    async def _content(self, request: web.Request) -> web.StreamResponse:
        async def accept(_: dict[str, Any]) -> tuple[int, dict[str, Any] | tuple[bytes, str]]:
            content = self.contents.get(request.match_info["message_id"])
            return (200, content) if content else (404, {"message": "Not found"})

        return await self._answer("content", request, accept)

    async def _answer(
        self, name: str, request: web.Request, accept: Callable[..., Any]
    ) -> web.StreamResponse:
        """One call: its fault if one is due, else what *accept* makes of it; recorded either way."""
        fault = self._faults[name].popleft() if self._faults[name] else None
        fields = await request.json() if request.can_read_body else {}

        def record(status: int | str) -> None:
            call = Call(name=name, fields=fields, headers=dict(request.headers), status=status)
            self.calls.append(call)

        if self.delay:
            await asyncio.sleep(self.delay)
        if request.headers.get("Authorization") != f"Bearer {self.access_token}":
            record(401)
            return _json(401, {"message": "Authentication failed. Confirm that the access token is valid."})
        if fault in (None, Fault.ACCEPTED_ERROR, Fault.ACCEPTED_RESET, Fault.ACCEPTED_HANG, Fault.GARBAGE):
            status, answer = await accept(fields)
            record(status if fault is None else fault)
            await self._tell()
        else:
            record(fault)
            await self._tell()
        if fault is not None:
            return await self._spoilt(fault, request)
        if isinstance(answer, tuple):
            return web.Response(body=answer[0], content_type=answer[1])
        return _json(status, answer)

    async def _spoilt(self, fault: Fault, request: web.Request) -> web.StreamResponse:
        match fault:
            case Fault.ERROR | Fault.ACCEPTED_ERROR:
                return _json(500, {"message": "The API server is failing"})
            case Fault.RATE:
                return _json(429, {"message": "The API rate limit has been exceeded."}, {"Retry-After": "7"})
            case Fault.GARBAGE:
                return web.Response(text="<html>", content_type="text/html")
            case Fault.RESET | Fault.ACCEPTED_RESET:
                request.transport.abort()
            case Fault.HANG | Fault.ACCEPTED_HANG:
                await self._closing.wait()
        return web.Response()

    def _accept(
        self, to: str, messages: list[dict[str, Any]], *, token: str = "", retry_key: str = ""
    ) -> Sent:
        ids = [str(900_000 + len(self.sent) * 10 + place) for place in range(len(messages))]
        sent = Sent(to=to, messages=messages, ids=ids, token=token, retry_key=retry_key)
        self.sent.append(sent)
        return sent

    async def _tell(self) -> None:
        async with self.arrival:
            self.arrival.notify_all()

    async def _listen(self, app: web.Application) -> str:
        runner = web.AppRunner(app, shutdown_timeout=1.0, access_log=None)
        await runner.setup()
        self._runners.append(runner)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{runner.addresses[0][1]}"


def _body_faults(fields: dict[str, Any], known: set[str]) -> list[dict[str, str]]:
    unknown = [{"message": "unknown property", "property": name} for name in fields if name not in known]
    return unknown + faults_of(fields.get("messages"))


def _invalid(faults: list[dict[str, str]]) -> dict[str, Any]:
    return {"message": f"The request body has {len(faults)} error(s)", "details": faults}


def _sent_messages(ids: list[str]) -> dict[str, Any]:
    return {"sentMessages": [{"id": message_id, "quoteToken": "q"} for message_id in ids]}


def _json(status: int, answer: object, headers: dict[str, str] | None = None) -> web.Response:
    request_id = {"x-line-request-id": str(uuid.uuid4())}
    return web.json_response(answer, status=status, headers={**request_id, **(headers or {})})


def _is_uuid(key: str) -> bool:
    return re.fullmatch(r"[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}", key) is not None
