"""Conversations, the events heard in them, and their transcripts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, bindparam, delete, select, update

from bot.core.conversations import Conversation
from bot.errors import StaleRowError
from bot.store.bulk import Among, Bulk, named
from bot.store.erasure import ERASED, erase_from_outbox, erase_from_tickets
from bot.store.prepared import Prepared
from bot.store.shapes import CONVERSATION
from bot.store.tables import address_values, conversations, heard, lines

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from bot.core.conversations import Line
    from bot.core.messages import Address
    from bot.store.bulk import Given

CLAIM = Bulk(lambda given: given.insert(heard).on_conflict_do_nothing(), named(heard))

HEARD = Among(lambda ids: select(heard.c.utterance_id).where(heard.c.utterance_id.in_(ids)))

UNCLAIM = Among(lambda ids: delete(heard).where(heard.c.utterance_id.in_(ids)))

# Version 0 was only made to be locked, and never saved.
KNOWN = select(conversations.c.key).where(
    conversations.c.key == bindparam("key"), conversations.c.version > 0
)

LOCK = Prepared(
    select(conversations.c.state).where(conversations.c.key == bindparam("key")).with_for_update()
)

# What somebody else is at is passed over: to wait for it while others are locked would be how deadlocks begin.
LOCK_FREE = Among(
    lambda keys: (
        select(conversations.c.key, conversations.c.state)
        .where(conversations.c.key.in_(keys))
        .with_for_update(skip_locked=True)
    )
)

MAKE = Bulk(lambda given: given.insert(conversations).on_conflict_do_nothing(), named(conversations))


def _save(given: Given) -> Any:
    new = given.insert(conversations)
    return new.on_conflict_do_update(
        index_elements=[conversations.c.key],
        set_={name: new.excluded[name] for name in ("state", "version", "updated_at")},
        where=conversations.c.version == new.excluded.version - 1,
    )


SAVE = Bulk(_save, named(conversations))

ADD_LINES = Bulk(
    lambda given: given.insert(lines), named(lines, "conversation", "who", "text", "said_at", "message_id")
)

LINES_OF = select(lines.c.conversation, lines.c.text).where(lines.c.message_id == bindparam("message_id"))

BLANK_LINES = (
    update(lines).where(lines.c.message_id == bindparam("of_message")).values(text=bindparam("text_now"))
)


class SqlConversations:
    """Fulfils `bot.desk.ports.ConversationRecords` on one connection, inside its transaction."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._dialect = connection.dialect.name
        self._now = now

    def claim(self, utterance_id: str, at: datetime) -> bool:
        return CLAIM.change_each(self._connection, [{"utterance_id": utterance_id, "at": at}]) == 1

    def claim_all(self, utterance_ids: Iterable[str], at: datetime) -> set[str]:
        """`claim` for many events: those that were not heard before.

        Raises:
            StaleRowError: another process is just hearing one of them.
        """
        ids = sorted(utterance_ids)
        new = set(ids).difference(row.utterance_id for row in HEARD.rows(self._connection, ids))
        rows = [{"utterance_id": each, "at": at} for each in ids if each in new]
        if rows and CLAIM.change_each(self._connection, rows) < len(rows):
            raise StaleRowError("another process is just hearing one of these events")
        return new

    def unclaim(self, utterance_ids: Collection[str]) -> None:
        """These events were not heard after all."""
        if utterance_ids:
            UNCLAIM.change(self._connection, sorted(utterance_ids))

    def lock_free(self, addresses: Mapping[str, Address]) -> dict[str, Conversation]:
        """The conversations of *addresses*, by key and locked, but for those that somebody else is at."""
        found = self._find_free(addresses)
        absent = {key: address for key, address in sorted(addresses.items()) if key not in found}
        if not absent:
            return found
        fresh = {key: Conversation(address=address) for key, address in absent.items()}
        if self._dialect == "sqlite":
            return found | fresh
        MAKE.change_each(self._connection, map(self._values, fresh.values()))
        return found | self._find_free(absent)

    def lock(self, address: Address) -> Conversation:
        found = self._find(address.key)
        if found is not None:
            return found
        fresh = Conversation(address=address)
        # SQLite's write lock covers what is not there yet; PostgreSQL can only lock a row that exists.
        if self._dialect == "sqlite" or self._make(fresh):
            return fresh
        return self._find(address.key) or fresh

    def known(self, address: Address) -> bool:
        return self._connection.execute(KNOWN, {"key": address.key}).first() is not None

    def save(self, conversation: Conversation) -> None:
        self.save_all([conversation])

    def save_all(self, talks: Sequence[Conversation]) -> None:
        """`save` for many conversations, in one statement."""
        if not talks:
            return
        newer = (replace(each, version=each.version + 1) for each in talks)
        if SAVE.change_each(self._connection, map(self._values, newer)) < len(talks):
            keys = ", ".join(f"{each.address.key} at {each.version}" for each in talks)
            raise StaleRowError(f"somebody else has saved one of these conversations: {keys}")

    def add_lines(self, lines_said: Sequence[tuple[Address, Line]]) -> None:
        if not lines_said:
            return
        rows = [
            {
                "conversation": address.key,
                "who": line.who,
                "text": line.text.replace("\0", ""),
                "said_at": line.said_at,
                "message_id": line.message_id,
            }
            for address, line in lines_said
        ]
        ADD_LINES.change_each(self._connection, rows)

    def forget(self, message_ids: Sequence[str]) -> None:
        for message_id in filter(None, message_ids):
            found = self._connection.execute(LINES_OF, {"message_id": message_id}).all()
            for key in sorted({row.conversation for row in found}):
                self._forget_recent(key, message_id)
            for row in found:
                ticket_ids = erase_from_tickets(self._connection, row.conversation, row.text)
                erase_from_outbox(self._connection, ticket_ids, row.text)
            self._connection.execute(BLANK_LINES, {"of_message": message_id, "text_now": ERASED})

    def _find(self, key: str) -> Conversation | None:
        found = LOCK.first(self._connection, {"key": key})
        return None if found is None else CONVERSATION.read(found.state)

    def _find_free(self, keys: Iterable[str]) -> dict[str, Conversation]:
        rows = LOCK_FREE.rows(self._connection, list(keys))
        return {row.key: CONVERSATION.read(row.state) for row in rows}

    def _make(self, fresh: Conversation) -> bool:
        return MAKE.change_each(self._connection, [self._values(fresh)]) == 1

    def _values(self, conversation: Conversation) -> dict[str, object]:
        return {
            "key": conversation.address.key,
            **address_values(conversation.address),
            "state": CONVERSATION.write(conversation),
            "version": conversation.version,
            "updated_at": self._now,
        }

    def _forget_recent(self, key: str, message_id: str) -> None:
        conversation = self._find(key)
        if conversation is None:
            return
        recent = tuple(
            replace(line, text=ERASED) if line.message_id == message_id else line
            for line in conversation.recent
        )
        if recent != conversation.recent:
            self.save(replace(conversation, recent=recent))
