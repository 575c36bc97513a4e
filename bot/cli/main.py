"""`madoguchi`: finds the command that was asked for and imports only that one, so that `ask` stays quick."""

from __future__ import annotations

import importlib
import sys

import click

from bot import __version__
from bot.errors import ContentError, MadoguchiError, SettingsError, UsageError

COMMANDS = {
    "ask": ("bot.cli.ask", "ask", "understand one line and explain it"),
    "backup": ("bot.cli.backup", "backup", "write the database into one checked file"),
    "chat": ("bot.cli.chat", "chat", "talk in the terminal"),
    "check": ("bot.cli.check", "check", "lint intents, providers and shop"),
    "db": ("bot.cli.db", "db", "database: migrations"),
    "dead": ("bot.cli.dead", "dead", "what was given up, and another try for it"),
    "doctor": ("bot.cli.doctor", "doctor", "what is configured, what is missing, how to fix it"),
    "eval": ("bot.cli.eval", "evaluate", "accuracy on labelled messages"),
    "forget": ("bot.cli.forget", "forget", "erase what is stored of one person, and prove it"),
    "keys": ("bot.cli.keys", "keys", "keys of encryption at rest: new, rotate"),
    "learn": ("bot.cli.learn", "learn", "teach the bot what operators said misses were"),
    "misses": ("bot.cli.misses", "misses", "what was not understood, alike things together"),
    "providers": ("bot.cli.providers", "providers", "what is known of mail providers, and its sources"),
    "restore": ("bot.cli.backup", "restore", "put a backup in the place of the database"),
    "run": ("bot.cli.run", "run", "the service when tokens are set, else a talk in the terminal"),
    "schema": ("bot.cli.schema", "schema", "JSON Schema of the YAML files, for editors"),
    "serve": ("bot.cli.serve", "serve", "the LINE and Slack service"),
    "tickets": ("bot.cli.tickets", "tickets", "what came to people: list, show, export as CSV"),
    "tune": ("bot.cli.tune", "tune", "fit the understanding to the sentences again"),
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
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][2]) for name in sorted(COMMANDS)])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError:
            raise click.UsageError(
                f"no command {args[0]!r}; there are: {', '.join(sorted(COMMANDS))}", ctx
            ) from None


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="madoguchi")
def cli() -> None:
    """madoguchi (窓口): a mail-trouble support bot for LINE and Slack."""


def main() -> None:
    """Run the command line. Exit codes: 0 fine, 1 found problems, 2 used wrongly."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]  # Japanese on Windows consoles
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
        click.echo(f"{type(error).__name__}: {error}", err=True)
        sys.exit(1)
