from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.core.messages import Channel, React, Reply, Revise
from bot.desk.courier import ALERTS, Courier
from bot.errors import AmbiguousError, QuotaExhaustedError, RefusedError, RetryableError, StoreError
from bot.store.tables import outbox
from tests.conftest import a_desk, a_send, a_ticket, an_address
from tests.fakes.sender import FakeSender


def tries_of(sender, send_id):
    return [each.attempt for each in sender.tries if each.id == send_id]


async def leftover(store, clock):
    """What another process could lease now."""
    clock.advance(3600)
    due = await store.transact(lambda records: records.outbox.lease("others", clock.now(), clock.now(), 99))
    return [each.send.id for each in due]


async def test_what_was_saved_is_delivered_once(courier, add, line, store, clock):
    await add(a_send("a1"))

    await courier.drain()

    assert line.delivered == ["a1"]
    assert await leftover(store, clock) == []


async def test_a_lane_is_delivered_in_order(courier, add, line):
    await add(*(a_send(f"a{number}") for number in range(5)))

    await courier.drain()

    assert [f"a{number}" for number in range(5)] == line.delivered


async def test_nothing_overtakes_a_row_that_must_be_tried_again(courier, add, line, clock):
    line.fail("a1", RetryableError("busy"))
    await add(a_send("a1"), a_send("a2"), a_send("b1", address=an_address("U-taro")))

    await courier.drain()
    meanwhile = list(line.delivered)
    clock.advance(10)
    await courier.drain()

    assert meanwhile == ["b1"]
    assert line.delivered == ["b1", "a1", "a2"]


async def test_lanes_are_delivered_side_by_side_up_to_a_limit(store, clock, add, line, habits):
    courier = Courier(
        store=store, senders={Channel.LINE: line}, clock=clock, owner="us", habits=replace(habits, parallel=3)
    )
    await add(*(a_send(f"s{number}", address=an_address(f"U-{number}")) for number in range(7)))
    line.gate.clear()

    once = asyncio.create_task(courier.run_once())
    await line.at_work.wait()
    line.gate.set()

    assert (await once, line.busiest) == (3, 3)


async def test_pauses_grow_and_the_last_try_ends_in_the_dead_letters(courier, add, line, clock):
    line.fail("a1", *(RetryableError("busy") for _ in range(3)))
    await add(a_send("a1"))

    seen = []
    for pause in (0, 9, 1, 19, 1):
        clock.advance(pause)
        await courier.run_once()
        seen.append(len(line.tries))

    assert seen == [1, 1, 2, 2, 3]
    clock.advance(3600)
    await courier.drain()
    assert tries_of(line, "a1") == [1, 2, 3]


async def test_chance_spreads_the_pauses(store, clock, add, line, habits):
    calm = replace(habits, chance=lambda: 0.0)
    courier = Courier(store=store, senders={Channel.LINE: line}, clock=clock, owner="us", habits=calm)
    line.fail("a1", RetryableError("busy"))
    await add(a_send("a1"))
    await courier.run_once()

    clock.advance(5)
    await courier.run_once()

    assert line.delivered == ["a1"]


async def test_the_wish_of_the_platform_sets_the_pause(courier, add, line, clock):
    line.fail("a1", RetryableError("slow down", after=120))
    await add(a_send("a1"))

    await courier.drain()
    clock.advance(119)
    await courier.drain()
    before = list(line.delivered)
    clock.advance(1)
    await courier.drain()

    assert (before, line.delivered) == ([], ["a1"])


async def test_after_an_ambiguous_answer_the_sender_is_told_of_the_doubt(courier, add, line, clock):
    line.fail("a1", AmbiguousError("connection reset"))
    await add(a_send("a1"))

    await courier.drain()
    clock.advance(10)
    await courier.drain()

    assert tries_of(line, "a1") == [1, 2]


