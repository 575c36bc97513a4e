"""`madoguchi`: finds the command that was asked for and imports only that one, so that `ask` stays quick."""

from __future__ import annotations

import importlib
import os
import sys

import click

from bot import __version__
from bot.cli.japanese import speak_japanese
from bot.errors import ContentError, MadoguchiError, SettingsError, UsageError

COMMANDS = {
    "ask": ("bot.cli.ask", "ask", "1つの文をどう理解したか"),
    "backup": ("bot.cli.backup", "backup", "データの控えを取る"),
    "chat": ("bot.cli.chat", "chat", "ターミナルで会話"),
    "check": ("bot.cli.check", "check", "用件・プロバイダ・お店の情報を確かめる"),
    "db": ("bot.cli.db", "db", "データベースの手入れ"),
    "dead": ("bot.cli.dead", "dead", "あきらめた送信を見て、もう一度ためす"),
    "doctor": ("bot.cli.doctor", "doctor", "設定の確認と、直し方"),
    "eval": ("bot.cli.eval", "evaluate", "見本の文での正答率"),
    "forget": ("bot.cli.forget", "forget", "ひとりの方の記録を消す"),
    "keys": ("bot.cli.keys", "keys", "保存を暗号化する鍵"),
    "learn": ("bot.cli.learn", "learn", "担当者に教わった言い方を加える"),
    "misses": ("bot.cli.misses", "misses", "聞き取れなかった言葉の一覧"),
    "providers": ("bot.cli.providers", "providers", "プロバイダの設定値と、その出典"),
    "restore": ("bot.cli.backup", "restore", "控えから元に戻す"),
    "run": ("bot.cli.run", "run", "設定があればサービス、なければ会話を始める"),
    "schema": ("bot.cli.schema", "schema", "YAMLを書くときに助けになるファイル"),
    "serve": ("bot.cli.serve", "serve", "LINEとSlackのサービス"),
    "tickets": ("bot.cli.tickets", "tickets", "担当者に来たチケット：一覧、1件、CSV"),
    "tune": ("bot.cli.tune", "tune", "読みとりの数字を計算し直す"),
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module, name, _ = COMMANDS[cmd_name]
        command = getattr(importlib.import_module(module), name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("コマンド"):
            formatter.write_dl([(name, COMMANDS[name][2]) for name in sorted(COMMANDS)])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError:
            raise click.UsageError(
                f"「{args[0]}」というコマンドはありません。あるのは {'、'.join(sorted(COMMANDS))} です", ctx
            ) from None


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="""\b
    madoguchi（窓口）：メールのトラブルに、LINEとSlackでお答えするサポートボット。
    それぞれの使い方は madoguchi <コマンド> --help で見られます。
    """,
)
@click.version_option(__version__, prog_name="madoguchi", help="版を見せます。")
def cli() -> None:
    """madoguchi (窓口): a mail-trouble support bot for LINE and Slack."""


def main() -> None:
    """Run the command line. Exit codes: 0 fine, 1 found problems, 2 used wrongly."""
    _ready_the_streams()
    speak_japanese()
    try:
        cli()
    except (ContentError, SettingsError) as error:
        for line in error.problems if isinstance(error, ContentError) else error.faults:
            click.echo(line, err=True)
        sys.exit(1)
    except UsageError as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    except MadoguchiError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    except OSError as error:
        if error.filename is None:  # no file that was named wrongly, but a fault of ours
            raise
        click.echo(
            f"{error.filename} を読み書きできません（{error.strerror}）。場所と許可を確かめてください",
            err=True,
        )
        sys.exit(1)


def _ready_the_streams() -> None:
    """Japanese on Windows consoles too; a stream that the caller has closed is empty, and takes everything."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115 - for as long as we run
        getattr(sys, name).reconfigure(encoding="utf-8", errors="replace")
