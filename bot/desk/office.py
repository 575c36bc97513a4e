"""What Slack's forms and listeners need to know of tickets and of the shop's time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.desk.promises import span
from bot.core.library import Library
from bot.core.visits import free_visits
from bot.core.wording import said
from bot.desk.ports import Clock, Store

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.tickets import Ticket
    from bot.core.wording import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """`library` gives the library in force."""

    store: Store
    library: Callable[[], Library]
    clock: Clock

    async def ticket(self, ticket_id: str) -> Ticket | None:
        """The ticket, as it stands now."""
        return await self.store.transact(lambda records: records.tickets.peek(ticket_id))

    async def awaits_a_card(self) -> bool:
        """Whether a card is on its way to the desk, or stands there already and Slack's answer is not noted yet."""
        return bool(await self.store.transact(lambda records: records.tickets.unplaced()))

    async def free_times(self) -> Sequence[tuple[str, str]]:
        """The visits that may be booked: how they are called, and what they are known by."""
        library, now = self.library(), self.clock.now()
        shop = library.shop
        if shop.visits is None:
            return ()
        booked = await self.store.transact(lambda records: records.chronicle.booked(now))
        return [
            (span(visit.start, visit.end, library), visit.start.isoformat())
            for visit in free_visits(shop.visits, shop.opening, booked, now)
        ]

    def words(self, wording: Wording) -> str:
        """A text for people."""
        return said(self.library(), wording)
