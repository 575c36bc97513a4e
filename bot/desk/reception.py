"""The reception: hears one event and saves everything that follows from it, in one transaction."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from bot.core.desk import canned, operators
from bot.core.desk.intake_form import INTAKE_FORM
from bot.core.learning.teaching import MISS_LABEL, withdrawn
from bot.core.library import Library
from bot.core.limits import Limit, Pace, given_back, judged
from bot.core.links import SetupLinks
from bot.core.messages import Address, Channel, Edited, Lapsed, Pressed, Said, Send, Unsent, Utterance
from bot.core.outcome import Outcome, Policy, Scene
from bot.core.servers.radar import BUTTONS as RADAR_BUTTONS
from bot.desk.ports import Clock, Store, Watcher
from bot.desk.pushes import pushes_on_record
from bot.desk.watching import Unwatched, caused_by
from bot.errors import BusyError, StoreError

if TYPE_CHECKING:
    from datetime import datetime

    from bot.core.conversations import Conversation
    from bot.core.misses import FiledMiss
    from bot.core.reports import Episode
    from bot.core.tickets import Ticket
    from bot.desk.ports import Records

log = logging.getLogger(__name__)

SAVE_SECONDS = 2.5
"""How long a platform is kept waiting: Slack gives up after three seconds, LINE sooner, and both deliver again."""


STALE = timedelta(days=30)
"""No platform delivers what was said so long ago: somebody replays it, hoping that its id is forgotten by now."""


def _no_alarm(utterance: Utterance, policy: Policy) -> Sequence[Send]:
    del utterance, policy
    return ()


@dataclass(kw_only=True, slots=True, eq=False)
class Reception:
    """Fulfils `bot.desk.ports.Listener`.

    `library` may be replaced while running: the next event is answered from the new one. `wake_courier` is called when
    there is something to send, `wake_clerk` when there is something to do. `media`: pictures of operators can be shown to customers; `look`, `discover`: servers may be looked at, unknown domains asked; `setup`: where programs find settings. `alarm` makes what operators are told of an event that `respond` failed on.
    `limit` is how many events one customer may send, `most` how many this process takes of all of them.
    """

    store: Store
    clock: Clock
    library: Library
    respond: Callable[[Utterance, Scene, Library, Policy], Outcome]
    desk: Address | None = None
    wake_courier: Callable[[], None] = lambda: None
    wake_clerk: Callable[[], None] = lambda: None
    alarm: Callable[[Utterance, Policy], Sequence[Send]] = _no_alarm
    media: bool = False
    look: bool = False
    discover: bool = False
    setup: SetupLinks | None = None
    limit: Limit | None = None
    most: Limit | None = None
    watch: Watcher = field(default_factory=Unwatched)
    _pace: Pace = field(default_factory=Pace)

    async def hear(self, utterance: Utterance) -> None:
        """Save what was said and what follows from it; returns once it is safe to acknowledge.

        Raises:
            StoreError: nothing was saved; the platform should deliver the event again.
        """
        with caused_by(utterance.id), self.watch.span("hear", utterance.id):
            try:
                result = await self._hear(utterance)
            except StoreError as error:
                result = "busy" if isinstance(error, BusyError) else "unsaved"
                raise
            except BaseException:
                result = "failed"
                raise
            finally:
                self.watch.heard(utterance.address.channel, utterance.content.kind, result)

    async def _hear(self, utterance: Utterance) -> str:
        """What became of it, for those who watch."""
        policy = Policy(
            now=self.clock.now(),
            desk=self.desk,
            media=self.media,
            limit=self.limit,
            look=self.look,
            discover=self.discover,
            setup=self.setup,
        )
        if policy.now - utterance.said_at > STALE:
            log.warning("too old to be new", extra={"action": "hear_stale", "utterance_id": utterance.id})
            return "stale"
        self._refuse_if_busy(utterance, policy)
        outcome = await self._saved(partial(self._settle, _storable(utterance), policy), utterance)
        if outcome is None:
            log.info("heard before", extra={"action": "hear_again", "utterance_id": utterance.id})
            return "again"
        if outcome.pace == "ignored" and self.most is not None:
            self._pace = given_back(self._pace, self.most)  # one who floods takes no room from others
        if outcome.sends:
            self.wake_courier()
        if outcome.jobs:
            self.wake_clerk()
        log.info(
            "heard",
            extra={
                "action": "hear",
                "utterance_id": utterance.id,
                "channel": utterance.address.channel,
                "content": utterance.content.kind,
                "intent": outcome.intent,
                "sends": len(outcome.sends),
                "pace": outcome.pace,
            },
        )
        if outcome.understanding is not None:
            self.watch.understood(outcome.understanding.verdict, outcome.intent)
        return outcome.pace

    async def _saved(self, work: Callable[[Records], Outcome | None], utterance: Utterance) -> Outcome | None:
        try:
            async with asyncio.timeout(SAVE_SECONDS):
                return await self.store.transact(work, hears=utterance)
        except TimeoutError:
            # It may be saved yet: then its second delivery finds it so.
            raise StoreError(f"not saved within {SAVE_SECONDS:g} s") from None

    def _refuse_if_busy(self, utterance: Utterance, policy: Policy) -> None:
        """Over the limit of all, customers' events come again later; colleagues in Slack are always heard."""
        if self.most is None or utterance.address.channel is Channel.SLACK:
            return
        verdict, self._pace = judged(self._pace, self.most, policy.now)
        if verdict != "heard":
            log.warning("too many events", extra={"action": "hear_busy", "utterance_id": utterance.id})
            raise BusyError("more events come in than this process takes")

    def _settle(self, utterance: Utterance, policy: Policy, records: Records) -> Outcome | None:
        if not records.conversations.claim(utterance.id, policy.now):
            return None
        scene = _scene(utterance, records, policy.now)
        outcome = self._outcome(utterance, scene, policy)
        _save(outcome, utterance.id, records)
        for send_id in records.misses.forget(outcome.forget):
            records.outbox.add(withdrawn(utterance, send_id, self.library, policy))
        return outcome

    def _outcome(self, utterance: Utterance, scene: Scene, policy: Policy) -> Outcome:
        try:
            return self.respond(utterance, scene, self.library, policy)
        except Exception:
            # Hearing it again would fail again, and hold up what comes after it: people are told instead.
            log.exception(
                "no response could be made", extra={"action": "respond", "utterance_id": utterance.id}
            )
            return Outcome(sends=tuple(self.alarm(utterance, policy)))