async def test_a_platform_that_never_answers_is_given_up_for_now(store, clock, add, line, habits):
    hasty = replace(habits, timeout=0.01)
    courier = Courier(store=store, senders={Channel.LINE: line}, clock=clock, owner="us", habits=hasty)
    await add(a_send("a1"))
    line.gate.clear()

    await courier.run_once()
    line.gate.set()
    clock.advance(10)
    await courier.run_once()

    assert (tries_of(line, "a1"), line.delivered) == ([1, 2], ["a1"])


async def test_what_the_platform_refuses_is_not_tried_again(courier, add, line, slack, clock):
    line.fail("a1", RefusedError("the user has blocked the bot"))
    await add(a_send("a1"), a_send("a2"))

    await courier.drain()
    clock.advance(3600)
    await courier.drain()

    assert (tries_of(line, "a1"), line.delivered) == ([1], ["a2"])
    assert a_desk() == slack.tries[0].target


async def test_each_dead_letter_is_told_to_the_operators_once(courier, add, line, store, clock):
    line.fail("a1", RefusedError("blocked"))
    await add(a_send("a1"))
    await courier.run_once()

    (alert,) = await store.transact(lambda records: records.outbox.lease("test", clock.now(), clock.now(), 9))

    assert ("a1: blocked", ALERTS, a_desk()) == (
        alert.send.payload.reply.parts[0].text,
        alert.send.lane,
        alert.send.address,
    )


async def test_a_dead_letter_about_a_dead_letter_is_never_made(courier, add, line, slack, clock):
    line.fail("a1", RefusedError("blocked"))
    slack.down = RefusedError("channel_not_found")
    await add(a_send("a1"))

    await courier.drain()
    clock.advance(3600)
    await courier.drain()

    assert len(slack.tries) == 1


async def test_an_exhausted_quota_is_held_not_tried_again(courier, add, line, slack, clock):
    line.fail("a1", QuotaExhaustedError("monthly limit"))
    await add(a_send("a1"))

    await courier.drain()
    clock.advance(3600)
    await courier.drain()

    assert (tries_of(line, "a1"), len(slack.delivered)) == ([1], 1)


async def test_a_call_that_is_refused_for_one_of_its_rows_is_made_anew_for_each(courier, add, line):
    line.most = 5
    line.fail("a1", RefusedError("messages[1] is invalid"))
    line.fail("a2", RefusedError("messages[0] is invalid"))
    await add(a_send("a1"), a_send("a2"), a_send("a3"))

    await courier.drain()

    assert line.delivered == ["a1", "a3"]
    assert tries_of(line, "a2") == [1]


async def test_a_call_that_is_given_up_buries_and_tells_of_each_row(courier, add, line, slack, clock):
    line.most = 5
    line.fail("a1", *(RetryableError("busy") for _ in range(3)))
    await add(a_send("a1"), a_send("a2"))

    for _ in range(3):
        await courier.drain()
        clock.advance(100)

    assert (tries_of(line, "a1"), line.delivered) == ([1, 2, 3], [])
    assert len(slack.delivered) == 2


async def test_an_unforeseen_error_is_tried_again(courier, add, line, clock):
    line.fail("a1", ZeroDivisionError("a bug"))
    await add(a_send("a1"))

    await courier.drain()
    clock.advance(10)
    await courier.drain()

    assert line.delivered == ["a1"]


async def test_a_row_that_kills_each_process_is_given_up(courier, add, line, store, clock):
    await add(a_send("a1"))
    for _ in range(3):
        await store.transact(lambda records: records.outbox.lease("killed", clock.now(), clock.now(), 9))

    await courier.drain()

    assert line.tries == []
    assert await leftover(store, clock) == []


async def test_what_goes_to_a_channel_that_is_off_waits_for_it(courier, add, line, clock):
    del courier.senders[Channel.LINE]
    await add(a_send("a1"))

    await courier.drain()
    courier.senders[Channel.LINE] = line
    clock.advance(10)
    await courier.drain()

    assert line.delivered == ["a1"]


async def test_a_stop_before_the_start_ends_the_run_at_once(courier, add, line):
    await add(a_send("a1"))

    await courier.stop()
    await courier.run()

    assert line.tries == []


