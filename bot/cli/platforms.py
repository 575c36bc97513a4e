"""How `madoguchi doctor` finds LINE and Slack, and the cure that fits what each of them said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cli.finding import Finding
from bot.errors import ChannelError, MadoguchiError, RefusedError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.channels.slack.workspace import Workspace
    from bot.settings import Settings

_NEARLY = 0.8
_NO_ANSWER = "インターネットの接続とプロキシ（HTTPS_PROXY）を確かめて、もう一度お試しください。トークンはそのままで大丈夫です"
_LINE_ANEW = (
    "LINE Developers の［Messaging API設定］でチャネルアクセストークン（長期）を発行し直し、"
    "LINE_CHANNEL_ACCESS_TOKEN に写してください"
)
_LINE_CURES = {
    "401": _LINE_ANEW,
    "403": "このチャネルでは Messaging API を使えません。LINE Developers で、チャネルの種類を確かめてください",
}
_BOT_ANEW = (
    "Slackのアプリの画面の［OAuth & Permissions］にある Bot User OAuth Token（xoxb- で始まる）を、"
    "SLACK_BOT_TOKEN に写し直してください"
)
_APP_ANEW = (
    "Slackのアプリの画面の［Basic Information］→［App-Level Tokens］のトークン（xapp- で始まる）を、"
    "SLACK_APP_TOKEN に写し直してください"
)
_REINSTALL = "［Install App］でアプリをワークスペースに入れ直し、新しい Bot User OAuth Token を SLACK_BOT_TOKEN に写してください"
_INVITE = "担当者のチャンネルで /invite @madoguchi と打ち、SLACK_OPERATOR_CHANNEL がそのチャンネルのID（C で始まる）かを確かめてください"
_SLACK_CURES = {
    "invalid_auth": _BOT_ANEW,
    "not_authed": _BOT_ANEW,
    "not_allowed_token_type": _BOT_ANEW,
    "token_revoked": _REINSTALL,
    "token_expired": _REINSTALL,
    "account_inactive": _REINSTALL,
    "channel_not_found": _INVITE,
    "not_in_channel": _INVITE,
    "is_archived": "担当者のチャンネルがアーカイブされています。元に戻すか、ほかのチャンネルのIDを SLACK_OPERATOR_CHANNEL に書いてください",
}
_APP_TOKEN_CURES = dict.fromkeys(
    ("invalid_auth", "not_authed", "not_allowed_token_type", "token_revoked"), _APP_ANEW
)


async def line(settings: Settings) -> AsyncIterator[Finding]:
    """Whether LINE takes the token, and how many pushes the month has left."""
    if settings.line_missing:
        names = " と ".join(settings.line_missing)
        cure = f"LINE Developers のMessaging APIチャネルの画面にある値を、.env の {names} に書いてください"
        yield Finding(what="LINE", verdict="off", seen=f"使っていません（{names} がありません）", cure=cure)
        return
    from bot.app.clock import SystemClock
    from bot.channels.line.sender import LineSender

    assert settings.line_channel_access_token is not None
    sender = LineSender(
        settings.line_channel_access_token.get_secret_value(),
        SystemClock(),
        api_url=settings.line_api_base_url,
        data_url=settings.line_data_api_base_url,
    )
    await sender.start()
    try:
        quota = await sender.quota()
    except MadoguchiError as error:
        other = "LINE Developers で、チャネルの設定を確かめてください"
        yield Finding(what="LINE", verdict="bad", seen=_seen(error), cure=cure_for(error, _LINE_CURES, other))
        return
    finally:
        await sender.stop()
    yield Finding(what="LINE", verdict="ok", seen="つながります")
    yield _pushes(quota.used, quota.limit)


def _pushes(used: int, limit: int | None) -> Finding:
    """The month's pushes; replies cost nothing and always work."""
    what = "LINEのプッシュ（今月）"
    if limit is None:
        return Finding(what=what, verdict="ok", seen=f"{used:,} 通（上限なし）")
    seen = f"{used:,} 通 / 上限 {limit:,} 通（残り {max(limit - used, 0):,} 通）"
    if used >= limit:
        cure = "担当者の言葉は、お客様が次に書いたときに無料の返信で届きます。お急ぎなら LINE のプランを上げてください"
        return Finding(what=what, verdict="bad", seen=f"{seen} 使い切りました", cure=cure)
    if used >= _NEARLY * limit:
        return Finding(what=what, verdict="ok", seen=f"{seen} 残りが少なくなっています")
    return Finding(what=what, verdict="ok", seen=seen)


