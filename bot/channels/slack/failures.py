"""What the SDK raises, as our errors: is another try worth it, may it have arrived, or what must a person mend?"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.errors import AmbiguousError, ChannelError, RefusedError, RetryableError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_RATE_LIMITED = frozenset({"ratelimited", "rate_limited"})
_MAY_HAVE_ARRIVED = frozenset({"fatal_error", "internal_error", "service_unavailable"})
_LATER = frozenset({"request_timeout", "team_added_to_org", "accesslimited"})

_ADVICE: Mapping[str, str] = {
    "invalid_auth": "set SLACK_BOT_TOKEN to the bot token of this app (OAuth & Permissions)",
    "not_authed": "set SLACK_BOT_TOKEN to the bot token of this app (OAuth & Permissions)",
    "token_revoked": "reinstall the app and set SLACK_BOT_TOKEN to its new token",
    "token_expired": "reinstall the app and set SLACK_BOT_TOKEN to its new token",
    "account_inactive": "reinstall the app and set SLACK_BOT_TOKEN to its new token",
    "missing_scope": "add the scope as in deploy/slack-manifest.yaml and reinstall the app",
    "channel_not_found": "check the channel's id (SLACK_OPERATOR_CHANNEL), and /invite the bot if it is private",
    "not_in_channel": "/invite the bot into the channel",
    "user_not_in_channel": "the person has to join the channel",
    "is_archived": "the channel is archived: unarchive it or choose another",
    "msg_too_long": "a text is longer than Slack takes",
    "msg_blocks_too_long": "the blocks are longer than Slack takes",
    "invalid_blocks": "the blocks break a rule of Block Kit",
}


@contextmanager
def translated(method: str) -> Iterator[None]:
    """Raise our errors for what a call of *method* raises.

    Raises:
        RetryableError, AmbiguousError, RefusedError
    """
    try:
        yield
    except SlackApiError as error:
        raise api_error(method, error) from error
    except SlackClientError as error:
        raise RefusedError(f"{method} was not sent: {type(error).__name__}") from error
    except aiohttp.ClientConnectorError as error:
        raise RetryableError(f"{method}: Slack cannot be reached ({type(error).__name__})") from error
    except (aiohttp.ClientError, TimeoutError) as error:
        raise AmbiguousError(f"{method}: no answer ({type(error).__name__})") from error


def api_error(method: str, error: SlackApiError) -> ChannelError:
    """Our error for an answer of the Web API that is not ok."""
    # The SDK puts its own response here, or aiohttp's when the body was no JSON.
    response = error.response
    status: int = getattr(response, "status_code", None) or getattr(response, "status", None) or 0
    code = error_code(error)
    if status == 429 or code in _RATE_LIMITED:
        return RetryableError(f"{method}: rate limited", after=retry_after(response.headers))
    if status >= 500 or code in _MAY_HAVE_ARRIVED or not code:
        return AmbiguousError(f"{method}: {code or f'answer {status}'}")
    if code in _LATER:
        return RetryableError(f"{method}: {code}")
    advice = _ADVICE.get(code, "see the method's page on docs.slack.dev")
    needed = response.get("needed", "")
    message = f"{method}: {code}{f' ({needed})' if needed else ''}: {advice}"
    return RefusedError(message, code=code, needed=needed)


def error_code(error: SlackApiError) -> str:
    """The `error` of a Web API answer, "" when there was none to read."""
    data = getattr(error.response, "data", None)
    return str(data.get("error", "")) if isinstance(data, dict) else ""


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds that Slack asks to wait, if it names them."""
    value = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    return float(value) if value.isdigit() else None