async def test_a_stop_while_the_store_is_away_ends_all_the_same(courier, store, caplog):
    await store.close()

    running = asyncio.create_task(courier.run())
    await asyncio.sleep(0)
    await courier.stop()
    await running

    assert "release" in {each.action for each in caplog.records}


@pytest.fixture
async def ticket(store, add):
    """A ticket whose card is on its way, with the customer's next words behind it."""
    ticket = a_ticket(card_send_id="card")
    await store.transact(lambda records: records.tickets.save(ticket))
    at_desk = {"address": a_desk(), "ticket_id": ticket.id, "lane": f"desk:{ticket.id}"}
    await add(a_send("card", **at_desk), a_send("words", **at_desk))
    return ticket


async def test_a_posted_card_makes_the_thread_of_its_ticket(courier, ticket, slack, store):
    await courier.drain()

    found = await store.transact(lambda records: records.tickets.get(ticket.id))
    assert a_desk("posted-card") == found.desk
    assert [("card", a_desk()), ("words", a_desk("posted-card"))] == [
        (each.id, each.target) for each in slack.tries
    ]


async def test_words_for_the_thread_wait_for_the_card(courier, ticket, slack, clock):
    slack.fail("card", RetryableError("busy"))

    await courier.drain()
    clock.advance(10)
    await courier.drain()

    assert slack.delivered == ["card", "words"]


async def test_words_in_another_lane_wait_for_the_card_too(courier, ticket, add, slack, clock):
    slack.fail("card", RetryableError("busy"))
    await add(a_send("early", address=a_desk(), ticket_id=ticket.id, lane="other"))

    await courier.drain()
    clock.advance(10)
    await courier.drain()
    clock.advance(20)
    await courier.drain()

    assert {"card", "words", "early"} == set(slack.delivered)
    assert a_desk("posted-card") == slack.tries[-1].target


async def test_what_concerns_a_ticket_but_goes_to_the_customer_keeps_its_address(courier, ticket, add, line):
    await add(a_send("answer", ticket_id=ticket.id))

    await courier.drain()

    assert [an_address()] == [each.target for each in line.tries]


async def test_a_revision_is_told_which_message_to_replace(courier, ticket, add, slack):
    revise = Revise(send_id="card", reply=Reply())
    await add(
        a_send("revision", address=a_desk(), ticket_id=ticket.id, payload=revise, lane=f"desk:{ticket.id}")
    )

    await courier.drain()

    assert [each.revised for each in slack.tries if each.id == "revision"] == [("posted-card",)]


async def test_a_revision_of_what_was_never_posted_waits_and_is_given_up(courier, add, slack, store, clock):
    await add(a_send("revision", address=a_desk(), payload=Revise(send_id="none", reply=Reply())))

    for _ in range(3):
        await courier.drain()
        clock.advance(100)

    assert tries_of(slack, "revision") == []
    assert await leftover(store, clock) == []


async def test_a_reaction_is_delivered(courier, add, slack):
    await add(a_send("eyes", address=a_desk(), payload=React(message_id="1.1", emoji="eyes")))

    await courier.drain()

    assert slack.delivered == ["eyes"]


async def test_a_running_courier_is_woken_by_new_rows(courier, add, line):
    running = asyncio.create_task(courier.run())
    await add(a_send("a1"))
    courier.wake()
    await line.at_work.wait()

    await courier.stop()
    await running

    assert line.delivered == ["a1"]


async def test_a_running_courier_sends_a_long_lane_in_order(courier, add, line):
    await add(*(a_send(f"a{number:02}") for number in range(30)))
    running = asyncio.create_task(courier.run())

    await line.until_delivered(30)
    await courier.stop()
    await running

    assert [f"a{number:02}" for number in range(30)] == line.delivered


async def test_a_stop_lets_deliveries_under_way_end(courier, add, line, store, clock):
    await add(a_send("a1"), a_send("a2"))
    line.gate.clear()
    running = asyncio.create_task(courier.run())
    await line.at_work.wait()

    stopping = asyncio.create_task(courier.stop())
    await asyncio.sleep(0)
    line.gate.set()
    await stopping
    await running

    assert line.delivered == ["a1"]
    assert await leftover(store, clock) == ["a2"]


