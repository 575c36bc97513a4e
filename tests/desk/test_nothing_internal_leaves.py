"""The whole way, as a machine: operators write, edit, delete and press whatever they like; the customer reads only words
that the taker meant for them, or the shop's own texts.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.content.library import load_library
from bot.core.conversations import Conversation, Mode
from bot.core.messages import (
    Address,
    Attachment,
    Channel,
    Edited,
    Pressed,
    Said,
    Say,
    Speaker,
    Unsent,
    Utterance,
)
from bot.core.outcome import Policy, Scene
from bot.core.respond import respond
from bot.core.tickets import Relayed, TicketState
from tests.conftest import START, a_desk, a_line, a_ticket, an_address, words

SECRET = "ないしょ"
SATO, SUZUKI = "U-sato", "U-suzuki"
ACTIONS = [
    "take",
    "release",
    "reopen",
    "transfer",
    "return",
    "close",
    "draft",
    "draft_send",
    "draft_drop",
    "canned",
    "x",
]

notes = st.sampled_from(
    [
        f"//{SECRET}",
        f"メモ {SECRET}",
        f"　／／{SECRET}",
        f"はい\n// {SECRET}",
        f"\u200bメモ：{SECRET}\nどうぞ",
    ]
)


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    return load_library(cache=tmp_path_factory.mktemp("cache"))


def contents(speaker, ticket):
    """What may be done with a secret in it: by the taker marked as a note, by others in any way at all."""
    loose = st.just(SECRET) if speaker != ticket.taker_id else notes
    fields = st.sampled_from([(), (("note", SECRET),), (("ending", "solved"), ("note", SECRET))])
    pressed = st.builds(
        lambda name, given_fields: Pressed(
            action=f"ticket_{name}", value=f"{ticket.id}:はじめ", fields=given_fields
        ),
        st.sampled_from(ACTIONS),
        fields,
    )
    return st.one_of(
        (notes | loose).map(lambda text: Said(text=text)),
        (notes | loose).map(lambda text: Edited(message_id="m-1", text=text)),
        st.just(Unsent(message_id="m-1")),
        pressed,
        st.just(Attachment(media="image", content_id="F", name=SECRET))
        if speaker != ticket.taker_id
        else pressed,
    )


@st.composite
def scenes(draw):
    state = draw(st.sampled_from(TicketState))
    taker = SATO if state is TicketState.TAKEN else ""
    closed_at = START if state is TicketState.CLOSED else None
    ticket = replace(
        a_ticket(desk=a_desk("1.0")), state=state, taker_id=taker, taker_name="佐藤", closed_at=closed_at
    )
    speaker = draw(st.sampled_from([SATO, SUZUKI]))
    mode = {TicketState.WAITING: Mode.WAITING, TicketState.TAKEN: Mode.HUMAN}.get(state, Mode.BOT)
    customer = Conversation(address=an_address(), mode=mode, ticket_id=ticket.id, recent=(a_line(),))
    relayed = draw(st.sampled_from([None, Relayed(send_id="s", origin="m-1", copies=("L-1",))]))
    line = a_line("お待ちください", who="operator", message_id="m-1") if relayed else None
    content = draw(contents(speaker, ticket))
    scene = Scene(
        conversation=Conversation(address=a_desk("1.0")),
        ticket=ticket,
        customer=customer,
        relayed=relayed,
        line=line,
    )
    return speaker, content, scene


@settings(max_examples=400)
@given(scenes())
def test_no_secret_ever_reaches_the_customer(library, drawn):
    speaker, content, scene = drawn
    utterance = Utterance(
        id="e-1",
        address=a_desk("1.0"),
        speaker=Speaker(id=speaker, name="佐藤"),
        content=content,
        said_at=START,
        message_id="m-2",
    )

    outcome = respond(utterance, scene, library, Policy(now=START, desk=a_desk(), media=True))

    to_customer = [send for send in outcome.sends if send.address == scene.ticket.customer]
    read = "\n".join(words(send.payload.reply) for send in to_customer if isinstance(send.payload, Say))
    assert SECRET not in read
    assert {send.address.channel for send in to_customer} <= {Channel.LINE}


def test_a_customer_cannot_act_as_an_operator(library):
    ticket = replace(a_ticket(desk=a_desk("1.0")))
    customer = Conversation(address=an_address(), mode=Mode.WAITING, ticket_id=ticket.id)
    pressed = Utterance(
        id="e-1",
        address=Address(channel=Channel.LINE, to="U-hanako"),
        speaker=Speaker(id="U-hanako"),
        content=Pressed(action="ticket_take", value=ticket.id),
        said_at=START,
    )

    outcome = respond(
        pressed,
        Scene(conversation=customer, ticket=ticket, customer=customer),
        library,
        Policy(now=START, desk=a_desk()),
    )

    assert outcome.ticket is None or outcome.ticket.state is TicketState.WAITING
