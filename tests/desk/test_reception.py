from __future__ import annotations

import asyncio
import threading
from dataclasses import replace

import pytest

from bot.core.messages import Pressed, Said
from bot.core.outcome import Outcome
from bot.desk.reception import Reception
from bot.errors import StoreError
from tests.conftest import a_desk, a_job, a_line, a_send, a_ticket, an_address, an_utterance


def answer(utterance, scene, library, policy):
    """Counts the events of a conversation, and answers each."""
    talk = replace(scene.conversation, misses=scene.conversation.misses + 1, last_said_at=policy.now)
    send = a_send(f"answer-to-{utterance.id}", address=utterance.address)
    line = a_line(utterance.content.text, message_id=utterance.message_id)
    return Outcome(
        conversations=(talk,),
        sends=(send,),
        jobs=(a_job(f"job-of-{utterance.id}"),),
        lines=((utterance.address, line),),
    )


@pytest.fixture
def wakes():
    return []


@pytest.fixture
def reception(store, clock, wakes):
    return Reception(
        store=store,
        clock=clock,
        library=None,
        respond=answer,
        desk=a_desk(),
        wake_courier=lambda: wakes.append("courier"),
        wake_clerk=lambda: wakes.append("clerk"),
    )


@pytest.fixture
def seen():
    return []


@pytest.fixture
def watching(reception, seen):
    """A reception that only looks at the scene."""

    def look(utterance, scene, library, policy):
        seen.append(scene)
        return Outcome()

    reception.respond = look
    return reception


async def due(store, clock):
    def lease(records):
        sends = records.outbox.lease("test", clock.now(), clock.now(), 99)
        jobs = records.jobs.lease("test", clock.now(), clock.now(), 99)
        return [each.send.id for each in sends], [each.job.id for each in jobs]

    return await store.transact(lease)


async def talk_at(store, address):
    return await store.transact(lambda records: records.conversations.lock(address))


async def save_ticket(store, **changes):
    ticket = a_ticket(**changes)

    def open_it(records):
        records.tickets.save(ticket)
        talk = records.conversations.lock(ticket.customer)
        records.conversations.save(replace(talk, ticket_id=ticket.id))

    await store.transact(open_it)


async def test_everything_that_follows_from_an_event_is_saved(reception, store, clock, wakes):
    await reception.hear(an_utterance())

    talk = await talk_at(store, an_address())
    assert (talk.misses, talk.last_said_at) == (1, clock.now())
    assert await due(store, clock) == (["answer-to-event-1"], ["job-of-event-1"])
    assert wakes == ["courier", "clerk"]


async def test_a_second_delivery_of_the_same_event_changes_nothing(reception, store, clock, wakes):
    await reception.hear(an_utterance())
    await reception.hear(an_utterance())

    talk = await talk_at(store, an_address())
    assert talk.misses == 1
    assert await due(store, clock) == (["answer-to-event-1"], ["job-of-event-1"])
    assert wakes == ["courier", "clerk"]


async def test_the_same_event_delivered_many_times_at_once_is_heard_once(reception, store):
    await asyncio.gather(*(reception.hear(an_utterance()) for _ in range(20)))

    assert (await talk_at(store, an_address())).misses == 1


async def test_events_of_many_people_at_once_are_all_heard(reception, store, clock):
    people = [an_address(f"U-{number}") for number in range(20)]

    await asyncio.gather(
        *(
            reception.hear(an_utterance(id=f"{person.to}-{turn}", address=person))
            for person in people
            for turn in range(3)
        )
    )

    assert [(await talk_at(store, person)).misses for person in people] == [3] * 20


async def test_what_could_not_be_saved_is_the_callers_to_know_and_can_be_heard_again(
    reception, store, clock, wakes
):
    def stale(utterance, scene, library, policy):
        outdated = replace(scene.conversation, version=scene.conversation.version - 1)
        return replace(answer(utterance, scene, library, policy), conversations=(outdated,))

    await reception.hear(an_utterance(id="event-0"))
    reception.respond = stale
    with pytest.raises(StoreError):
        await reception.hear(an_utterance())
    reception.respond = answer
    await reception.hear(an_utterance())

    assert (await talk_at(store, an_address())).misses == 2
    assert wakes == ["courier", "clerk"] * 2


async def test_an_event_that_cannot_be_answered_is_told_to_people_and_not_heard_again(
    reception, store, clock
):
    def fail(utterance, scene, library, policy):
        raise ZeroDivisionError

    reception.respond = fail
    reception.alarm = lambda utterance, policy: (a_send("alarm", address=policy.desk),)
    await reception.hear(an_utterance())
    reception.respond = answer
    await reception.hear(an_utterance())

    assert await due(store, clock) == (["alarm"], [])


