"""Who the customer is, as their platform tells it: asked after the ticket stands, then shown on its card."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.core.desk.cards import ticket_card
from bot.core.desk.handoff import PROFILE
from bot.core.library import Library
from bot.core.messages import Address, Channel, Lapsed, Reply, Revise, Speaker, Utterance
from bot.core.outbox import to_desk
from bot.core.outcome import Policy
from bot.desk.ports import Clock
from bot.errors import RefusedError

if TYPE_CHECKING:
    from bot.core.jobs import Job
    from bot.desk.clerk import Handler
    from bot.desk.ports import Records

Profile = tuple[str, str]
"""Name and the address of a picture, "" where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profiles:
    """`ask` tells the profile of an address; it raises ChannelError where the platform does not."""

    ask: Callable[[Address], Awaitable[Profile]]
    library: Callable[[], Library]
    clock: Clock
    desk: Address

    def handlers(self) -> dict[str, Handler]:
        return {PROFILE: self.look_up}

    async def look_up(self, job: Job) -> Callable[[Records], None]:
        """Ask, then note it on the ticket. Whoever is not a friend of the account stays without a name."""
        ticket_id = job.details["ticket"]
        customer = Address(channel=Channel(job.details["channel"]), to=job.details["to"])
        try:
            name, picture = await self.ask(customer)
        except RefusedError:
            return _nothing
        return lambda records: self._note(ticket_id, name, picture, job, records)

    def _note(self, ticket_id: str, name: str, picture: str, job: Job, records: Records) -> None:
        known = records.tickets.peek(ticket_id)
        if known is None:
            return
        records.conversations.lock(known.customer)  # always before its ticket, as everywhere
        ticket = records.tickets.get(ticket_id)
        if ticket is None or (ticket.customer_name == name and ticket.picture == picture):
            return
        named = replace(ticket, customer_name=name or ticket.customer_name, picture=picture)
        records.tickets.save(named)
        now = self.clock.now()
        event = Utterance(
            id=job.id,
            address=self.desk,
            speaker=Speaker(id=""),
            content=Lapsed(ticket_id=ticket_id, what=PROFILE, mark=""),
            said_at=now,
        )
        card = Revise(
            send_id=named.card_send_id, reply=Reply(parts=(ticket_card(named, self.library(), now=now),))
        )
        policy = Policy(now=now, desk=self.desk)
        records.outbox.add(to_desk(event, named, card, policy, purpose="revise"))


def _nothing(records: Records) -> None:
    del records
