"""`madoguchi run`: what `make run` starts."""

from __future__ import annotations

import click


@click.command(help="LINEかSlackの設定があればサービスを、なければターミナルの会話を始めます。")
@click.pass_context
def run(context: click.Context) -> None:
    """The service when tokens are set, else a talk in the terminal (ends at end of input)."""
    from bot.settings import Settings

    settings = Settings.load()
    if settings.line_missing and settings.slack_missing:
        from bot.cli.chat import chat

        context.invoke(chat)
        return
    from bot.cli.serve import serve

    context.invoke(serve)
