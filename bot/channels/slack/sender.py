"""Slack's way out: says, revises and marks what the courier hands over, each once as far as Slack allows.

Slack has no idempotency keys. So every message carries its Send's id as metadata, and from the second try on that is
looked for before anything is posted again.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, assert_never
from urllib.parse import urlsplit

from slack_sdk.errors import SlackApiError
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.channels.slack.failures import error_code, retry_after, translated
from bot.channels.slack.files import SlackFiles, file_name
from bot.channels.slack.inbound import ALONE, is_direct
from bot.channels.slack.metadata import metadata_of, send_id_of
from bot.channels.slack.render import Message, render
from bot.core.messages import Address, Document, Media, React, Revise, Say, Send
from bot.errors import AmbiguousError, RefusedError, RetryableError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from slack_sdk.web.async_client import AsyncWebClient
    from slack_sdk.web.async_slack_response import AsyncSlackResponse

    from bot.desk.ports import Blob, Clock, Parcel

FILE = "file:"
"""Begins the id of a file that came with a message, among the message's own."""

_CLOCK_SKEW = 120
_PAGE, _PAGES = 200, 5
_EMOJI = {
    "✅": "white_check_mark",
    "⚠": "warning",
    "🗒": "spiral_note_pad",
    "👀": "eyes",
    "🙏": "pray",
    "❌": "x",
}
_VARIATION_SELECTOR = "\N{VARIATION SELECTOR-16}"

log = logging.getLogger(__name__)


