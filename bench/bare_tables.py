"""The floor under any durable answer: the driver alone, with the fewest rows and commits that the promise needs.

An event is one transaction that saves its id, the conversation and the reply, and, as its delivery is known only later,
a second one that notes the reply as sent. Nothing is understood, nothing leaves the machine, no commit is shared.
"""

from __future__ import annotations

import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import TYPE_CHECKING

import psycopg

if TYPE_CHECKING:
    from pathlib import Path

TABLES = (
    "CREATE TABLE heard (id TEXT PRIMARY KEY, at BIGINT NOT NULL)",
    "CREATE TABLE conversations (key TEXT PRIMARY KEY, state TEXT NOT NULL)",
    "CREATE TABLE outbox (id TEXT PRIMARY KEY, lane TEXT NOT NULL, payload TEXT NOT NULL, sent_at BIGINT)",
    "CREATE INDEX outbox_pending ON outbox (lane) WHERE sent_at IS NULL",
)
HEARD = "INSERT INTO heard VALUES (?, ?) ON CONFLICT DO NOTHING"
CONVERSATION = (
    "INSERT INTO conversations VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET state = excluded.state"
)
REPLY = "INSERT INTO outbox VALUES (?, ?, ?, NULL)"
NEXT = "SELECT id FROM outbox WHERE sent_at IS NULL LIMIT 1 FOR UPDATE SKIP LOCKED"
SENT = "UPDATE outbox SET sent_at = ? WHERE id = ?"
STATE = "s" * 600
PAYLOAD = "p" * 600
USERS = 2000


def sqlite_floor(file: Path, *, seconds: float) -> float:
    """Events a second on a SQLite file with WAL and synchronous=FULL, in one thread, as it has one writer."""
    connection = sqlite3.connect(file, isolation_level=None)
    for statement in ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", *TABLES):
        connection.execute(statement)
    began, number = time.monotonic(), 0
    while time.monotonic() - began < seconds:
        number += 1
        lane = f"U{number % USERS}"
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(HEARD, (f"event-{number}", number))
        connection.execute(CONVERSATION, (lane, STATE))
        connection.execute(REPLY, (f"send-{number}", lane, PAYLOAD))
        connection.execute("COMMIT")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(SENT, (number, f"send-{number}"))
        connection.execute("COMMIT")
    rate = number / (time.monotonic() - began)
    connection.close()
    return rate


def postgresql_floor(url: str, *, seconds: float, threads: int = 8) -> float:
    """Events a second on PostgreSQL with *threads* connections, rows taken with SKIP LOCKED.

    The service has fewer connections, and shares its commits among events.
    """
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in TABLES:
            connection.execute(statement)
    began = time.monotonic()
    with ThreadPoolExecutor(threads) as pool:
        counts = pool.map(lambda thread: _work(url, thread, began + seconds), range(threads))
        done = sum(counts)
    return done / (time.monotonic() - began)


def _work(url: str, thread: int, until: float) -> int:
    with psycopg.connect(url, autocommit=True) as connection:
        for number in count():
            if time.monotonic() > until:
                return number
            name = f"{thread}-{number}"
            lane = f"U{thread}-{number % USERS}"
            with connection.transaction():
                connection.execute(_postgresql(HEARD), (name, number))
                connection.execute(_postgresql(CONVERSATION), (lane, STATE))
                connection.execute(_postgresql(REPLY), (name, lane, PAYLOAD))
            with connection.transaction():
                taken = connection.execute(NEXT).fetchone()
                if taken is not None:
                    connection.execute(_postgresql(SENT), (number, taken[0]))
    raise AssertionError("the count never ends")


def _postgresql(statement: str) -> str:
    return statement.replace("?", "%s")
