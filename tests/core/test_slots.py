"""What a talk has told."""

from __future__ import annotations

from bot.core.slots import Port, Role, Slots


def test_what_is_newer_lies_over_what_is_known():
    known = Slots(provider="ocn", client="outlook")
    newer = Slots(provider="nifty", ports=(Port(role=Role.INCOMING, port=995),))

    merged = known.merged(newer)

    assert Slots(provider="nifty", client="outlook", ports=newer.ports) == merged


def test_one_slot_is_something_told():
    assert Slots(unknown_domain="example.jp").told
    assert not Slots().told
