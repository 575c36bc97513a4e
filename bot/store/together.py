"""Many events in one transaction and few statements.

What the works of all events ask for first is read and locked beforehand; each finds it in memory, and what it changes is
written at the end with what all others changed. A work that asks for anything else is left to run in a transaction of its
own: so no two transactions that hear many events ever wait for each other's locks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.store.records import SqlRecords

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from bot.core.conversations import Conversation, Line
    from bot.core.messages import Address, Send, Utterance
    from bot.core.reports import Standing
    from bot.desk.ports import Records


class UnforeseenError(Exception):
    """The work asks for more than was read beforehand."""


class Together:
    """The events of one transaction: `hear` each, then `write`."""

    def __init__(self, connection: Connection, now: datetime, events: Sequence[Utterance]) -> None:
        self._records = SqlRecords(connection, now)
        addresses = {event.address.key: event.address for event in events}
        self.claimed = self._records.conversations.claim_all({event.id for event in events}, now)
        self.talks = self._records.conversations.lock_free(addresses)
        self.standing = self._records.radar.standing(now)
        self._apart = (addresses.keys() - self.talks) | self._records.outbox.holding(addresses)
        self._kept: list[_Foreseen] = []

    def hear(self, event: Utterance, work: Callable[[Records], Any]) -> Any:
        """What *work* returns; its changes are kept if it raises nothing.

        Raises:
            UnforeseenError: it must run by itself, as must all later events at its address, which would overtake it.
        """
        key = event.address.key
        if key in self._apart:
            raise UnforeseenError(key)
        records = _Foreseen(self.claimed, self.talks, self.standing)
        try:
            answer = work(records)
        except UnforeseenError:
            self._apart.add(key)
            raise
        self._kept.append(records)
        self.claimed -= records.conversations.claimed
        self.talks |= records.conversations.saved
        return answer

    def write(self) -> None:
        """Write what is kept. Events that were left out can be claimed again."""
        talks = self._records.conversations
        saved = {key: self.talks[key] for each in self._kept for key in each.conversations.saved}
        talks.save_all(tuple(saved.values()))
        talks.add_lines([line for each in self._kept for line in each.conversations.lines])
        talks.unclaim(self.claimed)
        for name in ("chronicle", "outbox", "jobs", "misses", "radar"):
            getattr(self._records, name).add(
                [new for each in self._kept for new in getattr(each, name).added]
            )


class _Part:
    """Records to which can be added later on. All else was not foreseen."""

    def __init__(self) -> None:
        self.added: list[Any] = []
        self.add = self.added.extend

    def __getattr__(self, name: str) -> Any:
        raise UnforeseenError(name)


class _Talks(_Part):
    def __init__(self, claimable: Collection[str], talks: Mapping[str, Conversation]) -> None:
        super().__init__()
        self.claimed: set[str] = set()
        self.saved: dict[str, Conversation] = {}
        self.lines: list[tuple[Address, Line]] = []
        self.add_lines = self.lines.extend
        self._claimable = claimable
        self._talks = talks

    def claim(self, utterance_id: str, _at: datetime) -> bool:
        if utterance_id not in self._claimable:
            return False
        self.claimed.add(utterance_id)
        return True

    def lock(self, address: Address) -> Conversation:
        found = self._talks.get(address.key)
        if found is None:
            raise UnforeseenError(address.key)
        return found

    def save(self, conversation: Conversation) -> None:
        key = conversation.address.key
        if key not in self._talks:
            raise UnforeseenError(key)
        self.saved[key] = conversation

    def forget(self, message_ids: Sequence[str]) -> None:
        if message_ids:
            raise UnforeseenError("forget")


class _Outbox(_Part):
    def held(self, _lane: str) -> Sequence[Send]:
        return ()  # at an address that has any, nothing is heard together

    def settle(self, send_ids: Sequence[str], _reason: str) -> None:
        if send_ids:
            raise UnforeseenError("settle")


class _Misses(_Part):
    def forget(self, message_ids: Sequence[str]) -> Sequence[str]:
        if message_ids:
            raise UnforeseenError("forget")
        return ()


class _Radar(_Part):
    def __init__(self, standing: Standing) -> None:
        super().__init__()
        self._standing = standing

    def standing(self, _now: datetime) -> Standing:
        return self._standing


class _Foreseen:
    """Fulfils `bot.desk.ports.Records` for one work, as far as it was foreseen.

    It knows what was read, and not the `Together` that keeps it: objects that held each other would stay, with all that
    was said, until the garbage collector walks over them, which took a twentieth of all work.
    """

    def __init__(
        self, claimable: Collection[str], talks: Mapping[str, Conversation], standing: Standing
    ) -> None:
        self.conversations: Any = _Talks(claimable, talks)
        self.outbox: Any = _Outbox()
        self.misses: Any = _Misses()
        self.radar: Any = _Radar(standing)
        self.chronicle: Any = _Part()
        self.jobs: Any = _Part()
        self.tickets: Any = _Part()
        self.looks: Any = _Part()

    def __getattr__(self, name: str) -> Any:
        raise UnforeseenError(name)