async def test_a_stop_breaks_off_what_does_not_end_and_leaves_the_doubt_on_record(
    courier, add, line, store, clock
):
    await add(a_send("a1"))
    line.gate.clear()
    running = asyncio.create_task(courier.run())
    await line.at_work.wait()

    await courier.stop(grace=0)
    await running

    (due,) = await store.transact(lambda records: records.outbox.lease("next", clock.now(), clock.now(), 9))
    assert (due.send.id, due.attempt) == ("a1", 2)


async def test_a_restarted_courier_takes_up_its_own_old_leases_at_once(courier, add, line, store, clock):
    await add(a_send("a1"))
    until = clock.now() + courier.habits.lease
    await store.transact(lambda records: records.outbox.lease(courier.owner, clock.now(), until, 9))

    running = asyncio.create_task(courier.run())
    await line.at_work.wait()
    await courier.stop()
    await running

    assert (tries_of(line, "a1"), line.delivered) == ([2], ["a1"])


async def test_the_lease_of_a_dead_process_is_taken_over_when_it_ends(courier, add, line, store, clock):
    await add(a_send("a1"))
    until = clock.now() + courier.habits.lease
    await store.transact(lambda records: records.outbox.lease("dead", clock.now(), until, 9))

    await courier.drain()
    before = list(line.delivered)
    clock.advance(courier.habits.lease.total_seconds())
    await courier.drain()

    assert (before, line.delivered) == ([], ["a1"])


async def test_a_store_that_is_away_keeps_the_results_for_later(clock, add, line, store, habits):
    class Away:
        """A store that is away for the third transaction, in which the result is to be saved."""

        calls = 0

        async def transact(self, work):
            self.calls += 1
            if self.calls == 3:
                raise StoreError("away")
            return await store.transact(work)

    async def no_wait(event, seconds):
        del event, seconds
        await asyncio.sleep(0)

    away = Away()
    courier = Courier(
        store=away,
        senders={Channel.LINE: line},
        clock=clock,
        owner="us",
        habits=replace(habits, wait=no_wait),
    )
    await add(a_send("a1"), a_send("a2"))

    running = asyncio.create_task(courier.run())
    await line.until_delivered(2)
    await courier.stop()
    await running

    assert [each.attempt for each in line.tries] == [1, 1]


async def test_two_couriers_do_not_share_a_row(store, clock, add, habits):
    senders = [FakeSender(), FakeSender()]
    couriers = [
        Courier(store=store, senders={Channel.LINE: sender}, clock=clock, owner=owner, habits=habits)
        for owner, sender in zip(("one", "two"), senders, strict=True)
    ]
    await add(*(a_send(f"s{number}", address=an_address(f"U-{number % 5}")) for number in range(50)))

    await asyncio.gather(*(courier.drain() for courier in couriers))
    await asyncio.gather(*(courier.drain() for courier in couriers))

    assert sorted(f"s{number}" for number in range(50)) == sorted(senders[0].delivered + senders[1].delivered)


async def test_the_lease_of_what_is_still_being_tried_is_renewed(store, clock, add, line, habits):
    courier = Courier(
        store=store,
        senders={Channel.LINE: line},
        clock=clock,
        owner="us",
        habits=replace(habits, lease=timedelta(seconds=0.03), poll=0.01),
    )
    await add(a_send("a1"))
    line.gate.clear()
    running = asyncio.create_task(courier.run())
    await line.at_work.wait()
    clock.advance(60)

    async with asyncio.timeout(60):
        while await lease_end(store) <= clock.now():  # noqa: ASYNC110 - only the database tells
            await asyncio.sleep(0.01)  # the next round

    line.gate.set()
    await courier.stop()
    await running
    assert line.delivered == ["a1"]


async def lease_end(store):
    def read():
        with store._engine.connect() as connection:
            return connection.execute(select(outbox.c.lease_until)).scalar_one()

    return await asyncio.to_thread(read)
