from __future__ import annotations

import asyncio
import shutil

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from click.testing import CliRunner
from sqlalchemy import text

from bot.cli.db import db
from bot.errors import StoreError
from bot.store import schema
from bot.store.engine import open_engine
from bot.store.store import open_store
from bot.store.tables import metadata


@pytest.fixture(params=["sqlite_url", "new_postgresql_url"])
def fresh_url(request):
    return request.getfixturevalue(request.param)


@pytest.fixture
def engine(fresh_url):
    engine = open_engine(fresh_url, connections=1)
    yield engine
    engine.dispose()


def test_the_migrations_make_the_tables_that_the_code_uses(engine):
    schema.upgrade(engine)

    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_a_new_sqlite_file_is_made_as_the_migrations_would_make_it(tmp_path, clock):
    made, migrated = (
        open_engine(f"sqlite:///{tmp_path / name}", connections=1) for name in ("made", "migrated")
    )
    schema.ensure(made)
    schema.upgrade(migrated)

    assert shape(migrated) == shape(made)


def shape(engine):
    """All that a database says of its tables, but for the order of columns and the spelling of types."""
    with engine.connect() as connection:
        tables = sorted(
            connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars()
        )
        columns = {
            (table, row.name, row.type.upper(), row.notnull, row.dflt_value, row.pk)
            for table in tables
            for row in connection.execute(text(f"PRAGMA table_info({table})"))
        }
        indexes = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'index'")).all()
    engine.dispose()
    return tables, columns, {(row.name, " ".join((row.sql or "").split())) for row in indexes}


def test_the_newest_migration_is_the_one_the_code_wants():
    assert ScriptDirectory(str(schema.MIGRATIONS)).get_heads() == [schema.REVISION]


def test_upgrading_twice_changes_nothing(engine):
    assert [schema.upgrade(engine), schema.upgrade(engine)] == [schema.REVISION] * 2


def test_a_failing_migration_leaves_nothing_behind(engine, tmp_path, monkeypatch):
    broken = tmp_path / "migrations"
    shutil.copytree(schema.MIGRATIONS, broken)
    (first,) = (broken / "versions").glob("0001*.py")
    first.write_text(
        first.read_text().replace("def _address", "    op.execute('nonsense')\n\n\ndef _address", 1)
    )
    monkeypatch.setattr(schema, "MIGRATIONS", broken)

    with pytest.raises(StoreError, match="新しくできませんでした"):
        schema.upgrade(engine)

    monkeypatch.undo()
    assert schema.upgrade(engine) == schema.REVISION


def test_a_sqlite_file_is_upgraded_when_it_is_opened(sqlite_url, clock):
    asyncio.run(open_store(sqlite_url, clock=clock).close())

    engine = open_engine(sqlite_url, connections=1)
    with engine.connect() as connection:
        assert schema.current(connection) == schema.REVISION
    engine.dispose()


def test_a_postgresql_database_that_is_not_up_to_date_is_refused_with_the_command_to_run(
    new_postgresql_url, clock
):
    with pytest.raises(StoreError, match="madoguchi db upgrade"):
        open_store(new_postgresql_url, clock=clock)


def test_a_database_of_a_newer_version_is_accepted(engine, fresh_url, clock):
    schema.upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    asyncio.run(open_store(fresh_url, clock=clock).close())


def test_the_command_upgrades_the_database_of_the_settings(fresh_url, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MADOGUCHI_DATABASE_URL", fresh_url)

    result = CliRunner().invoke(db, ["upgrade"])

    assert (result.exit_code, result.stdout) == (0, f"データの版は {schema.REVISION} です\n")
