"""A strict stand-in of Slack on 127.0.0.1: the Web API, response_urls and Socket Mode; and requests as Slack signs them.

    async with FakeSlack.running() as slack:
        client = open_client(slack.token, base_url=slack.url)     # what the bot says: slack.posts, .updates, .ephemerals …
        request = slack.mention("OCNの受信ポートは？")              # what Slack says: .body and .headers, signed
        slack.fail("chat.postMessage", RateLimited(after=3), Accepted(then=Status(500)))
        await slack.until(lambda: len(slack.posts) == 2)

It refuses what Slack refuses (wrong tokens, unknown channels, broken or oversized blocks …) with Slack's error codes; why is
in `slack.complaints`.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import itertools
import json
import re
import time
import uuid
from collections import defaultdict, deque
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from aiohttp import WSMsgType, web

from tests.fakes.slack_blocks import TOO_LONG, problems, texts

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

Json = dict[str, Any]

SCOPES: dict[str, frozenset[str]] = {
    "apps.connections.open": frozenset(),
    "assistant.threads.setStatus": frozenset({"assistant:write"}),
    "assistant.threads.setSuggestedPrompts": frozenset({"assistant:write"}),
    "assistant.threads.setTitle": frozenset({"assistant:write"}),
    "auth.test": frozenset(),
    "chat.getPermalink": frozenset(),
    "chat.postEphemeral": frozenset({"chat:write"}),
    "chat.postMessage": frozenset({"chat:write"}),
    "chat.update": frozenset({"chat:write"}),
    "conversations.history": frozenset({"channels:history", "groups:history", "im:history", "mpim:history"}),
    "conversations.info": frozenset({"channels:read", "groups:read", "im:read", "mpim:read"}),
    "conversations.open": frozenset({"im:write"}),
    "conversations.replies": frozenset({"channels:history", "groups:history", "im:history", "mpim:history"}),
    "files.completeUploadExternal": frozenset({"files:write"}),
    "files.delete": frozenset({"files:write"}),
    "files.getUploadURLExternal": frozenset({"files:write"}),
    "files.info": frozenset({"files:read"}),
    "reactions.add": frozenset({"reactions:write"}),
    "users.info": frozenset({"users:read"}),
    "views.open": frozenset(),
    "views.publish": frozenset(),
    "views.update": frozenset(),
}
"""Each method that is known here, and the scopes it needs (any of them, by the kind of channel)."""


@dataclass(frozen=True, slots=True)
class RateLimited:
    """429 with Retry-After."""

    after: int = 1


@dataclass(frozen=True, slots=True)
class Status:
    """A bare HTTP status without JSON, as from a proxy."""

    code: int


@dataclass(frozen=True, slots=True)
class Refused:
    """200 with ok: false."""

    error: str


@dataclass(frozen=True, slots=True)
class Reset:
    """The connection breaks."""


@dataclass(frozen=True, slots=True)
class Hang:
    """No answer until the stand-in stops."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """Done, but the answer is lost in this way."""

    then: Status | Reset | Hang | Refused


Fault = RateLimited | Status | Refused | Reset | Hang | Accepted


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call of the Web API, also of those refused."""

    method: str
    arguments: Json


