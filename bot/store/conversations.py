"""Conversations, the events heard in them, and their transcripts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, bindparam, select, update

from bot.core.conversations import Conversation
from bot.errors import StaleRowError
from bot.store.erasure import ERASED, erase_from_outbox, erase_from_tickets
from bot.store.prepared import Prepared
from bot.store.shapes import CONVERSATION
from bot.store.tables import ADDRESS, address_values, conversations, for_both, heard, lines

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.core.conversations import Line
    from bot.core.messages import Address

CLAIM = Prepared(
    for_both(lambda insert: insert(heard).on_conflict_do_nothing()), columns=("utterance_id", "at")
)

# Version 0 was only made to be locked, and never saved.
KNOWN = select(conversations.c.key).where(
    conversations.c.key == bindparam("key"), conversations.c.version > 0
)

LOCK = Prepared(
    select(conversations.c.state).where(conversations.c.key == bindparam("key")).with_for_update()
)

VALUES = ("key", *ADDRESS, "state", "version", "updated_at")

MAKE = Prepared(for_both(lambda insert: insert(conversations).on_conflict_do_nothing()), columns=VALUES)


def _save(insert: Any) -> Any:
    new = insert(conversations)
    return new.on_conflict_do_update(
        index_elements=[conversations.c.key],
        set_={name: new.excluded[name] for name in ("state", "version", "updated_at")},
        where=conversations.c.version == bindparam("version_before"),
    )


SAVE = Prepared(for_both(_save), columns=VALUES)

ADD_LINES = Prepared(lines.insert(), columns=("conversation", "who", "text", "said_at", "message_id"))

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
        return CLAIM.change(self._connection, {"utterance_id": utterance_id, "at": at}) == 1

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
        newer = replace(conversation, version=conversation.version + 1)
        values = self._values(newer) | {"version_before": conversation.version}
        if SAVE.change(self._connection, values) == 0:
            raise StaleRowError(
                f"conversation {conversation.address.key} is no longer at {conversation.version}"
            )

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

    def _make(self, fresh: Conversation) -> bool:
        return MAKE.change(self._connection, self._values(fresh)) == 1

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
