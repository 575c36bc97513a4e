"""All records of one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.store.chronicle import SqlChronicle
from bot.store.conversations import SqlConversations
from bot.store.jobs import SqlJobs
from bot.store.looks import SqlLooks
from bot.store.misses import SqlMisses
from bot.store.nudges import NOTIFY
from bot.store.outbox import SqlOutbox
from bot.store.radar import SqlRadar
from bot.store.retention import prune
from bot.store.soundings import sound
from bot.store.tickets import SqlTickets

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from bot.desk.watching import Soundings


class SqlRecords:
    """Fulfils `bot.desk.ports.Records` on one connection."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self.conversations = SqlConversations(connection, now)
        self.tickets = SqlTickets(connection)
        self.outbox = SqlOutbox(connection)
        self.jobs = SqlJobs(connection)
        self.chronicle = SqlChronicle(connection, now)
        self.misses = SqlMisses(connection)
        self.looks = SqlLooks(connection)
        self.radar = SqlRadar(connection)

    def sound(self, now: datetime) -> Soundings:
        return sound(self._connection, now)

    def prune(self, before: datetime, place: str) -> tuple[str, int]:
        return prune(self._connection, before, place)

    def nudge(self, owner: str) -> None:
        """Tell other processes that *owner* has saved something (PostgreSQL alone)."""
        self._connection.execute(NOTIFY, {"owner": owner})

    def release(self, owner: str) -> None:
        self.outbox.release(owner)
        self.jobs.release(owner)