@dataclass(slots=True, kw_only=True)
class Post:
    """A message as it stands in the channel."""

    channel: str
    ts: str
    thread: str = ""
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    metadata: Json = field(default_factory=dict)
    user: str = ""
    reactions: list[str] = field(default_factory=list)

    @property
    def shown(self) -> str:
        """Every word a person sees."""
        return "\n".join(texts(self.blocks)) if self.blocks else self.text

    @property
    def buttons(self) -> list[Json]:
        return [button for block in self.blocks if block["type"] == "actions" for button in block["elements"]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request as Slack sends it."""

    body: bytes
    headers: dict[str, str]
    payload: Json


class FakeSlack:
    """See the module's docstring. Everything public is for tests to read or set."""

    token = "bot-token-of-the-tests"
    app_token = "app-token-of-the-tests"
    signing_secret = "signing-secret-of-the-tests"
    team = "T1"
    bot_user = "UBOT"
    bot_id = "BBOT"

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.complaints: list[str] = []
        self.posts: list[Post] = []
        self.updates: list[Post] = []
        self.ephemerals: list[Json] = []
        self.responses: list[Json] = []
        self.reactions: list[tuple[str, str, str]] = []
        self.prompts: list[Json] = []
        self.views: list[Json] = []
        self.uploads: list[Json] = []
        self.shared: dict[str, Json] = {}
        self.users: dict[str, Json] = {}
        self.not_member: set[str] = set()
        self.unknown_channels: set[str] = set()
        self.scopes: set[str] | None = None
        self.page_size = 1000
        self.used_response_urls: set[str] = set()
        self.url = ""
        self._faults: dict[str, deque[Fault]] = defaultdict(deque)
        self._counter = itertools.count(1)
        self._changed = asyncio.Condition()
        self._stopping = asyncio.Event()
        self._sockets: list[web.WebSocketResponse] = []
        self.sockets_opened = 0
        self.pings = 0
        self._silent: set[web.WebSocketResponse] = set()
        self._acks: dict[str, asyncio.Future[Json]] = {}
        self._runner: web.AppRunner | None = None

    # --- life ---

    @classmethod
    async def start(cls) -> FakeSlack:
        """A stand-in that listens on a free port."""
        slack = cls()
        app = web.Application()
        app.router.add_route("*", "/api/{method}", slack._api)
        app.router.add_post("/response/{id}", slack._response)
        app.router.add_post("/upload/{id}", slack._upload)
        app.router.add_get("/files/{id}", slack._file)
        app.router.add_get("/link", slack._socket)
        slack._runner = web.AppRunner(app, shutdown_timeout=1)
        await slack._runner.setup()
        site = web.TCPSite(slack._runner, "127.0.0.1", 0)
        await site.start()
        port = slack._runner.addresses[0][1]
        slack.url = f"http://127.0.0.1:{port}/api/"
        return slack

    async def stop(self) -> None:
        self._stopping.set()
        for socket in self._sockets:
            await socket.close()
        assert self._runner is not None
        await self._runner.cleanup()

    @classmethod
    @asynccontextmanager
    async def running(cls) -> AsyncIterator[FakeSlack]:
        slack = await cls.start()
        try:
            yield slack
        finally:
            await slack.stop()

    # --- for tests ---

    def fail(self, method: str, *faults: Fault) -> None:
        """The next calls of *method* ("response_url" too) meet these faults, one each."""
        self._faults[method].extend(faults)

    async def until(self, condition: Callable[[], bool], *, seconds: float = 60) -> None:
        """Wait until *condition* holds; it is looked at whenever something arrives."""
        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(condition)

    def message(self, channel: str, ts: str) -> Post | None:
        """The message as it stands now."""
        return next((post for post in self.posts if (post.channel, post.ts) == (channel, ts)), None)

    def new_ts(self) -> str:
        return f"{int(time.time())}.{next(self._counter):06d}"

    def someone_says(self, channel: str, text: str, *, user: str = "UHUMAN", thread: str = "") -> Post:
        """A person's message, standing in the channel."""
        post = Post(channel=channel, ts=self.new_ts(), thread=thread, text=text, user=user)
        self.posts.append(post)
        return post

    # --- what Slack sends ---

    def mention(self, text: str, *, channel: str = "C1", user: str = "U1", **more: Any) -> Request:
        """Somebody calls the bot by name in a channel."""
        return self.event(
            {
                "type": "app_mention",
                "channel": channel,
                "user": user,
                "text": f"<@{self.bot_user}> {text}",
                "ts": more.pop("ts", None) or self.new_ts(),
                **more,
            }
        )

    def direct_message(self, text: str, *, channel: str = "D1", user: str = "U1", **more: Any) -> Request:
        return self.says(text, channel=channel, user=user, channel_type="im", **more)

    def says(
        self, text: str, *, channel: str = "C1", user: str = "U1", channel_type: str = "channel", **more: Any
    ) -> Request:
        """A message event; a thread is given as `thread_ts`."""
        return self.event(
            {
                "type": "message",
                "channel": channel,
                "channel_type": channel_type,
                "user": user,
                "text": text,
                "ts": more.pop("ts", None) or self.new_ts(),
                **more,
            }
        )

    def event(self, event: Json, *, retry: int = 0) -> Request:
        payload = {
            "type": "event_callback",
            "team_id": self.team,
            "api_app_id": "A1",
            "event_id": f"Ev{uuid.uuid4().hex[:10]}",
            "event_time": int(time.time()),
            "event": event,
        }
        again = {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": "http_timeout"} if retry else {}
        return self.signed(payload, **again)

    def command(
        self, text: str, *, command: str = "/mail", channel: str = "C1", user: str = "U1", **more: str
    ) -> Request:
        payload = {
            "command": command,
            "text": text,
            "team_id": self.team,
            "channel_id": channel,
            "channel_name": "general",
            "user_id": user,
            "user_name": "taro",
            "trigger_id": uuid.uuid4().hex,
            "response_url": self.response_url(),
            **more,
        }
        return self._form(urlencode(payload), payload)

    def press(
        self,
        action_id: str,
        value: str = "",
        *,
        label: str = "押す",
        post: Post | None = None,
        channel: str = "C1",
        user: str = "U1",
        ephemeral: bool = False,
        **more: Any,
    ) -> Request:
        """Somebody presses a button of *post*."""
        at = post or Post(channel=channel, ts=self.new_ts())
        message = {"ts": at.ts, "text": at.text, **({"thread_ts": at.thread} if at.thread else {})}
        container = {
            "type": "message",
            "message_ts": at.ts,
            "channel_id": at.channel,
            "is_ephemeral": ephemeral,
        }
        payload = {
            "type": "block_actions",
            "team": {"id": self.team, "domain": "shop"},
            "user": {"id": user, "username": "taro", "name": "taro", "team_id": self.team},
            "channel": {"id": at.channel, "name": "general"},
            "container": container,
            "trigger_id": uuid.uuid4().hex,
            "response_url": self.response_url(),
            "actions": [
                {
                    "type": "button",
                    "action_id": action_id,
                    "block_id": "b1",
                    "text": {"type": "plain_text", "text": label},
                    "value": value,
                    "action_ts": self.new_ts(),
                }
            ],
            **({} if ephemeral else {"message": message}),
            **more,
        }
        return self.interaction(payload)

    def shortcut(
        self, text: str, *, callback_id: str = "look_up_message", post: Post | None = None, **more: Any
    ) -> Request:
        """Somebody chooses the shortcut on a message."""
        at = post or Post(channel="C1", ts=self.new_ts())
        payload = {
            "type": "message_action",
            "callback_id": callback_id,
            "team": {"id": self.team, "domain": "shop"},
            "user": {"id": "U1", "name": "taro"},
            "channel": {"id": at.channel, "name": "general"},
            "message": {
                "ts": at.ts,
                "text": text,
                "user": "U2",
                **({"thread_ts": at.thread} if at.thread else {}),
            },
            "message_ts": at.ts,
            "trigger_id": uuid.uuid4().hex,
            "action_ts": self.new_ts(),
            "response_url": self.response_url(),
            **more,
        }
        return self.interaction(payload)

    def submit(self, view: Json, *, user: str = "U1", **values: str) -> Request:
        """Somebody sends a form off that was opened; *values* are what they filled in, by field."""
        state: Json = {}
        for block in view["blocks"]:
            element = block["element"]
            value = values.get(element["action_id"])
            field: Json = {"type": element["type"]}
            if element["type"] == "plain_text_input":
                field["value"] = value
            elif element["type"] == "users_select":
                field["selected_user"] = value
            else:
                field["selected_option"] = {"value": value} if value else None
            state[block["block_id"]] = {element["action_id"]: field}
        return self.interaction(
            {
                "type": "view_submission",
                "team": {"id": self.team, "domain": "shop"},
                "user": {"id": user, "username": "taro", "name": "taro", "team_id": self.team},
                "trigger_id": uuid.uuid4().hex,
                "view": {
                    "id": f"V{len(self.views)}",
                    "hash": uuid.uuid4().hex,
                    "type": view["type"],
                    "callback_id": view["callback_id"],
                    "private_metadata": view["private_metadata"],
                    "state": {"values": state},
                    "blocks": view["blocks"],
                },
            }
        )

    def changes(self, post: Post, text: str) -> Request:
        """The writer of *post* edits it."""
        before = {"type": "message", "user": post.user, "text": post.text, "ts": post.ts}
        if post.thread:
            before["thread_ts"] = post.thread
        post.text = text
        return self.event(
            {
                "type": "message",
                "subtype": "message_changed",
                "hidden": True,
                "channel": post.channel,
                "channel_type": "channel",
                "ts": self.new_ts(),
                "message": {**before, "text": text, "edited": {"user": post.user, "ts": self.new_ts()}},
                "previous_message": before,
            }
        )

    def deletes(self, post: Post) -> Request:
        """The writer of *post* deletes it."""
        self.posts.remove(post)
        before = {"type": "message", "user": post.user, "text": post.text, "ts": post.ts}
        if post.thread:
            before["thread_ts"] = post.thread
        return self.event(
            {
                "type": "message",
                "subtype": "message_deleted",
                "hidden": True,
                "channel": post.channel,
                "channel_type": "channel",
                "ts": self.new_ts(),
                "deleted_ts": post.ts,
                "previous_message": before,
            }
        )

    def interaction(self, payload: Json) -> Request:
        return self._form(urlencode({"payload": json.dumps(payload)}), payload)

    def signed(self, payload: Json | list[Any], **headers: str) -> Request:
        """*payload* as signed JSON."""
        body = json.dumps(payload).encode()
        return self._sign(body, "application/json", payload if isinstance(payload, dict) else {}, headers)

    def signed_raw(self, body: bytes, content_type: str = "application/json") -> Request:
        """Any bytes, rightly signed."""
        return self._sign(body, content_type, {}, {})

    def response_url(self) -> str:
        return self.url.replace("/api/", f"/response/{uuid.uuid4().hex}")

    async def over_socket(
        self, kind: str, payload: Json, *, retry: int = 0, seconds: float = 60
    ) -> Json | None:
        """Send *payload* down the newest socket (kind: events_api, slash_commands, interactive).

        Returns what the bot acknowledged it with; None if it did not within *seconds*.
        """
        envelope_id = uuid.uuid4().hex
        envelope: Json = {
            "envelope_id": envelope_id,
            "type": kind,
            "payload": payload,
            "accepts_response_payload": kind == "slash_commands",
        }
        if retry:
            envelope |= {"retry_attempt": retry, "retry_reason": "timeout"}
        await self.until(lambda: bool(self._sockets))
        self._acks[envelope_id] = asyncio.get_running_loop().create_future()
        await self._sockets[-1].send_json(envelope)
        try:
            async with asyncio.timeout(seconds):
                return await self._acks[envelope_id]
        except TimeoutError:
            return None

    def fall_silent(self) -> None:
        """The sockets that are open now stay so, but nothing comes through them any more, not even answers to pings."""
        self._silent.update(self._sockets)

    # --- signing ---

    def _form(self, body: str, payload: Json) -> Request:
        return self._sign(body.encode(), "application/x-www-form-urlencoded", payload, {})

    def _sign(self, body: bytes, content_type: str, payload: Json, headers: dict[str, str]) -> Request:
        timestamp = str(int(time.time()))
        return Request(
            body=body,
            payload=payload,
            headers={
                "Content-Type": content_type,
                "X-Slack-Request-Timestamp": timestamp,
                "X-Slack-Signature": self.signature(timestamp, body),
                **headers,
            },
        )

    def signature(self, timestamp: str, body: bytes) -> str:
        base = b"v0:" + timestamp.encode() + b":" + body
        return "v0=" + hmac.new(self.signing_secret.encode(), base, hashlib.sha256).hexdigest()

    # --- the Web API ---

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        arguments = await _arguments(request)
        self.calls.append(Call(method=method, arguments=arguments))
        fault = self._faults[method].popleft() if self._faults[method] else None
        if fault is not None and not isinstance(fault, Accepted):
            return await self._meet(fault, request)
        error = self._refusal(method, request, arguments)
        answer = {"ok": False, **error} if error else await self._done(method, arguments)
        await self._tell()
        if isinstance(fault, Accepted):
            return await self._meet(fault.then, request)
        return web.json_response(answer)

    async def _meet(self, fault: Fault, request: web.Request) -> web.StreamResponse:
        await self._tell()
        match fault:
            case RateLimited():
                return web.json_response(
                    {"ok": False, "error": "ratelimited"},
                    status=429,
                    headers={"Retry-After": str(fault.after)},
                )
            case Refused():
                return web.json_response({"ok": False, "error": fault.error})
            case Status():
                return web.Response(status=fault.code, text="<html>oops</html>", content_type="text/html")
            case Hang():
                await self._stopping.wait()
            case _:
                pass
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    def _refusal(self, method: str, request: web.Request, arguments: Json) -> Json:
        """Slack's reasons to refuse the call; {} if there are none."""
        if method not in SCOPES:
            return {"error": "unknown_method"}
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token != (self.app_token if method == "apps.connections.open" else self.token):
            return {"error": "invalid_auth" if token else "not_authed"}
        if self.scopes is not None and SCOPES[method] and not SCOPES[method] & self.scopes:
            return {"error": "missing_scope", "needed": min(SCOPES[method]), "provided": ""}
        channel = arguments.get("channel")
        if channel is not None and not re.fullmatch(r"[CDG][A-Z0-9]+", channel):
            return {"error": "channel_not_found"}
        if channel in self.unknown_channels:
            return {"error": "channel_not_found"}
        if channel in self.not_member and not method.startswith("views"):
            return {"error": "not_in_channel"}
        if method in {"chat.postMessage", "chat.update", "chat.postEphemeral"}:
            return self._message_refusal(method, arguments)
        return {}

    def _message_refusal(self, method: str, arguments: Json) -> Json:
        text, blocks = arguments.get("text") or "", arguments.get("blocks") or []
        thread = arguments.get("thread_ts")
        if thread is not None and not re.fullmatch(r"\d{9,12}\.\d{6}", thread):
            return {"error": "invalid_thread_ts"}
        if not text and not blocks:
            return {"error": "no_text"}
        if len(text) > 40_000 or (method == "chat.update" and len(text.encode()) > 4_000):
            return {"error": "msg_too_long"}
        found = list(problems(blocks))
        self.complaints += found
        if TOO_LONG in found:
            return {"error": "msg_blocks_too_long"}
        return {"error": "invalid_blocks", "errors": found} if found else {}

    async def _done(self, method: str, arguments: Json) -> Json:
        name = "_do_" + re.sub(r"(?<!^)(?=[A-Z])", "_", method.replace(".", "_")).lower()
        done = getattr(self, name)(arguments)
        return {"ok": True, **done} if "error" not in done else {"ok": False, **done}

    def _do_auth_test(self, _: Json) -> Json:
        return {
            "url": "https://shop.example/",
            "team": "店",
            "user": "madoguchi",
            "team_id": self.team,
            "user_id": self.bot_user,
            "bot_id": self.bot_id,
        }

    def _do_chat_post_message(self, arguments: Json) -> Json:
        post = Post(
            channel=arguments["channel"],
            ts=self.new_ts(),
            thread=arguments.get("thread_ts") or "",
            text=arguments.get("text") or "",
            blocks=arguments.get("blocks") or [],
            metadata=arguments.get("metadata") or {},
            user=self.bot_user,
        )
        self.posts.append(post)
        return {"channel": post.channel, "ts": post.ts, "message": self._as_message(post, metadata=True)}

    def _do_chat_update(self, arguments: Json) -> Json:
        post = self.message(arguments["channel"], arguments["ts"])
        if post is None:
            return {"error": "message_not_found"}
        if post.user != self.bot_user:
            return {"error": "cant_update_message"}
        post.text, post.blocks = arguments.get("text") or "", arguments.get("blocks") or []
        self.updates.append(post)
        return {"channel": post.channel, "ts": post.ts, "text": post.text}

    def _do_chat_post_ephemeral(self, arguments: Json) -> Json:
        if not arguments.get("user"):
            return {"error": "user_not_found"}
        self.ephemerals.append(arguments)
        return {"message_ts": self.new_ts()}

    def _do_chat_get_permalink(self, arguments: Json) -> Json:
        ts = arguments["message_ts"]
        return {
            "permalink": f"https://shop.example/archives/{arguments['channel']}/p{ts.replace('.', '')}",
            "channel": arguments["channel"],
        }

    def _do_reactions_add(self, arguments: Json) -> Json:
        post = self.message(arguments["channel"], arguments["timestamp"])
        if not re.fullmatch(r"[a-z0-9_+'-]+", arguments["name"]):
            return {"error": "invalid_name"}
        if post is None:
            return {"error": "message_not_found"}
        if arguments["name"] in post.reactions:
            return {"error": "already_reacted"}
        post.reactions.append(arguments["name"])
        self.reactions.append((arguments["channel"], arguments["timestamp"], arguments["name"]))
        return {}

    def _do_conversations_history(self, arguments: Json) -> Json:
        posts = [
            post
            for post in self.posts
            if post.channel == arguments["channel"] and post.thread in {"", post.ts}
        ]
        return self._page(list(reversed(posts)), arguments)

    def _do_conversations_replies(self, arguments: Json) -> Json:
        thread = arguments["ts"]
        posts = [
            post
            for post in self.posts
            if post.channel == arguments["channel"] and thread in {post.ts, post.thread}
        ]
        return self._page(posts, arguments) if posts else {"error": "thread_not_found"}

    def _page(self, posts: list[Post], arguments: Json) -> Json:
        oldest = float(arguments.get("oldest") or 0)
        inside = [post for post in posts if float(post.ts) > oldest]
        start = int(arguments.get("cursor") or 0)
        end = start + min(int(arguments.get("limit") or 100), self.page_size)
        metadata = str(arguments.get("include_all_metadata")) in {"1", "True", "true"}
        return {
            "messages": [self._as_message(post, metadata=metadata) for post in inside[start:end]],
            "has_more": end < len(inside),
            "response_metadata": {"next_cursor": str(end) if end < len(inside) else ""},
        }

    def _as_message(self, post: Post, *, metadata: bool) -> Json:
        message: Json = {
            "type": "message",
            "ts": post.ts,
            "text": post.text,
            "user": post.user,
            "blocks": post.blocks,
        }
        if post.thread:
            message["thread_ts"] = post.thread
        if metadata and post.metadata:
            message["metadata"] = post.metadata
        return message

    def _do_conversations_info(self, arguments: Json) -> Json:
        channel = arguments["channel"]
        return {
            "channel": {"id": channel, "name": channel.lower(), "is_member": channel not in self.not_member}
        }

    def _do_conversations_open(self, arguments: Json) -> Json:
        user = arguments["users"]
        if not re.fullmatch(r"[UW][A-Z0-9]+", user):
            return {"error": "user_not_found"}
        return {"channel": {"id": f"D{user[1:]}"}}

    def _do_users_info(self, arguments: Json) -> Json:
        user = self.users.get(arguments["user"])
        return {"user": user} if user else {"error": "user_not_found"}

    def _do_views_open(self, arguments: Json) -> Json:
        if not arguments.get("trigger_id"):
            return {"error": "invalid_trigger_id"}
        return self._view(arguments)

    def _do_views_publish(self, arguments: Json) -> Json:
        return self._view(arguments)

    def _do_views_update(self, arguments: Json) -> Json:
        return self._view(arguments)

    def _view(self, arguments: Json) -> Json:
        view = _loaded(arguments["view"])
        if found := list(problems(view.get("blocks", []), most=100)):
            self.complaints += found
            return {"error": "invalid_arguments"}
        self.views.append(arguments | {"view": view})
        return {"view": {**view, "id": f"V{len(self.views)}"}}

    def _do_assistant_threads_set_suggested_prompts(self, arguments: Json) -> Json:
        prompts = _loaded(arguments.get("prompts") or [])
        if not 1 <= len(prompts) <= 4 or any(not (p.get("title") and p.get("message")) for p in prompts):
            return {"error": "invalid_arguments"}
        self.prompts.append(arguments | {"prompts": prompts})
        return {}

    def _do_assistant_threads_set_status(self, _: Json) -> Json:
        return {}

    def _do_assistant_threads_set_title(self, _: Json) -> Json:
        return {}

    def _do_apps_connections_open(self, _: Json) -> Json:
        return {"url": self.url.replace("http://", "ws://").replace("/api/", "/link")}

    def _do_files_get_upload_u_r_l_external(self, arguments: Json) -> Json:
        if not arguments.get("filename") or not int(arguments.get("length") or 0):
            return {"error": "invalid_arguments"}
        file_id = f"F{len(self.uploads) + 1}"
        self.uploads.append({"id": file_id, "name": arguments["filename"], "content": b"", "channel": ""})
        return {"file_id": file_id, "upload_url": self.url.replace("/api/", f"/upload/{file_id}")}

    def _do_files_complete_upload_external(self, arguments: Json) -> Json:
        for file in _loaded(arguments["files"]):
            upload = next((one for one in self.uploads if one["id"] == file["id"]), None)
            if upload is None or not upload["content"]:
                return {"error": "file_not_found"}
            upload["channel"] = arguments.get("channel_id") or ""
            upload["thread"] = arguments.get("thread_ts") or ""
        return {"files": _loaded(arguments["files"])}

    def _do_files_delete(self, arguments: Json) -> Json:
        kept = [one for one in self.uploads if one["id"] != arguments["file"]]
        if len(kept) == len(self.uploads):
            return {"error": "file_not_found"}
        self.uploads = kept
        return {}

    def _do_files_info(self, arguments: Json) -> Json:
        if shared := self.shared.get(arguments["file"]):
            address = self.url.replace("/api/", f"/files/{arguments['file']}")
            return {
                "file": {
                    "id": arguments["file"],
                    "name": shared["name"],
                    "mimetype": shared["mimetype"],
                    "url_private": address,
                    "url_private_download": f"{address}?download=1",
                    "thumb_480": f"{address}?thumb=480",
                }
            }
        upload = next((one for one in self.uploads if one["id"] == arguments["file"]), None)
        return (
            {"file": {"id": upload["id"], "name": upload["name"]}} if upload else {"error": "file_not_found"}
        )

    # --- beside the Web API ---

    async def _response(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        fault = self._faults["response_url"].popleft() if self._faults["response_url"] else None
        if fault is not None:
            return await self._meet(fault, request)
        if str(request.url) in self.used_response_urls:
            return web.Response(status=404, text="used_url")
        found = list(problems(body.get("blocks", [])))
        self.complaints += found
        if found:
            return web.Response(status=400, text="invalid_blocks")
        self.responses.append(body)
        await self._tell()
        return web.Response(text="ok")

    async def _file(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return web.Response(text="<html>sign in</html>", content_type="text/html")
        shared = self.shared[request.match_info["id"]]
        small = b"small " if "thumb" in request.query else b""
        return web.Response(body=small + shared["content"], content_type=shared["mimetype"])

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        upload = next(one for one in self.uploads if one["id"] == request.match_info["id"])
        upload["content"] = await request.read()
        return web.Response(text="OK")

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": 1})
        self._sockets.append(socket)
        self.sockets_opened += 1
        await self._tell()
        async for message in socket:
            if socket in self._silent:
                continue
            if message.type is WSMsgType.PING:
                await socket.pong(message.data)
                self.pings += 1
                await self._tell()
            if message.type is WSMsgType.TEXT:
                answer = json.loads(message.data)
                ack = self._acks.get(answer.get("envelope_id", ""))
                if ack is not None and not ack.done():
                    ack.set_result(answer)
        self._sockets.remove(socket)
        return socket


async def _arguments(request: web.Request) -> Json:
    if request.method == "GET":
        return dict(request.query)
    if request.content_type == "application/json":
        arguments: Json = await request.json()
        return arguments
    form = dict(await request.post())
    return {
        **request.query,
        **{name: _loaded(value) if name == "blocks" else value for name, value in form.items()},
    }


def _loaded(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value
