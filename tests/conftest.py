"""Builders that every test may use, and an environment without the product's own variables."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from bot.core.conversations import Conversation
from bot.core.conversations import Line as TalkLine
from bot.core.jobs import Job
from bot.core.messages import Address, Channel, Reply, Said, Say, Send, Speaker, Text, Utterance
from bot.core.tickets import Ticket
from bot.desk.ports import Parcel
from tests.fakes.clock import START, FakeClock

OURS = ("LINE_", "SLACK_", "MADOGUCHI_")

# A busy machine must not fail a test; and our fixtures may be shared by the examples of one.
TOLERATED = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
settings.register_profile("on any machine", deadline=None, suppress_health_check=TOLERATED)
settings.load_profile("on any machine")


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch, tmp_path_factory):
    """No test sees the settings, or the data, of the person who runs it."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path_factory.getbasetemp() / "no-data"))
    for name in os.environ:
        if name.startswith(OURS):
            monkeypatch.delenv(name)


@pytest.fixture
def clock():
    return FakeClock()


def an_address(to="U-hanako", **changes: Any) -> Address:
    return replace(Address(channel=Channel.LINE, to=to), **changes)


def a_desk(thread="", **changes: Any) -> Address:
    """The operators' channel, or a thread in it."""
    return replace(Address(channel=Channel.SLACK, to="C-desk", team="T-shop", thread=thread), **changes)


def an_utterance(text="メールが来ません", **changes: Any) -> Utterance:
    """Something a customer says on LINE; `id`, `address`, `content` … to say otherwise."""
    said = Utterance(
        id="event-1",
        address=an_address(),
        speaker=Speaker(id="U-hanako", name="花子"),
        content=Said(text=text),
        said_at=START,
        message_id="message-1",
    )
    return replace(said, **changes)


def a_conversation(**changes: Any) -> Conversation:
    return replace(Conversation(address=an_address()), **changes)


def a_line(text="メールが来ません", **changes: Any) -> TalkLine:
    return replace(TalkLine(who="customer", text=text, said_at=START), **changes)


def a_ticket(**changes: Any) -> Ticket:
    return replace(Ticket(id="ticket-1", kind="handoff", customer=an_address(), opened_at=START), **changes)


def a_say(text="こんにちは") -> Say:
    return Say(reply=Reply(parts=(Text(text=text),)))


def a_send(id="send-1", text="こんにちは", **changes: Any) -> Send:  # noqa: A002 - the field's name
    """A row of the outbox to the LINE customer, in a lane of its own address."""
    send = Send(id=id, address=an_address(), payload=a_say(text), lane="", due_at=START)
    send = replace(send, **changes)
    return send if send.lane else replace(send, lane=send.address.key)


def a_parcel(*sends: Send, attempt=1) -> Parcel:
    """These rows in one call, which is named after the first."""
    return Parcel(sends=sends, key=sends[0].id, attempt=attempt, target=sends[0].address)


def a_job(id="job-1", **changes: Any) -> Job:  # noqa: A002 - the field's name
    return replace(Job(id=id, kind="remind", due_at=START), **changes)


def words(reply: Reply) -> str:
    """Every word of a reply that a person sees, without the buttons."""
    from bot.channels.console.render import text_of

    return text_of([reply])
