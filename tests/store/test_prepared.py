from __future__ import annotations

import pytest
from sqlalchemy import bindparam, literal, select
from sqlalchemy.exc import DBAPIError

from bot.store.engine import open_engine, transaction
from bot.store.prepared import Prepared
from bot.store.tables import facts, for_both

ADD = Prepared(
    for_both(lambda insert: insert(facts).on_conflict_do_nothing()), columns=("name", "value", "at")
)
ALL = Prepared(
    select(facts, literal("a fact").label("kind"))
    .where(facts.c.name != bindparam("left_out"))
    .order_by("name")
)


@pytest.fixture
def engine(store, url):
    engine = open_engine(url, connections=1)
    yield engine
    engine.dispose()


def a_fact(name, clock, value="1"):
    return {"name": name, "value": value, "at": clock.now()}


def test_what_is_written_is_found_as_it_was(engine, clock):
    with transaction(engine) as connection:
        ADD.change_each(connection, [a_fact("first", clock), a_fact("second", clock, value="窓口")])

    with transaction(engine) as connection:
        rows = ALL.rows(connection, {"left_out": "first"})

    assert [("second", "窓口", clock.now(), "a fact")] == [
        (row.name, row.value, row.at, row.kind) for row in rows
    ]


def test_of_several_rows_the_first_can_be_had_alone(engine, clock):
    with transaction(engine) as connection:
        ADD.change_each(connection, [a_fact("first", clock), a_fact("second", clock)])

        assert ALL.first(connection, {"left_out": ""}).name == "first"


def test_where_nothing_is_there_is_no_first(engine):
    with transaction(engine) as connection:
        assert ALL.first(connection, {"left_out": ""}) is None


def test_a_change_tells_how_many_rows_it_wrote(engine, clock):
    with transaction(engine) as connection:
        written = [ADD.change(connection, a_fact("one", clock)) for _ in range(2)]

    assert [1, 0] == written


def test_what_the_driver_refuses_is_told_without_the_values(engine, clock):
    with transaction(engine) as connection, pytest.raises(DBAPIError) as refused:
        ADD.change(connection, a_fact("one", clock, value=None))

    assert refused.value.params is None


def test_a_lost_connection_is_told_as_lost_and_replaced(request, clock):
    engine = open_engine(request.getfixturevalue("postgresql_url"), connections=1)

    def change_over_a_lost_connection():
        with transaction(engine) as connection:
            connection.connection.dbapi_connection.close()
            ADD.change(connection, a_fact("one", clock))

    with pytest.raises(DBAPIError) as lost:
        change_over_a_lost_connection()
    with transaction(engine) as connection:
        again = ADD.change(connection, a_fact("one", clock))
    engine.dispose()

    assert (True, 1) == (lost.value.connection_invalidated, again)
