from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.limits import Limit
from bot.core.messages import Address, Channel, Pressed, Said, Sticker, Unsent
from bot.core.outcome import Policy, Scene
from bot.core.respond import respond
from tests.conftest import a_conversation, a_desk, an_utterance
from tests.fakes.clock import START

POLICY = Policy(now=START, desk=a_desk(), limit=Limit(burst=2, within=timedelta(minutes=1)))


def after(library, *contents, address=None, policy=POLICY):
    """The outcomes of events that come at once, one after the other."""
    conversation = a_conversation() if address is None else a_conversation(address=address)
    outcomes = []
    for number, content in enumerate(contents):
        utterance = an_utterance(id=f"event-{number}", content=content, address=conversation.address)
        outcome = respond(utterance, Scene(conversation=conversation), library, policy)
        conversation = outcome.conversations[0] if outcome.conversations else conversation
        outcomes.append(outcome)
    return outcomes


FLOOD = [Said(text="OCNの設定"), Sticker(package_id="1", sticker_id="1"), Said(text="まだ"), Said(text="あ")]


def test_who_floods_is_answered_once_and_then_left_alone(library):
    outcomes = after(library, *FLOOD)

    assert [outcome.pace for outcome in outcomes] == ["heard", "heard", "told", "ignored"]
    assert "1分ほど" in repr(outcomes[2].sends)
    assert outcomes[3].sends == outcomes[3].conversations == outcomes[3].lines == ()


def test_buttons_count_too(library):
    pressed = [Pressed(action="say", value="OCN", label="OCN")] * 4

    assert [outcome.pace for outcome in after(library, *pressed)][2:] == ["told", "ignored"]


def test_what_takes_a_message_back_is_always_heard(library):
    outcomes = after(library, *FLOOD, Unsent(message_id="message-1"))

    assert outcomes[-1].forget == ("message-1",)


def test_colleagues_in_slack_are_never_held_back(library):
    here = Address(channel=Channel.SLACK, to="C1", thread="1.1", team="T1")

    outcomes = after(library, *[Said(text="ocn 設定", to_bot=True)] * 9, address=here)

    assert {outcome.pace for outcome in outcomes} == {"heard"}


@pytest.mark.parametrize("policy", [replace(POLICY, limit=None)])
def test_without_a_limit_everything_is_heard(library, policy):
    outcomes = after(library, *FLOOD * 5, policy=policy)

    assert {outcome.pace for outcome in outcomes} == {"heard"}
