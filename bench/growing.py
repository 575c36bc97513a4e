"""A SQLite file of the service as it is after years: many conversations, each with its lines and its answered sends."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# The first conversations were really held; the others are copies of them under other names.
COPIES = """
WITH RECURSIVE number(n) AS (SELECT :held UNION ALL SELECT n + 1 FROM number WHERE n + 1 < :wanted)
"""
CONVERSATIONS = f"""
{COPIES}
INSERT INTO conversations (key, channel, team, recipient, thread, state, version, updated_at)
SELECT 'line::' || to_ || ':', 'line', '', to_, '', replace(state, held_to, to_), version, updated_at
FROM (
    SELECT printf('U%032x', n) AS to_, c.recipient AS held_to, c.state, c.version, c.updated_at
    FROM number JOIN conversations c ON c.recipient = printf('U%032x', n % :held)
)
"""  # noqa: S608 - put together from constants
LINES = f"""
{COPIES}
INSERT INTO lines (conversation, who, text, said_at, message_id)
SELECT printf('line::U%032x:', n), l.who, l.text, l.said_at, CASE l.message_id WHEN '' THEN '' ELSE 'copy-' || n END
FROM number JOIN lines l ON l.conversation = printf('line::U%032x:', n % :held)
"""  # noqa: S608 - as above
HEARD = f"{COPIES} INSERT INTO heard (utterance_id, at) SELECT 'copy-' || n, 0 FROM number"  # noqa: S608 - as above


def grow(file: Path, *, held: int, wanted: int) -> float:
    """Fill *file*, in which *held* conversations were held, up to *wanted*; its size in gigabytes."""
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA synchronous = OFF")
    for statement in (HEARD, LINES, CONVERSATIONS, _sends(connection)):
        connection.execute(statement, {"held": held, "wanted": wanted})
        connection.commit()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return file.stat().st_size / 1e9


def _sends(connection: sqlite3.Connection) -> str:
    """The same for the outbox, whichever columns it has."""
    changed = {
        "id": "'copy-' || n || '-' || o.seq",
        "lane": "printf('line::U%032x:', n)",
        "recipient": "printf('U%032x', n)",
    }
    names = [row[1] for row in connection.execute("PRAGMA table_info(outbox)") if row[1] != "seq"]
    values = ", ".join(changed.get(name, f"o.{name}") for name in names)
    return (
        f"{COPIES} INSERT INTO outbox ({', '.join(names)}) SELECT {values}"  # noqa: S608 - names of our own columns
        " FROM number JOIN outbox o ON o.lane = printf('line::U%032x:', n % :held)"
    )
