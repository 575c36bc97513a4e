"""The webhook: signature on the raw body, each event in order to the desk, 200 only when all are saved.

Decision (short ADR): the SDK does not parse the events. Measured with line-bot-sdk 3.27 on one text event:
`WebhookParser.parse` 41 µs, signature and `json.loads` 6 µs. Worse, its pydantic models turn a whole message
into an unknown event for one field they do not know (a new sticker type, a new kind of mention, no quoteToken), and one
event without `mode` or `webhookEventId` makes the whole body raise. `inbound` reads the fields it needs and no others.
"""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

from starlette.responses import Response

from bot.channels.body import body_of
from bot.channels.line.inbound import Unheard, utterance_of
from bot.channels.line.signature import is_signed
from bot.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

    from bot.desk.ports import Clock, Listener

log = logging.getLogger(__name__)


class LineWebhook:
    """LINE's way in: `receive` is the handler of a Starlette route for POST.

    Args:
        channel_secret: the key of the signature.
        listener: who is told.
        clock: dates the receipt, from which a reply token lives.
        call_names: words that call the bot in a group, beside a mention.
    """

    def __init__(
        self, channel_secret: str, listener: Listener, clock: Clock, *, call_names: Sequence[str] = ()
    ) -> None:
        self._secret = channel_secret.encode()
        self._listener = listener
        self._clock = clock
        self._call_names = tuple(call_names)

    async def receive(self, request: Request) -> Response:
        """Answer one webhook call: 200 saved, 400 not JSON, 401 not from LINE, 413 too large, 500 send it again."""
        body = await body_of(request)
        if body is None:
            log.warning("webhook body refused", extra={"action": "line_webhook", "outcome": "body"})
            return Response(status_code=413)
        text = self._signed(body, request.headers.get("x-line-signature", ""))
        if text is None:
            log.warning("webhook signature refused", extra={"action": "line_webhook", "outcome": "signature"})
            return Response(status_code=401)
        events = _events(text)
        if events is None:
            log.warning(
                "webhook body is not what LINE sends", extra={"action": "line_webhook", "outcome": "json"}
            )
            return Response(status_code=400)
        return Response(status_code=200 if await self._hear_all(events) else 500)

    def _signed(self, body: bytes, signature: str) -> str | None:
        """The body as text if *signature* is LINE's for it."""
        if not is_signed(body, signature, self._secret):
            return None
        try:
            return body.decode()
        except UnicodeDecodeError:  # LINE writes UTF-8
            return None

    async def _hear_all(self, events: list[object]) -> bool:
        """Whether every event was saved. A fault of one event leaves the others heard, in order within a place."""
        received_at = self._clock.now()
        faulty: set[str] = set()
        for event in events:
            utterance = utterance_of(event, received_at=received_at, call_names=self._call_names)
            if isinstance(utterance, Unheard):
                _log_unheard(utterance)
                continue
            if utterance.address.key in faulty:
                continue
            try:
                await self._listener.hear(utterance)
            except StoreError as error:
                extra = {"action": "line_event", "event_id": utterance.id, "error": type(error).__name__}
                log.warning("event not saved, LINE is asked to send it again", extra=extra)
                return False
            except Exception:  # whatever a bug raises: LINE is told, the other events go on
                log.exception("event failed", extra={"action": "line_event", "event_id": utterance.id})
                faulty.add(utterance.address.key)
        return not faulty


def _log_unheard(event: Unheard) -> None:
    level = logging.DEBUG if event.ordinary else logging.INFO
    extra = {"action": "line_event", "event_type": event.event_type, "why": event.why}
    log.log(level, "event passed over", extra=extra)


def _events(text: str) -> list[object] | None:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    events = document.get("events") if isinstance(document, dict) else None
    return events if isinstance(events, list) else None
