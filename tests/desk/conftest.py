"""The desk over a real SQLite file, with a platform that records."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.content.library import load_library
from bot.core.messages import Channel
from bot.desk.courier import Courier
from bot.desk.rounds import Habits, Patience
from bot.store.store import open_store
from tests.conftest import a_desk
from tests.desk.counter import Counter
from tests.fakes.sender import FakeSender


@pytest.fixture(autouse=True)
def _patient(monkeypatch):
    """A busy machine must not look like a database that hangs."""
    monkeypatch.setattr("bot.desk.reception.SAVE_SECONDS", 60.0)


@pytest.fixture
async def store(tmp_path, clock):
    store = open_store(f"sqlite:///{tmp_path / 'desk.sqlite3'}", clock=clock)
    yield store
    await store.close()


@pytest.fixture
def add(store):
    """Put rows into the outbox."""

    async def add(*sends):
        await store.transact(lambda records: records.outbox.add(sends))

    return add


@pytest.fixture
def line():
    return FakeSender()


@pytest.fixture
def slack():
    return FakeSender()


@pytest.fixture
def habits():
    """Three tries, pauses of 10 and 20 seconds, nothing left to chance."""
    return Habits(patience=Patience(tries=3, first=10.0), chance=lambda: 1.0)


@pytest.fixture
def courier(store, clock, line, slack, habits):
    return Courier(
        store=store,
        senders={Channel.LINE: line, Channel.SLACK: slack},
        clock=clock,
        owner="us",
        desk=a_desk(),
        alert=lambda letter: f"{letter.send.id}: {letter.reason}",
        habits=habits,
    )


@pytest.fixture(scope="session")
def shipped(tmp_path_factory):
    """The shipped content, for a shop that names no hours."""
    library = load_library(cache=tmp_path_factory.mktemp("cache"))
    return replace(library, shop=replace(library.shop, opening=None))


@pytest.fixture
def counter(store, clock, shipped):
    return Counter(store=store, clock=clock, library=shipped)
