from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.messages import Handle
from tests.conftest import START, a_send, an_address

MINUTE = timedelta(minutes=1)
NOW = START


def lane(name):
    return {"address": an_address(name)}


async def lease(store, owner="us", now=NOW, limit=9):
    due = await store.transact(lambda records: records.outbox.lease(owner, now, now + MINUTE, limit))
    return [(each.send.id, each.attempt) for each in due]


@pytest.fixture
async def add(store):
    async def add(*sends):
        await store.transact(lambda records: records.outbox.add(sends))

    return add


async def test_a_row_comes_back_as_it_was_saved(store, add):
    send = a_send(handle=Handle(token="token", expires_at=NOW + MINUTE), ticket_id="ticket-1", **lane("U-1"))
    await add(send)

    (due,) = await store.transact(lambda records: records.outbox.lease("us", NOW, NOW + MINUTE, 9))

    assert (send, 1) == (due.send, due.attempt)


async def test_only_the_first_row_of_each_lane_is_leased(store, add):
    await add(a_send("a1", **lane("a")), a_send("a2", **lane("a")), a_send("b1", **lane("b")))

    assert await lease(store) == [("a1", 1), ("b1", 1)]


async def test_a_lane_waits_while_its_first_row_is_leased(store, add):
    await add(a_send("a1", **lane("a")), a_send("a2", **lane("a")))
    await lease(store)

    assert await lease(store, "others") == []


async def test_a_lane_waits_while_its_first_row_is_not_due(store, add):
    await add(a_send("a1", due_at=NOW + MINUTE, **lane("a")), a_send("a2", **lane("a")))

    assert await lease(store) == []


async def test_a_sent_row_frees_its_lane(store, add):
    await add(a_send("a1", **lane("a")), a_send("a2", **lane("a")))
    await lease(store)

    await store.transact(lambda records: records.outbox.sent("a1", NOW, ["m-1", "m-2"]))

    assert await lease(store) == [("a2", 1)]
    ids = await store.transact(
        lambda records: [records.outbox.message_ids(each) for each in ("a1", "a2", "none")]
    )
    assert ids == [("m-1", "m-2"), (), ()]


async def test_a_buried_row_frees_its_lane(store, add):
    await add(a_send("a1", **lane("a")), a_send("a2", **lane("a")))

    await store.transact(lambda records: records.outbox.bury("a1", NOW, "blocked"))

    assert await lease(store) == [("a2", 1)]


async def test_a_retried_row_comes_back_when_due_and_counts_its_tries(store, add):
    await add(a_send("a1"))
    await lease(store)

    await store.transact(lambda records: records.outbox.retry("a1", NOW + MINUTE, "away"))

    assert (await lease(store), await lease(store, now=NOW + MINUTE)) == ([], [("a1", 2)])


async def test_a_lease_that_ran_out_is_taken_over_with_the_doubt_on_record(store, add):
    await add(a_send("a1"))
    await lease(store)

    assert await lease(store, "others", NOW + MINUTE) == [("a1", 2)]


async def test_an_owner_gives_back_only_its_own_leases(store, add):
    await add(a_send("a1", **lane("a")), a_send("b1", **lane("b")))
    await lease(store, "us", limit=1)
    await lease(store, "others", limit=1)

    await store.transact(lambda records: records.release("us"))

    assert await lease(store, "third") == [("a1", 2)]


async def test_the_same_row_is_not_added_twice(store, add):
    await add(a_send("a1"))
    await add(a_send("a1", text="something else"), a_send("a2", **lane("a")))

    assert await lease(store) == [("a1", 1), ("a2", 1)]


async def test_a_late_failure_does_not_undo_a_delivery(store, add):
    await add(a_send("a1"))

    def both(records):
        records.outbox.sent("a1", NOW, ["m-1"])
        records.outbox.retry("a1", NOW, "late news")
        records.outbox.bury("a1", NOW, "later news")

    await store.transact(both)

    assert await lease(store) == []
    assert await store.transact(lambda records: records.outbox.message_ids("a1")) == ("m-1",)


