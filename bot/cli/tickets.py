"""`madoguchi tickets`: what came to people, what was said, and how it ended."""

from __future__ import annotations

import csv
import sys
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from bot.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from bot.core.conversations import Line
    from bot.core.tickets import Ticket

COLUMNS = (
    "id",
    "kind",
    "state",
    "opened_at",
    "taken_at",
    "first_answer_seconds",
    "closed_at",
    "ending",
    "taker",
    "name",
    "phone",
    "provider",
    "client",
    "error_code",
    "reason",
    "computers",
    "program",
    "visit_start",
    "csat",
    "reopened",
    "note",
)

_NAMED = {"kind", "state", "ending"}
"""The columns that hold one of our own names."""
_MOST = 100_000
_BEFORE = timedelta(hours=12)
"""How much of the talk before a ticket belongs to it."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@click.group(help="担当者に来たチケットを見ます。何が来て、何を話し、どう終わったか。")
def tickets() -> None:
    """Look at tickets: what came to people, what was said, how it ended."""


@tickets.command(
    "list",
    short_help="チケットの一覧。",
    help="""\b
    チケットを、新しい順に並べます
    （番号、開いた日時、状態、担当者、お客様、何のことか）。
    """,
)
@click.option("--all", "everything", is_flag=True, help="終わったものも。")
@click.option("--most", default=50, show_default=True, help="多くてもこの数まで。")
def list_(*, everything: bool, most: int) -> None:
    """List tickets, the newest first."""
    from bot.cli.records import open_records

    with open_records() as records:
        found = records.chronicle.tickets(_MOST)
    shown = [ticket for ticket in found if everything or ticket.open][:most]
    for ticket in shown:
        state = _called(ticket.state) + (f"（{_called(ticket.ending)}）" if ticket.ending else "")
        who = ticket.contact.name or ticket.customer_name or "-"
        click.echo(
            "  ".join(
                (ticket.id, _local(ticket.opened_at), state, ticket.taker_name or "-", who, ticket.reason)
            )
        )
    if not shown:
        click.echo("チケットはありません")


@tickets.command(
    short_help="チケット1件。",
    help="チケット1件のすべてと、会話。番号（ID）は、はじめの数文字で足ります。",
)
@click.argument("ticket_id", metavar="ID")
def show(ticket_id: str) -> None:
    """Show one ticket: what is known, what happened, and the talk."""
    from bot.cli.records import open_records

    with open_records() as records:
        alike = [each for each in records.chronicle.tickets(_MOST) if each.id.startswith(ticket_id)]
        if len(alike) != 1:
            many = f"が {len(alike)} 件あります。もう少し長く書いてください" if alike else "はありません"
            raise UsageError(f"{ticket_id} で始まるチケット{many}（madoguchi tickets list --all で一覧）")
        ticket = alike[0]
        events = records.chronicle.events(ticket.id)
        lines = _talk_of(ticket, records.chronicle.lines(ticket.customer))
    for name, value in zip(COLUMNS, _row(ticket), strict=True):
        if value:
            click.echo(f"{_called(name)}: {_called(value) if name in _NAMED else value}")
    click.echo()
    for event in events:
        click.echo(
            "  ".join(filter(None, (_local(event.at), _called(event.kind), event.who, _called(event.detail))))
        )
    click.echo()
    for line in lines:
        click.echo(f"{_local(line.said_at)}  {_called(line.who)}: {line.text}")


@tickets.command(
    short_help="すべてのチケットをCSVで。",
    help="すべてのチケットを、Excelでそのまま開けるCSVで書き出します。",
)
@click.option(
    "--csv",
    "path",
    type=click.Path(dir_okay=False, writable=True),
    default="-",
    show_default=True,
    help="書き出すファイル。「-」は画面。",
)
@click.option("--talk", is_flag=True, help="1件を1行ではなく、会話の1言を1行で。")
def export(*, path: str, talk: bool) -> None:
    """Write all tickets as CSV."""
    from bot.cli.records import open_records

    with open_records() as records:
        found = records.chronicle.tickets(_MOST)
        if talk:
            heading: Sequence[str] = ("ticket", "said_at", "who", "text")
            rows: list[tuple[str, ...]] = [
                (ticket.id, _local(line.said_at), line.who, line.text)
                for ticket in found
                for line in _talk_of(ticket, records.chronicle.lines(ticket.customer))
            ]
        else:
            heading = COLUMNS
            rows = [tuple(_row(ticket)) for ticket in found]
    if path == "-":
        _write(sys.stdout, heading, rows)
        return
    # The mark at the beginning is what tells Excel that it is UTF-8.
    with open(path, "w", encoding="utf-8-sig", newline="") as file:  # noqa: PTH123 - click gives a text
        _write(file, heading, rows)


def _called(name: str) -> str:
    """What the names of the CSV and what stands in it are called."""
    from bot.content.telling import term

    return term("of_tickets", name)


def _write(file: object, heading: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    writer = csv.writer(file)  # type: ignore[arg-type]  # any text file
    writer.writerow(heading)
    writer.writerows([[_harmless(value) for value in row] for row in rows])


def _harmless(value: str) -> str:
    """*value* so that no spreadsheet takes what a customer wrote for a formula."""
    return f"'{value}" if value.startswith(_FORMULA) else value


def _row(ticket: Ticket) -> Iterator[str]:
    answered = str(int((ticket.answered_at - ticket.opened_at).total_seconds())) if ticket.answered_at else ""
    slots = ticket.slots
    yield from (
        ticket.id,
        ticket.kind,
        ticket.state,
        _local(ticket.opened_at),
        _local(ticket.taken_at),
        answered,
        _local(ticket.closed_at),
        ticket.ending,
        ticket.taker_name or ticket.last_taker_name,
        ticket.contact.name or ticket.customer_name,
        ticket.contact.phone,
        slots.provider or "",
        slots.client or "",
        slots.error_code or "",
        ticket.reason,
        ticket.computers,
        ticket.program,
        _local(ticket.visit.start) if ticket.visit else "",
        str(ticket.csat or ""),
        str(ticket.reopened or ""),
        ticket.note,
    )


def _talk_of(ticket: Ticket, lines: Iterable[Line]) -> Sequence[Line]:
    """The talk that led to the ticket, and all of it until it was closed."""
    first, last = ticket.opened_at - _BEFORE, ticket.closed_at
    return [line for line in lines if line.said_at >= first and (last is None or line.said_at <= last)]


def _local(at: datetime | None) -> str:
    from bot.core.hours import JAPAN

    return f"{at.astimezone(JAPAN):%Y-%m-%d %H:%M}" if at else ""
