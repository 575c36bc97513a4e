from __future__ import annotations

import asyncio
import gc
from dataclasses import replace
from functools import partial

import pytest

from bot.core.jobs import Job
from bot.errors import StoreError
from bot.store import schema
from bot.store.engine import open_engine, transaction
from bot.store.records import SqlRecords
from bot.store.store import open_store
from bot.store.together import Together, UnforeseenError
from tests.conftest import a_line, a_send, a_ticket, an_address, an_utterance


@pytest.fixture
def engine(url):
    engine = open_engine(url, connections=3)
    schema.ensure(engine)
    yield engine
    engine.dispose()


def an_event(number, who="U-1"):
    return an_utterance(id=f"event-{number}", address=an_address(who))


def counted(event, clock, records):
    """Counts the customer's events in the topic, and answers with the count; None if the event was heard before."""
    if not records.conversations.claim(event.id, clock.now()):
        return None
    conversation = records.conversations.lock(event.address)
    count = len(conversation.topic) + 1
    records.conversations.save(replace(conversation, topic="x" * count))
    records.conversations.add_lines([(event.address, a_line(event.id))])
    records.outbox.add([a_send(f"answer-to-{event.id}", address=event.address)])
    return count


def failing(event, clock, records):
    counted(event, clock, records)
    raise LookupError(event.id)


def with_a_ticket(event, clock, records):
    records.tickets.peek("ticket-1")
    return counted(event, clock, records)


def heard_together(engine, clock, *events, work=counted):
    with transaction(engine) as connection:
        together = Together(connection, clock.now(), events)
        answers = [together.hear(event, partial(work, event, clock)) for event in events]
        together.write()
    return answers


def on_record(engine, clock, read):
    with transaction(engine) as connection:
        return read(SqlRecords(connection, clock.now()))


def topic(address):
    return lambda records: records.conversations.lock(address).topic


def test_events_of_one_customer_follow_on_one_another(engine, clock):
    answers = heard_together(engine, clock, *(an_event(n) for n in range(3)))
    later = heard_together(engine, clock, an_event(3))

    assert ([1, 2, 3], [4]) == (answers, later)


def test_what_was_said_stays_in_its_order(engine, clock):
    heard_together(engine, clock, *(an_event(n) for n in range(20)))

    said = on_record(engine, clock, lambda records: records.chronicle.lines(an_address("U-1")))

    assert [f"event-{n}" for n in range(20)] == [line.text for line in said]


def test_answers_leave_in_the_order_of_events(engine, clock):
    events = [an_event(n) for n in range(20)]
    heard_together(engine, clock, *events)

    def next_answer(records):
        (due,) = records.outbox.lease("us", clock.now(), clock.now(), 9)
        records.outbox.sent(due.send.id, clock.now(), ())
        return due.send.id

    assert [f"answer-to-{event.id}" for event in events] == [
        on_record(engine, clock, next_answer) for _ in events
    ]


def test_an_event_that_comes_twice_is_heard_once(engine, clock):
    assert heard_together(engine, clock, an_event(1), an_event(2), an_event(1)) == [1, 2, None]
    assert heard_together(engine, clock, an_event(1), an_event(3)) == [None, 3]


def test_a_work_that_fails_leaves_nothing_behind(engine, clock):
    with transaction(engine) as connection:
        together = Together(connection, clock.now(), [an_event(1), an_event(2)])
        with pytest.raises(LookupError):
            together.hear(an_event(1), partial(failing, an_event(1), clock))
        assert together.hear(an_event(2), partial(counted, an_event(2), clock)) == 1
        together.write()

    assert heard_together(engine, clock, an_event(1)) == [2]


def test_a_work_that_asks_for_more_is_left_out_with_all_that_would_overtake_it(engine, clock):
    with transaction(engine) as connection:
        together = Together(connection, clock.now(), [an_event(1), an_event(2), an_event(3, "U-2")])
        with pytest.raises(UnforeseenError):
            together.hear(an_event(1), partial(with_a_ticket, an_event(1), clock))
        with pytest.raises(UnforeseenError):
            together.hear(an_event(2), partial(counted, an_event(2), clock))
        assert together.hear(an_event(3, "U-2"), partial(counted, an_event(3, "U-2"), clock)) == 1
        together.write()

    assert heard_together(engine, clock, an_event(1), an_event(2)) == [1, 2]


