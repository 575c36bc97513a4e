from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.core.conversations import Mode
from bot.core.messages import Channel, Reply, Say, Text, TicketCard
from bot.errors import StaleRowError
from tests.conftest import a_conversation, a_desk, a_line, a_send, a_ticket, an_address


async def test_an_event_can_be_claimed_only_once(store, clock):
    first = await store.transact(lambda records: records.conversations.claim("event-1", clock.now()))
    second = await store.transact(lambda records: records.conversations.claim("event-1", clock.now()))

    assert (first, second) == (True, False)


async def test_a_claim_of_a_failed_work_can_be_made_again(store, clock):
    def fail(records):
        records.conversations.claim("event-1", clock.now())
        raise LookupError("no luck")

    with pytest.raises(LookupError):
        await store.transact(fail)

    assert await store.transact(lambda records: records.conversations.claim("event-1", clock.now()))


async def test_an_unknown_place_has_a_fresh_conversation(store):
    found = await store.transact(lambda records: records.conversations.lock(an_address()))

    assert a_conversation() == found


async def test_a_saved_conversation_comes_back_with_the_next_version(store):
    conversation = a_conversation(mode=Mode.HUMAN, topic="ssl_warning", recent=(a_line(),))

    def talk(records):
        records.conversations.lock(conversation.address)
        records.conversations.save(conversation)

    await store.transact(talk)
    found = await store.transact(lambda records: records.conversations.lock(conversation.address))

    assert replace(conversation, version=1) == found


async def test_an_outdated_conversation_is_not_saved(store):
    outdated = a_conversation(topic="greeting")
    await store.transact(lambda records: records.conversations.save(outdated))

    with pytest.raises(StaleRowError):
        await store.transact(lambda records: records.conversations.save(outdated))


async def test_conversations_of_different_threads_are_different(store):
    one, other = (a_conversation(address=a_desk(thread)) for thread in ("1.1", "2.2"))
    await store.transact(lambda records: records.conversations.save(replace(one, topic="greeting")))

    found = await store.transact(lambda records: records.conversations.lock(other.address))

    assert other == found


async def test_a_place_is_known_once_its_conversation_was_saved(store):
    def look(records):
        return records.conversations.known(an_address())

    before = await store.transact(look)
    await store.transact(lambda records: records.conversations.lock(an_address()))
    locked = await store.transact(look)
    await store.transact(lambda records: records.conversations.save(a_conversation()))

    assert [before, locked, await store.transact(look)] == [False, False, True]


async def test_simultaneous_changes_of_one_conversation_are_all_kept(store):
    def miss_once_more(records):
        conversation = records.conversations.lock(an_address())
        records.conversations.save(replace(conversation, misses=conversation.misses + 1))

    await asyncio.gather(*(store.transact(miss_once_more) for _ in range(30)))

    found = await store.transact(lambda records: records.conversations.lock(an_address()))
    assert (found.misses, found.version) == (30, 30)


async def test_a_message_taken_back_is_erased_everywhere(store, clock):
    secret = a_line("電話は内緒です", message_id="m-1")
    conversation = a_conversation(recent=(secret, a_line("はい", message_id="m-2")), ticket_id="ticket-1")
    card = TicketCard(
        ticket_id="ticket-1", title="相談", rows=(), talk=("お客様: 電話は内緒です", "窓口: はい")
    )
    relayed = Text(text="花子: 電話は内緒です")
    desk = a_desk()

    def talk(records):
        records.conversations.save(conversation)
        records.conversations.add_lines([(conversation.address, line) for line in conversation.recent])
        records.tickets.save(a_ticket(talk=card.talk))
        records.outbox.add(
            [
                a_send(
                    "post",
                    address=desk,
                    payload=Say(reply=Reply(parts=(relayed, card))),
                    ticket_id="ticket-1",
                )
            ]
        )
        records.conversations.forget(["m-1"])

    await store.transact(talk)

    def look(records):
        (due,) = records.outbox.lease("us", clock.now(), clock.now(), 9)
        return records.conversations.lock(an_address()), records.tickets.get("ticket-1"), due.send.payload

    found, ticket, payload = await store.transact(look)
    assert [line.text for line in found.recent] == ["…", "はい"]
    assert ticket.talk == ("お客様: …", "窓口: はい")
    assert (Text(text="花子: …"), replace(card, talk=("お客様: …", "窓口: はい"))) == payload.reply.parts


async def test_taking_back_an_unknown_message_changes_nothing(store):
    await store.transact(lambda records: records.conversations.save(a_conversation(recent=(a_line(),))))

    await store.transact(lambda records: records.conversations.forget(["m-9", ""]))

    found = await store.transact(lambda records: records.conversations.lock(an_address()))
    assert (a_line(),) == found.recent


async def test_lines_with_characters_that_a_database_refuses_are_kept_without_them(store):
    lines = [(an_address(channel=Channel.CONSOLE), a_line("あ\0い😀"))]

    await store.transact(lambda records: records.conversations.add_lines(lines))