async def test_the_longest_due_go_first_and_no_more_than_asked_for(store, add):
    await add(
        a_send("late", due_at=NOW - MINUTE, **lane("a")),
        a_send("later", due_at=NOW, **lane("b")),
        a_send("latest", due_at=NOW - 2 * MINUTE, **lane("c")),
    )

    assert await lease(store, limit=2) == [("latest", 1), ("late", 1)]


async def test_a_renewed_lease_keeps_others_off_for_longer(store):
    await store.transact(lambda records: records.outbox.add([a_send("a1"), a_send("b1", lane="b")]))
    await store.transact(lambda records: records.outbox.lease("us", NOW, NOW + MINUTE, 9))

    await store.transact(lambda records: records.outbox.renew("us", ["a1"], NOW + 3 * MINUTE))
    await store.transact(lambda records: records.outbox.renew("others", ["b1"], NOW + 3 * MINUTE))

    later = NOW + 2 * MINUTE
    taken = await store.transact(lambda records: records.outbox.lease("others", later, later + MINUTE, 9))
    assert [due.send.id for due in taken] == ["b1"]


async def take(store, now=NOW, most=4, owner="us"):
    """Lease the first row of the lane, and join to it what may go along: the call, its try, and its rows."""

    def work(records):
        due_sends = records.outbox.lease(owner, now, now + MINUTE, 9)
        if not due_sends:
            return None
        (due,) = due_sends
        companions = records.outbox.companions(due, now, most)
        if companions:
            records.outbox.join(due, companions, owner, now + MINUTE)
        return due.key, due.attempt, [each.id for each in (due.send, *companions)]

    return await store.transact(work)


async def test_a_row_says_whether_others_wait_behind_it(store, add):
    await add(a_send("a1", **lane("a")), a_send("a2", **lane("a")), a_send("b1", **lane("b")))

    due = await store.transact(lambda records: records.outbox.lease("us", NOW, NOW + MINUTE, 9))

    assert [(each.send.id, each.others) for each in due] == [("a1", True), ("b1", False)]


async def test_rows_right_behind_may_go_along_up_to_a_number(store, add):
    await add(*(a_send(f"a{number}") for number in range(7)))

    assert await take(store) == ("a0", 1, ["a0", "a1", "a2", "a3", "a4"])


async def test_nothing_behind_a_row_that_must_wait_goes_along(store, add):
    await add(a_send("a1"), a_send("a2"), a_send("a3", due_at=NOW + MINUTE), a_send("a4"))

    assert await take(store) == ("a1", 1, ["a1", "a2"])


async def test_joined_rows_are_leased_together(store, add):
    await add(a_send("a1"), a_send("a2"))
    await take(store)

    await store.transact(lambda records: records.outbox.sent("a1", NOW, ["m-1"]))

    assert await lease(store, "others") == []


async def test_the_next_try_has_the_same_rows_under_the_same_key(store, add):
    await add(a_send("a1"), a_send("a2"))
    await take(store)
    await add(a_send("a3"))

    assert await take(store, NOW + MINUTE, owner="others") == ("a1", 2, ["a1", "a2"])


async def test_what_was_tried_alone_stays_alone(store, add):
    await add(a_send("a1"))
    await take(store)
    await add(a_send("a2"))

    assert await take(store, NOW + MINUTE) == ("a1", 2, ["a1"])


async def test_without_a_withdrawn_row_the_call_is_the_same_still(store, add):
    await add(a_send("a1"), a_send("a2"), a_send("a3"))
    await take(store)

    await store.transact(lambda records: records.outbox.settle(["a1"], "withdrawn"))

    assert await take(store, NOW + MINUTE) == ("a1", 2, ["a2", "a3"])


async def test_parted_rows_go_alone_as_if_never_tried(store, add):
    await add(a_send("a1"), a_send("a2"), a_send("a3"))
    await take(store, most=1)

    await store.transact(lambda records: records.outbox.part(["a1", "a2"], NOW))

    calls = []
    for _ in range(3):
        call = await take(store)
        calls.append(call)
        await store.transact(lambda records, of=call[2]: [records.outbox.sent(each, NOW, ()) for each in of])
    assert calls == [("a1", 1, ["a1"]), ("a2", 1, ["a2"]), ("a3", 1, ["a3"])]
