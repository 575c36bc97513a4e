"""`madoguchi doctor`: what is configured, what is missing, and how to fix it."""

from __future__ import annotations

import asyncio
import shutil
import sys
from typing import TYPE_CHECKING

import click

from bot.cli import platforms
from bot.cli.finding import Finding
from bot.errors import ContentError, MadoguchiError, SettingsError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.cli.finding import Verdict
    from bot.settings import Settings

_MARKS: dict[Verdict, str] = {"ok": "○", "off": "－", "bad": "×"}
_ENOUGH_DISK = 200 * 1024 * 1024


@click.command(help="設定・データベース・LINE・Slackを調べ、足りないものと直し方を教えます。")
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
    if settings.madoguchi_data_dir.is_dir():
        yield _disk(settings)
    yield _encryption(settings)
    async for finding in platforms.line(settings):
        yield finding
    async for finding in platforms.slack(settings):
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
        engine = open_engine(settings.database_url, connections=1)
        try:
            schema.ensure(engine)
            kind = engine.dialect.name
        finally:
            engine.dispose()
    except MadoguchiError as error:
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