def _scene(utterance: Utterance, records: Records, now: datetime) -> Scene:
    """What is on record, locked. Locks are always taken in the same order, conversations by key and then the ticket,
    so that two events never wait for each other.
    """
    theirs = _taken_by_the_speaker(utterance, records)
    known = _named_ticket(utterance, records) or (theirs[0] if len(theirs) == 1 else None)
    if known is None:
        conversation = records.conversations.lock(utterance.address)
        newest = _newest_ticket(conversation, records)
        scene = Scene(
            conversation=conversation,
            ticket=newest if newest and newest.open else None,
            past=newest if newest and not newest.open else None,
            held=tuple(records.outbox.held(utterance.address.key)) if utterance.handle else (),
            theirs=theirs,
            misses=_named_miss(utterance, records, now),
            standing=records.radar.standing(now),
            episode=_named_episode(utterance, records),
        )
        return _with_what_it_is_about(scene, newest, utterance, records, now)
    locked = _lock({utterance.address, known.customer}, records)
    ticket = records.tickets.get(known.id)
    if ticket is not None and _stands_here(ticket, utterance):
        records.tickets.bind(ticket.id, utterance.address)
        ticket = replace(ticket, desk=utterance.address)
    scene = Scene(
        conversation=locked[utterance.address],
        ticket=ticket,
        customer=locked[known.customer],
        pushes=pushes_on_record(records),
    )
    return _with_what_it_is_about(scene, ticket, utterance, records, now)


def _with_what_it_is_about(
    scene: Scene, ticket: Ticket | None, utterance: Utterance, records: Records, now: datetime
) -> Scene:
    """*scene* with the message that the event names, and with what is booked where a visit may be chosen."""
    message_id = _named_message(utterance)
    visiting = _chooses_a_visit(ticket, utterance)
    if not message_id and not visiting:
        return scene
    relayed = records.chronicle.relayed(ticket.id, message_id) if ticket and message_id else None
    line = records.chronicle.line(relayed.origin if relayed else message_id) if message_id else None
    booked = records.chronicle.booked(now) if visiting else ()
    return replace(scene, relayed=relayed, line=line, booked=tuple(booked))


