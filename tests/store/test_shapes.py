from __future__ import annotations

import json
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from bot.core.conversations import Conversation
from bot.core.messages import Address, Channel, Payload, Reply, Say, Text
from bot.core.tickets import Ticket
from bot.store.shapes import CONVERSATION, DETAILS, IDS, PAYLOAD, TICKET, RecentShape, Shape

st.register_type_strategy(datetime, st.datetimes(timezones=st.just(UTC)))
st.register_type_strategy(str, st.text(st.characters(codec="utf-8"), max_size=12))

# Small, because every example is built out of dozens of others.
few = settings(max_examples=60)


@few
@given(st.from_type(Conversation))
def test_every_conversation_comes_back_from_json(conversation):
    assert CONVERSATION.read(CONVERSATION.write(conversation)) == conversation


@few
@given(st.from_type(Ticket))
def test_every_ticket_comes_back_from_json(ticket):
    assert TICKET.read(TICKET.write(ticket)) == ticket


@few
@given(st.from_type(Payload))
def test_every_payload_comes_back_from_json(payload):
    assert Shape.read(PAYLOAD, PAYLOAD.write(payload)) == payload  # parsed, not remembered


@few
@given(st.dictionaries(st.text(), st.text()), st.lists(st.text()))
def test_details_and_ids_come_back_from_json(details, ids):
    assert (DETAILS.read(DETAILS.write(details)), IDS.read(IDS.write(tuple(ids)))) == (details, tuple(ids))


def test_a_row_from_before_a_field_was_added_takes_its_default():
    old = json.dumps({"address": {"channel": "line", "to": "U-hanako"}, "topic": "greeting"})

    assert CONVERSATION.read(old) == Conversation(
        address=Address(channel=Channel.LINE, to="U-hanako"), topic="greeting"
    )


def test_a_row_of_a_newer_version_is_read_without_its_new_fields():
    newer = json.dumps(
        {"kind": "say", "reply": {"parts": [{"kind": "text", "text": "はい", "size": 3}]}, "urgent": True}
    )

    assert PAYLOAD.read(newer) == Say(reply=Reply(parts=(Text(text="はい"),)))


def test_what_was_just_written_is_not_parsed_again_and_what_was_written_long_ago_is():
    shape = RecentShape(TypeAdapter(Text), most=2)
    texts = [Text(text=word) for word in ("一", "二", "三")]
    written = [shape.write(text) for text in texts]

    read = [shape.read(each) for each in written]

    assert texts == read
    assert [False, True, True] == [back is text for back, text in zip(read, texts, strict=True)]
