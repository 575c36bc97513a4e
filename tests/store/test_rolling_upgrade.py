"""Old and new code side by side: what code of an earlier migration reads and writes still works on the newest schema."""

from __future__ import annotations

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import BigInteger, Integer, MetaData, insert, inspect, select

from bot.store import schema
from bot.store.engine import open_engine, transaction

REVISIONS = sorted(path.stem[:4] for path in (schema.MIGRATIONS / "versions").glob("[0-9]*.py"))


@pytest.fixture(params=["sqlite_url", "new_postgresql_url"])
def engine(request):
    engine = open_engine(request.getfixturevalue(request.param), connections=1)
    yield engine
    engine.dispose()


def migrated(engine, revision):
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    with transaction(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def as_known_now(engine):
    """The tables as code of this moment knows them."""
    known = MetaData()
    known.reflect(engine)
    return [table for table in known.sorted_tables if table.name != "alembic_version"]


def a_row(table, *, number):
    """A row as code writes it that knows no other columns: only what has no default of its own."""
    return {
        column.name: number if isinstance(column.type, BigInteger | Integer) else f"{column.name}-{number}"
        for column in table.columns
        if not column.nullable and column.server_default is None
    }


@pytest.mark.parametrize("revision", REVISIONS[:-1])
def test_code_of_an_earlier_migration_works_on_the_newest_schema(revision, engine):
    migrated(engine, revision)
    old_tables = as_known_now(engine)
    with transaction(engine) as connection:
        for table in old_tables:
            connection.execute(insert(table), a_row(table, number=1))

    schema.upgrade(engine)

    with transaction(engine) as connection:
        for table in old_tables:
            connection.execute(insert(table), a_row(table, number=2))

            assert len(connection.execute(select(table)).all()) == 2


@pytest.mark.parametrize("revision", REVISIONS[:-1])
def test_what_an_earlier_migration_had_unique_is_unique_still(revision, engine):
    migrated(engine, revision)
    before = _unique(engine)

    schema.upgrade(engine)

    assert before <= _unique(engine)


def _unique(engine):
    """Keys that ON CONFLICT of earlier code may name."""
    look = inspect(engine)
    found = set()
    for table in look.get_table_names():
        found.add((table, *look.get_pk_constraint(table)["constrained_columns"]))
        found |= {(table, *each["column_names"]) for each in look.get_indexes(table) if each["unique"]}
        found |= {(table, *each["column_names"]) for each in look.get_unique_constraints(table)}
    return found