def _chooses_a_visit(ticket: Ticket | None, utterance: Utterance) -> bool:
    by_phone = isinstance(utterance.content, Pressed) and utterance.content.action == INTAKE_FORM
    return by_phone or (ticket is not None and ticket.kind == "migration")


def _named_message(utterance: Utterance) -> str:
    """The id of the message that is taken back, changed or quoted."""
    content = utterance.content
    return content.message_id if isinstance(content, Unsent | Edited) else utterance.quoted_id


def _taken_by_the_speaker(utterance: Utterance, records: Records) -> tuple[Ticket, ...]:
    """Where a command means the ticket that its speaker holds: all that they hold."""
    if canned.asked(utterance) is None:
        return ()
    return operators.held_tickets(tuple(records.chronicle.open_tickets()), utterance.speaker.id)


def _named_ticket(utterance: Utterance, records: Records) -> Ticket | None:
    """The ticket that a pressed button names, or in whose thread at the desk this was said."""
    content = utterance.content
    if isinstance(content, Lapsed):
        return records.tickets.peek(content.ticket_id)
    if isinstance(content, Pressed) and content.action.startswith("ticket_"):
        return records.tickets.peek(operators.ticket_of(content.value))
    if utterance.address.channel is Channel.SLACK and utterance.address.thread:
        return records.tickets.at_desk(utterance.address) or _begun_by_its_card(utterance, records)
    return None


def _begun_by_its_card(utterance: Utterance, records: Records) -> Ticket | None:
    """The ticket whose card began this thread, before it is noted that it stands here: operators may be that quick."""
    if not utterance.begun_by:
        return None
    return next((ticket for ticket in records.tickets.unplaced() if _stands_here(ticket, utterance)), None)


def _stands_here(ticket: Ticket, utterance: Utterance) -> bool:
    """Whether this was said below the ticket's card, and it is not noted yet where that stands."""
    return ticket.desk is None and utterance.begun_by != "" and utterance.begun_by == ticket.card_send_id


def _named_miss(utterance: Utterance, records: Records, now: datetime) -> tuple[FiledMiss, ...]:
    """The miss that a pressed button names, then the others that wait for an answer."""
    content = utterance.content
    if not isinstance(content, Pressed) or content.action != MISS_LABEL:
        return ()
    waiting = records.misses.waiting(now)
    named = records.misses.get(content.value.partition(":")[0])
    if named is None:
        return ()
    others = (each for each in waiting if each.label is None and each.miss.id != named.miss.id)
    return (named, *others)


def _named_episode(utterance: Utterance, records: Records) -> Episode | None:
    """The trouble of a provider that an operator's button names."""
    content = utterance.content
    if not isinstance(content, Pressed) or content.action not in RADAR_BUTTONS:
        return None
    return records.radar.episode(content.value.partition(":")[0])


def _newest_ticket(conversation: Conversation, records: Records) -> Ticket | None:
    """The customer's open ticket, else the one that was closed last."""
    newest = conversation.ticket_id or conversation.last_ticket_id
    return records.tickets.get(newest) if newest else None


def _lock(addresses: set[Address], records: Records) -> dict[Address, Conversation]:
    return {
        address: records.conversations.lock(address)
        for address in sorted(addresses, key=lambda each: each.key)
    }


def _save(outcome: Outcome, cause: str, records: Records) -> None:
    for conversation in sorted(outcome.conversations, key=lambda each: each.address.key):
        records.conversations.save(conversation)
    if outcome.ticket is not None:
        records.tickets.save(outcome.ticket)
    records.conversations.add_lines(outcome.lines)
    records.chronicle.add(outcome.events)
    records.outbox.settle(outcome.given, "said in the next free reply")
    records.outbox.settle(outcome.withdrawn, "withdrawn")
    records.outbox.add([replace(send, cause=cause) for send in outcome.sends])
    records.jobs.add(outcome.jobs)
    records.conversations.forget(outcome.forget)
    records.misses.add(outcome.misses)
    records.radar.add(outcome.reports)
    if outcome.episode is not None:
        records.radar.save(outcome.episode)
    for filed in outcome.filed:
        records.misses.save(filed)


def _storable(utterance: Utterance) -> Utterance:
    """*utterance* without halves of broken surrogate pairs, which no database and no platform takes."""
    content = utterance.content
    if not isinstance(content, Said) or content.text.isascii():
        return utterance
    text = content.text.encode(errors="replace").decode()
    return utterance if text == content.text else replace(utterance, content=replace(content, text=text))
