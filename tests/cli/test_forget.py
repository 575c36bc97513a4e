"""madoguchi forget and keys, on a database that a running service fills."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from bot.cli.forget import forget
from bot.cli.keys import keys
from bot.errors import SettingsError, UsageError
from bot.store.store import open_store
from bot.store.vault import Vault, new_key
from tests.conftest import a_conversation, a_line, a_send, an_address

HANAKO = "Uhanako00000001"


@pytest.fixture(name="path")
def _path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "madoguchi.sqlite3"
    monkeypatch.setenv("MADOGUCHI_DATABASE_URL", f"sqlite:///{path}")
    return path


@pytest.fixture(name="fill")
def _fill(path, clock):
    async def fill(*secret_keys):
        """A customer who said the same thing many times: old copies lie about in the file."""
        store = open_store(f"sqlite:///{path}", clock=clock, vault=Vault(secret_keys))
        address = an_address(HANAKO)

        def work(records):
            conversation = records.conversations.lock(address)
            records.conversations.save(a_conversation(address=address, version=conversation.version))
            records.conversations.add_lines([(address, a_line("花子の秘密のことば" * 20))])

        for _ in range(30):
            await store.transact(work)
        await store.transact(lambda records: records.outbox.add([a_send(address=address)]))
        await store.close()

    return fill


def file_bytes(path):
    return b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))


async def test_not_even_the_bytes_of_the_file_know_the_person_any_more(path, fill):
    await fill()
    before = file_bytes(path)

    result = CliRunner().invoke(forget, [HANAKO, "--yes"])

    assert HANAKO.encode() in before
    assert result.exit_code == 0, result.output
    assert "このIDは、どこにも残っていません" in result.output
    assert HANAKO.encode() not in file_bytes(path)
    assert "花子の秘密".encode() not in file_bytes(path)


async def test_the_counts_are_told_by_table(fill):
    await fill()

    result = CliRunner().invoke(forget, [HANAKO, "--yes"])

    rows = {line.split()[-1]: line.split()[:-1] for line in result.output.splitlines() if line}
    assert rows["lines"] == ["30", "0", "0", "0"]
    assert rows["conversations"] == ["1", "0", "0", "0"]
    assert rows["outbox"] == ["1", "0", "0", "0"]


async def test_it_asks_first(path, fill):
    await fill()

    result = CliRunner().invoke(forget, [HANAKO], input="n\n")

    assert result.exit_code == 1
    assert HANAKO.encode() in file_bytes(path)


@pytest.mark.parametrize("user", ["", "U1", "山田花子", "%", "a' OR 1=1"])
def test_what_is_no_id_is_refused(path, user):
    result = CliRunner().invoke(forget, [user, "--yes"])

    assert isinstance(result.exception, UsageError)


async def test_a_key_is_made_set_and_used_for_what_is_stored(path, fill, monkeypatch):
    await fill()
    key = CliRunner().invoke(keys, ["new"]).output.strip()
    monkeypatch.setenv("MADOGUCHI_SECRET_KEYS", key)

    result = CliRunner().invoke(keys, ["rotate"])

    assert "lines: 30 行を" in result.output


async def test_the_search_reads_what_is_encrypted(fill, monkeypatch):
    key = new_key()
    await fill(key)
    monkeypatch.setenv("MADOGUCHI_SECRET_KEYS", key)

    result = CliRunner().invoke(forget, [HANAKO, "--yes"])

    assert result.exit_code == 0
    assert "まだ残っています" not in result.output


def test_without_a_key_rotation_says_how_to_make_one(path):
    result = CliRunner().invoke(keys, ["rotate"])

    assert isinstance(result.exception, SettingsError)
    assert "madoguchi keys new" in str(result.exception)


def test_a_key_that_is_none_is_refused_without_being_shown(path, monkeypatch):
    monkeypatch.setenv("MADOGUCHI_SECRET_KEYS", "not-a-key-but-secret")

    result = CliRunner().invoke(keys, ["rotate"])

    assert "MADOGUCHI_SECRET_KEYS" in str(result.exception)
    assert "not-a-key" not in str(result.exception)
