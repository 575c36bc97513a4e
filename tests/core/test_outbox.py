from __future__ import annotations

from uuid import UUID

from bot.core.outbox import made_id
from tests.conftest import an_utterance


def test_the_same_event_makes_the_same_id_and_another_one_makes_another():
    first, again = an_utterance(id="event-1"), an_utterance(id="event-1", text="もう一度届きました")

    assert made_id(first, "reply") == made_id(again, "reply")
    assert made_id(first, "reply") != made_id(first, "card")
    assert made_id(first, "reply") != made_id(an_utterance(id="event-2"), "reply")


def test_an_id_is_a_uuid_made_from_names_as_line_takes_it():
    made = made_id(an_utterance(id="event-1"), "reply")

    assert str(UUID(made)) == made
    assert UUID(made).version == 5
