from __future__ import annotations

import pytest
from sqlalchemy import Text, select, type_coerce

from bot.core.tickets import Contact
from bot.errors import StoreError
from bot.store import rotation
from bot.store.rotation import rotate
from bot.store.store import open_store
from bot.store.tables import conversations, lines, outbox, tickets
from bot.store.vault import SEAL, Vault, new_key, use
from tests.conftest import a_conversation, a_line, a_send, a_ticket, an_address

OLD, NEW = new_key(), new_key()
CONTACT = Contact(name="山田花子", phone="000-0000-1111", time="夕方")
SEALED = (conversations.c.state, lines.c.text, tickets.c.body, outbox.c.payload)


@pytest.fixture(name="shop")
async def _shop(url, clock):
    """A shop that encrypts with the old key, and has a customer."""
    store = open_store(url, clock=clock, vault=Vault([OLD]))

    def work(records):
        records.conversations.save(a_conversation(contact=CONTACT))
        records.conversations.add_lines([(an_address(), a_line("山田花子です"))])
        records.tickets.save(a_ticket(contact=CONTACT))
        records.outbox.add([a_send(text="山田花子様")])

    await store.transact(work)
    yield store
    await store.close()


def stored(store):
    """The sealed columns as they lie in the database."""
    with store._engine.connect() as connection:
        return [
            value
            for column in SEALED
            for value in connection.scalars(select(type_coerce(column, Text)).select_from(column.table))
        ]


async def seen(store):
    """What the code reads, or why it cannot."""

    def work(records):
        return records.conversations.lock(an_address()).contact, records.tickets.peek("ticket-1").contact

    return await store.transact(work)


async def test_what_customers_said_cannot_be_read_in_the_database(shop):
    assert await seen(shop) == (CONTACT, CONTACT)
    assert len(stored(shop)) == len(SEALED)
    assert all(value.startswith(SEAL) and "花子" not in value for value in stored(shop))


async def test_the_old_key_still_opens_beside_a_new_one(shop):
    use(Vault([NEW, OLD]), shop._engine)

    assert await seen(shop) == (CONTACT, CONTACT)


@pytest.mark.parametrize("keys", [[], [NEW]], ids=["none", "another"])
async def test_without_the_right_key_it_says_what_to_set(shop, keys):
    use(Vault(keys), shop._engine)

    with pytest.raises(StoreError, match="MADOGUCHI_SECRET_KEYS"):
        await seen(shop)


async def test_after_rotation_only_the_new_key_is_needed(shop, monkeypatch):
    monkeypatch.setattr(rotation, "SLICE", 1)
    use(Vault([NEW, OLD]), shop._engine)

    renewed = rotate(shop._engine)

    use(Vault([NEW]), shop._engine)
    assert renewed == {"conversations": 1, "lines": 1, "misses": 0, "outbox": 1, "tickets": 1}
    assert await seen(shop) == (CONTACT, CONTACT)


async def test_what_was_stored_before_there_was_a_key_is_read_and_sealed_by_rotation(url, clock):
    store = open_store(url, clock=clock)
    await store.transact(lambda records: records.conversations.save(a_conversation(contact=CONTACT)))
    assert "花子" in "".join(stored(store))

    use(Vault([NEW]), store._engine)
    before = await store.transact(lambda records: records.conversations.lock(an_address()).contact)
    rotate(store._engine)

    assert before == CONTACT
    assert "花子" not in "".join(stored(store))
    await store.close()


def test_words_that_only_look_sealed_are_words():
    assert Vault([NEW]).open("gAAAAAB") == "gAAAAAB"