def test_what_was_heard_is_let_go_without_the_garbage_collector(engine, clock, monkeypatch):
    gc.disable()
    monkeypatch.setattr(Together, "__del__", lambda _: gone.append("together"), raising=False)
    gone = []
    try:
        heard_together(engine, clock, an_event(1), an_event(2))
    finally:
        gc.enable()

    assert ["together"] == gone


def test_jobs_are_kept_too(engine, clock):
    job = Job(id="job-1", kind="remind", due_at=clock.now())

    def promise(event, clock, records):
        records.jobs.add([job])
        return counted(event, clock, records)

    heard_together(engine, clock, an_event(1), work=promise)
    (due,) = on_record(engine, clock, lambda records: records.jobs.lease("us", clock.now(), clock.now(), 9))

    assert job == due.job


def test_where_something_waits_for_a_free_reply_events_are_heard_one_by_one(engine, clock):
    def hold(records):
        records.outbox.add([a_send("held", address=an_address("U-1"))])
        records.outbox.hold("held", clock.now(), "quota")

    on_record(engine, clock, hold)

    with pytest.raises(UnforeseenError):
        heard_together(engine, clock, an_event(1))


def test_a_conversation_that_another_process_is_at_is_not_waited_for(postgresql_url, clock):
    engine = open_engine(postgresql_url, connections=2)
    heard_together(engine, clock, an_event(0))
    with transaction(engine) as connection:
        SqlRecords(connection, clock.now()).conversations.lock(an_address("U-1"))

        with pytest.raises(UnforeseenError):
            heard_together(engine, clock, an_event(1))
        others = heard_together(engine, clock, an_event(2, "U-2"))
    afterwards = heard_together(engine, clock, an_event(1))
    engine.dispose()

    assert ([1], [2]) == (others, afterwards)


async def test_a_store_answers_each_event_as_if_it_were_alone(store, clock):
    """Some fail, some need a ticket, some come twice, and all of them come at once."""
    await store.transact(lambda records: records.tickets.save(a_ticket()))
    works = {0: failing, 1: with_a_ticket, 2: counted}
    events = [an_event(n, f"U-{n % 6}") for n in range(60)]

    answers = await asyncio.gather(
        *(
            store.transact(partial(works[n % 3], event, clock), hears=event)
            for n, event in [*enumerate(events), *enumerate(events)]
        ),
        return_exceptions=True,
    )

    of_customer = {who: [answers[n] for n in range(60) if n % 6 == who] for who in range(6)}
    again = answers[60:]
    for who, its_answers in of_customer.items():
        if who % 3 == 0:
            assert {LookupError} == {type(answer) for answer in its_answers}
        else:
            assert list(range(1, 11)) == its_answers
    assert {LookupError, type(None)} == {type(answer) for answer in again}


async def test_what_fails_beside_events_spoils_none_of_them(store, clock):
    def refused(records):
        records.outbox.add([a_send(lane="lane", due_at=None)])

    events = [an_event(n, f"U-{n}") for n in range(20)]
    hearing = (store.transact(partial(counted, event, clock), hears=event) for event in events)

    *answers, error = await asyncio.gather(*hearing, store.transact(refused), return_exceptions=True)

    assert [1] * 20 == answers
    assert isinstance(error, StoreError)


async def test_what_waits_beside_events_finds_what_was_just_heard(sqlite_url, clock):
    store = open_store(sqlite_url, clock=clock)
    events = [an_event(n, f"U-{n}") for n in range(20)]
    hearing = (store.transact(partial(counted, event, clock), hears=event) for event in events)

    def take(records):
        return [due.send.id for due in records.outbox.lease("us", clock.now(), clock.now(), 20)]

    *_, taken = await asyncio.gather(*hearing, store.transact(take))
    await store.close()

    assert [f"answer-to-{event.id}" for event in events] == taken


async def test_two_processes_hear_each_event_once_and_miss_none(postgresql_url, clock):
    stores = [open_store(postgresql_url, clock=clock) for _ in range(2)]
    events = [an_event(n, f"U-{n % 10}") for n in range(100)]

    answers = await asyncio.gather(
        *(store.transact(partial(counted, event, clock), hears=event) for event in events for store in stores)
    )
    topics = [await stores[0].transact(topic(an_address(f"U-{number}"))) for number in range(10)]
    for store in stores:
        await store.close()

    assert ["x" * 10] * 10 == topics
    assert sum(answer is not None for answer in answers) == len(events)
