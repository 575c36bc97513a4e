"""madoguchi tickets list, show and export, on the database of the settings."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import timedelta

import pytest
from click.testing import CliRunner

from bot.cli.records import open_records
from bot.cli.tickets import COLUMNS, tickets
from bot.core.tickets import Contact, TicketEvent, TicketState
from bot.errors import UsageError
from tests.conftest import START, a_line, a_ticket, an_address


@pytest.fixture(autouse=True)
def _database(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MADOGUCHI_DATABASE_URL", f"sqlite:///{tmp_path / 'shop.sqlite3'}")


@pytest.fixture(name="kept")
def _kept():
    """An open ticket, and one that was closed, with its talk."""
    closed = replace(
        a_ticket(id="ticket-2", contact=Contact(name="=HYPERLINK(1)", phone="049-200-0000")),
        state=TicketState.CLOSED,
        ending="solved",
        csat=5,
        answered_at=START + timedelta(minutes=3),
        closed_at=START + timedelta(hours=1),
    )
    with open_records() as records:
        records.tickets.save(a_ticket(id="ticket-1", reason="担当者をご希望"))
        records.tickets.save(closed)
        records.chronicle.add(
            [TicketEvent(ticket_id="ticket-2", kind="opened", at=START, who="", detail="handoff")]
        )
        records.conversations.add_lines(
            [
                (an_address(), a_line("メールが来ません")),
                (an_address(), a_line("直りました", said_at=START + timedelta(minutes=30))),
                (an_address(), a_line("別の日の話", said_at=START + timedelta(days=3))),
            ]
        )


def run(*arguments):
    return CliRunner().invoke(tickets, list(arguments))


def rows(output):
    return list(csv.DictReader(io.StringIO(output)))


def test_open_tickets_are_listed(kept):
    listed, everything = run("list").stdout, run("list", "--all").stdout

    assert "担当者をご希望" in listed
    assert "ticket-2" not in listed
    assert "完了（解決）" in everything


def test_one_is_shown_with_its_history_and_its_own_talk(kept):
    shown = run("show", "ticket-2").stdout

    assert "お客様の評価: 5" in shown
    assert "開いた" in shown
    assert "直りました" in shown
    assert "別の日の話" not in shown


def test_an_id_that_means_several_is_refused(kept):
    result = run("show", "ticket")

    assert isinstance(result.exception, UsageError)


def test_all_are_exported_as_csv(kept):
    exported = rows(run("export", "--csv", "-").stdout)

    assert list(exported[0]) == list(COLUMNS)
    closed = next(row for row in exported if row["id"] == "ticket-2")
    assert (closed["first_answer_seconds"], closed["csat"], closed["phone"]) == ("180", "5", "049-200-0000")


def test_what_a_customer_wrote_is_never_a_formula(kept):
    exported = rows(run("export").stdout)

    assert "'=HYPERLINK(1)" in {row["name"] for row in exported}


def test_a_file_is_written_for_excel(kept, tmp_path):
    run("export", "--csv", str(tmp_path / "tickets.csv"))

    assert (tmp_path / "tickets.csv").read_bytes().startswith(b"\xef\xbb\xbfid,kind,")


def test_the_talks_are_exported_too(kept):
    exported = rows(run("export", "--talk").stdout)

    assert {row["text"] for row in exported if row["ticket"] == "ticket-2"} == {
        "メールが来ません",
        "直りました",
    }


def test_an_empty_database_has_no_tickets():
    assert run("list", "--all").stdout == "チケットはありません\n"
