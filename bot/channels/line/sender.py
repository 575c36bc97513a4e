"""What was saved goes out through the Messaging API: the free reply first, a push with a retry key otherwise.

The SDK is the HTTP client, called below its typed methods (the session of its REST client, with plain dicts): those
validate every message twice with pydantic v1, refuse fields that are newer than the installed SDK, and pass on neither the
message ids of a 409 nor `Retry-After`; its JSON makes six bytes of every kana, and takes twice the time for that. Its
defaults are unfit for a service and set here: pool (5 per core), time-out (5 minutes), one `host` for two hosts, and a
session that looks up the environment's proxies, and ~/.netrc in a thread, at every call.
"""

from __future__ import annotations

import asyncio
import json
import logging
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, assert_never
from urllib.parse import quote, urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from pydantic_core import to_json

from bot.channels.line.render import OBJECT_LIMIT, messages_of, no_link
from bot.channels.line.sdk import VERSION, Configuration, RestClient
from bot.core.messages import React, Revise, Say
from bot.errors import (
    AmbiguousError,
    ChannelError,
    MadoguchiError,
    QuotaExhaustedError,
    RefusedError,
    RetryableError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from bot.channels.line.render import Link, Message
    from bot.core.messages import Handle, Media, Send
    from bot.desk.ports import Clock, Parcel

log = logging.getLogger(__name__)

API_URL = "https://api.line.me"
DATA_URL = "https://api-data.line.me"
CONTENT_LIMIT = 20 * 1024 * 1024

_INVALID_TOKEN = "Invalid reply token"  # noqa: S105  (the platform's words, no secret)
_MONTHLY_LIMIT = "monthly limit"
_NOT_OURS_TO_BLAME = (401, 408, 425)
"""Refusals that end when the token is renewed or the platform is ready: worth another try."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A LINE user as others see them."""

    name: str
    picture_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The bytes of a picture, film, sound or file."""

    data: bytes
    media_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """Pushes of this month: how many are allowed (None: no limit) and how many are used."""

    limit: int | None
    used: int


class LineSender:
    """LINE's way out; fulfils `bot.desk.ports.Sender`. Usable between `start` and `stop`.

    Args:
        access_token: the channel's access token.
        clock: tells whether a reply token is still good.
        api_url: where messages go; http:// is fine for a stand-in.
        data_url: where contents are fetched from, another host at LINE.
        connections: how many calls may be under way at once.
        timeout: seconds for one call, everything included. `deliver` makes at most two.
        link: where LINE finds an operator's picture.
    """

    most = OBJECT_LIMIT

    def __init__(  # noqa: PLR0913  (one argument a fact of the deployment)
        self,
        access_token: str,
        clock: Clock,
        *,
        api_url: str = API_URL,
        data_url: str = DATA_URL,
        connections: int = 200,
        timeout: float = 10.0,
        link: Callable[[Media], Link | None] = no_link,
    ) -> None:
        self._clock = clock
        self._link = link
        self._api = _Client(access_token, api_url, connections=connections, timeout=timeout)
        self._data = _Client(access_token, data_url, connections=connections, timeout=timeout)
        # What is known of reply tokens, until they expire: refused at the first try, or surely not used by any try yet.
        self._dead_tokens: dict[str, datetime] = {}
        self._unused_tokens: dict[str, datetime] = {}

    async def start(self) -> None:
        """Open the connection pools, inside the running loop."""
        await self._api.open()
        await self._data.open()

    async def stop(self) -> None:
        """Close the connection pools."""
        await self._api.close()
        await self._data.close()

    def fitting(self, sends: Sequence[Send]) -> int:
        """How many of *sends* make at most five messages together; what LINE refuses goes alone."""
        room = OBJECT_LIMIT
        for count, send in enumerate(sends):
            room -= len(self._messages(send)) if isinstance(send.payload, Say) else OBJECT_LIMIT + 1
            if room < 0:
                return max(1, count)
        return len(sends)

    async def deliver(self, parcel: Parcel) -> Sequence[Sequence[str]]:
        """Hand *parcel* to LINE; see `bot.desk.ports.Sender`. An empty reply is silence and counts as sent.

        A reply token of any of its rows carries all of them.
        """
        parts = [self._messages(send) for send in parcel.sends]
        messages = [message for part in parts for message in part]
        if not messages:
            return [()] * len(parts)
        ids = await self._reply_or_push(parcel, messages)
        return _shared(ids, [len(part) for part in parts])

    def _messages(self, send: Send) -> list[Message]:
        match send.payload:
            case Say(reply=reply, sender=sender):
                return messages_of(reply, sender=sender, link=self._link)
            case Revise():
                raise RefusedError("LINE cannot change a message that was sent")
            case React():
                raise RefusedError("LINE bots cannot react to a message")
            case _:
                assert_never(send.payload)

    async def _reply_or_push(self, parcel: Parcel, messages: list[Message]) -> Sequence[str]:
        handle = _freshest(parcel.sends)
        if handle is not None and self._may_reply(handle):
            replied = await self._reply(parcel, handle, messages)
            if replied is not None:
                return replied
        return await self._push(parcel, messages)

    async def profile(self, user_id: str) -> Profile:
        """The profile of a user who has added the bot."""
        fields = await self._api.call("GET", "/v2/bot/profile/{userId}", path={"userId": user_id})
        return Profile(name=str(fields.get("displayName", "")), picture_url=str(fields.get("pictureUrl", "")))

    async def content(self, message_id: str, *, limit: int = CONTENT_LIMIT) -> Content:
        """The content of a message, refused when it is larger than *limit* bytes."""
        return await self._data.download(f"/v2/bot/message/{quote(message_id, safe='')}/content", limit)

    async def quota(self) -> Quota:
        """How many pushes the month allows and has seen."""
        allowed, used = await asyncio.gather(
            self._api.call("GET", "/v2/bot/message/quota"),
            self._api.call("GET", "/v2/bot/message/quota/consumption"),
        )
        limit = allowed.get("value") if allowed.get("type") == "limited" else None
        return Quota(limit=limit, used=int(used.get("totalUsage", 0)))

    def _may_reply(self, handle: Handle) -> bool:
        now = self._clock.now()
        if handle.expires_at <= now:
            return False
        self._dead_tokens = _alive(self._dead_tokens, now)
        self._unused_tokens = _alive(self._unused_tokens, now)
        return handle.token not in self._dead_tokens

    async def _reply(self, parcel: Parcel, handle: Handle, messages: list[Message]) -> Sequence[str] | None:
        """The ids of an accepted reply, none if an earlier try had arrived; None when the token is dead.

        A reply knows no retry key, but its token works once: after a try without an answer the same token is tried
        again, and a refusal of the token then means that the first try had arrived.
        """
        doubt = parcel.attempt > 1 and self._unused_tokens.pop(handle.token, None) is None
        for last in (False, True):
            try:
                return await self._reply_once(parcel, handle, messages, doubt=doubt)
            except _NoAnswerError:
                if last or not self._may_reply(handle):
                    raise
                doubt = True
        return None

    async def _reply_once(
        self, parcel: Parcel, handle: Handle, messages: list[Message], *, doubt: bool
    ) -> Sequence[str] | None:
        """One try; *doubt* is whether an earlier one may have arrived."""
        try:
            answer = await self._api.call(
                "POST", "/v2/bot/message/reply", {"replyToken": handle.token, "messages": messages}
            )
        except _InvalidTokenError:
            outcome = "had arrived" if doubt else "token is dead"
            log.info("reply: %s", outcome, extra={"action": "line_reply", "send_id": parcel.key})
            if doubt:
                return ()
            self._dead_tokens[handle.token] = handle.expires_at
            return None
        except AmbiguousError:
            raise
        except RetryableError:
            if not doubt:
                self._unused_tokens[handle.token] = handle.expires_at
            raise
        return _ids(answer)

    async def _push(self, parcel: Parcel, messages: list[Message]) -> Sequence[str]:
        """The ids of an accepted push; the retry key makes a second try harmless."""
        body = {"to": parcel.target.to, "messages": messages}
        try:
            answer = await self._api.call(
                "POST", "/v2/bot/message/push", body, headers={"X-Line-Retry-Key": parcel.key}
            )
        except _AlreadyAcceptedError as accepted:
            log.info("push had arrived", extra={"action": "line_push", "send_id": parcel.key})
            return accepted.ids
        except AmbiguousError as doubt:
            raise RetryableError(str(doubt), after=doubt.after) from doubt
        return _ids(answer)


class _NoAnswerError(AmbiguousError):
    """The connection broke or the time ran out after the call had left."""


class _InvalidTokenError(RefusedError):
    """The reply token was used, has expired, or never was one."""


class _AlreadyAcceptedError(ChannelError):
    """A push with this retry key was accepted before."""

    def __init__(self, ids: Sequence[str]) -> None:
        super().__init__("accepted before")
        self.ids = ids


class _Client:
    """The SDK's client for one host, opened in the running loop; its refusals become this project's errors."""

    def __init__(self, access_token: str, url: str, *, connections: int, timeout: float) -> None:
        self._headers = {
            "Accept": "application/json",
            "Content-Type": "application/json",
            "Authorization": f"Bearer {access_token}",
            "User-Agent": f"line-bot-sdk-python/{VERSION}",
        }
        self._url = url.rstrip("/")
        self._connections = connections
        self._timeout = timeout
        # The whole call is timed from outside: aiohttp's own timers take a tenth of all that a call costs.
        self._connecting = aiohttp.ClientTimeout(total=None, sock_connect=timeout / 2)
        self._rest: Any = None

    async def open(self) -> None:
        configuration = Configuration(host=self._url)
        configuration.proxy = _proxy_for(self._url)
        self._rest = RestClient(configuration)
        await self._rest.pool_manager.close()
        self._rest.pool_manager = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=self._connections), cookie_jar=aiohttp.DummyCookieJar()
        )

    async def close(self) -> None:
        if self._rest is not None:
            await self._rest.close()
            self._rest = None

    async def call(
        self,
        method: str,
        resource: str,
        body: Mapping[str, Any] | None = None,
        *,
        path: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Mapping[str, Any]:
        """The JSON object that LINE answers with.

        Raises:
            RetryableError, AmbiguousError, QuotaExhaustedError, RefusedError
        """
        rest = self._opened()
        for name, value in (path or {}).items():
            resource = resource.replace(f"{{{name}}}", quote(value, safe=""))
        calling = rest.pool_manager.request(
            method,
            self._url + resource,
            headers={**self._headers, **(headers or {})},
            data=None if body is None else to_json(body),
            timeout=self._connecting,
            proxy=rest.proxy,
        )
        with _translated():
            async with asyncio.timeout(self._timeout), calling as response:
                answer = await response.read()
        if not 200 <= response.status <= 299:
            raise _refusal(response.status, answer, response.headers)
        return _json_object(answer)

    async def download(self, resource: str, limit: int) -> Content:
        """The bytes at *resource*, read only as far as *limit*."""
        rest = self._opened()
        with _translated():
            async with asyncio.timeout(self._timeout):
                response = await rest.get_request(
                    self._url + resource,
                    headers=dict(self._headers),
                    _preload_content=False,
                    _request_timeout=self._connecting,
                )
                async with response:
                    return await _downloaded(response, limit)

    def _opened(self) -> Any:
        if self._rest is None:
            raise MadoguchiError("the LINE sender is not started")
        return self._rest


async def _downloaded(response: aiohttp.ClientResponse, limit: int) -> Content:
    if response.status == 202:
        raise RetryableError("LINE is still preparing the content", after=1.0)
    if response.status != 200:
        raise _refusal(response.status, await response.read(), response.headers)
    data = bytearray()
    async for chunk in response.content.iter_chunked(64 * 1024):
        data += chunk
        if len(data) > limit:
            raise RefusedError(f"the content is larger than {limit} bytes")
    return Content(data=bytes(data), media_type=response.content_type)


def _proxy_for(url: str) -> str | None:
    """The proxy that the environment names for *url*."""
    parts = urlsplit(url)
    if proxy_bypass(parts.netloc):
        return None
    return getproxies().get(parts.scheme)


@contextmanager
def _translated() -> Iterator[None]:
    """Errors of the HTTP client, as this project's."""
    try:
        yield
    except aiohttp.ClientConnectorError as error:
        raise RetryableError(f"LINE cannot be reached: {error}") from error
    except TimeoutError as error:
        raise _NoAnswerError("no answer from LINE in time") from error
    except (aiohttp.ClientError, OSError, UnicodeError, LookupError) as error:
        raise _NoAnswerError(f"no answer from LINE: {type(error).__name__}") from error


def _refusal(status: int, body: bytes, headers: Mapping[str, str]) -> ChannelError:
    """What a status other than 2xx means."""
    answer = _json_object(body)
    message = _message(status, answer, headers.get("x-line-request-id", ""))
    if status == 409:
        return _AlreadyAcceptedError(_ids(answer))
    if status == 429 and _MONTHLY_LIMIT in message:
        return QuotaExhaustedError(message)
    if status == 429 or status in _NOT_OURS_TO_BLAME:
        return RetryableError(message, after=_retry_after(headers), code=str(status))
    if status >= 500:
        return AmbiguousError(message, after=_retry_after(headers))
    if status == 400 and _INVALID_TOKEN in message:
        return _InvalidTokenError(message)
    return RefusedError(message, code=str(status))


def _json_object(body: bytes) -> Mapping[str, Any]:
    try:
        fields = json.loads(body or "{}")
    except ValueError:
        return {}
    return fields if isinstance(fields, dict) else {}


def _message(status: int, answer: Mapping[str, Any], request_id: str) -> str:
    details = answer.get("details")
    faults = [
        f"{fault.get('property', '')}: {fault.get('message', '')}"
        for fault in (details if isinstance(details, list) else ())
        if isinstance(fault, dict)
    ]
    said = "; ".join((str(answer.get("message", "")), *faults))
    return f"LINE {status}: {said} (request {request_id or 'unnamed'})"


def _freshest(sends: Sequence[Send]) -> Handle | None:
    handles = [send.handle for send in sends if send.handle is not None]
    return max(handles, key=lambda handle: handle.expires_at, default=None)


def _shared(ids: Sequence[str], sizes: Sequence[int]) -> Sequence[Sequence[str]]:
    """*ids* as they belong to rows of so many messages each. Where they do not add up, because a row was withdrawn after
    a try that had arrived all the same, nobody can tell whose they are.
    """
    if len(sizes) == 1:
        return (ids,)
    if len(ids) != sum(sizes):
        return [()] * len(sizes)
    rest = iter(ids)
    return [tuple(islice(rest, size)) for size in sizes]


def _alive(tokens: Mapping[str, datetime], now: datetime) -> dict[str, datetime]:
    return {token: expires_at for token, expires_at in tokens.items() if expires_at > now}


def _retry_after(headers: Mapping[str, str]) -> float | None:
    try:
        return max(0.0, float(headers["Retry-After"]))
    except (KeyError, ValueError):
        return None


def _ids(answer: Mapping[str, Any]) -> tuple[str, ...]:
    sent = answer.get("sentMessages")
    return tuple(
        str(message["id"])
        for message in (sent if isinstance(sent, list) else ())
        if isinstance(message, dict) and "id" in message
    )