async def test_an_answer_alone_leaves_the_clerk_asleep(reception, wakes):
    reception.respond = lambda *heard: replace(answer(*heard), jobs=())

    await reception.hear(an_utterance())

    assert wakes == ["courier"]


async def test_a_silent_outcome_wakes_nobody(watching, wakes):
    await watching.hear(an_utterance())

    assert wakes == []


async def test_the_scene_of_a_customer_holds_the_open_ticket(watching, seen, store):
    await save_ticket(store)

    await watching.hear(an_utterance())

    assert (seen[0].ticket.id, seen[0].customer) == ("ticket-1", None)


async def test_the_scene_of_a_customer_does_not_hold_a_closed_ticket(watching, seen, store, clock):
    await save_ticket(store, state=a_ticket().closed(clock.now()).state)

    await watching.hear(an_utterance())

    assert seen[0].ticket is None


async def test_words_in_the_desks_thread_bring_the_ticket_and_the_customers_talk(watching, seen, store):
    await save_ticket(store, desk=a_desk("1.1"))

    await watching.hear(an_utterance(address=a_desk("1.1")))

    (scene,) = seen
    assert scene.conversation.address == a_desk("1.1")
    assert (scene.ticket.id, scene.customer.address, scene.customer.ticket_id) == (
        "ticket-1",
        an_address(),
        "ticket-1",
    )


async def test_words_in_another_thread_bring_no_ticket(watching, seen, store):
    await save_ticket(store, desk=a_desk("1.1"))

    await watching.hear(an_utterance(address=a_desk("2.2")))

    assert (seen[0].ticket, seen[0].customer) == (None, None)


async def test_a_ticket_button_brings_the_ticket_it_names_even_a_closed_one(watching, seen, store, clock):
    await save_ticket(store, state=a_ticket().closed(clock.now()).state)
    pressed = Pressed(action="ticket_take", value="ticket-1")

    await watching.hear(an_utterance(address=a_desk(), content=pressed))

    assert (seen[0].ticket.id, seen[0].customer.address) == ("ticket-1", an_address())


async def test_a_ticket_button_of_an_unknown_ticket_brings_none(watching, seen):
    await watching.hear(an_utterance(content=Pressed(action="ticket_take", value="none")))

    assert seen[0].ticket is None


async def test_only_one_of_two_operators_who_press_at_once_finds_the_ticket_free(reception, store, clock):
    taken = []

    def take(utterance, scene, library, policy):
        if scene.ticket.taker_id:
            return Outcome()
        taken.append(utterance.speaker.id)
        return Outcome(ticket=replace(scene.ticket, taker_id=utterance.speaker.id))

    reception.respond = take
    await save_ticket(store)
    pressed = Pressed(action="ticket_take", value="ticket-1")
    await asyncio.gather(
        *(reception.hear(an_utterance(id=f"press-{n}", address=a_desk(), content=pressed)) for n in range(5))
    )

    ticket = await store.transact(lambda records: records.tickets.get("ticket-1"))
    assert len(taken) == 1
    assert ticket.version == 2


async def test_the_library_can_be_replaced_while_running(reception):
    libraries = []

    def look(utterance, scene, library, policy):
        libraries.append(library)
        return Outcome()

    reception.respond = look
    await reception.hear(an_utterance(id="event-1"))
    reception.library = "new"
    await reception.hear(an_utterance(id="event-2"))

    assert libraries == [None, "new"]


async def test_a_message_taken_back_is_forgotten(reception, store):
    await reception.hear(an_utterance())

    reception.respond = lambda utterance, scene, library, policy: Outcome(forget=("message-1",))
    await reception.hear(an_utterance(id="event-2"))

    assert (await talk_at(store, an_address())).recent == ()


async def test_half_a_surrogate_pair_is_heard_without_it(reception, store, clock):
    await reception.hear(an_utterance("こわれた\ud83d文字"))

    assert (await talk_at(store, an_address())).misses == 1


async def test_a_text_is_handed_on_as_it_was_written(reception):
    texts = []

    def look(utterance, scene, library, policy):
        texts.append(utterance.content)
        return Outcome()

    reception.respond = look
    await reception.hear(an_utterance("ﾒｰﾙ が来ません😀\n"))

    assert texts == [Said(text="ﾒｰﾙ が来ません😀\n")]


async def test_a_database_that_does_not_answer_keeps_no_platform_waiting(reception, store, monkeypatch):
    monkeypatch.setattr("bot.desk.reception.SAVE_SECONDS", 0.05)
    go_on = threading.Event()
    slow = asyncio.create_task(store.transact(lambda _: go_on.wait(10)))
    await asyncio.sleep(0)

    with pytest.raises(StoreError):
        await reception.hear(an_utterance())

    go_on.set()
    await slow
    await reception.hear(an_utterance())
    assert (await talk_at(store, an_address())).misses == 1
