"""What waits for one customer leaves in one call to LINE, and is still there exactly once, in order, whatever fails."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

import pytest

from bot.channels.line.sender import LineSender
from bot.core.messages import Channel, Handle, Reply, Say, Text
from bot.desk.courier import Courier
from bot.desk.ports import Parcel
from bot.desk.rounds import Habits
from bot.store.store import SqlStore
from tests.conftest import a_desk, a_send, an_address
from tests.fakes.line import USER, FakeLine, Fault

HANAKO = an_address(USER)
TOO_LONG = "あ" * 5001


@pytest.fixture
async def line(clock):
    async with FakeLine.running(now=clock.now) as line:
        yield line


@pytest.fixture
async def sender(line, clock):
    sender = LineSender(line.access_token, clock, api_url=line.url, data_url=line.data_url, timeout=5.0)
    await sender.start()
    yield sender
    await sender.stop()


@pytest.fixture
def courier(store, sender, clock):
    return Courier(
        store=store,
        senders={Channel.LINE: sender},
        clock=clock,
        owner="us",
        desk=a_desk(),
        habits=Habits(chance=lambda: 1.0),
    )


def key(number):
    return str(UUID(int=number))


def row(number, text="", **changes):
    """The *number*th thing to say to Hanako."""
    return a_send(key(number), text or f"その{number}", address=HANAKO, **changes)


@dataclass(frozen=True)
class Queue:
    """What waits for Hanako."""

    store: SqlStore

    async def add(self, *sends):
        await self.store.transact(lambda records: records.outbox.add(sends))

    async def withdraw(self, number):
        await self.store.transact(lambda records: records.outbox.settle([key(number)], "withdrawn"))

    async def ids(self, *numbers):
        """Under which message ids LINE has these."""
        return await self.store.transact(
            lambda records: [tuple(records.outbox.message_ids(key(each))) for each in numbers]
        )


@pytest.fixture
def queue(store):
    return Queue(store)


def said(line):
    return [text for sent in line.sent for text in sent.texts]


def keys(line):
    return [call.headers.get("X-Line-Retry-Key") for call in line.calls if call.name == "push"]


async def test_three_lines_leave_in_one_push_and_each_knows_its_own_message(courier, queue, line):
    await queue.add(row(1), row(2), row(3))

    await courier.drain()

    (push,) = line.pushes
    assert push.texts == ["その1", "その2", "その3"]
    assert await queue.ids(1, 2, 3) == [(each,) for each in push.ids]


async def test_a_long_backlog_leaves_in_calls_of_five(courier, queue, line):
    await queue.add(*(row(number) for number in range(1, 13)))

    await courier.drain()

    assert [len(push.texts) for push in line.pushes] == [5, 5, 2]
    assert said(line) == [f"その{number}" for number in range(1, 13)]


async def test_what_makes_several_messages_takes_their_room(courier, queue, line):
    await queue.add(row(1, TOO_LONG), row(2, TOO_LONG), row(3, TOO_LONG))

    await courier.drain()

    assert [len(push.texts) for push in line.pushes] == [4, 2]
    assert [len(ids) for ids in await queue.ids(1, 2, 3)] == [2, 2, 2]


async def test_a_fresh_reply_token_carries_all_that_waits_for_free(courier, queue, line, clock):
    handle = Handle(token=line.token(), expires_at=clock.now() + timedelta(seconds=50))
    await queue.add(row(1), row(2, handle=handle))

    await courier.drain()

    assert [reply.texts for reply in line.replies] == [["その1", "その2"]]
    assert line.pushes == []


async def test_each_message_keeps_the_name_of_its_writer(courier, queue, line):
    def by(name):
        return Say(reply=Reply(parts=(Text(text=f"{name}です"),)), sender=name)

    await queue.add(row(1, payload=by("佐藤")), row(2, payload=by("鈴木")))

    await courier.drain()

    (push,) = line.pushes
    assert [message["sender"]["name"] for message in push.messages] == ["佐藤", "鈴木"]


@pytest.mark.parametrize("fault", [Fault.ACCEPTED_ERROR, Fault.ACCEPTED_RESET])
async def test_a_push_that_arrived_without_an_answer_is_not_said_twice(fault, courier, queue, line, clock):
    line.fail("push", fault)
    await queue.add(row(1), row(2))
    await courier.drain()
    await queue.add(row(3))
    clock.advance(5)

    await courier.drain()

    assert said(line) == ["その1", "その2", "その3"]
    assert keys(line) == [key(1), key(1), key(3)]
    assert await queue.ids(1, 2) == [(each,) for each in line.pushes[0].ids]


@pytest.mark.parametrize("fault", [Fault.ERROR, Fault.RESET, Fault.RATE])
async def test_a_push_that_did_not_arrive_is_tried_again_as_it_was(fault, courier, queue, line, clock):
    line.fail("push", fault)
    await queue.add(row(1), row(2))
    await courier.drain()
    await queue.add(row(3))
    clock.advance(10)

    await courier.drain()

    assert [push.texts for push in line.pushes] == [["その1", "その2"], ["その3"]]


async def test_a_reply_that_arrived_without_an_answer_is_not_said_twice(courier, queue, line, clock):
    line.fail("reply", Fault.ACCEPTED_ERROR)
    handle = Handle(token=line.token(), expires_at=clock.now() + timedelta(seconds=50))
    await queue.add(row(1, handle=handle), row(2))
    await courier.drain()
    clock.advance(5)

    await courier.drain()

    assert said(line) == ["その1", "その2"]
    assert line.pushes == []


async def test_a_process_that_dies_between_the_call_and_its_record_doubles_nothing(
    courier, queue, line, clock
):
    await queue.add(row(1), row(2))

    def of_the_dead(records):
        (due,) = records.outbox.lease("dead", clock.now(), clock.now() + courier.habits.lease, 9)
        companions = records.outbox.companions(due, clock.now(), 4)
        records.outbox.join(due, companions, "dead", clock.now() + courier.habits.lease)
        return Parcel(
            sends=(due.send, *companions), key=due.key, attempt=due.attempt, target=due.send.address
        )

    await courier.senders[Channel.LINE].deliver(await queue.store.transact(of_the_dead))
    await queue.add(row(3))
    clock.advance(courier.habits.lease.total_seconds())

    await courier.drain()

    assert said(line) == ["その1", "その2", "その3"]
    assert await queue.ids(1, 2) == [(each,) for each in line.pushes[0].ids]


@pytest.mark.parametrize("withdrawn", [1, 2])
@pytest.mark.parametrize("fault", [Fault.ERROR, Fault.ACCEPTED_ERROR])
async def test_what_is_withdrawn_after_a_try_in_doubt_is_never_said_anew(
    withdrawn, fault, courier, queue, line
):
    line.fail("push", fault)
    await queue.add(row(1), row(2), row(3))
    await courier.drain()

    await queue.withdraw(withdrawn)
    courier.clock.advance(5)
    await courier.drain()

    arrived = fault is Fault.ACCEPTED_ERROR
    assert said(line) == [f"その{number}" for number in (1, 2, 3) if arrived or number != withdrawn]


async def test_the_end_of_the_quota_holds_each_row_back_for_the_next_free_reply(courier, queue, line):
    line.quota = 0
    await queue.add(row(1), row(2))

    await courier.drain()

    held = await queue.store.transact(lambda records: records.outbox.held(HANAKO.key))
    assert [each.id for each in held] == [key(1), key(2)]
    assert len(line.calls) == 1


async def test_every_line_of_an_operator_is_confirmed_and_found_again_by_its_own_message(
    courier, queue, line
):
    from_thread = {"ticket_id": "ticket-1", "lane": HANAKO.key}
    await queue.add(*(row(number, origins=(f"ts-{number}",), **from_thread) for number in (1, 2)))

    await courier.drain()

    (push,) = line.pushes
    copies = await queue.store.transact(
        lambda records: [records.chronicle.relayed("ticket-1", f"ts-{number}").copies for number in (1, 2)]
    )
    assert copies == [(each,) for each in push.ids]


async def test_a_row_for_another_place_does_not_go_along(courier, queue, line):
    elsewhere = replace(row(2), address=an_address("U" + "d" * 32))
    await queue.add(row(1), elsewhere, row(3))

    await courier.drain()

    assert [push.to for push in line.pushes] == [HANAKO.to, elsewhere.address.to, HANAKO.to]
