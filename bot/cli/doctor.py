"""`madoguchi doctor`: what is configured, what is missing, and how to fix it."""

from __future__ import annotations

import asyncio
import shutil
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import click

from bot.errors import ContentError, MadoguchiError, SettingsError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from bot.settings import Settings

Verdict = Literal["ok", "off", "bad"]

_MARKS: dict[Verdict, str] = {"ok": "○", "off": "－", "bad": "×"}
_ENOUGH_DISK = 200 * 1024 * 1024
_NEARLY = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at. `cure` says what to do, in Japanese; "" when nothing is to be done."""

    what: str
    verdict: Verdict
    seen: str
    cure: str = ""


@click.command()
def doctor() -> None:
    """Look at settings, content, database and both platforms; say how to mend what is amiss."""
    from bot.settings import Settings

    try:
        settings = Settings.load()
    except SettingsError as error:
        for fault in error.faults:
            _show(Finding(what="設定", verdict="bad", seen=fault, cure=".env のこの行を直してください"))
        sys.exit(1)
    findings = asyncio.run(_examine(settings))
    sys.exit(1 if any(finding.verdict == "bad" for finding in findings) else 0)


async def _examine(settings: Settings) -> list[Finding]:
    findings = []
    async for finding in _findings(settings):
        _show(finding)
        findings.append(finding)
    return findings


async def _findings(settings: Settings) -> AsyncIterator[Finding]:
    yield _content(settings)
    yield await asyncio.to_thread(_database, settings)
    yield _disk(settings)
    yield _encryption(settings)
    for finding in await _line(settings):
        yield finding
    for finding in await _slack(settings):
        yield finding


def _show(finding: Finding) -> None:
    click.echo(f"{_MARKS[finding.verdict]} {finding.what}: {finding.seen}")
    if finding.cure:
        click.echo(f"    → {finding.cure}")


def _content(settings: Settings) -> Finding:
    from bot.content.library import load_library

    what = "言い回しとプロバイダ"
    try:
        library = load_library(
            intents_dir=settings.madoguchi_intents_dir, providers_dir=settings.madoguchi_providers_dir
        )
    except ContentError as error:
        return Finding(
            what=what,
            verdict="bad",
            seen=f"{len(error.problems)} か所に書きまちがいがあります（最初: {error.problems[0]}）",
            cure="madoguchi check で、すべての場所を見られます",
        )
    return Finding(
        what=what,
        verdict="ok",
        seen=f"用件 {len(library.intents)}、プロバイダ {len(library.providers)}、店名「{library.shop.name}」",
    )


def _database(settings: Settings) -> Finding:
    from bot.store import schema
    from bot.store.engine import open_engine

    what = "データベース"
    try:
        settings.madoguchi_data_dir.mkdir(parents=True, exist_ok=True)
        engine = open_engine(settings.database_url, connections=1)
        try:
            schema.ensure(engine)
            kind = engine.dialect.name
        finally:
            engine.dispose()
    except (MadoguchiError, OSError) as error:
        return Finding(
            what=what,
            verdict="bad",
            seen=str(error),
            cure="MADOGUCHI_DATABASE_URL と、フォルダーの書き込みの許可を確かめ、madoguchi db upgrade を試してください",
        )
    return Finding(what=what, verdict="ok", seen=f"{kind} に書き込めます")


def _disk(settings: Settings) -> Finding:
    free = shutil.disk_usage(settings.madoguchi_data_dir).free
    seen = f"空き {free // 1024 // 1024:,} MB"
    if free < _ENOUGH_DISK:
        return Finding(what="ディスク", verdict="bad", seen=seen, cure="200 MB以上、空けてください")
    return Finding(what="ディスク", verdict="ok", seen=seen)


def _encryption(settings: Settings) -> Finding:
    what = "保存の暗号化"
    if settings.secret_keys:
        return Finding(what=what, verdict="ok", seen=f"しています（鍵 {len(settings.secret_keys)} 本）")
    return Finding(
        what=what,
        verdict="off",
        seen="していません（お客様のお名前や電話番号が、そのまま保存されます）",
        cure="madoguchi keys new で鍵を作り、.env の MADOGUCHI_SECRET_KEYS に書いてから、madoguchi keys rotate を一度",
    )


async def _line(settings: Settings) -> list[Finding]:
    if settings.line_missing:
        names = " と ".join(settings.line_missing)
        return [
            Finding(
                what="LINE",
                verdict="off",
                seen=f"使っていません（{names} がありません）",
                cure=f"LINE Developers のMessaging APIチャネルの画面にある値を、.env の {names} に書いてください",
            )
        ]
    from bot.app import SystemClock
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
        return [
            Finding(
                what="LINE",
                verdict="bad",
                seen=str(error),
                cure="LINE_CHANNEL_ACCESS_TOKEN を発行し直して .env に書き、インターネットの接続も確かめてください",
            )
        ]
    finally:
        await sender.stop()
    return [Finding(what="LINE", verdict="ok", seen="つながります"), _pushes(quota.used, quota.limit)]


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


async def _slack(settings: Settings) -> list[Finding]:
    if settings.slack_missing:
        names = " と ".join(settings.slack_missing)
        return [
            Finding(
                what="Slack",
                verdict="off",
                seen=f"使っていません（{names} がありません）",
                cure=f"deploy/slack-manifest.yaml からアプリを作り、.env の {names} に書いてください",
            )
        ]
    return [await _slack_identity(settings), *_desk(settings)]


async def _slack_identity(settings: Settings) -> Finding:
    from bot.channels.slack.workspace import Workspace, open_client

    assert settings.slack_bot_token is not None
    mode = "Socket Mode" if settings.slack_app_token else "HTTP（/slack/events）"
    async with open_client(
        settings.slack_bot_token.get_secret_value(), base_url=settings.slack_api_base_url
    ) as client:
        try:
            me = await Workspace(client).identity()
        except MadoguchiError as error:
            return Finding(
                what="Slack",
                verdict="bad",
                seen=str(error),
                cure="SLACK_BOT_TOKEN を確かめ、アプリをワークスペースに入れ直してください",
            )
    return Finding(what="Slack", verdict="ok", seen=f"つながります（ワークスペース {me.team}、{mode}）")


def _desk(settings: Settings) -> Iterator[Finding]:
    if settings.slack_operator_channel:
        yield Finding(what="担当者のチャンネル", verdict="ok", seen=settings.slack_operator_channel)
        return
    yield Finding(
        what="担当者のチャンネル",
        verdict="off",
        seen="決まっていません（有人対応への取り次ぎは、お電話のご案内になります）",
        cure="担当者のチャンネルにボットを招待し、そのIDを SLACK_OPERATOR_CHANNEL に書いてください",
    )