class SlackSender:
    """Fulfils `bot.desk.ports.Sender` with the Web API."""

    most = 1

    def __init__(
        self,
        client: AsyncWebClient,
        *,
        clock: Clock,
        fetch: Callable[[Media], Awaitable[Blob]] | None = None,
    ) -> None:
        """*fetch* gets what a customer sent; without it their pictures are only named."""
        self._client = client
        self._clock = clock
        self._files = SlackFiles(client)
        self._fetch = fetch

    def fitting(self, sends: Sequence[Send]) -> int:
        """One: Slack posts a message a call."""
        del sends
        return self.most

    async def deliver(self, parcel: Parcel) -> Sequence[Sequence[str]]:
        """Hand the row in *parcel* to Slack; returns the `ts` of its message.

        Raises:
            RetryableError, AmbiguousError, RefusedError
        """
        (send,) = parcel.sends
        match send.payload:
            case Say() as say:
                ids = await self._say(send, say, parcel.attempt, parcel.target)
            case Revise() as revise:
                ids = await self._revise(revise, parcel.target, parcel.revised)
            case React() as react:
                ids = await self._react(react, parcel.target)
            case _:
                assert_never(send.payload)
        return (ids,)

    async def _say(self, send: Send, say: Say, attempt: int, target: Address) -> Sequence[str]:
        message = render(say.reply)
        if not message:
            return await self._upload(say, target)
        if reader := say.only_for or _sole_reader(target):
            return await self._whisper(send, message, target, reader)
        if is_direct(target.to) and await self._answer_by_url(send, message):
            return ()  # asked in private somewhere else, and answered there
        found = await self._find(send, target) if attempt > 1 else ""
        if found:
            log.info("was sent before", extra={"action": "send_found", "send_id": send.id})
        posted = (found,) if found else await self._post_or_answer(send, message, target)
        try:
            return (*posted, *await self._upload(say, target))
        except RefusedError as error:
            # The words stand there; that their file is missing is seen on them.
            log.warning("file not shown: %s", error, extra={"action": "slack_file", "send_id": send.id})
            for ts in posted:
                await self._react(React(message_id=ts, emoji="⚠"), target)
            return posted

    async def _upload(self, say: Say, target: Address) -> Sequence[str]:
        """The files of *say*, into the thread, after its words; under what they can be taken back."""
        files = []
        for part in say.reply.parts:
            match part:
                case Document(name=name, text=text):
                    files.append(await self._files.upload(name, text.encode(), target))
                case Media(name=name) if self._fetch is not None:
                    blob = await self._fetch(part)
                    files.append(await self._files.upload(name or file_name(part, blob), blob.data, target))
                case _:
                    continue
        return tuple(f"{FILE}{file}" for file in files)

    async def _post_or_answer(self, send: Send, message: Message, target: Address) -> Sequence[str]:
        try:
            return await self._post(send, message, target)
        except RefusedError:
            # Not a member there: who chose the shortcut sees the answer at least.
            if await self._answer_by_url(send, message):
                return ()
            raise

    async def _post(self, send: Send, message: Message, target: Address) -> Sequence[str]:
        with translated("chat.postMessage"):
            answer = await self._client.chat_postMessage(
                channel=target.to,
                thread_ts=target.thread or None,
                reply_broadcast=True if _is_broadcast(send) and target.thread else None,
                text=message.text,
                blocks=message.blocks,
                metadata=metadata_of(send.id),
                unfurl_links=False,
                unfurl_media=False,
            )
        return (str(answer["ts"]),)

    async def _whisper(self, send: Send, message: Message, target: Address, reader: str) -> Sequence[str]:
        """To one reader. Best effort on Slack's side: no history to look it up in, and gone when they reload."""
        if await self._answer_by_url(send, message):
            return ()
        with translated("chat.postEphemeral"):
            answer = await self._client.chat_postEphemeral(
                channel=target.to,
                user=reader,
                thread_ts=None if _sole_reader(target) else target.thread or None,
                text=message.text,
                blocks=message.blocks,
            )
        return (str(answer["message_ts"]),)

    async def _answer_by_url(self, send: Send, message: Message) -> bool:
        """Answer by the command's response_url, which works where the bot is not a member. False: it is used up."""
        if send.handle is None or send.handle.expires_at <= self._clock.now():
            return False
        url = send.handle.token
        if not self._is_slacks(url):
            log.warning("response_url is not Slack's", extra={"action": "response_url", "send_id": send.id})
            return False
        webhook = AsyncWebhookClient(
            url, session=self._client.session, proxy=self._client.proxy, retry_handlers=[]
        )
        with translated("response_url"):
            answer = await webhook.send(
                text=message.text,
                blocks=message.blocks,
                response_type="ephemeral",
                replace_original=False,
            )
        if answer.status_code == 429:
            raise RetryableError("response_url: rate limited", after=retry_after(answer.headers))
        if answer.status_code >= 500:
            raise AmbiguousError(f"response_url: answer {answer.status_code}")
        return answer.status_code == 200

    def _is_slacks(self, url: str) -> bool:
        """Whether *url* is on a host that may be posted to: Slack's, or the one this client is set up for."""
        parts, own = urlsplit(url), urlsplit(self._client.base_url)
        return (parts.scheme, parts.netloc) in {("https", "hooks.slack.com"), (own.scheme, own.netloc)}

    async def _find(self, send: Send, target: Address) -> str:
        """The `ts` under which *send* already stands at *target*, "" if it does not."""
        cursor = ""
        for _ in range(_PAGES):
            try:
                with translated("conversations.replies" if target.thread else "conversations.history"):
                    page = await self._page(send, target, cursor)
            except RefusedError as error:
                # Said twice is better than never said.
                log.warning(
                    "cannot look for an earlier try: %s",
                    error,
                    extra={"action": "send_find", "send_id": send.id},
                )
                return ""
            messages: list[dict[str, Any]] = page.get("messages", [])
            for message in messages:
                if send_id_of(message) == send.id:
                    return str(message["ts"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
            if not cursor:
                return ""
        return ""

    async def _page(self, send: Send, target: Address, cursor: str) -> AsyncSlackResponse:
        """One page of what stands at *target* since the Send fell due."""
        span: dict[str, Any] = {
            "channel": target.to,
            "oldest": f"{send.due_at.timestamp() - _CLOCK_SKEW:.6f}",
            "include_all_metadata": True,
            "limit": _PAGE,
            "cursor": cursor or None,
        }
        if target.thread:
            return await self._client.conversations_replies(ts=target.thread, **span)
        return await self._client.conversations_history(**span)

    async def _revise(self, revise: Revise, target: Address, revised: Sequence[str]) -> Sequence[str]:
        if not revised:
            raise RefusedError(f"nothing to revise: send {revise.send_id} has no message in Slack")
        message = render(revise.reply)
        if not message:
            raise RefusedError("nothing to say: a message cannot be revised into silence")
        for file in revised[1:]:
            await self._files.delete(file.removeprefix(FILE))
        with translated("chat.update"):
            answer = await self._client.chat_update(
                channel=target.to, ts=revised[0], text=message.text, blocks=message.blocks
            )
        return (str(answer["ts"]),)

    async def _react(self, react: React, target: Address) -> Sequence[str]:
        with translated("reactions.add"):
            try:
                await self._client.reactions_add(
                    channel=target.to, timestamp=react.message_id, name=_emoji_name(react.emoji)
                )
            except SlackApiError as error:
                # A deleted message needs no sign any more.
                if error_code(error) not in {"already_reacted", "message_not_found"}:
                    raise
        return ()


def _is_broadcast(send: Send) -> bool:
    return isinstance(send.payload, Say) and send.payload.broadcast


def _sole_reader(target: Address) -> str:
    """Who alone reads at *target*, "" if it is a place for more."""
    return target.thread.removeprefix(ALONE) if target.thread.startswith(ALONE) else ""


def _emoji_name(emoji: str) -> str:
    """Slack's name of *emoji*, which may be given as the sign itself."""
    return _EMOJI.get(emoji.removesuffix(_VARIATION_SELECTOR), emoji.strip(":"))
