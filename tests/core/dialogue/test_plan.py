"""How far a reply can be given."""

from __future__ import annotations

from bot.core.dialogue.plan import Plan, plan
from bot.core.intents import Block, Intent
from bot.core.slots import Port, Role, Slots

OPENING, AFTER = Block(kind="text", argument="opening"), Block(kind="text", argument="after")
COMPARE, SETTINGS, STEPS = (
    Block(kind="compare"),
    Block(kind="settings", argument="incoming"),
    Block(kind="steps"),
)
CHOICES = Block(kind="choices", argument="solved")
INTENT = Intent(
    id="cannot_receive",
    title="受信できない",
    needs=("provider", "client"),
    reply=(OPENING, COMPARE, SETTINGS, STEPS, AFTER, CHOICES),
)


def test_the_reply_stops_before_the_first_block_that_needs_something_asked_for():
    assert Plan(blocks=(OPENING,), missing="provider") == plan(INTENT, Slots())
    assert Plan(blocks=(OPENING, SETTINGS), missing="client") == plan(INTENT, Slots(provider="ocn"))


def test_everything_known_is_served_at_once():
    slots = Slots(provider="ocn", client="outlook")

    assert Plan(blocks=(OPENING, SETTINGS, STEPS, AFTER, CHOICES)) == plan(INTENT, slots)


def test_an_answer_goes_on_where_the_question_was_asked():
    slots = Slots(provider="ocn", client="outlook")

    assert Plan(blocks=(STEPS, AFTER, CHOICES)) == plan(INTENT, slots, resume="client")


def test_reported_numbers_are_compared_instead_of_shown():
    slots = Slots(provider="ocn", ports=(Port(role=Role.INCOMING, port=110),))

    assert Plan(blocks=(COMPARE,), missing="client") == plan(INTENT, slots, resume="provider")


def test_what_nobody_asks_for_is_left_out():
    intent = Intent(id="error_code", title="エラー", reply=(OPENING, SETTINGS, CHOICES))

    assert Plan(blocks=(OPENING, CHOICES)) == plan(intent, Slots())


def test_a_domain_no_record_knows_counts_as_an_answer():
    assert "client" == plan(INTENT, Slots(unknown_domain="cable.example")).missing


def test_the_opening_is_said_once():
    assert Plan(blocks=(SETTINGS,), missing="client") == plan(INTENT, Slots(provider="ocn"), again=True)


def test_the_opening_is_said_again_when_it_is_all_there_is():
    intent = Intent(id="what_is_port", title="ポート番号とは", reply=(OPENING, CHOICES))

    assert Plan(blocks=(OPENING, CHOICES)) == plan(intent, Slots(), again=True)


def test_the_opening_is_said_again_when_nothing_else_can_be_said_now():
    intent = Intent(id="auth_failed", title="パスワード", reply=(OPENING, SETTINGS, CHOICES))

    assert Plan(blocks=(OPENING, CHOICES)) == plan(intent, Slots(), again=True)


def test_staff_get_the_facts_without_talk_and_buttons():
    slots = Slots(provider="ocn", client="outlook")

    assert Plan(blocks=(SETTINGS, STEPS)) == plan(INTENT, slots, staff=True)


def test_staff_get_what_the_author_wrote_for_them():
    intent = Intent(id="x", title="x", reply=(OPENING,), terse=(AFTER,))

    assert Plan(blocks=(AFTER,)) == plan(intent, Slots(), staff=True)
