"""The next customer of a colleague: the talk before is about somebody else."""

from __future__ import annotations

import pytest

from bot.core.conversations import Conversation, Question
from bot.core.dialogue.customers import about_them, afresh, begins_another
from bot.core.messages import Address, Channel
from bot.core.slots import Slots


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("次 ocn 送信 550", "ocn 送信 550"),
        ("次の客、受信だけ×", "受信だけ×"),
        ("別のお客様 gmail", "gmail"),
        ("次の客win11にした", "次の客win11にした"),
    ],
)
def test_another_customer_is_spoken_of(text, rest, library):
    assert begins_another(text, library)
    assert rest == about_them(text, library)


@pytest.mark.parametrize(
    "text", ["次 何を見る?", "次はどうする", "次の方法", "別の客でも同じ画面", "同じ客 送信も"]
)
def test_the_same_customer_is_spoken_of(text, library):
    assert not begins_another(text, library)


def test_of_the_one_before_nothing_is_kept_but_where_the_talk_is():
    here = Address(channel=Channel.SLACK, to="C1")
    talk = Conversation(
        address=here,
        topic="cannot_send",
        question=Question(slot="client", intent="cannot_send"),
        slots=Slots(provider="ocn"),
        served=("cannot_send",),
        failures=1,
    )

    assert Conversation(address=here) == afresh(talk)
