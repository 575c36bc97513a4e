from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta

from bot.core.intents import Match
from bot.core.messages import Channel
from bot.core.misses import FiledMiss, Label, Miss
from bot.core.slots import Port, Role, Slots
from tests.conftest import START, a_line, a_send, an_address

DAY = timedelta(days=1)


def a_miss(id="miss-1", **changes):  # noqa: A002 - the field's name
    miss = Miss(
        id=id, text="あれがまたなっとる", reason="unknown", channel=Channel.LINE, said_on=date(2026, 4, 1)
    )
    return replace(miss, **changes)


def a_label(intent="ssl_warning", at=START):
    return Label(intent=intent, by="U-ken", at=at)


async def add(store, *misses):
    await store.transact(lambda records: records.misses.add(misses))


async def get(store, miss_id="miss-1"):
    return await store.transact(lambda records: records.misses.get(miss_id))


async def save(store, *filed):
    def save(records):
        for each in filed:
            records.misses.save(each)

    await store.transact(save)


async def waiting(store, since=START):
    found = await store.transact(lambda records: records.misses.waiting(since))
    return [filed.miss.id for filed in found]


async def test_a_miss_comes_back_as_it_was_kept(store):
    miss = a_miss(
        reason="denied",
        channel=Channel.SLACK,
        guesses=(Match(intent="ssl_warning", score=0.25, phrase="警告が出る"),),
        slots=Slots(
            provider="ocn", direction=Role.INCOMING, ports=(Port(role=Role.INCOMING, port=110, ssl=None),)
        ),
        message_id="message-1",
    )

    await add(store, miss)

    assert await get(store) == FiledMiss(miss=miss)


async def test_there_is_nothing_under_an_id_that_is_not_there(store):
    assert await get(store) is None


async def test_a_miss_kept_already_stays_as_it_is(store):
    await add(store, a_miss())
    await save(store, FiledMiss(miss=a_miss(), label=a_label()))

    await add(store, a_miss(reason="handed_off"), a_miss("miss-2"))

    assert await get(store) == FiledMiss(miss=a_miss(), label=a_label())
    assert await waiting(store) == ["miss-2"]


async def test_what_operators_said_comes_back_and_can_be_taken_back(store):
    await add(store, a_miss())
    filed = FiledMiss(
        miss=a_miss(), label=a_label(), question_id="send-1", asked_at=START, exported_at=START + DAY
    )

    await save(store, filed)
    answered = await get(store)
    await save(store, replace(filed, label=None))

    assert answered == filed
    assert (await get(store)).label is None


async def test_those_without_a_label_wait_newest_first(store):
    await add(
        store, a_miss(said_on=date(2026, 3, 9)), a_miss("miss-2", said_on=date(2026, 4, 2)), a_miss("miss-3")
    )
    await save(store, FiledMiss(miss=a_miss("miss-3"), label=a_label()))

    assert await waiting(store) == ["miss-2", "miss-1"]


async def test_what_was_asked_since_a_moment_is_told_too(store):
    await add(store, a_miss(), a_miss("miss-2"))
    await save(
        store,
        FiledMiss(miss=a_miss(), label=a_label(), asked_at=START),
        FiledMiss(miss=a_miss("miss-2"), label=a_label(), asked_at=START - DAY),
    )

    assert await waiting(store, START) == ["miss-1"]


async def test_two_transactions_never_ask_at_the_same_time(store):
    """Each counts the questions of the day and asks one more: at the end none was counted twice."""
    await add(store, *(a_miss(f"miss-{n}") for n in range(8)))

    def ask(records):
        known = records.misses.waiting(START)
        number = sum(filed.asked_at is not None for filed in known)
        filed = next(each for each in known if not each.asked)
        records.misses.save(replace(filed, asked_at=START, question_id=f"question-{number}"))

    await asyncio.gather(*(store.transact(ask) for _ in range(8)))

    found = await store.transact(lambda records: records.misses.all())
    assert sorted(filed.question_id for filed in found) == [f"question-{n}" for n in range(8)]


async def test_a_message_taken_back_takes_its_miss_and_the_question_about_it_along(store, clock):
    miss = a_miss(message_id="message-1")
    await add(store, miss, a_miss("miss-2"))
    await save(store, FiledMiss(miss=miss, question_id="send-1", asked_at=START))
    await store.transact(lambda records: records.outbox.add([a_send(text="「あれがまたなっとる」")]))

    asked = await store.transact(lambda records: records.misses.forget(["message-1", ""]))

    assert list(asked) == ["send-1"]
    assert await get(store) is None
    assert await waiting(store) == ["miss-2"]
    (due,) = await store.transact(lambda r: r.outbox.lease("us", clock.now(), clock.now() + DAY, 9))
    assert "なっとる" not in str(due.send.payload)


async def test_forgetting_nothing_is_fine(store):
    assert list(await store.transact(lambda records: records.misses.forget([]))) == []
    assert list(await store.transact(lambda records: records.misses.forget([""]))) == []


async def test_the_tally_counts_the_span_and_nothing_else(store):
    lines = [(an_address(), a_line(who="bot", said_at=START + n * DAY)) for n in (-1, 0, 3, 6, 7)]
    await store.transact(lambda records: records.conversations.add_lines(lines))
    reasons = ["unknown", "unknown", "denied", "handed_off"]
    misses = [a_miss(f"in-{n}", reason=reason) for n, reason in enumerate(reasons)]
    await add(
        store,
        *misses,
        a_miss("before", said_on=date(2026, 3, 31)),
        a_miss("after", said_on=date(2026, 4, 8)),
        a_miss("best", guesses=(Match(intent="ssl_warning", score=0.3),), reason="denied"),
        a_miss("outside", guesses=(Match(intent="out_of_scope", score=0.9),), reason="denied"),
    )
    await save(
        store,
        FiledMiss(miss=a_miss("best"), label=a_label()),
        FiledMiss(miss=a_miss("outside"), label=a_label("out_of_scope")),
        FiledMiss(miss=a_miss("in-0"), label=a_label("ignored", START + 7 * DAY)),
    )

    tally = await store.transact(lambda records: records.misses.tally(START, START + 7 * DAY))

    assert (tally.answered, tally.unknown, tally.denied, tally.handed_off) == (3, 2, 3, 1)
    assert (tally.labelled, tally.guessed, tally.rightly_unknown) == (2, 1, 1)


async def test_proposals_are_those_with_an_intent_in_its_order(store):
    await add(store, *(a_miss(f"miss-{n}") for n in range(4)))
    await save(
        store,
        FiledMiss(miss=a_miss("miss-0"), label=a_label("ssl_warning")),
        FiledMiss(miss=a_miss("miss-1"), label=a_label("ignored")),
        FiledMiss(miss=a_miss("miss-2"), label=a_label("cannot_send")),
    )

    proposals = await store.transact(lambda records: records.misses.proposals())
    await store.transact(lambda records: records.misses.mark_exported(proposals, START + DAY))

    assert [filed.miss.id for filed in proposals] == ["miss-2", "miss-0"]
    assert (await get(store, "miss-2")).exported_at == START + DAY
