"""A migration taken in by telephone: the same facts as in the customer's own form, filled in by who took the call."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.conversations import Conversation
from bot.core.desk import intake, promises
from bot.core.desk.handoff import card_send
from bot.core.desk.matter import Matter
from bot.core.desk.phone import written
from bot.core.messages import Address, Channel, Pressed
from bot.core.outbox import made_id
from bot.core.safety.privacy import mask
from bot.core.tickets import Contact, Ticket
from bot.core.visits import free_visits
from bot.core.wording import Wording, said

if TYPE_CHECKING:
    from datetime import datetime

    from bot.core.library import Library
    from bot.core.messages import Utterance
    from bot.core.outcome import Outcome, Policy, Scene
    from bot.core.tickets import Visit

INTAKE_FORM = "intake_form"


def taken_in(
    utterance: Utterance, button: Pressed, scene: Scene, library: Library, policy: Policy
) -> Outcome:
    """A ticket of its own at the desk; its customer is nobody the bot can write to."""
    fields = dict(button.fields)
    ticket_id = made_id(utterance, "ticket")
    customer = Conversation(
        address=Address(channel=Channel.CONSOLE, to=f"phone:{ticket_id}"), blocked=True, ticket_id=ticket_id
    )
    ticket = Ticket(
        id=ticket_id,
        kind="migration",
        customer=customer.address,
        opened_at=policy.now,
        card_send_id=made_id(utterance, "card"),
        reason=said(library, Wording.REASON_PHONE, who=utterance.speaker.name or utterance.speaker.id),
        contact=Contact(
            name=fields.get("name", ""),
            phone=written(fields.get("phone", "")) or fields.get("phone", ""),
            time=fields.get("time", ""),
        ),
        computers=fields.get("computers", ""),
        program=fields.get("program", ""),
        note=mask(fields.get("note", "")).text,
        visit=_chosen(fields.get("visit", ""), scene, library, policy.now),
        confirmed=True,
    )
    ticket, timers = promises.waits(ticket, library, policy.now)
    matter = Matter(
        utterance=utterance,
        scene=scene,
        ticket=ticket,
        customer=customer,
        library=library,
        policy=policy,
    ).now_at(ticket)
    sends, jobs = intake.agreed(matter)
    opened = card_send(utterance, ticket, library, policy)
    # The card is new: there is nothing to renew yet.
    rest = tuple(send for send in sends if send.payload.kind != "revise")
    outcome = matter.outcome(
        *opened, *rest, jobs=(*timers, *jobs), events=(matter.event("opened", ticket.kind),)
    )
    blocked = replace(outcome.conversations[0], blocked=True)
    return replace(outcome, conversations=(blocked,), intent="migration", handoff=True)


def _chosen(start: str, scene: Scene, library: Library, now: datetime) -> Visit | None:
    """The time that was chosen, unless somebody else has booked it in the meantime."""
    shop = library.shop
    if shop.visits is None or not start:
        return None
    free = free_visits(shop.visits, shop.opening, scene.booked, now)
    return next((visit for visit in free if visit.start.isoformat() == start), None)
