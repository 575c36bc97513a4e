"""POST /slack/events: events, commands, buttons and shortcuts of Slack over HTTP.

The signature is checked here, on the raw body, before anything is parsed; bolt checks it again, but parses first.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_sdk.signature import SignatureVerifier
from starlette.responses import Response

from bot.channels.body import body_of

if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
    from starlette.requests import Request

_MALFORMED = (ValueError, TypeError, AttributeError, LookupError)
"""What bolt raises where a payload is not as Slack makes it; what our listeners raise, it answers itself."""

log = logging.getLogger(__name__)


class SlackEndpoint:
    """The Starlette handler for everything Slack posts is `handle`."""

    def __init__(self, app: AsyncApp, *, signing_secret: str) -> None:
        self._app = app
        self._verifier = SignatureVerifier(signing_secret)

    async def handle(self, request: Request) -> Response:
        body = await body_of(request)
        if body is None:
            return _refuse(413, "body too large")
        if not self._is_signed(request, body):
            return _refuse(401, "signature missing, wrong or too old")
        try:
            bolt_request = to_async_bolt_request(request, body)
            if not _is_whole(bolt_request):
                return _refuse(400, "malformed event or action")
            answer = await self._app.async_dispatch(bolt_request)
        except _MALFORMED:
            return _refuse(400, "malformed body")
        return to_starlette_response(answer)

    def _is_signed(self, request: Request, body: bytes) -> bool:
        try:
            return self._verifier.is_valid(
                body,
                request.headers.get("x-slack-request-timestamp"),
                request.headers.get("x-slack-signature"),
            )
        except (ValueError, TypeError):
            # A time-stamp that is no number, a body that is no UTF-8, a signature beyond ASCII.
            return False


def _is_whole(request: AsyncBoltRequest) -> bool:
    """Whether the event, or the pressed buttons, are of the shape that bolt takes for granted."""
    event = request.body.get("event", {"type": ""})
    actions = request.body.get("actions", [{"action_id": ""}])
    buttons = isinstance(actions, list) and bool(actions) and all(_has(each, "action_id") for each in actions)
    return buttons and _has(event, "type")


def _has(value: object, name: str) -> bool:
    return isinstance(value, dict) and isinstance(value.get(name), str)


def _refuse(status: int, why: str) -> Response:
    log.warning("refused: %s", why, extra={"action": "slack_refused", "status": status})
    return Response(status_code=status)