async def slack(settings: Settings) -> AsyncIterator[Finding]:
    """Whether Slack takes the tokens, and whether the bot can read the operators' channel."""
    if settings.slack_missing:
        names = " と ".join(settings.slack_missing)
        cure = f"deploy/slack-manifest.yaml からアプリを作り、.env の {names} に書いてください"
        yield Finding(what="Slack", verdict="off", seen=f"使っていません（{names} がありません）", cure=cure)
        return
    from bot.channels.slack.workspace import Workspace, open_client

    assert settings.slack_bot_token is not None
    async with open_client(
        settings.slack_bot_token.get_secret_value(), base_url=settings.slack_api_base_url
    ) as client:
        workspace = Workspace(client)
        known = await _identity(workspace)
        yield known
        if settings.slack_app_token:
            yield await _socket(workspace, settings.slack_app_token.get_secret_value())
        if known.verdict == "ok":
            yield await _desk(workspace, settings.slack_operator_channel)


async def _identity(workspace: Workspace) -> Finding:
    try:
        me = await workspace.identity()
    except MadoguchiError as error:
        return _refused("Slack", error, _SLACK_CURES)
    return Finding(what="Slack", verdict="ok", seen=f"つながります（ワークスペース {me.team}）")


async def _socket(workspace: Workspace, app_token: str) -> Finding:
    what = "Slackからの受信（Socket Mode）"
    try:
        await workspace.try_socket(app_token)
    except MadoguchiError as error:
        return _refused(what, error, _APP_TOKEN_CURES)
    return Finding(what=what, verdict="ok", seen="つながります")


async def _desk(workspace: Workspace, channel: str) -> Finding:
    what = "担当者のチャンネル"
    if not channel:
        return Finding(
            what=what,
            verdict="off",
            seen="決まっていません（有人対応への取り次ぎは、お電話のご案内になります）",
            cure="担当者のチャンネルにボットを招待し、そのIDを SLACK_OPERATOR_CHANNEL に書いてください",
        )
    try:
        await workspace.try_reading(channel)
    except MadoguchiError as error:
        return _refused(what, error, _SLACK_CURES)
    return Finding(what=what, verdict="ok", seen=f"{channel} に入っています")


def _refused(what: str, error: MadoguchiError, cures: dict[str, str]) -> Finding:
    other = "アプリの設定を deploy/slack-manifest.yaml と見比べ、入れ直してください"
    return Finding(what=what, verdict="bad", seen=_seen(error), cure=cure_for(error, cures, other))


def _seen(error: MadoguchiError) -> str:
    """That it failed, with the platform's or the network's own words."""
    refused = isinstance(error, RefusedError) or (isinstance(error, ChannelError) and bool(error.code))
    return f"{'断られました' if refused else 'つながりません'}（{error}）"


def cure_for(error: MadoguchiError, cures: dict[str, str], other: str) -> str:
    """What to do about *error*: its own reason decides; where none is given and nothing was refused, it is the way there."""
    if not isinstance(error, ChannelError):
        return other
    if error.needed:
        return (
            f"アプリに権限 {error.needed} がありません。Slackのアプリの画面の［OAuth & Permissions］か［App-Level Tokens］で足し、"
            "アプリをワークスペースに入れ直してください"
        )
    return cures.get(error.code, other if isinstance(error, RefusedError) else _NO_ANSWER)
