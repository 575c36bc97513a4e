"""Nothing internal ever leaves: whatever is typed, by whomever, in whatever state of the ticket."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.desk.relay import Heard, is_internal, spoken
from bot.core.tickets import TicketState
from tests.conftest import START, a_ticket

TAKER, OTHER = "U-sato", "U-suzuki"
TAKEN = replace(a_ticket(), state=TicketState.TAKEN, taker_id=TAKER, taken_at=START)

invisible = st.text(st.sampled_from(" \t\u3000\u200b\ufeff\u2060\u00ad"), max_size=4)
prefixes = st.sampled_from(["//", "／／", "メモ", "ﾒﾓ", "めも", "/／"])
tails = st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=20)
internal_lines = st.builds(lambda gap, prefix, tail: gap + prefix + tail, invisible, prefixes, tails)
any_lines = tails | internal_lines
texts = st.lists(any_lines, max_size=6).map("\n".join)


@given(internal_lines)
@example("\u200b//見えない字のあと")
@example("　ﾒﾓ 半角")
def test_a_line_that_is_marked_is_internal(line):
    assert is_internal(line)


@given(text=texts, speaker=st.sampled_from([TAKER, OTHER, ""]), state=st.sampled_from(TicketState))
def test_nothing_leaves_but_the_takers_own_lines_that_are_not_marked(text, speaker, state):
    ticket = TAKEN if state is TicketState.TAKEN else replace(a_ticket(), state=state)

    result = spoken(text, speaker, ticket)

    left = result.outward.split("\n") if result.outward else []
    assert not left or (speaker == TAKER and state is TicketState.TAKEN)
    assert not any(is_internal(line) for line in left)
    assert (result.heard is Heard.CUSTOMER) == bool(left)
    assert all(any(line in typed for typed in text.split("\n")) for line in left)


@given(internal_lines, tails.filter(lambda line: line.strip() and not is_internal(line)))
def test_the_lines_around_a_note_go_out_without_it(note, line):
    result = spoken(f"{line}\n{note}\n{line}", TAKER, TAKEN)

    assert result.noted
    assert note not in result.outward.split("\n")


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\u200b", "　"])
def test_what_holds_no_words_is_nobodys(text):
    assert Heard.INTERNAL is spoken(text, TAKER, TAKEN).heard
